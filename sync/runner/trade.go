package runner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/engine"
	"parley/sync/store"
)

// A swap of two priorities is carried out by changes on the board, one after the other: the
// journal writes them, looks up what got no answer, and lets a person who is quicker have
// their way. What is kept here is only which of the two is under way. A change and the
// trade that waits for it are stored at once, so that there is nothing between them in
// which a process could end.

// How often swaps are looked at, and how long one rests whose first half could not be
// written back.
const (
	tradeEvery = time.Second
	tradeRest  = time.Minute
	tradeSleep = time.Hour       // the longest rest
	tradeBlind = 5 * time.Minute // how old a picture can be at most by which a swap was asked for
)

// Swap begins a swap. The same id gives the swap that there is, however far it has come.
// The error is an *engine.Refusal where the id is that of another swap, or a card is in one.
func (r *Runner) Swap(ctx context.Context, t store.Trade) (store.Trade, error) {
	var out store.Trade
	err := r.again(func() error {
		known, err := r.Store.Trade(ctx, t.ID)
		switch {
		case err == nil && (known.Down != t.Down || known.Up != t.Up):
			return &engine.Refusal{Reason: "this op was another swap; give each swap an op of its own"}
		case err == nil:
			out = known
			return nil
		case !errors.Is(err, store.ErrUnknown):
			return err
		}
		if err := r.untraded(ctx, &t); err != nil {
			return err
		}
		out = t
		out.Begun, out.Lock = r.Now(), 0
		_, err = r.put(ctx, store.Commit{Now: r.Now(), Trades: []store.Trade{out}})
		out.Lock++
		return err
	})
	return out, err
}

// untraded refuses a swap of a card that is in another one.
func (r *Runner) untraded(ctx context.Context, t *store.Trade) error {
	open, err := r.Store.OpenTrades(ctx)
	if err != nil {
		return err
	}
	for _, o := range open {
		if touches(&o, t.Down.Card) || touches(&o, t.Up.Card) {
			return &engine.Refusal{Stale: true, Reason: "one of the two is in a swap that is not at its end; wait for that"}
		}
	}
	return nil
}

func touches(t *store.Trade, card kanban.CardID) bool {
	return t.Down.Card == card || t.Up.Card == card
}

// TradeOf gives a swap as it stands; store.ErrUnknown where none was begun.
func (r *Runner) TradeOf(ctx context.Context, id string) (store.Trade, error) {
	return r.Store.Trade(ctx, id)
}

// trade takes swaps along until ctx ends.
func (r *Runner) trade(ctx context.Context) error {
	for {
		if err := r.WorkTrades(ctx); err != nil {
			return err
		}
		if err := pause(ctx, tradeEvery); err != nil {
			return err
		}
	}
}

// WorkTrades takes every swap that is not at its end as far as it gets now. What is wrong
// with one stays with it. Those of a stopped contract rest as they are: what cannot be read
// may be the very decision by which they have no sense any more.
func (r *Runner) WorkTrades(ctx context.Context) error {
	open, err := r.Store.OpenTrades(ctx)
	if err != nil || len(open) == 0 {
		return err
	}
	rests, err := r.resting(ctx)
	if err != nil {
		return err
	}
	for _, t := range open {
		for moves := !rests(t.Unit); moves; {
			err := caught(func() (err error) { moves, err = r.stepTrade(ctx, t.ID); return err })
			if ctx.Err() != nil || errors.Is(err, store.ErrFenced) {
				return err
			}
			if err != nil {
				r.Log.ErrorContext(ctx, "a swap could not be taken along; trying again soon", "swap", t.ID, "error", err)
				break
			}
		}
	}
	return nil
}

// resting tells for which units nothing is carried on now. Where nobody can tell it is so for
// all: a store that cannot be read is asked again soon.
func (r *Runner) resting(ctx context.Context) (func(kanban.UnitKey) bool, error) {
	if r.Stopped == nil {
		return func(kanban.UnitKey) bool { return false }, nil
	}
	stopped, err := r.Stopped(ctx)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		r.Log.ErrorContext(ctx, "it cannot be told which contracts are stopped; swaps and what is put back wait", "error", err)
		return func(kanban.UnitKey) bool { return true }, nil
	}
	return func(unit kanban.UnitKey) bool { return stopped[unit] != "" }, nil
}

// stepTrade takes one swap one step further, and says whether it moved.
func (r *Runner) stepTrade(ctx context.Context, id string) (moved bool, err error) {
	err = r.again(func() error {
		moved = false
		t, err := r.Store.Trade(ctx, id)
		if err != nil {
			return err
		}
		s, ok := t.Next()
		if rest := t.NextAt.Sub(r.Now()); !ok || rest > 0 && rest <= tradeSleep { // more is what a clock noted that was ahead
			return nil
		}
		card, err := r.resolve(ctx, string(s.Card))
		switch {
		case errors.Is(err, store.ErrUnknown):
			moved = true
			return r.hear(ctx, t, contract.Refused, "the card is not on the board any more")
		case err != nil:
			return err
		case s.LookUp:
			moved, err = r.lookAfter(ctx, t, s, &card)
			return err
		}
		moved = true
		return r.halve(ctx, t, s, card)
	})
	return moved, err
}

