package runner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/mirror"
	"parley/sync/reconcile"
	"parley/sync/store"
)

// Kinds of a PlanItem.
const (
	PlanField  = "field"  // a field of an issue
	PlanCreate = "create" // a twin
)

// PlanItem is one write of a plan, by what it changes and not by who decided on it: the
// same write planned anew is the same item.
type PlanItem struct {
	Kind    string        `json:"kind"`
	Card    kanban.CardID `json:"card"`
	Tracker string        `json:"tracker"` // that is written to
	Issue   string        `json:"issue"`   // immutable id; of a create that of the issue that gets a twin
	Key     string        `json:"key"`     // of that issue, for people
	Field   kanban.Field  `json:"field,omitempty"`
	From    kanban.Native `json:"from,omitempty"`
	To      kanban.Native `json:"to"` // of a create the project or repository
}

// AppliedState is what became of an item.
type AppliedState string

// States of an applied item.
const (
	AppliedSent    AppliedState = "sent"    // the tracker shows it
	AppliedStale   AppliedState = "stale"   // it does not hold any more; nothing was sent
	AppliedFailed  AppliedState = "failed"  // it was let go, and did not get through
	AppliedWaiting AppliedState = "waiting" // it was let go and is still under way
)

// Applied is an item and what became of it.
type Applied struct {
	PlanItem
	State  AppliedState `json:"state"`
	Reason string       `json:"reason,omitempty"` // in plain words, where it was not sent

	op    string // the write that was let go
	tries int
}

// How an apply waits.
const (
	applyEvery = 100 * time.Millisecond
	applyTries = 3 // how often a write whose request got lost is let go again
)

// Apply lets the writes of a plan go that still hold, and nothing else, and tells what
// became of each. Where no process works on the store this one does, for these writes
// alone, until they are through; else it waits for that process. It waits no longer than
// patience: what is under way then stays let go. The rules must be known; see Remember.
func (r *Runner) Apply(ctx context.Context, items []PlanItem, by string, patience time.Duration) ([]Applied, error) {
	sender, err := r.sender(ctx)
	if err != nil {
		return nil, err
	}
	a := &apply{Runner: sender, by: by, asked: make([]Applied, len(items))}
	for i, it := range items {
		a.asked[i] = Applied{PlanItem: it, State: AppliedWaiting}
	}
	g, ctx := errgroup.WithContext(ctx)
	ctx, end := context.WithCancel(ctx)
	alone := sender != r
	if alone {
		defer sender.release(ctx)
		g.Go(func() error { return quiet(ctx, sender.renew(ctx)) })
	}
	g.Go(func() error {
		defer end()
		return a.run(ctx, alone, patience)
	})
	return a.asked, g.Wait()
}

// sender gives a runner of its own that holds the lease and lets nothing go that was not
// approved; r itself where another process, or r, is at work.
func (r *Runner) sender(ctx context.Context) (*Runner, error) {
	if r.Epoch() != 0 || r.Crew != nil {
		return r, nil
	}
	o := r.Options
	o.Write = false
	s := New(o)
	if err := s.Remember(ctx); err != nil {
		return nil, err
	}
	_, err := s.acquire(ctx, 0)
	if _, held := errors.AsType[store.ErrHeld](err); held {
		return r, nil
	}
	return s, err
}

// apply is one plan being applied.
type apply struct {
	*Runner
	by    string
	asked []Applied
}

// run lets go what holds and follows it to its end.
func (a *apply) run(ctx context.Context, alone bool, patience time.Duration) error {
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		if err := a.look(ctx); err != nil {
			return err
		}
		waits := a.waiting()
		if len(waits) == 0 {
			return nil
		}
		if alone {
			if err := a.send(ctx, waits); err != nil {
				return err
			}
			if err := a.look(ctx); err != nil || len(a.waiting()) == 0 {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-late.C:
			return nil
		case <-time.After(applyEvery):
		}
	}
}

// waiting lists the cards whose writes are under way, each once.
func (a *apply) waiting() []kanban.CardID {
	var out []kanban.CardID
	seen := map[kanban.CardID]bool{}
	for _, x := range a.asked {
		if x.State == AppliedWaiting && !seen[x.Card] {
			seen[x.Card] = true
			out = append(out, x.Card)
		}
	}
	return out
}

// send works on the cards whose writes were let go.
func (a *apply) send(ctx context.Context, cards []kanban.CardID) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(workers)
	a.sayComments(ctx, g)
	for _, id := range cards {
		g.Go(func() error {
			now, err := a.Store.Resolve(ctx, string(id)) // it may have become part of another one
			if err != nil {
				return ignoreUnknown(err)
			}
			return a.Work(ctx, now)
		})
	}
	return g.Wait()
}

// look finds out about every item that is still open.
func (a *apply) look(ctx context.Context) error {
	for i := range a.asked {
		if x := &a.asked[i]; x.State == AppliedWaiting {
			if err := a.follow(ctx, x); err != nil {
				return err
			}
		}
	}
	return nil
}

