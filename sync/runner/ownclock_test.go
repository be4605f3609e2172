package runner

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim"
	"parley/kanban/contract"
	"parley/sync/store"
)

// step sets Parley's own clock, and no other, to so much ahead of the trackers', while it is
// stopped: within a process only what is stored goes by that clock.
func (w *world) step(ahead time.Duration) {
	w.t.Helper()
	w.must(w.store.Close())
	w.ahead.Store(int64(ahead))
	w.start()
	w.must(w.runner.takeUp(w.t.Context()))
}

// moving fails every transition in Jira before it does anything.
func moving(r *http.Request) (f sim.Fault) {
	if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/transitions") {
		f = sim.Fault{Name: "ill", Status: http.StatusBadGateway}
	}
	return f
}

// TestAClockThatJumps has Parley work for a while by a clock that is wrong, with a write that
// fails meanwhile: once the clock is right, or stays as it is, both sides agree within minutes,
// nobody's edit is lost, and the slow readings go on.
func TestAClockThatJumps(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ ahead, then time.Duration }{
		"an hour ahead, and set back":  {time.Hour, 0},
		"a year ahead, and set back":   {365 * 24 * time.Hour, 0},
		"an hour behind, and set on":   {-time.Hour, 0},
		"set on by three hours":        {0, 3 * time.Hour},
		"set back by three hours":      {0, -3 * time.Hour},
		"from a day ahead to a behind": {24 * time.Hour, -24 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			key, n := w.pair("Pay")
			other, m := w.pair("Buy")
			w.slowly()
			w.step(c.ahead)
			w.site.SetFaults(moving)
			w.must(w.hub.AddLabels("ben", repo, n, "status:in-progress"))
			w.settle(5)
			w.slowly()
			w.step(c.then)
			w.site.SetFaults(nil)
			w.must(w.hub.AddLabels("ben", repo, m, "status:in-progress"))
			before := len(w.site.Log().Mutations())
			w.settle(6)
			w.expect(key, n, "In Progress", "open status:in-progress", "doing")
			w.expect(other, m, "In Progress", "open status:in-progress", "doing")
			if got := len(w.site.Log().Mutations()) - before; got != 2 {
				t.Errorf("%d writes, want one for each card", got)
			}
			if all, err := w.store.Conflicts(t.Context(), store.ConflictQuery{}); err != nil || len(all) != 0 {
				t.Errorf("conflicts: %+v, %v", all, err)
			}
			right := w.now()
			w.pass(26)
			if at := w.sweptAt(); at.Before(right) || at.After(w.now()) {
				t.Errorf("everything was read last at %s, by the clock of %s", at, w.now())
			}
		})
	}
}

// TestACardDoesNotWaitForAWrongClock holds that a card which is to be looked at later is looked at
// now where the clock that said so was set back: while Parley runs, and while it does not.
func TestACardDoesNotWaitForAWrongClock(t *testing.T) {
	t.Parallel()
	for name, back := range map[string]func(*world) error{
		"while it runs": func(w *world) error {
			last := w.now()
			w.ahead.Store(0)
			return w.runner.mindSince(w.t.Context(), last)
		},
		"while it does not": func(w *world) error {
			w.step(0)
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.must(w.runner.takeUp(t.Context()))
			key, _ := w.pair("Pay")
			w.step(time.Hour)
			w.poll()
			w.must(w.store.Touch(t.Context(), w.card(key).ID, w.now().Add(time.Minute)))
			due := func() int {
				ids, err := w.store.Due(t.Context(), w.now(), 10)
				w.must(err)
				return len(ids)
			}
			if n := due(); n != 0 {
				t.Fatalf("%d cards are due at once", n)
			}
			w.must(w.runner.mindSince(t.Context(), w.now().Add(time.Second)))
			if n := due(); n != 0 {
				t.Errorf("%d cards are due because the clock was a second off", n)
			}
			w.must(back(w))
			if n := due(); n != 1 {
				t.Errorf("%d cards are due now, want the one that was to wait for a wrong clock", n)
			}
		})
	}
}

// TestASwapDoesNotWaitForAWrongClock has the way back of a swap refused by a clock that is a day
// ahead: once that is set back, the swap does not stay half done until then.
func TestASwapDoesNotWaitForAWrongClock(t *testing.T) {
	t.Parallel()
	w := newSwap(t)
	w.step(24 * time.Hour)
	w.onWrites(func(_ string, n int) sim.Fault {
		return []sim.Fault{{}, refusing(), refusing(), {}}[min(n, 3)]
	})
	w.begin()
	for range 20 {
		if w.must(w.runner.WorkTrades(t.Context())); !w.at().NextAt.IsZero() {
			break
		}
		w.work()
		w.clock.Advance(15 * time.Second)
		w.poll()
	}
	if !w.at().NextAt.After(w.now()) {
		t.Fatalf("nothing rests: %+v", w.at())
	}
	w.step(0)
	w.along()
	w.expectEnd(contract.Undone, neither)
}
