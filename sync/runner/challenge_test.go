package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/internal/race"
	"parley/kanban"
	"parley/kanban/contract"
	"parley/mapping"
	"parley/sync/challenge"
	"parley/sync/engine"
	"parley/sync/store"
)

// asking is a world with a pair of issues about which IT asks the business.
type asking struct {
	*world

	key    string
	number int
}

func newAsking(t *testing.T, change ...func(*world)) *asking {
	t.Helper()
	a := &asking{world: newWorld(t, append([]func(*world){func(w *world) {
		w.questions = true
		w.due = func(kanban.UnitKey, time.Time) string { return "Wed 2026-11-18" }
		w.must(w.hub.SetPrivate(repo, true))
	}}, change...)...)}
	a.key, a.number = a.pair("Pay faster")
	a.along(1)
	return a
}

// along lets both trackers be read, and everything that follows be done, with time passing.
func (a *asking) along(rounds int) {
	a.t.Helper()
	for range rounds {
		a.clock.Advance(30 * time.Second)
		a.poll()
		a.must(a.listens())
		a.must(a.runner.WorkQuestions(context.Background()))
		a.work()
		a.must(a.runner.WorkQuestions(context.Background()))
		a.work()
	}
}

func (a *asking) listens() error {
	for _, t := range a.runner.Trackers {
		for _, s := range t.Sources() {
			if err := a.runner.Listen(context.Background(), t, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// asks puts a comment on the GitHub issue.
func (a *asking) asks(who, text string) int64 {
	a.t.Helper()
	id, err := a.hub.Comment(who, repo, a.number, text)
	a.must(err)
	a.along(3)
	return id
}

// tells puts a comment on the Jira issue.
func (a *asking) tells(who, text string) int64 {
	a.t.Helper()
	id, err := a.site.AddComment(who, a.key, text)
	a.must(err)
	a.along(3)
	return id
}

// ours are Parley's own comments on an issue.
func (a *asking) ours(jira bool) (out []string) {
	a.t.Helper()
	c := a.card(a.key)
	if jira {
		i, _ := a.site.Issue(a.key)
		for _, m := range i.Comments {
			if m.Author == a.at.Bot.AccountID {
				out = append(out, m.Body)
			}
		}
		return out
	}
	for _, text := range a.comments(c.Sides[kanban.GitHub].Issue.Ref) {
		if strings.Contains(text, "parley:") {
			out = append(out, text)
		}
	}
	return out
}

func (a *asking) all() []challenge.Question {
	a.t.Helper()
	all, err := a.runner.questionsOf(context.Background(), a.card(a.key).ID)
	a.must(err)
	return all
}

func (a *asking) kinds() (out []contract.Kind) {
	a.t.Helper()
	all, err := a.store.Decisions(context.Background())
	a.must(err)
	for _, e := range all {
		out = append(out, e.Kind)
	}
	return out
}

// expect checks how far the only question is, and what each side reads of Parley's.
func (a *asking) expect(step string, stage challenge.Stage, jira, github string) {
	a.t.Helper()
	all := a.all()
	if len(all) != 1 || all[0].Stage() != stage {
		a.t.Fatalf("%s: the questions are %+v, want one that is %s\n%s", step, all, stage, a.story(a.card(a.key)))
	}
	for _, side := range []struct {
		texts []string
		want  string
	}{{a.ours(true), jira}, {a.ours(false), github}} {
		if side.want == "" && len(side.texts) > 0 || side.want != "" && (len(side.texts) != 1 || !strings.Contains(side.texts[0], side.want)) {
			a.t.Errorf("%s: the comments are %q, want one with %q", step, side.texts, side.want)
		}
	}
	waits := stage == challenge.Open
	if face := a.face(a.key); waits && face.Turn != kanban.Business || (face.Blocked != nil && face.Blocked.Asked) != waits {
		a.t.Errorf("%s: the turn is %s, blocked %+v", step, face.Turn, face.Blocked)
	}
}

func TestAChallengeGoesBothWays(t *testing.T) {
	t.Parallel()
	a := newAsking(t)
	a.asks("ben", "/ask Which week, @ana?\nThe first or #2?")
	a.expect("asked", challenge.Open, "Which week", "")
	if got := a.ours(true)[0]; !strings.Contains(got, "/answer") || !strings.Contains(got, "Wed 2026-11-18") || strings.Contains(got, "ben") {
		t.Errorf("the business reads %q", got)
	}
	a.tells("ana", "I will see")
	a.expect("an aside", challenge.Open, "Which week", "")
	a.tells("ana", "> /answer quoted")
	a.expect("a quote", challenge.Open, "Which week", "")
	answered := a.clock.Now().Add(30 * time.Second)
	a.tells("ana", "/answer The first, @ben, and fixes #2")
	a.expect("answered", challenge.Answered, "is answered", "The first, @")
	if got := a.ours(false)[0]; strings.Contains(got, "@ben") || strings.Contains(got, "#2") || strings.Contains(got, "I will see") {
		t.Errorf("IT reads %q", got)
	}
	a.asks("ben", "/kept")
	a.expect("concluded", challenge.Concluded, "concluded (kept)", "concluded (kept)")
	a.tells("ana", "/answer Too late")
	a.along(20)
	a.expect("later", challenge.Concluded, "concluded (kept)", "concluded (kept)")
	if got := a.kinds(); !slices.Equal(got, []contract.Kind{contract.Asked, contract.Answered, contract.Concluded}) {
		t.Errorf("the contract hears %v", got)
	}
	decisions, _ := a.store.Decisions(context.Background())
	if at := decisions[1].At; at.After(answered) || at.Before(answered.Add(-time.Minute)) {
		t.Errorf("answered at %s, want the moment of the tracker, about %s", at, answered)
	}
	blocks := a.card(a.key).Blocks
	if len(blocks) != 1 || !blocks[0].Asked || !blocks[0].From.Equal(decisions[0].At) || !blocks[0].To.Equal(decisions[1].At) {
		t.Errorf("it waited %+v, the contract has %s to %s", blocks, decisions[0].At, decisions[1].At)
	}
	if story := a.story(a.card(a.key)); strings.Contains(story, "Which") || strings.Contains(story, "The first") || strings.Count(story, "asked the business") != 1 || strings.Count(story, "answered the question") != 1 {
		t.Errorf("the account is %s", story)
	}
	if q := a.all()[0]; !q.Settled {
		t.Errorf("it is not settled: %+v", q)
	}
	a.clock.Advance(keepWords + time.Hour)
	a.must(a.runner.WorkQuestions(t.Context()))
	if q := a.all()[0]; q.Asked.Text+q.Answers[0].Text != "" || !q.Forgotten() {
		t.Errorf("its words are kept: %+v", q)
	}
}

func TestEditsAndDeletionsFollow(t *testing.T) {
	t.Parallel()
	a := newAsking(t)
	id := a.asks("ben", "/ask Which week?")
	a.must(a.hub.EditComment("ben", repo, id, "/ask Which day?"))
	a.along(3)
	a.expect("edited", challenge.Open, "Which day?", "")
	answer := a.tells("ana", "/answer Monday")
	a.must(a.site.At(a.clock.Now()).EditComment("ana", a.key, answer, "/answer Tuesday"))
	a.along(3)
	a.expect("the answer edited", challenge.Answered, "is answered", "Tuesday")
	a.must(a.site.At(a.clock.Now()).DeleteComment("ana", a.key, answer))
	a.along(12)
	a.expect("the answer deleted", challenge.Answered, "is answered", "")
	a.must(a.hub.DeleteComment("ben", repo, id))
	a.along(12)
	a.expect("the question deleted after its answer", challenge.Answered, "", "")
}

func TestAQuestionThatIsDeletedIsWithdrawn(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(a *asking, id int64) error{
		"deleted": func(a *asking, id int64) error { return a.hub.DeleteComment("ben", repo, id) },
		"no mark": func(a *asking, id int64) error { return a.hub.EditComment("ben", repo, id, "Never mind") },
		"concluded so": func(a *asking, _ int64) error {
			_, err := a.hub.Comment("ben", repo, a.number, "/withdrawn")
			return err
		},
		"by who asked for it": func(a *asking, _ int64) error { _, err := a.site.AddComment("ana", a.key, "/withdrawn"); return err },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAsking(t)
			id := a.asks("ben", "/ask Which week?")
			a.expect("asked", challenge.Open, "Which week?", "")
			a.must(do(a, id))
			a.along(12)
			words := ""
			if strings.HasPrefix(name, "concluded") || strings.HasPrefix(name, "by") {
				words = "concluded (withdrawn)"
			}
			a.expect("withdrawn", challenge.Concluded, words, "")
			if q := a.all()[0]; q.End.Outcome != challenge.Withdrawn {
				t.Errorf("%+v", q.End)
			}
		})
	}
}

// What must not speak does not: Parley itself, strangers, programs, comments for few.
func TestWhoDoesNotAskOrAnswer(t *testing.T) {
	t.Parallel()
	a := newAsking(t, func(w *world) {
		w.must(w.hub.SetPrivate(repo, false))
		w.must(w.hub.AddUser(githubsim.User{Login: "stranger"}))
		w.must(w.hub.AddUser(githubsim.User{Login: "helper[bot]", Type: "Bot"}))
		w.must(w.hub.SetPermission(repo, "helper[bot]", githubsim.Write))
		w.site.SetRole("OPS", "Developers", w.at.Bot.AccountID, "ana")
	})
	for _, c := range []struct{ who, text string }{{"stranger", "/ask May I?"}, {"helper[bot]", "/ask Shall I?"}, {"parley-bot", "/ask Do I?"}, {"ben", "> /ask quoted"}, {"ben", "```\n/ask code\n```"}} {
		a.asks(c.who, c.text)
		if all := a.all(); len(all) > 0 {
			t.Fatalf("%s asks by %q: %+v", c.who, c.text, all)
		}
	}
	a.asks("ben", "/ask Which week?\n/answer no\n/ask again")
	a.expect("asked", challenge.Open, "Which week?", "")
	a.tells(a.at.Bot.AccountID, "/answer by itself")
	_, err := a.site.At(a.clock.Now()).PostComment("ana", a.key, jirasim.Comment{Body: "/answer among us", Visibility: &jirasim.Visibility{Type: "role", Value: "Developers"}})
	a.must(err)
	a.along(3)
	if all := a.all(); all[0].Stage() != challenge.Open || len(a.ours(false)) > 0 {
		t.Errorf("answered by what may not: %+v, %q", all[0], a.ours(false))
	}
	a.along(30)
	if n := len(a.all()); n != 1 {
		t.Errorf("%d questions: what was carried has asked again", n)
	}
}

func TestOneQuestionAtATimeHasTheTurn(t *testing.T) {
	t.Parallel()
	a := newAsking(t)
	a.asks("ben", "/ask One?")
	a.asks("ben", "/ask Two?")
	if got := a.ours(true); len(got) != 1 || !strings.Contains(got[0], "One?") {
		t.Fatalf("the business reads %q", got)
	}
	a.tells("ana", "/answer Yes to one")
	a.along(2)
	if got := a.ours(true); len(got) != 2 || !strings.Contains(got[1], "Two?") {
		t.Fatalf("the business reads %q", got)
	}
	a.tells("ana", "/answer No to two")
	all := a.all()
	if len(all) != 2 || len(all[0].Answers) != 1 || len(all[1].Answers) != 1 || all[1].Answers[0].Text != "No to two" || len(a.ours(false)) != 2 {
		t.Errorf("%+v\n%q", all, a.ours(false))
	}
	if got := a.kinds(); !slices.Equal(got, []contract.Kind{contract.Asked, contract.Answered, contract.Asked, contract.Answered}) {
		t.Errorf("the contract hears %v", got)
	}
}

func (a *asking) say(op, text string) Said {
	return Said{Op: op, Card: a.card(a.key).ID, Text: text, Who: "lea", By: kanban.IT}
}

func TestAQuestionFromTheBoard(t *testing.T) {
	t.Parallel()
	a, ctx := newAsking(t), t.Context()
	if _, err := a.runner.Reply(ctx, a.say("r0", "Next")); !refusedWith(err, "no question") {
		t.Errorf("an answer to nothing: %v", err)
	}
	for range 2 { // the same op is the same question
		_, err := a.runner.Ask(ctx, a.say("a1", "Which week?"))
		a.must(err)
	}
	if _, err := a.runner.Ask(ctx, a.say("a1", "Which day?")); !refusedWith(err, "another question") {
		t.Errorf("another question by the same op: %v", err)
	}
	a.along(2)
	a.expect("asked", challenge.Open, "Which week?", "")
	for range 2 {
		_, err := a.runner.Reply(ctx, a.say("r1", "The first"))
		a.must(err)
	}
	if face := a.face(a.key); face.Blocked != nil {
		t.Errorf("answered on the board it waits still: %+v", face.Blocked)
	}
	a.along(2)
	a.expect("answered", challenge.Answered, "is answered", "The first")
	_, err := a.runner.Conclude(ctx, a.say("c1", ""), challenge.Reshaped)
	a.must(err)
	a.along(2)
	a.expect("concluded", challenge.Concluded, "concluded (reshaped)", "concluded (reshaped)")
	if _, err := a.runner.Conclude(ctx, a.say("c2", ""), challenge.Kept); !refusedWith(err, "no question") {
		t.Errorf("concluded twice: %v", err)
	}
}

func refusedWith(err error, words string) bool {
	r, ok := errors.AsType[*engine.Refusal](err)
	return ok && strings.Contains(r.Reason, words)
}

func TestAQuestionThatNobodyCouldAnswer(t *testing.T) {
	t.Parallel()
	a := newAsking(t)
	alone, err := a.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: "Our own"})
	a.must(err)
	a.along(2)
	ref := fmt.Sprintf("%s#%d", repo, alone.Number)
	if _, err := a.runner.Ask(t.Context(), Said{Op: "a", Card: a.card(ref).ID, Text: "Who?"}); !refusedWith(err, "no issue in Jira") {
		t.Errorf("on the board: %v", err)
	}
	_, err = a.hub.Comment("ben", repo, alone.Number, "/ask Who wants it?")
	a.must(err)
	a.along(3)
	if story := a.story(a.card(ref)); strings.Count(story, "not carried to Jira: it has no issue in Jira") != 1 {
		t.Errorf("the account is %s", story)
	}
	all, err := a.store.QuestionsOf(t.Context(), a.card(ref).ID)
	a.must(err)
	if len(all) != 1 || all[0].Asked.Text != "Who wants it?" {
		t.Errorf("it is lost: %+v", all)
	}
}