// follow says how one item stands, and lets its write go where it holds.
func (a *apply) follow(ctx context.Context, x *Applied) error {
	if x.Kind == PlanComment {
		return a.followComment(ctx, x)
	}
	return a.again(func() error {
		card, err := a.resolve(ctx, string(x.Card))
		if errors.Is(err, store.ErrUnknown) {
			x.State, x.Reason = AppliedStale, "the card is gone"
			return nil
		}
		if err != nil {
			return err
		}
		var let string
		if x.Kind == PlanCreate {
			let = x.judgeCreate(card.Mirror)
		} else {
			let = a.judge(x, &card)
		}
		if let == "" {
			return nil
		}
		return a.approve(ctx, x, card, let)
	})
}

// approve lets one write go.
func (a *apply) approve(ctx context.Context, x *Applied, card engine.Card, op string) error {
	eng, now := a.Engine(), a.Now()
	step := eng.Step(card, engine.Approved{Ops: []string{op}, By: a.by}, now)
	_, err := a.put(ctx, store.Commit{
		Now: now, Record: step.Record, Cards: []store.CardWrite{a.cardWrite(eng, step.Card)},
	})
	if err == nil {
		x.op = op
		x.tries++
	}
	return err
}

// judge compares an item with the card as it is. It gives the write to let go, if that
// is what is to be done, and says otherwise in x how the item stands.
func (a *apply) judge(x *Applied, c *engine.Card) (let string) {
	side, ok := sideWith(c, x.Tracker, x.Issue)
	if !ok {
		x.State, x.Reason = AppliedStale, fmt.Sprintf("%s is not an issue of this card any more", x.Key)
		return ""
	}
	if op := opByID(c, x.op); op != nil && !a.lost(x, op) {
		return a.progress(x, op)
	}
	for i := range c.Ops {
		op := &c.Ops[i]
		if op.Field != x.Field || op.Side != side || !op.State.Open() {
			continue
		}
		switch {
		case op.From != x.From || op.To != x.To:
			x.State, x.Reason = AppliedStale, fmt.Sprintf("another write took its place: %s → %s", a.words(side, x.Field, op.From), a.words(side, x.Field, op.To))
		case op.State.Sent() || op.Approved:
			x.op = op.ID // under way already
		default:
			return op.ID
		}
		return ""
	}
	x.State, x.Reason = AppliedStale, a.missing(x, c, side)
	return ""
}

// lost reports whether a write that was let go had no effect, so that the one that
// replaces it is to be let go in its stead.
func (a *apply) lost(x *Applied, op *reconcile.Op) bool {
	return op.State == reconcile.Dead && x.tries < applyTries
}

// progress says how far a write is that was let go. One that came to be held since, or
// was not held when it was let go, is let go again.
func (a *apply) progress(x *Applied, op *reconcile.Op) (let string) {
	switch {
	case op.State == reconcile.Held && !op.Approved:
		return op.ID
	case op.State == reconcile.Finished:
		x.State, x.Reason = AppliedSent, ""
	case op.State == reconcile.Cancelled:
		x.State, x.Reason = AppliedStale, fmt.Sprintf("%s was changed meanwhile; nothing was sent", x.Key)
	case !op.State.Open():
		x.State, x.Reason = AppliedFailed, op.Problem
	case op.Problem != "":
		x.Reason = "under way: " + op.Problem
	default:
		x.Reason = "under way"
	}
	return ""
}

// missing says why nothing is to be written any more.
func (a *apply) missing(x *Applied, c *engine.Card, side kanban.Side) string {
	state := c.Field(x.Field)
	switch now := state.Sides[side].Native; {
	case now == x.To:
		return "already done: " + x.Key + " shows it"
	case state.Sides[side].Refused != nil && now == x.From:
		return "refused: " + state.Sides[side].Refused.Reason
	case now != x.From:
		return fmt.Sprintf("the value moved on: %s shows %s by now", x.Key, a.words(side, x.Field, now))
	case state.Frozen != reconcile.Thawed:
		return "the field is left alone until a person acts; see parley explain " + x.Key
	default:
		return "the write is not wanted any more; see parley explain " + x.Key
	}
}

func (a *apply) words(side kanban.Side, f kanban.Field, n kanban.Native) string {
	return a.Rules().Describe(side, f, n)
}

// judgeCreate is judge for the creation of a twin.
func (x *Applied) judgeCreate(saga *mirror.Saga) (let string) {
	switch {
	case saga == nil || saga.SourceID != x.Issue || saga.Container != string(x.To) || saga.State == mirror.Cancelled:
		x.State, x.Reason = AppliedStale, "no twin is wanted any more"
	case saga.State.Linked() && x.op == "":
		x.State, x.Reason = AppliedStale, "already done: the twin is there"
	case saga.State.Linked():
		x.State, x.Reason = AppliedSent, ""
	case saga.State == mirror.Rejected:
		x.State, x.Reason = AppliedFailed, saga.Problem
	case saga.State == mirror.Held:
		return saga.ID
	default:
		x.op, x.Reason = saga.ID, "under way"
	}
	return ""
}

// sideWith finds the side on which a card has an issue.
func sideWith(c *engine.Card, tracker, issue string) (kanban.Side, bool) {
	for _, s := range kanban.Sides {
		if c.Sides[s] != nil && c.Sides[s].Issue.Tracker == tracker && c.Sides[s].Issue.ID == issue {
			return s, true
		}
	}
	return 0, false
}

func opByID(c *engine.Card, id string) *reconcile.Op {
	for i := range c.Ops {
		if id != "" && c.Ops[i].ID == id {
			return &c.Ops[i]
		}
	}
	return nil
}
