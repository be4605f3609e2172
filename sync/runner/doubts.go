package runner

import (
	"context"
	"math"
	"sync"

	"parley/kanban"
	"parley/sync/engine"
)

// doubts is what was seen of pairs and is explained by no history yet. Each is a change
// to be, most likely, and counts as one before the read that tells: else a change that
// is on no history would be carried on card by card, before anybody could count them.
type doubts struct {
	mu sync.Mutex
	of map[kanban.CardID]doubt
}

type doubt struct {
	rule string
	ends bool // the work would end
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
	d.of[c.ID] = doubt{rule, ends}
}

// covers reports whether a card was counted as one that is to be written by a rule, and to
// be ended where ends says so.
func (d *doubts) covers(card kanban.CardID, rule string, ends bool) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	of, there := d.of[card]
	return there && of.rule == rule && (of.ends || !ends)
}

func (d *doubts) each(do func(kanban.CardID, doubt)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for card, of := range d.of {
		do(card, of)
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
