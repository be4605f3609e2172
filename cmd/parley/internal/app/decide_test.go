package app

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/cmd/parley/internal/config"
	"parley/connectors"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/store"
	"parley/sync/view"
	"parley/web"
)

const settings = `
[server]
listen = "127.0.0.1:0"
[store]
url = "sqlite:parley.db"
[sync]
write = "plan"
[[github]]
name = "github"
url = "http://127.0.0.1:1"
token = "env:TOKEN"
repos = ["acme/infra"]
[[column]]
key = "todo"
name = "To do"
category = "option"
github = ["open"]
[[column]]
key = "doing"
name = "In progress"
category = "active"
github = ["open + label:doing"]
`

// stored is an App that knows one issue and asks no tracker.
func stored(t *testing.T) (*App, engine.Card) {
	t.Helper()
	return storedBy(t, onStore(t, settings))
}

// storedBy is stored with a configuration.
func storedBy(t *testing.T, text string) (*App, engine.Card) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, problems := config.LoadEnv(path, func(string) (string, bool) { return "secret", true })
	if config.Failed(problems) {
		t.Fatal(problems)
	}
	a, err := New(t.Context(), Options{Config: cfg})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	if err := a.Remember(t.Context()); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	issue := connectors.Issue{Ref: connectors.Ref{Tracker: "github", ID: "7", Key: "acme/infra#7", Container: "acme/infra"}, Kind: connectors.GitHub, Title: "Rotate keys", State: "open", Created: now, Updated: now}
	eng := a.Runner.Engine()
	step := eng.Step(engine.Card{ID: kanban.NewCardID("github", "7")}, engine.Observed{Side: kanban.GitHub, Observation: connectors.Observation{Issue: issue, Since: -1}}, now)
	record := step.Record
	for id, lost := range map[string]kanban.Value{"0199a2b3-one": "doing", "0199a2b4-two": ""} {
		record.Conflicts = append(record.Conflicts, reconcile.Conflict{ID: id, Card: step.Card.ID, Field: kanban.FieldStatus, At: now, State: reconcile.ConflictAuto, Policy: reconcile.JiraWins,
			Winner: reconcile.Edit{Side: "board", Value: "todo"}, Loser: reconcile.Edit{Side: "github", Value: lost}})
	}
	_, err = a.Store.Commit(t.Context(), store.Commit{Now: now, Cards: []store.CardWrite{{Card: step.Card, Face: eng.Face(&step.Card)}}, Record: record,
		Issues: []store.IssueRow{{Tracker: "github", ID: "7", Key: issue.Key, Container: "acme/infra", Card: step.Card.ID}}})
	if err != nil {
		t.Fatal(err)
	}
	return a, step.Card
}

func TestDecisionsAreAnsweredAsEveryChangeIs(t *testing.T) {
	t.Parallel()
	a, card := stored(t)
	decide := func(conflict, choice, op string) (web.Answer, int) {
		answer, err := intents{a}.Decide(t.Context(), web.Decision{Conflict: conflict, Choice: choice, Op: op, By: view.Somebody()})
		refused, _ := errors.AsType[*web.Refusal](err)
		if refused == nil {
			if err != nil {
				t.Fatal(err)
			}
			return answer, http.StatusAccepted
		}
		if refused.Reason == "" || refused.Status != http.StatusNotFound && (refused.Card == nil || refused.Card.ID != card.ID) {
			t.Errorf("%s %s: %+v", choice, conflict, refused)
		}
		return answer, refused.Status
	}
	first, status := decide("0199a2b3", web.ChoiceRestore, "one")
	if status != http.StatusAccepted || first.State != "held" || first.Rev <= card.Rev {
		t.Errorf("restored: %d, %+v", status, first)
	}
	if again, status := decide("0199a2b3", web.ChoiceRestore, "one"); status != http.StatusAccepted || again != first {
		t.Errorf("the same op: %d, %+v, want %+v", status, again, first)
	}
	for _, x := range []struct {
		conflict, choice, op string
		status               int
	}{
		{"0199a2b3", web.ChoiceRestore, "two", http.StatusConflict}, {"0199a2b3", web.ChoiceDismiss, "three", http.StatusConflict},
		{"0199a2b4", web.ChoiceRestore, "four", http.StatusUnprocessableEntity}, {"0199a2b4", web.ChoiceDismiss, "one", http.StatusUnprocessableEntity},
		{"0199a2", web.ChoiceRestore, "five", http.StatusNotFound}, {"0199", web.ChoiceRestore, "six", http.StatusNotFound}, {"777777", web.ChoiceRestore, "seven", http.StatusNotFound},
		{"0199a2b4", web.ChoiceDismiss, "eight", http.StatusAccepted},
	} {
		if _, status := decide(x.conflict, x.choice, x.op); status != x.status {
			t.Errorf("%s %s by op %s: %d, want %d", x.choice, x.conflict, x.op, status, x.status)
		}
	}
}