// What fewer people read than where it would go stays where it is: the account says so.
func TestTextForFewIsNotCarried(t *testing.T) {
	t.Parallel()
	t.Run("the answer to a public repository", func(t *testing.T) {
		t.Parallel()
		a := newAsking(t, func(w *world) { w.must(w.hub.SetPrivate(repo, false)) })
		a.asks("ben", "/ask Which week?")
		a.tells("ana", "/answer The first")
		a.expect("answered", challenge.Answered, "is answered", "")
		if story := a.story(a.card(a.key)); strings.Count(story, "not carried to GitHub: anybody may read") != 1 {
			t.Errorf("the account is %s", story)
		}
	})
	t.Run("the question about a restricted card", func(t *testing.T) {
		t.Parallel()
		a := newAsking(t, func(w *world) {
			w.change = func(c *mapping.Config) { c.Visibility.RestrictedLabels = []string{"secret"} }
		})
		a.must(a.hub.AddLabels("ben", repo, a.number, "secret"))
		a.along(2)
		a.asks("ben", "/ask Which week?")
		a.expect("asked", challenge.Waiting, "", "")
		if _, err := a.runner.Ask(t.Context(), a.say("a1", "And who?")); !refusedWith(err, "is restricted") {
			t.Errorf("on the board: %v", err)
		}
		if story := a.story(a.card(a.key)); strings.Count(story, "not carried to Jira") != 1 {
			t.Errorf("the account is %s", story)
		}
		a.must(a.hub.RemoveLabel("ben", repo, a.number, "secret"))
		a.along(3)
		a.expect("restricted no more", challenge.Open, "Which week?", "")
	})
}

