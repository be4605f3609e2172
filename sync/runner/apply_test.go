package runner

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/store"
)

// plan lists what is held, as a printed plan does.
func plan(w *world) []PlanItem {
	w.t.Helper()
	ops, err := w.store.OpenOps(context.Background())
	w.must(err)
	var out []PlanItem
	for _, op := range ops {
		card, err := w.store.Card(context.Background(), op.Card)
		w.must(err)
		out = append(out, PlanItem{Kind: PlanField, Card: op.Card, Tracker: op.Tracker, Issue: op.Issue,
			Key: card.Sides[op.Side].Issue.Key, Field: op.Field, From: op.From, To: op.To})
	}
	return out
}

// planned is a world in plan mode with three writes that wait: one to Jira of two hops,
// two to GitHub.
func planned(t *testing.T) (w *world, keys []string, numbers []int) {
	t.Helper()
	w = newWorld(t)
	w.write = false
	w.start()
	for _, title := range []string{"One", "Two", "Three"} {
		key, n := w.pair(title)
		keys, numbers = append(keys, key), append(numbers, n)
	}
	w.must(w.hub.AddLabels("ben", repo, numbers[0], "status:review"))
	w.must(w.site.Transition("ana", keys[1], "Start work", jirasim.Edit{}))
	w.must(w.site.Edit("ana", keys[2], jirasim.Edit{Priority: new("High")}))
	w.settle(2)
	w.site.Log().Reset()
	w.hub.Log().Reset()
	return w, keys, numbers
}

func (w *world) apply(items []PlanItem) map[string]Applied {
	w.t.Helper()
	beside := New(w.runner.Options) // a command: not the process that polls
	w.must(beside.Remember(context.Background()))
	got, err := beside.Apply(context.Background(), items, "lea", 20*time.Second)
	w.must(err)
	if len(got) != len(items) {
		w.t.Fatalf("%d items, %d answers", len(items), len(got))
	}
	out := map[string]Applied{}
	for _, x := range got {
		out[x.Key+" "+string(x.Field)] = x
	}
	return out
}

func (w *world) sent() []string {
	var out []string
	for _, m := range append(w.site.Log().Mutations(), w.hub.Log().Mutations()...) {
		out = append(out, m.Method+" "+m.Path)
	}
	return out
}

func TestApplySendsExactlyThePlan(t *testing.T) {
	t.Parallel()
	w, keys, numbers := planned(t)
	items := plan(w)
	if len(items) != 3 || len(w.sent()) != 0 {
		t.Fatalf("planned %+v, sent %v", items, w.sent())
	}
	w.must(w.hub.AddLabels("ben", repo, numbers[2], "status:review")) // wanted since the plan: not part of it
	w.poll()
	for what, x := range w.apply(items) {
		if x.State != AppliedSent {
			t.Errorf("%s: %s, %s", what, x.State, x.Reason)
		}
	}
	w.settle(2)
	w.expect(keys[0], numbers[0], "In Review", "open status:review", "review")
	w.expect(keys[1], numbers[1], "In Progress", "open status:in-progress", "doing")
	if g, _ := w.hub.Issue(repo, numbers[2]); !slices.Contains(g.Labels, "priority:high") {
		t.Errorf("labels of the third are %v", g.Labels)
	}
	if i, _ := w.site.Issue(keys[2]); i.StatusName != "To Do" {
		t.Errorf("%s was written to although the plan did not say so: %s", keys[2], i.StatusName)
	}
	if sent := w.sent(); len(sent) != 4 { // two hops in Jira, one label each in GitHub
		t.Errorf("sent %v, want four requests", sent)
	}
}

// Nobody has polled what people did since the plan: the read before each write finds it.
func TestApplyRefusesExactlyWhatMovedOn(t *testing.T) {
	t.Parallel()
	w, keys, numbers := planned(t)
	items := plan(w)
	w.clock.Advance(time.Minute)
	w.must(w.hub.SetState("ben", repo, numbers[1], "closed", "completed"))
	w.must(w.hub.AddLabels("ben", repo, numbers[2], "priority:low"))
	w.hub.Log().Reset()
	got := w.apply(items)
	if x := got[keys[0]+" status"]; x.State != AppliedSent {
		t.Errorf("what still holds is %s: %s", x.State, x.Reason)
	}
	for _, what := range []string{issueRef(numbers[1]) + " status", issueRef(numbers[2]) + " priority"} {
		if x := got[what]; x.State != AppliedStale || x.Reason == "" {
			t.Errorf("%s: %s, %q; want it stale", what, x.State, x.Reason)
		}
	}
	if m := w.hub.Log().Mutations(); len(m) > 0 {
		t.Errorf("wrote over what people did: %+v", m)
	}
}

func issueRef(number int) string { return fmt.Sprintf("%s#%d", repo, number) }

