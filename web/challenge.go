package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/sync/view"
)

// What can be said of a question to the business.
const (
	ChallengeAsk      = "ask"
	ChallengeAnswer   = "answer"
	ChallengeConclude = "conclude" // with an Outcome
)

// Challenge puts a question to the business about a card, answers it, or concludes it.
type Challenge struct {
	Card    string // id, Jira key or owner/repo#n
	What    string
	Text    string
	Outcome string // kept, reshaped or withdrawn
	Op      string // the asker's own id of it: the same one gets the same answer
	By      view.Viewer
}

// maxQuestion is how long a question or an answer can be, in letters.
const maxQuestion = 2000

// Problem says what is missing, or cannot be.
func (c Challenge) Problem() string {
	text := strings.TrimSpace(c.Text)
	switch {
	case c.What != ChallengeConclude && text == "":
		return "text: say it in a few words"
	case utf8.RuneCountInString(text) > maxQuestion:
		return fmt.Sprintf("text: it is longer than %d letters", maxQuestion)
	case c.What == ChallengeConclude && !slices.Contains([]string{"kept", "reshaped", "withdrawn"}, c.Outcome):
		return "outcome: it is kept, reshaped or withdrawn"
	case c.Op == "":
		return "op: give it an id"
	}
	return unnamed("op", c.Op)
}

// textRequest is the body of a question or an answer.
type textRequest struct {
	Text string `json:"text"`
	Op   string `json:"op"`
}

// outcomeRequest is the body of a conclusion.
type outcomeRequest struct {
	Outcome string `json:"outcome"`
	Op      string `json:"op"`
}

func (s *server) postQuestion(w http.ResponseWriter, r *http.Request) { s.postText(w, r, ChallengeAsk) }

func (s *server) postReply(w http.ResponseWriter, r *http.Request) {
	s.postText(w, r, ChallengeAnswer)
}

func (s *server) postText(w http.ResponseWriter, r *http.Request, what string) {
	b, ok := bodyOf[textRequest](w, r)
	if !ok {
		return
	}
	s.challenge(w, r, Challenge{What: what, Text: b.Text, Op: b.Op})
}

func (s *server) postConclusion(w http.ResponseWriter, r *http.Request) {
	b, ok := bodyOf[outcomeRequest](w, r)
	if !ok {
		return
	}
	s.challenge(w, r, Challenge{What: ChallengeConclude, Outcome: b.Outcome, Op: b.Op})
}

func (s *server) challenge(w http.ResponseWriter, r *http.Request, c Challenge) {
	c.Card, c.By, c.Op = r.PathValue("id"), viewer(r), cmp.Or(c.Op, newOp())
	if problem := c.Problem(); problem != "" {
		writeError(w, http.StatusBadRequest, problem)
		return
	}
	answer, err := s.Intents.Challenge(r.Context(), c)
	s.answer(w, r, "card", c.Card, answer, err)
}

// challengeForm asks, answers or concludes without scripts.
func (s *server) challengeForm(what string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !s.whole(w, r) {
			return
		}
		c := Challenge{What: what, Card: r.PathValue("id"), Text: r.PostFormValue("text"), Outcome: r.PostFormValue("outcome"), Op: cmp.Or(r.PostFormValue("op"), newOp()), By: viewer(r)}
		if problem := c.Problem(); problem != "" {
			s.malformed(w, r, problem)
			return
		}
		_, err := s.Intents.Challenge(r.Context(), c)
		s.formDone(w, r, "", err)
	}
}
