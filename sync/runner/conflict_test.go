package runner

import (
	"context"
	"errors"
	"testing"

	"parley/connectors/sim/jirasim"
	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/store"
)

// collide lets both sides be changed at once: Jira to doing, GitHub, which wins, to done.
func collide(t *testing.T, w *world) (key string, n int, lost reconcile.Conflict) {
	t.Helper()
	key, n = w.pair("Reconcile positions")
	w.must(w.site.Transition("ana", key, "Start work", jirasim.Edit{}))
	w.must(w.hub.SetState("ben", repo, n, "closed", "completed"))
	w.settle(4)
	return key, n, conflictOf(t, w, key)
}

func conflictOf(t *testing.T, w *world, key string) reconcile.Conflict {
	t.Helper()
	cs, err := w.store.Conflicts(context.Background(), store.ConflictQuery{Card: w.card(key).ID})
	w.must(err)
	if len(cs) != 1 {
		t.Fatalf("%d conflicts, want one: %+v", len(cs), cs)
	}
	return cs[0]
}

func TestRestoringIsAWriteLikeAnyOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, n, lost := collide(t, w)
	w.expect(key, n, "Done", "closed", "done")
	a, err := w.runner.Restore(context.Background(), lost.ID, "lea")
	w.must(err)
	if a.State != engine.IntentSent {
		t.Errorf("answered %q, want sent", a.State)
	}
	w.settle(3)
	w.expect(key, n, "In Progress", "open status:in-progress", "doing")
	if got := conflictOf(t, w, key); got.State != reconcile.ConflictRestored || got.Loser.Value != "doing" || got.Winner.Value != "done" {
		t.Errorf("the conflict is %+v, want it restored and whole", got)
	}
	var refused *engine.Refusal
	for name, again := range map[string]func(context.Context, string, string) (Answer, error){"restored": w.runner.Restore, "put away": w.runner.Dismiss} {
		if _, err := again(context.Background(), lost.ID, "lea"); !errors.As(err, &refused) || !refused.Stale {
			t.Errorf("%s once more it gives %v, want a refusal that it is over", name, err)
		}
	}
}

func TestTheSameDecisionGetsTheSameAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, _, lost := collide(t, w)
	d := Decision{Key: "mine", Conflict: lost.ID, Choice: ChoiceRestore, By: "lea"}
	first, err := w.runner.Decide(context.Background(), d)
	w.must(err)
	version := w.card(key).Status.Version
	if again, err := w.runner.Decide(context.Background(), d); err != nil || again != first || w.card(key).Status.Version != version {
		t.Errorf("asked again it answers %+v, %v; want %+v and nothing new", again, err, first)
	}
	d.Choice = ChoiceDismiss
	if _, err := w.runner.Decide(context.Background(), d); err == nil {
		t.Error("the op of another decision was taken")
	}
	if _, err := w.runner.Restore(context.Background(), "none", "lea"); !errors.Is(err, store.ErrUnknown) {
		t.Errorf("an unknown conflict gives %v", err)
	}
}

// A rule has decided, and somebody has set the field since: what lost is older than that.
func TestRestoringGoesOverNoNewerEdit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, n, lost := collide(t, w)
	for _, way := range []string{"Reopen", "Ask for review"} {
		w.must(w.site.Transition("ana", key, way, jirasim.Edit{}))
		w.settle(4)
	}
	now := w.card(key).Status.Agreed
	if now == lost.Winner.Value || now == lost.Loser.Value {
		t.Fatalf("the card is in %s, want it in neither column of the conflict", now)
	}
	forecast, err := w.runner.Foresee(t.Context(), []Decision{{Conflict: lost.ID, Choice: ChoiceRestore, By: "lea"}})
	w.must(err)
	if forecast.Total() != 0 || forecast.Refused[lost.ID] == "" {
		t.Errorf("foreseen %+v, want it refused", forecast)
	}
	_, err = w.runner.Restore(t.Context(), lost.ID, "lea")
	if refused, ok := errors.AsType[*engine.Refusal](err); !ok || !refused.Stale || refused.Reason != forecast.Refused[lost.ID] {
		t.Errorf("error %v, want a stale refusal", err)
	}
	if after := w.card(key).Status.Agreed; after != now {
		t.Errorf("issue %d went to %s over a newer edit", n, after)
	}
	_, err = w.runner.Dismiss(t.Context(), lost.ID, "lea")
	w.must(err)
}

func TestPuttingAwayWhatARuleDecidedWritesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, n, lost := collide(t, w)
	w.site.Log().Reset()
	w.hub.Log().Reset()
	a, err := w.runner.Dismiss(context.Background(), lost.ID, "lea")
	w.must(err)
	w.settle(2)
	w.expect(key, n, "Done", "closed", "done")
	if got := conflictOf(t, w, key); a.State != engine.IntentDone || got.State != reconcile.ConflictDismissed {
		t.Errorf("answered %q, the conflict is %s", a.State, got.State)
	}
	if m := append(w.site.Log().Mutations(), w.hub.Log().Mutations()...); len(m) > 0 {
		t.Errorf("it wrote %+v", m)
	}
}

func TestARestoreInPlanModeIsHeld(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, _, lost := collide(t, w)
	w.write = false
	w.start()
	a, err := w.runner.Restore(context.Background(), lost.ID, "lea")
	w.must(err)
	if a.State != engine.IntentHeld || w.card(key).Status.Agreed != "doing" {
		t.Errorf("answered %q, the card is in %s", a.State, w.card(key).Status.Agreed)
	}
}

// A command restores beside the daemon: it has no lease, and what the daemon does
// meanwhile must not be lost.
func TestACommandRestoresBesideTheDaemon(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, n, lost := collide(t, w)
	w.must(w.runner.Lease(context.Background()))
	beside := New(w.runner.Options)
	w.must(beside.Remember(context.Background()))
	_, err := beside.Restore(context.Background(), lost.ID, "lea")
	w.must(err)
	w.settle(3)
	w.expect(key, n, "In Progress", "open status:in-progress", "doing")
}
