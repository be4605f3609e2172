package engine

import (
	"time"

	"parley/sync/mirror"
	"parley/sync/reconcile"
)

// Restored is what a backup makes of a card: whatever was to be written when it was made may
// have been written since, by the process that went on then. No write that was planned or
// under way is sent before its effect was looked for, also where the issue was read strongly
// a moment before the backup. The second result is false where there is nothing to do.
func Restored(c Card, made, now time.Time) (Card, bool) {
	c = c.clone()
	changed := false
	for i := range c.Ops {
		op := &c.Ops[i]
		if !op.State.Open() {
			continue
		}
		changed = true
		op.Checked, op.Route, op.NextAt = time.Time{}, nil, time.Time{}
		if op.State == reconcile.Planned || op.State == reconcile.Sending {
			uncertain(&c, op, made)
		}
	}
	if c.Mirror != nil && c.Mirror.State.Open() {
		saga := mirror.Restored(*c.Mirror, made, now)
		c.Mirror, changed = &saga, true
	}
	for _, side := range c.Sides {
		if changed && side != nil && side.Away == nil && side.Need == NeedNothing {
			side.Need = NeedRead
		}
	}
	return c, changed
}

// uncertain makes a write one of which nobody knows what became. One that was never sent, as
// far as the backup knows, was sent right after it if it was sent at all.
func uncertain(c *Card, op *reconcile.Op, made time.Time) {
	op.State = reconcile.Uncertain
	if op.SentAt.IsZero() {
		op.SentAt = made
	}
	if side := c.Sides[op.Side]; side != nil {
		op.Reads = side.Reads
	}
}