// asksThrough goes on through whatever goes wrong with requests, then checks that there is
// one comment a side and that the card waits for nothing.
func (a *asking) asksThrough() {
	a.t.Helper()
	_, err := a.hub.Comment("ben", repo, a.number, "/ask Which week?")
	a.must(err)
	a.along(40)
	_, err = a.site.AddComment("ana", a.key, "/answer The first")
	a.must(err)
	a.along(40)
	a.expect("through it all", challenge.Answered, "is answered", "The first")
}

func TestEveryCommentIsThereOnceThroughFaults(t *testing.T) {
	t.Parallel()
	t.Run("lost answers", func(t *testing.T) {
		t.Parallel()
		a, n := newAsking(t), 0
		a.after = func(r *http.Request) error {
			if n++; commentPost(r) || strings.Contains(r.URL.Path, "comment") && n%3 == 0 {
				return io.ErrUnexpectedEOF
			}
			return nil
		}
		a.asksThrough()
	})
	t.Run("refused now and then", func(t *testing.T) {
		t.Parallel()
		a, dice := newAsking(t), rand.New(rand.NewPCG(1, 2))
		flaky := func(r *http.Request) sim.Fault {
			if strings.Contains(r.URL.Path, "comment") && dice.IntN(10) < 4 {
				return sim.Fault{Name: "ill", Status: http.StatusBadGateway}
			}
			return sim.Fault{}
		}
		a.site.SetFaults(flaky)
		a.hub.SetFaults(flaky)
		a.asksThrough()
	})
	t.Run("everything is shown late", func(t *testing.T) {
		t.Parallel()
		late := func(string, int) time.Duration { return 70 * time.Second }
		a := newAsking(t, func(w *world) {
			w.gitHub(githubsim.Options{ListLag: late, ReadLag: late})
			w.must(w.hub.SetPrivate(repo, true))
		})
		a.site.SetIndexLag(func(string) time.Duration { return 50 * time.Second })
		a.asksThrough()
	})
}

