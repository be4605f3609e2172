package runner

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/engine"
	"parley/sync/remark"
	"parley/sync/store"
)

// settingBacks holds the priorities that are being put back, by the ids of the decisions that
// they end with. Only who holds the lease changes it.
const settingBacks = "contract.backs"

// Setback is a priority that is put back since it was raised over a contract.
type Setback struct {
	Intent   engine.Intent  // expects the priority that was raised
	Raised   time.Time      // when that was: a choice made since then is heard
	Decision contract.Event // that is recorded at its end; its note tells why it came to nothing
	Why      remark.Wish    // that is said once a tracker shows it
	Version  int64          // of the priority that the change has made
}

// PutBack begins to put a priority back, once for the decision's id, unless somebody has chosen
// or set something else meanwhile. The error is an *engine.Refusal where the card cannot take
// the change. WorkBacks takes it to its end.
func (r *Runner) PutBack(ctx context.Context, b Setback) error {
	err := r.again(func() error {
		under, err := r.backs(ctx)
		if err != nil {
			return err
		}
		_, begun := under[b.Decision.ID]
		seen, err := r.Store.Seq(ctx) // what is decided after it makes the commit stale
		if err != nil {
			return err
		}
		if needless, err := r.chosen(ctx, &b); err != nil || needless || begun {
			return err
		}
		card, err := r.resolve(ctx, string(b.Intent.Card))
		if err != nil {
			return err
		}
		eng := r.Engine()
		b.Intent.At = r.Now()
		step, _, refusal := eng.Ask(card, b.Intent)
		switch {
		case refusal != nil && refusal.Stale:
			return nil // somebody was quicker
		case refusal != nil:
			return refusal
		}
		b.Version = step.Card.Priority.Version
		under[b.Decision.ID] = b
		c := store.Commit{Now: b.Intent.At, Unchosen: &store.Unchosen{Card: b.Intent.Card, Since: seen}}
		if c.Settings, err = keptBacks(under); err != nil {
			return err
		}
		return r.admit(ctx, eng, card, step, c, nil)
	})
	if err == nil {
		r.wake()
	}
	return err
}

// chosen reports whether the priority was put back before, or somebody has chosen since it was
// raised, or asked for a swap.
func (r *Runner) chosen(ctx context.Context, b *Setback) (bool, error) {
	all, err := r.Store.Decisions(ctx)
	if err != nil {
		return false, err
	}
	if slices.ContainsFunc(all, func(e contract.Event) bool {
		return e.ID == b.Decision.ID || e.Kind == contract.Chose && e.Card == b.Intent.Card && !e.At.Before(b.Raised)
	}) {
		return true, nil
	}
	open, err := r.Store.OpenTrades(ctx)
	return slices.ContainsFunc(open, func(t store.Trade) bool { return touches(&t, b.Intent.Card) }), err
}

// backs are the priorities that are being put back.
func (r *Runner) backs(ctx context.Context) (map[string]Setback, error) {
	out := map[string]Setback{}
	_, err := r.recallJSON(ctx, settingBacks, "priorities that are put back", &out)
	return out, err
}

func keptBacks(under map[string]Setback) (map[string]string, error) {
	text, err := json.Marshal(under)
	if err != nil {
		return nil, fmt.Errorf("keep priorities that are put back: %w", err)
	}
	return map[string]string{settingBacks: string(text)}, nil
}

// WorkBacks looks what became of the priorities that are being put back. What is wrong with
// one stays with it; those of a stopped contract rest. It and PutBack are called one after the
// other.
func (r *Runner) WorkBacks(ctx context.Context) error {
	under, err := r.backs(ctx)
	if err != nil || len(under) == 0 {
		return err
	}
	rests, err := r.resting(ctx)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(under)) {
		if rests(under[id].Decision.Unit) {
			continue
		}
		err := r.lookBack(ctx, under[id])
		if ctx.Err() != nil || errors.Is(err, store.ErrFenced) {
			return err
		}
		if err != nil {
			r.Log.ErrorContext(ctx, "it could not be seen what became of a priority that is put back; trying again soon", "card", under[id].Intent.Card, "error", err)
		}
	}
	return nil
}

// lookBack ends what has an outcome.
func (r *Runner) lookBack(ctx context.Context, b Setback) error {
	card, err := r.resolve(ctx, string(b.Intent.Card))
	if errors.Is(err, store.ErrUnknown) {
		return r.endBack(ctx, b, engine.FateForeign, "the card is not on the board any more")
	}
	if err != nil {
		return err
	}
	fate, why := r.Engine().Fate(&card, kanban.FieldPriority, b.Intent.To, b.Version, r.Now())
	switch fate {
	case engine.FateOpen:
		return nil
	case engine.FateForeign:
		why = "somebody set another priority meanwhile"
	}
	return r.endBack(ctx, b, fate, why)
}

// endBack records the decision, and says why on the ticket where a tracker shows it. One that
// came to nothing is not tried again: that is on the card's account.
func (r *Runner) endBack(ctx context.Context, b Setback, fate engine.Fate, problem string) error {
	return r.again(func() error {
		under, err := r.backs(ctx)
		if err != nil {
			return err
		}
		delete(under, b.Decision.ID)
		now := r.Now()
		c := store.Commit{Now: now}
		if c.Settings, err = keptBacks(under); err != nil {
			return err
		}
		e := b.Decision
		e.At, e.Note = now.UTC().Truncate(time.Millisecond), problem
		c.Decisions = []contract.Event{e}
		if fate == engine.FateWritten {
			said, err := r.remarks().New(b.Why, r.NewID(), now)
			if err != nil {
				return fmt.Errorf("comment on %s: %w", b.Why.Issue.Key, err)
			}
			c.Remarks = []store.RemarkWrite{{Remark: said, Dirty: said.Open()}}
		}
		if fate == engine.FateRefused {
			c.Record.Activity = []engine.Activity{{At: now, Card: b.Intent.Card, Kind: engine.DidProblem, Actor: b.Intent.Actor, Field: kanban.FieldPriority,
				Text: "its priority was raised over the contract and cannot be put back; set it by hand: " + problem}}
		}
		_, err = r.put(ctx, c)
		return err
	})
}
