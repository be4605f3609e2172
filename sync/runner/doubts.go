package runner

import (
	"context"
	"maps"
	"math"
	"slices"
	"sync"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/reconcile"
)

// doubts is what was seen of pairs and is explained by no history yet. Each is a change
// to be, most likely, and counts as one before the read that tells: else a change that
// is on no history would be carried on card by card, before anybody could count them.
type doubts struct {
	mu sync.Mutex
	of map[kanban.CardID]doubt
}

type doubt struct {
	rule   string
	ends   bool // the work would end
	judged bool // a judgement has counted it
}

// note takes in how a card stands after a step.
func (d *doubts) note(eng *engine.Engine, c *engine.Card) {
	doubtful, ends := eng.Doubtful(c)
	rule := eng.RuleOf(c)
	d.mu.Lock()
	defer d.mu.Unlock()
	if !doubtful || rule == "" {
		delete(d.of, c.ID)
		return
	}
	if d.of == nil {
		d.of = map[kanban.CardID]doubt{}
	}
	d.of[c.ID] = doubt{rule, ends, d.of[c.ID].covers(rule, ends)}
}

// forget takes a card out that is none any more.
func (d *doubts) forget(card kanban.CardID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.of, card)
}

// covers reports whether a doubt was counted as a change of a rule, and as one to an end
// where ends says so.
func (d doubt) covers(rule string, ends bool) bool {
	return d.judged && d.rule == rule && (d.ends || !ends)
}

// covers reports whether a card was counted as one that is to be written by a rule, and to
// be ended where ends says so. What a read before a write has found was not, before
// somebody judges.
func (d *doubts) covers(card kanban.CardID, rule string, ends bool) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.of[card].covers(rule, ends)
}

// now lists the doubts, for a judgement to count.
func (d *doubts) now() map[kanban.CardID]doubt {
	d.mu.Lock()
	defer d.mu.Unlock()
	return maps.Clone(d.of)
}

// judged takes down that a judgement which has counted these has come to its end.
func (d *doubts) judged(counted map[kanban.CardID]doubt) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for card, of := range counted {
		if d.of[card] == of {
			of.judged = true
			d.of[card] = of
		}
	}
}

// recallDoubts finds the doubts again that the last process left: their cards are due,
// for they wait for a read.
func (r *Runner) recallDoubts(ctx context.Context) error {
	due, err := r.Store.Due(ctx, r.Now(), math.MaxInt32)
	if err != nil {
		return err
	}
	eng := r.Engine()
	for len(due) > 0 {
		part := due[:min(len(due), workBatch)]
		due = due[len(part):]
		cards, err := r.Store.Cards(ctx, part)
		if err != nil {
			return err
		}
		for _, c := range cards {
			r.doubts.note(eng, &c)
		}
	}
	return nil
}

// uncounted reports whether a step has brought a write that no judgement knows of, not
// as a doubt either: it is counted before it is sent.
func (r *Runner) uncounted(before, after *engine.Card) bool {
	for i := range after.Ops {
		op := &after.Ops[i]
		if op.State != reconcile.Planned || op.Rule == "" || op.Asked || op.Told || op.Approved {
			continue
		}
		if was := opByID(before, op.ID); was != nil && was.Hold != reconcile.HoldArchive {
			continue
		}
		if ends := r.finishes(op); !r.doubts.covers(after.ID, op.Rule, ends) && !r.replaces(before, op.Rule, ends) {
			return true
		}
	}
	return false
}

// replaces reports whether a write only takes the place of one that was open and counted:
// the card is written by that rule as before, and a judgement would find nothing new.
func (r *Runner) replaces(before *engine.Card, rule string, ends bool) bool {
	return slices.ContainsFunc(before.Ops, func(op reconcile.Op) bool {
		return op.State.Open() && op.Hold != reconcile.HoldArchive && op.Rule == rule && !op.Asked && !op.Told && !op.Approved && (!ends || r.finishes(&op))
	})
}

// finishes reports whether a write ends the work.
func (r *Runner) finishes(op *reconcile.Op) bool {
	return op.Field == kanban.FieldStatus && r.ends(op.Value)
}