// lookAfter asks what became of the change that is under way.
func (r *Runner) lookAfter(ctx context.Context, t store.Trade, s contract.Step, card *engine.Card) (bool, error) {
	fate, why := r.Engine().Fate(card, kanban.FieldPriority, kanban.Value(s.To), t.Version, r.Now())
	switch fate {
	case engine.FateWritten:
		why, err := r.pointless(ctx, &t)
		if err != nil {
			return false, err
		}
		if why != "" {
			return true, r.hear(ctx, t, contract.Pointless, why)
		}
		return true, r.hear(ctx, t, contract.Wrote, "")
	case engine.FateRefused:
		return true, r.hear(ctx, t, contract.Refused, why)
	case engine.FateForeign:
		return true, r.hear(ctx, t, contract.Foreign, "somebody set another priority meanwhile")
	}
	return false, nil
}

// halve makes one of the two changes, unless there is no sense in it any more.
func (r *Runner) halve(ctx context.Context, t store.Trade, s contract.Step, card engine.Card) error {
	why, err := r.pointless(ctx, &t)
	if err != nil {
		return err
	}
	if why != "" {
		return r.hear(ctx, t, contract.Foreign, why)
	}
	eng, expect := r.Engine(), kanban.Value(s.From)
	key := fmt.Sprintf("%s/%s%d", t.ID, t.Phase, t.Refused)
	if t.Both {
		key += "/second"
	}
	in := engine.Intent{Key: key, Card: card.ID, Field: kanban.FieldPriority, To: kanban.Value(s.To), Expect: &expect, Actor: t.Who, At: r.Now()}
	step, _, refusal := eng.Ask(card, in)
	if refusal == nil {
		t.Trade, t.Version = t.Sending(), step.Card.Priority.Version
		err = r.admit(ctx, eng, card, step, store.Commit{Now: in.At, Trades: []store.Trade{t}}, nil)
		if full, ok := errors.AsType[*engine.Refusal](err); ok {
			t.Trade.Sent, refusal = false, full
		}
	}
	switch {
	case refusal != nil && refusal.Stale:
		return r.hear(ctx, t, contract.Foreign, "somebody set another priority meanwhile")
	case refusal != nil:
		return r.hear(ctx, t, contract.Refused, refusal.Reason)
	case err == nil:
		r.wake()
	}
	return err
}

// pointless says why a swap that may still go on forward should not: work on the one that
// steps down has begun, somebody has set its priority again after it stepped down, or one
// of the two was swapped a moment before this swap began.
func (r *Runner) pointless(ctx context.Context, t *store.Trade) (string, error) {
	if t.Phase == contract.Undoing {
		return "", nil
	}
	down, err := r.resolve(ctx, string(t.Down.Card))
	if err != nil {
		return "", ignoreUnknown(err) // the step itself finds that out
	}
	column, known := r.Rules().Layout().Column(kanban.ColumnKey(down.Status.Agreed))
	if known && column.Category != kanban.Option && column.Category != kanban.Queue {
		return "work on the request that was to step down has begun, or has ended", nil
	}
	if t.Phase == contract.Raising && down.Priority.Agreed != kanban.Value(t.Down.To) {
		return "somebody set another priority for the request that stepped down", nil
	}
	decisions, err := r.Store.Decisions(ctx)
	if err != nil {
		return "", err
	}
	for _, e := range decisions {
		if e.Kind == contract.Swapped && e.At.After(t.Begun.Add(-tradeBlind)) && (e.Card == t.Up.Card || e.Other == t.Down.Card) {
			return "one of the two was swapped just before", nil
		}
	}
	return "", nil
}

// hear takes the outcome of a step in. At its end the swap is a decision, or an account of
// why it is none.
func (r *Runner) hear(ctx context.Context, t store.Trade, result contract.Result, problem string) error {
	now, before := r.Now(), t.Trade
	t.Trade = t.Heard(result, problem)
	if t.Refused > before.Refused {
		t.NextAt = now.Add(min(tradeRest<<min(t.Refused-1, 6), tradeSleep))
	}
	c := store.Commit{Now: now}
	if t.Phase.Ended() {
		t.Ended = now
	}
	if e, ok := t.Event(now.Truncate(time.Millisecond), t.Who); ok {
		e.Unit, e.At, e.Began = t.Unit, e.At.UTC(), t.Begun.Truncate(time.Millisecond).UTC()
		c.Decisions = []contract.Event{e}
	}
	c.Record.Activity = toldTrade(&t, before, now)
	c.Trades = []store.Trade{t}
	_, err := r.put(ctx, c)
	return err
}

// toldTrade is what the account of both cards says of a swap: how it ended, and that a
// person has to look where it cannot be ended.
func toldTrade(t *store.Trade, before contract.Trade, now time.Time) (lines []engine.Activity) {
	kind, down, up := engine.DidSwap, "", ""
	switch {
	case t.Phase == contract.Traded:
		down, up = "its slot passed to another request of its unit by a swap", "it has the slot of another request of its unit by a swap"
	case t.Phase == contract.Undone:
		down, up = "a swap of its slot did not come about: "+t.Problem, "a swap for it did not come about: "+t.Problem
	case t.Refused == 1 && before.Refused == 0:
		kind, down = engine.DidProblem, "a swap of its slot did not come about, and its priority cannot be written back; set it by hand. It is tried again"
		if t.Both {
			down, up = "", "a swap for it did not come about, and its priority cannot be written back; set it by hand. It is tried again"
		}
	}
	for _, l := range []struct {
		card kanban.CardID
		text string
	}{{t.Down.Card, down}, {t.Up.Card, up}} {
		if l.text != "" {
			lines = append(lines, engine.Activity{At: now, Card: l.card, Kind: kind, Actor: t.Who, Field: kanban.FieldPriority, Op: t.ID, Text: l.text})
		}
	}
	return lines
}