func TestApplySaysWhyAWriteDoesNotHold(t *testing.T) {
	t.Parallel()
	w, keys, numbers := planned(t)
	items := plan(w)
	w.must(w.site.Edit("ana", keys[2], jirasim.Edit{Priority: new("Low")}))
	w.must(w.hub.AddLabels("ben", repo, numbers[1], "status:in-progress"))
	w.must(w.hub.AddLabels("ben", repo, numbers[0], "status:in-progress"))
	w.must(w.hub.RemoveLabel("ben", repo, numbers[0], "status:review"))
	w.settle(2)
	w.hub.Log().Reset()
	w.site.Log().Reset()
	items = append(items, PlanItem{Kind: PlanField, Card: kanban.NewCardID("jira", "77"), Tracker: "jira", Issue: "77", Key: "OPS-77", Field: "status", To: "3"},
		PlanItem{Kind: PlanField, Card: items[0].Card, Tracker: "jira", Issue: "78", Key: "OPS-78", Field: "status", To: "3"})
	got := w.apply(items)
	for what, reason := range map[string]string{
		issueRef(numbers[2]) + " priority": "another write took its place: no label → priority:low",
		issueRef(numbers[1]) + " status":   "already done: " + issueRef(numbers[1]) + " shows it",
		keys[0] + " status":                "another write took its place: To Do → In Progress",
		"OPS-77 status":                    "the card is gone", "OPS-78 status": "OPS-78 is not an issue of this card any more",
	} {
		if x := got[what]; x.State != AppliedStale || !strings.HasPrefix(x.Reason, reason) {
			t.Errorf("%s: %s, %q; want stale, %q", what, x.State, x.Reason, reason)
		}
	}
	if sent := w.sent(); len(sent) > 0 {
		t.Errorf("sent %v", sent)
	}
}

func TestApplyTwice(t *testing.T) {
	t.Parallel()
	w, _, _ := planned(t)
	items := plan(w)
	w.apply(items)
	w.settle(2)
	w.hub.Log().Reset()
	w.site.Log().Reset()
	for what, x := range w.apply(items) {
		if x.State != AppliedStale || !strings.HasPrefix(x.Reason, "already done") {
			t.Errorf("%s: %s, %q", what, x.State, x.Reason)
		}
	}
	if sent := w.sent(); len(sent) > 0 {
		t.Errorf("sent again: %v", sent)
	}
}

// A daemon that has the lease sends what was let go; the command only waits.
func TestApplyBesideADaemon(t *testing.T) {
	t.Parallel()
	w, keys, numbers := planned(t)
	items := plan(w)
	w.must(w.runner.Lease(context.Background()))
	o := w.runner.Options
	o.Owner = "a command"
	beside := New(o)
	w.must(beside.Remember(context.Background()))
	done := make(chan []Applied, 1)
	go func() {
		got, err := beside.Apply(context.Background(), items, "lea", 20*time.Second)
		if err != nil {
			t.Error(err)
		}
		done <- got
	}()
	for {
		select {
		case got := <-done:
			for _, x := range got {
				if x.State != AppliedSent {
					t.Errorf("%s: %s, %s", x.Key, x.State, x.Reason)
				}
			}
			w.expect(keys[0], numbers[0], "In Review", "open status:review", "review")
			return
		default:
			w.work()
		}
	}
}

func TestApplyDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	w, _, _ := planned(t)
	items := plan(w)
	w.must(w.runner.Lease(context.Background())) // by somebody who does nothing
	o := w.runner.Options
	o.Owner = "a command"
	beside := New(o)
	w.must(beside.Remember(context.Background()))
	got, err := beside.Apply(context.Background(), items, "lea", time.Millisecond)
	w.must(err)
	for _, x := range got {
		if x.State != AppliedWaiting {
			t.Errorf("%s: %s, %s", x.Key, x.State, x.Reason)
		}
	}
	if sent := w.sent(); len(sent) > 0 {
		t.Errorf("sent %v without the lease", sent)
	}
	w.work()
	if got := plan(w); len(got) != 0 {
		t.Errorf("what was let go is still not sent: %+v", got)
	}
}

// A breaker holds what nobody asked for; what is let go is sent all the same, and
// nothing else of the rule.
func TestApplyWhereABreakerHolds(t *testing.T) {
	t.Parallel()
	w, _, _ := planned(t)
	items := plan(w)
	w.write = true
	w.start()
	tripped := func(r *Runner) *engine.Engine {
		eng := r.Engine()
		eng.Tripped = map[string]bool{engine.RuleKey(eng.Rules.Pairs()[0]): true}
		return eng
	}
	for _, it := range items {
		card, err := w.store.Card(context.Background(), it.Card)
		w.must(err)
		eng := tripped(w.runner)
		step := eng.Step(card, engine.Resumed{}, w.clock.Now())
		_, err = w.store.Commit(context.Background(), store.Commit{Now: w.clock.Now(), Record: step.Record, Cards: []store.CardWrite{w.runner.cardWrite(eng, step.Card)}})
		w.must(err)
		if op := w.card(it.Key).Ops; op[len(op)-1].Hold != reconcile.HoldBreaker {
			t.Fatalf("it is held by %q", op[len(op)-1].Hold)
		}
	}
	got := w.apply(items[:1])
	if len(got) != 1 || got[items[0].Key+" "+string(items[0].Field)].State != AppliedSent {
		t.Errorf("applied %+v", got)
	}
	for _, it := range items[1:] {
		if op := w.card(it.Key).Ops; op[len(op)-1].State != reconcile.Held {
			t.Errorf("%s was not let go and is %s", it.Key, op[len(op)-1].State)
		}
	}
}