// The process ends at each of its commits in turn; the next one goes on, and there is one
// comment a side.
func TestAQuestionAfterACrashAnywhere(t *testing.T) {
	t.Parallel()
	stride := race.Of(1, 4) // each death is a story of its own
	deaths := 0
	for at := 0; ; at += stride {
		a := newAsking(t)
		_, err := a.hub.Comment("ben", repo, a.number, "/ask Which week?")
		a.must(err)
		a.clock.Advance(30 * time.Second)
		a.runner.Store = dying(a.store, at)
		dead := a.dies()
		a.start()
		a.must(a.runner.TakeUp(t.Context()))
		a.along(30)
		if len(a.all()[0].Answers) == 0 {
			a.tells("ana", "/answer The first")
			a.along(30)
		}
		a.expect(fmt.Sprintf("dead at commit %d", at), challenge.Answered, "is answered", "The first")
		if got := a.kinds(); !slices.Equal(got, []contract.Kind{contract.Asked, contract.Answered}) {
			t.Errorf("dead at commit %d: the contract hears %v", at, got)
		}
		if !dead || t.Failed() {
			break
		}
		deaths++
	}
	if deaths*stride < 12 {
		t.Errorf("it died in %d places only", deaths)
	}
}

// dies takes the question through with a process that ends on the way, and reports whether it
// did. The business answers once it is asked.
func (a *asking) dies() (dead bool) {
	a.t.Helper()
	told := false
	for range 12 {
		err := a.listens()
		for _, t := range a.runner.Trackers {
			for _, s := range t.Sources() {
				if err == nil {
					err = a.runner.PollSource(context.Background(), t, s)
				}
			}
		}
		if err == nil {
			err = a.runner.WorkQuestions(context.Background())
		}
		for n := 1; err == nil && n > 0; {
			n, err = a.runner.WorkDue(context.Background())
		}
		if !told && len(a.ours(true)) == 1 || err != nil && !told {
			told = a.replies()
		}
		if err != nil {
			if errors.Is(err, errDead) || errors.Is(err, store.ErrFenced) {
				return true
			}
			a.must(err)
		}
		a.clock.Advance(30 * time.Second)
	}
	return false
}

// replies answers as soon as the question is to be read; until then the next process does.
func (a *asking) replies() bool {
	if len(a.ours(true)) == 0 {
		return false
	}
	_, err := a.site.AddComment("ana", a.key, "/answer The first")
	a.must(err)
	return true
}

// In a process that reads no comments for questions nobody pays for them.
func TestQuestionsCostNothingWhereNobodyAsks(t *testing.T) {
	t.Parallel()
	for _, on := range []bool{false, true} {
		a := newAsking(t, func(w *world) { w.questions = on })
		a.along(5)
		a.charge()
		a.along(1)
		got := a.charge().requests
		want := map[string]int{}
		if on {
			want["GitHub GET issues/* 304"] = 1
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("questions %v: an idle poll takes %v, want %v", on, got, want)
		}
	}
}