func TestAPlanIsKeptAndNothingElse(t *testing.T) {
	t.Parallel()
	a, card := stored(t)
	if _, err := a.Runner.Intend(t.Context(), engine.Intent{Key: "k", Card: card.ID, Field: kanban.FieldStatus, To: "doing", Rev: card.Rev}); err != nil {
		t.Fatal(err)
	}
	before, err := a.Store.Seq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p, err := a.Plan(t.Context())
	if err != nil || len(p.Writes) != 1 {
		t.Fatal(p, err)
	}
	kept, err := a.planOf(t.Context(), p.Hash[:8])
	if err != nil || len(kept) != 1 || kept[0].Item.Issue != "7" || kept[0].Item.To == "" || kept[0].Printed.To != p.Writes[0].To {
		t.Errorf("kept %+v, %v", kept, err)
	}
	if after, err := a.Store.Seq(t.Context()); err != nil || after != before {
		t.Errorf("the data sequence went from %d to %d, %v", before, after, err)
	}
	if sound, err := a.Fsck(t.Context()); err != nil || len(sound.Findings) > 0 || sound.Cards != 1 {
		t.Errorf("%+v, %v", sound, err)
	}
}

func TestSeveralConflictsAreSettledEachByItsOwn(t *testing.T) {
	t.Parallel()
	a, card := stored(t)
	in := web.Settlement{Conflicts: []string{"0199a2b3-one", "0199a2b4-two", "none"}, Choice: web.ChoiceRestore, Op: "mine", Dry: true, By: view.Viewer{Name: "lea", Role: kanban.Ops, Audience: view.AudienceOps}}
	states := func(s web.Settled) (out []string) {
		for _, r := range s.Results {
			out = append(out, r.State)
		}
		return out
	}
	dry, err := intents{a}.Settle(t.Context(), in)
	if err != nil || !slices.Equal(states(dry), []string{"would", "refused", "refused"}) || dry.Writes["github"] != 1 || dry.Ends() != 1 {
		t.Errorf("foreseen %+v, %v", dry, err)
	}
	if c, err := a.Store.Card(t.Context(), card.ID); err != nil || c.Rev != card.Rev {
		t.Errorf("a dry run has changed the card: %v", err)
	}
	in.Dry = false
	for range 2 { // the same op once more gets the same answers
		done, err := intents{a}.Settle(t.Context(), in)
		if err != nil || done.Op != "mine" || done.Writes["github"] != 1 || !slices.Equal(states(done), []string{"held", "refused", "refused"}) || !strings.Contains(done.Results[1].Problem, "means nothing to the board") {
			t.Errorf("settled %+v, %v", done, err)
		}
	}
	c, err := a.Store.Card(t.Context(), card.ID)
	if err != nil || c.Status.Agreed != "doing" || c.Status.Version != card.Status.Version+1 {
		t.Errorf("the card is in %s at version %d, %v", c.Status.Agreed, c.Status.Version, err)
	}
	in.Conflicts = in.Conflicts[:1]
	if _, err := (intents{a}).Settle(t.Context(), in); !isRefused(err, http.StatusUnprocessableEntity) {
		t.Errorf("the same op about others: %v, want it refused", err)
	}
	in.By = view.Viewer{Role: kanban.Requester}
	if _, err := (intents{a}).Settle(t.Context(), in); err == nil {
		t.Error("a requester has settled conflicts")
	}
}

func isRefused(err error, status int) bool {
	refused, ok := errors.AsType[*web.Refusal](err)
	return ok && refused.Status == status
}

// The same op of a group is about the conflicts that it was about, not about what can be
// chosen after it.
func TestAGroupIsChosenOncePerOp(t *testing.T) {
	t.Parallel()
	a, _ := stored(t)
	by := view.Viewer{Name: "lea", Role: kanban.Ops, Audience: view.AudienceOps}
	in := web.Settlement{Conflicts: []string{"0199a2b3-one"}, Group: "status any", More: 3, Choice: web.ChoiceRestore, Op: "mine", By: by}
	first, err := a.Settle(t.Context(), in)
	if err != nil || first.Ends() != 1 || first.More != 3 {
		t.Fatalf("%+v, %v", first, err)
	}
	in.Conflicts, in.More = []string{"0199a2b4-two"}, 0
	if again, err := a.Settle(t.Context(), in); err != nil || !cmp.Equal(again, first) {
		t.Errorf("again %+v, %v; want %+v", again, err, first)
	}
}

// Where the store fails, what was stored is told, and the rest is not taken for done.
func TestASettlementThatBreaksTellsWhatFailed(t *testing.T) {
	t.Parallel()
	a, _ := stored(t)
	in := web.Settlement{Conflicts: []string{"0199a2b3-one", "0199a2b4-two"}, Choice: web.ChoiceDismiss, Op: "mine", By: view.Viewer{Name: "lea", Role: kanban.Ops, Audience: view.AudienceOps}}
	if _, err := a.Store.Commit(t.Context(), store.Commit{Now: a.Now(), Answer: &store.Answer{Key: "mine/0199a2b4-two", JSON: []byte(`7`)}}); err != nil {
		t.Fatal(err)
	}
	done, err := a.Settle(t.Context(), in)
	if err == nil || done.Ends() != 1 || done.Failed() != 1 || done.Results[1].Problem == "" {
		t.Errorf("%+v, %v; want one settled and one that failed", done, err)
	}
}