// A request that gets lost is sent again by the same consent, and not for ever.
func TestApplyTriesAgainWhatGotLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write = false
	w.start()
	g, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: "Rotate keys"})
	w.must(err)
	w.settle(1)
	c := w.card(issueRef(g.Number))
	_, err = w.runner.Intend(context.Background(), engine.Intent{Key: "k", Card: c.ID, Field: kanban.FieldStatus, To: "review", Rev: c.Rev})
	w.must(err)
	items := plan(w)
	var once sync.Once
	w.hub.SetFaults(func(r *http.Request) (f sim.Fault) {
		if r.Method == http.MethodPost {
			once.Do(func() { f = githubsim.Outage(http.StatusBadGateway) })
		}
		return f
	})
	done := make(chan map[string]Applied, 1)
	go func() { done <- w.apply(items) }()
	for {
		select {
		case got := <-done:
			for what, x := range got {
				if x.State != AppliedSent {
					t.Errorf("%s: %s, %s", what, x.State, x.Reason)
				}
			}
			return
		default:
			w.clock.Advance(time.Millisecond) // the pause before the second try
		}
	}
}

// Writing is on, and no daemon runs: what was not approved waits for one, also on the
// very card that is written.
func TestApplyInWriteModeSendsNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, n := w.pair("One")
	w.must(w.site.Edit("ana", key, jirasim.Edit{Priority: new("High")}))
	w.must(w.site.Transition("ana", key, "Start work", jirasim.Edit{}))
	w.clock.Advance(30 * time.Second)
	for _, tracker := range w.runner.Trackers {
		for _, source := range tracker.Sources() {
			w.must(w.runner.PollSource(context.Background(), tracker, source))
		}
	}
	items := plan(w)
	if len(items) != 2 {
		t.Fatalf("planned %+v", items)
	}
	w.hub.Log().Reset()
	w.site.Log().Reset()
	items = slices.DeleteFunc(items, func(it PlanItem) bool { return it.Field != kanban.FieldPriority })
	if x := w.apply(items)[issueRef(n)+" priority"]; x.State != AppliedSent {
		t.Errorf("%s: %s", x.State, x.Reason)
	}
	if m := w.hub.Log().Mutations(); len(m) != 1 || !strings.Contains(m[0].Body, "priority:high") || len(w.site.Log().Mutations()) > 0 {
		t.Errorf("sent %+v", m)
	}
	w.must(w.runner.takeUp(context.Background()))
	w.settle(2)
	w.expect(key, n, "In Progress", "open priority:high status:in-progress", "doing") // the daemon goes on with the rest
}

func TestApplyCreatesATwin(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mirroring(mapping.MirrorJiraToGitHub), func(w *world) { w.write = false })
	i, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Pay faster"})
	w.must(err)
	w.settle(6)
	c := w.card(i.Key)
	if c.Mirror == nil || len(w.issues()) != 0 {
		t.Fatalf("planned %+v, and %d issues", c.Mirror, len(w.issues()))
	}
	item := PlanItem{Kind: PlanCreate, Card: c.ID, Tracker: "github", Issue: c.Mirror.SourceID, Key: i.Key, To: kanban.Native(c.Mirror.Container)}
	elsewhere := item
	elsewhere.To = "acme/other"
	if x := w.apply([]PlanItem{elsewhere})[i.Key+" "]; x.State != AppliedStale || x.Reason != "no twin is wanted any more" {
		t.Errorf("a twin elsewhere: %s, %s", x.State, x.Reason)
	}
	if x := w.apply([]PlanItem{item})[i.Key+" "]; x.State != AppliedSent || len(w.issues()) != 1 {
		t.Errorf("%s, %s: %d issues", x.State, x.Reason, len(w.issues()))
	}
	w.settle(2)
	if x := w.apply([]PlanItem{item})[i.Key+" "]; x.State != AppliedStale || x.Reason != "already done: the twin is there" || len(w.issues()) != 1 {
		t.Errorf("again: %s, %s: %d issues", x.State, x.Reason, len(w.issues()))
	}
	if !w.together(i.Key) {
		t.Error("the two are not one card")
	}
}
