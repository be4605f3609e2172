package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/google/uuid"

	"parley/sync/view"
	"parley/web"
)

// challenged is what commands about questions to the business have in common.
type challenged struct {
	Op   string `help:"Your own id of it: said again by the same one it changes nothing." placeholder:"ID"`
	JSON bool   `help:"Print one JSON document." name:"json"`
}

type askCommand struct {
	Card string `arg:"" help:"Card id, Jira key or owner/repo#n."`
	Text string `arg:"" help:"The question; it is carried to the issue in Jira."`
	challenged
}

// Run asks.
func (c askCommand) Run(ctx context.Context, s *session) error {
	return s.challenge(ctx, c.challenged, web.Challenge{What: web.ChallengeAsk, Card: c.Card, Text: c.Text}, "is asked about")
}

type answerCommand struct {
	Card string `arg:"" help:"Card id, Jira key or owner/repo#n."`
	Text string `arg:"" help:"The answer; it is carried to the issue on GitHub."`
	challenged
}

// Run answers.
func (c answerCommand) Run(ctx context.Context, s *session) error {
	return s.challenge(ctx, c.challenged, web.Challenge{What: web.ChallengeAnswer, Card: c.Card, Text: c.Text}, "is answered")
}

type concludeCommand struct {
	Card    string `arg:"" help:"Card id, Jira key or owner/repo#n."`
	Outcome string `arg:"" help:"What became of the request: kept, reshaped or withdrawn." enum:"kept,reshaped,withdrawn"`
	challenged
}

// Run concludes.
func (c concludeCommand) Run(ctx context.Context, s *session) error {
	return s.challenge(ctx, c.challenged, web.Challenge{What: web.ChallengeConclude, Card: c.Card, Outcome: c.Outcome}, "has its question concluded: "+c.Outcome)
}

// challenge asks, answers or concludes as whoever sits at this machine, and tells it.
func (s *session) challenge(ctx context.Context, how challenged, c web.Challenge, words string) (err error) {
	if c.Op = how.Op; c.Op == "" {
		c.Op = uuid.NewString()
	}
	if problem := c.Problem(); problem != "" {
		return misused{problem}
	}
	a, err := s.openQuiet(ctx)
	if err != nil {
		return err
	}
	defer closing(a, &err)
	c.By = asker(a)
	answer, err := a.Challenge(ctx, c)
	switch refused, ok := errors.AsType[*web.Refusal](err); {
	case ok && refused.Status == http.StatusNotFound:
		return unknownCard(c.Card, view.ErrUnknown)
	case ok:
		return fmt.Errorf("%s: %s", c.Card, refused.Reason)
	case err != nil:
		return err
	}
	if how.JSON {
		return printJSON(s.Out, answer)
	}
	words += about(c.What, answer.Question)
	if answer.State == "held" {
		words += `; nothing is written to a tracker (sync.write = "plan"), see parley plan`
	}
	_, err = fmt.Fprintln(s.Out, plain(c.Card+" "+words))
	return err
}

// about says which question was answered or concluded, whether it had an answer before, and that
// there are others.
func about(what string, q *web.QuestionMet) string {
	if q == nil || what == web.ChallengeAsk {
		return ""
	}
	words := ""
	if what == web.ChallengeAnswer && q.Answers > 1 {
		words = fmt.Sprintf(" once more, and all %d answers stay", q.Answers)
	}
	words += fmt.Sprintf("; the question is “%s”", q.Text)
	switch q.Others {
	case 0:
	case 1:
		words += "; 1 more about it is not concluded"
	default:
		words += fmt.Sprintf("; %d more about it are not concluded", q.Others)
	}
	return words
}
