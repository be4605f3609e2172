package engine

import (
	"testing"
	"time"

	"parley/kanban"
	"parley/sync/reconcile"
)

// TestALookOfAWrongClockIsNoneBeforeAWrite holds that what was read by a clock that was ahead and
// is set back since is read again before it is written to.
func TestALookOfAWrongClockIsNoneBeforeAWrite(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{0, time.Second, time.Hour} {
		d := lagging(t, "todo")
		d.card.Ops = d.card.Ops[len(d.card.Ops)-1:]
		d.card.Ops[0].Checked = d.now.Add(ahead)
		want := Send
		if ahead > 0 {
			want = Read
		}
		if q := d.eng.Next(d.card, d.now).Ask; q == nil || q.Kind != want || q.Side != kanban.GitHub {
			t.Errorf("read %s from now: asks %+v, want to %s", ahead, q, want)
		}
	}
}

// TestABrakeDoesNotWaitForAWrongClock holds that a field which was written too often by a clock
// that was a day ahead is written again once the clock is set back.
func TestABrakeDoesNotWaitForAWrongClock(t *testing.T) {
	t.Parallel()
	d := paired(t)
	fight(d, 9)
	if last := d.lastOp(); last.Hold != reconcile.HoldBrake {
		t.Fatalf("the last is %s (%s)", last.State, last.Hold)
	}
	d.now = d.now.Add(-24 * time.Hour)
	d.step(Resumed{})
	if n := d.eng.Next(d.card, d.now); n.Ask == nil {
		t.Errorf("%s (%s), until %s", d.lastOp().State, d.lastOp().Hold, n.Wake)
	}
}
