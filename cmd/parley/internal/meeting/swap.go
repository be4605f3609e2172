package meeting

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"parley/cmd/parley/internal/demo"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/view"
	"parley/web"
)

// stepEvery is how long people think between two steps.
const stepEvery = 4 * time.Second

// Board is Parley as the people of the company use it.
type Board interface {
	// Deal takes a decision about a contract. The error is a *web.Refusal where it cannot be
	// taken.
	Deal(ctx context.Context, d web.Deal) (web.Answer, error)
}

// Swap is one request that is raised over its unit's contract, and for which another one
// steps down by its requester's decision.
type Swap struct {
	Board  Board
	Views  *view.Views
	People *demo.Colleagues
	Log    *slog.Logger // of what does not go as it should, at debug level

	deal   web.Deal // that was asked for; its Op is "" before
	asked  int
	raised int // requests so far
	rests  int // steps until another one is raised
}

// Where the raised request found a free slot, another one is raised: so many in all, and
// not before Parley had time to read the one before.
const (
	mostRaised = 4
	raiseRest  = 5
)

// Run takes the swap along until it is there, or ctx ends.
func (s *Swap) Run(ctx context.Context) {
	walk(ctx, s.Log, "a swap", s.Step)
}

// walk takes one step after the other until one says that it was the last, or ctx ends.
func walk(ctx context.Context, log *slog.Logger, towards string, step func(context.Context) (done bool, err error)) {
	tick := time.NewTicker(stepEvery)
	defer tick.Stop()
	for {
		done, err := step(ctx)
		switch {
		case done:
			return
		case err != nil && ctx.Err() == nil:
			log.DebugContext(ctx, "a step was refused", "towards", towards, "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Step does the next thing, by what stands on the contracts' pages now. done says that both
// priorities are written.
func (s *Swap) Step(ctx context.Context) (done bool, err error) {
	if s.deal.Op != "" {
		return s.settle(ctx)
	}
	whole, err := s.Views.Complete(ctx)
	if err != nil || !whole {
		return false, err
	}
	for _, unit := range []string{"trading", "risk", "finance"} {
		moved, err := s.approach(ctx, unit)
		if moved || err != nil {
			return false, err
		}
	}
	return false, nil
}

// approach takes a unit one step further; false where it has nothing to swap.
func (s *Swap) approach(ctx context.Context, unit string) (moved bool, err error) {
	who := demo.Speaker(unit)
	by := view.Viewer{Audience: view.UnitAudience(kanban.UnitKey(unit)), Role: kanban.Requester, Name: who.Name, Proved: true}
	seen := s.Views.As(by)
	c, err := seen.Contract(ctx, kanban.UnitKey(unit))
	if err != nil {
		return false, err
	}
	at := slices.IndexFunc(c.Holders, func(h view.SlotHolder) bool { return !h.Started && !h.Expedite && h.Delivered.IsZero() })
	if at < 0 {
		if c.Free <= 0 {
			return false, nil
		}
		return found(s.People.Take(unit))
	}
	up := slices.IndexFunc(c.Over, func(o view.OverCard) bool { return s.paired(ctx, seen, o.Called) })
	if up < 0 {
		return s.raise(unit)
	}
	if !s.paired(ctx, seen, c.Holders[at].Called) {
		return true, nil
	}
	s.asked++
	s.deal = web.Deal{What: web.DealSwap, Unit: unit, Card: c.Over[up].Called, For: c.Holders[at].Called, Op: "company-swap-" + strconv.Itoa(s.asked), By: by}
	_, err = s.settle(ctx)
	return true, err
}

// raise makes a request of a unit urgent.
func (s *Swap) raise(unit string) (moved bool, err error) {
	if s.rests--; s.rests > 0 || s.raised == mostRaised {
		return true, nil
	}
	if moved, err = found(s.People.Raise(unit)); moved {
		s.raised, s.rests = s.raised+1, raiseRest
	}
	return moved, err
}

// found reports whether there was work for a deed.
func found(_ string, err error) (bool, error) {
	if errors.Is(err, demo.ErrNothing) {
		return false, nil
	}
	return err == nil, err
}

// paired reports whether a card has an issue in both trackers.
func (s *Swap) paired(ctx context.Context, seen *view.Sight, key string) bool {
	c, err := seen.Card(ctx, key)
	return err == nil && len(c.Sides) == 2
}

// settle asks for the swap, or how far it is. One that is refused is asked for anew: work
// may have begun in between.
func (s *Swap) settle(ctx context.Context) (done bool, err error) {
	answer, err := s.Board.Deal(ctx, s.deal)
	if err != nil {
		s.deal = web.Deal{}
		return false, err
	}
	return answer.State == string(engine.IntentDone), nil
}
