package runner

import (
	"context"
	"errors"
	"testing"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
)

// halted stops the contract of trading, until the map is emptied.
func halted(r *Runner) map[kanban.UnitKey]string {
	stopped := map[kanban.UnitKey]string{"trading": "a decision cannot be read"}
	r.Stopped = func(context.Context) (map[kanban.UnitKey]string, error) { return stopped, nil }
	return stopped
}

// TestASwapOfAStoppedContractRests stops the contract at each step of a swap: it stays where it
// is, and once the contract is as it should be it goes on to its end.
func TestASwapOfAStoppedContractRests(t *testing.T) {
	t.Parallel()
	for steps := range 4 { // nothing is sent; the first is; the first is written; the second is sent
		w := newSwap(t)
		w.begin()
		for range steps {
			_, err := w.runner.stepTrade(t.Context(), "s1")
			w.must(err)
			w.settle(2)
		}
		before := w.at()
		stopped := halted(w.runner)
		if after := w.along(); after.Trade != before.Trade {
			t.Errorf("after %d steps, stopped, it went from %+v to %+v", steps, before.Trade, after.Trade)
		}
		if decisions, err := w.store.Decisions(t.Context()); err != nil || len(decisions) != 0 {
			t.Errorf("after %d steps, stopped, %v was decided, %v", steps, decisions, err)
		}
		stopped["risk"] = stopped["trading"] // another unit's is none of its business
		delete(stopped, "trading")
		w.along()
		w.expectEnd(contract.Traded, bothSet)
	}
}

// TestASwapRestsWhereNobodyCanTellWhatIsStopped holds that not knowing stops nothing else.
func TestASwapRestsWhereNobodyCanTellWhatIsStopped(t *testing.T) {
	t.Parallel()
	w := newSwap(t)
	w.begin()
	before := w.at()
	w.runner.Stopped = func(context.Context) (map[kanban.UnitKey]string, error) { return nil, errors.New("the disk is full") }
	w.must(w.runner.WorkTrades(t.Context()))
	if after := w.at(); after.Trade != before.Trade {
		t.Errorf("it went on: %+v", after.Trade)
	}
	w.runner.Stopped = nil
	w.along()
	w.expectEnd(contract.Traded, bothSet)
}

// TestWhatIsPutBackForAStoppedContractRests: the outcome is neither recorded nor said on the
// ticket before the contract is as it should be.
func TestWhatIsPutBackForAStoppedContractRests(t *testing.T) {
	t.Parallel()
	w := newRestoring(t)
	w.must(w.back())
	stopped := halted(w.runner)
	w.along()
	w.clock.Advance(time.Hour)
	w.along()
	if decisions, err := w.store.Decisions(t.Context()); err != nil || len(decisions) != 0 {
		t.Errorf("stopped, %v was decided, %v", decisions, err)
	}
	if i, _ := w.site.Issue(w.key); len(i.Comments) != 0 {
		t.Errorf("stopped, it was said: %v", i.Comments)
	}
	delete(stopped, "trading")
	w.along()
	w.expect(-1, true)
}
