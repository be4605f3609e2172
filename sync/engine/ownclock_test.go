package engine

import (
	"testing"
	"time"

	"parley/kanban"
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
