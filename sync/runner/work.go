package runner

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/connectors"
	"parley/internal/trace"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// How the worker looks for cards that have something to ask.
const (
	workEvery = 500 * time.Millisecond // the longest it takes to see what another process left to do
	workBatch = 500
	workers   = 16 // cards under way at once; a tracker that hangs holds up its own
)

// work steps cards that are due until ctx ends.
func (r *Runner) work(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(workers)
	for ctx.Err() == nil {
		n, err := r.beginDue(ctx, g)
		if err != nil {
			g.Go(func() error { return err })
			break
		}
		if n == 0 {
			r.idle(ctx)
		}
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}

// idle waits until something may have become due.
func (r *Runner) idle(ctx context.Context) {
	timer := time.NewTimer(workEvery)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-r.kick:
	case <-timer.C:
	}
}

// WorkDue works on the cards that are due now and says how many there were.
func (r *Runner) WorkDue(ctx context.Context) (int, error) {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(workers)
	n, err := r.beginDue(ctx, g)
	return n, errors.Join(err, g.Wait())
}

// beginDue begins to work on the cards that are due and not being worked on, and
// says how many that is.
func (r *Runner) beginDue(ctx context.Context, g *errgroup.Group) (int, error) {
	if r.scans.under() {
		return 0, nil
	}
	if r.desk {
		return r.deal(ctx, g)
	}
	// Cards that are set aside or under way are still due and come first.
	ids, err := r.Store.Due(ctx, r.Now(), workBatch+workers+r.aside.count(r.Now()))
	if err != nil {
		return 0, err
	}
	n := 0
	for _, id := range ids {
		if r.begin(g, string(id), func() error { return r.guarded(ctx, id) }) {
			n++
		}
	}
	said, err := r.beginRemarks(ctx, g)
	return n + said, err
}

// begin has a worker do something under a name, and says whether it does: not where that is
// set aside, or under way.
func (r *Runner) begin(g *errgroup.Group, name string, do func() error) bool {
	if r.aside.has(name, r.Now()) {
		return false
	}
	release, free := r.busy.try(name)
	if !free {
		return false
	}
	g.Go(func() error {
		defer r.wake()
		defer release()
		return do()
	})
	return true
}

// process takes one card as far as it gets: it asks what the engine wants asked,
// stores the answer and goes on until nothing is left to ask now.
func (r *Runner) process(ctx context.Context, id kanban.CardID) (err error) {
	ctx, span := trace.Begin(ctx, "card")
	span.Text("parley.card", string(id))
	defer func() { ended(span, err) }()
	var ev engine.Event = engine.Resumed{}
	var seen glimpse
	for ctx.Err() == nil {
		ask, err := r.step(ctx, id, ev)
		if err != nil {
			return ignoreUnknown(err)
		}
		if err := r.arrived(ctx, ev); err != nil {
			return err
		}
		if ask == nil {
			return nil
		}
		if err := r.assured(ctx); err != nil {
			return err // what was not sent is looked up by whoever comes next
		}
		ev = r.perform(ctx, *ask, &seen)
	}
	// The event in hand is stored even when told to stop: it may be an answer.
	_, err = r.step(context.WithoutCancel(ctx), id, ev)
	return ignoreUnknown(err)
}

// step takes an event into a card and stores it together with what is to be asked
// next; only then may that be sent.
func (r *Runner) step(ctx context.Context, id kanban.CardID, ev engine.Event) (ask *engine.Request, err error) {
	ctx, span := trace.Begin(ctx, "step")
	defer func() { ended(span, err) }()
	if r.Write && r.unjudged.Load() { // else what it has left uncounted would be sent
		if err := r.judge(ctx); err != nil {
			return nil, err
		}
	}
	uncounted := false
	err = r.again(func() error {
		card, err := r.Store.Card(ctx, id)
		if err != nil {
			return err
		}
		eng, now := r.Engine(), r.Now()
		counting, offering, err := r.bearing(ctx, eng)
		if err != nil {
			return err
		}
		step := eng.Step(card, ev, now)
		uncounted = r.Write && r.uncounted(&card, &step.Card)
		eng.Counting, eng.Offering = uncounted || counting, offering
		next := eng.Next(step.Card, now)
		add(&step.Record, next.Record)
		ask = next.Ask
		tellStep(span, ask, step.Record)
		if err := r.retell(ctx, eng, &next.Card, step.Record.Events); err != nil {
			return err
		}
		_, err = r.put(ctx, store.Commit{
			Now: now, Record: step.Record,
			Cards: []store.CardWrite{due(eng, next.Card, next)},
			Edges: edges(next.Card, ev, now), Relinked: relinked(step.Record.Events),
			Notices: r.tidings(eng, &card, &next.Card, step.Record, uncounted),
		})
		if err == nil && !r.hand() {
			r.doubts.note(eng, &next.Card) // not before, or a judgement may find neither the doubt nor the write that it became
			r.quarrels.note(eng.RuleOf(&next.Card), step.Record, now)
			r.wanting(eng, &card, &next.Card)
		}
		return err
	})
	if err == nil && uncounted && !r.hand() {
		err = r.judge(ctx)
	}
	return ask, err
}

// perform sends one request, unless the one before has brought its answer along, and
// turns what came of it into an event.
func (r *Runner) perform(ctx context.Context, q engine.Request, seen *glimpse) (ev engine.Event) {
	ctx, span := trace.Begin(ctx, "ask")
	tellRequest(span, q)
	defer func() { ended(span, refusalIn(ev)) }()
	was := seen.take()
	t, ok := r.tracker(q.Ref.Tracker)
	if !ok {
		return failure(q, &connectors.Error{Kind: connectors.Transient, Tracker: q.Ref.Tracker, Doing: "use it", Message: "this tracker is not configured any more"})
	}
	on := errandOf(q)
	if was.answers(q) {
		ev, err := r.routed(on.on(ctx), t, q, was.exits)
		if err != nil {
			return r.unanswered(ctx, t, q, on, err)
		}
		return ev
	}
	if wait := r.leave(t.Name, q); wait != nil {
		return failure(q, wait)
	}
	ev, err := r.request(on.on(ctx), t, q, seen)
	if on.class == connectors.ClassWrite {
		r.wrote(ctx, t.Name, q.Ref.Container, outcome(ev, err))
	}
	if err != nil {
		return r.unanswered(ctx, t, q, on, err)
	}
	if outcome(ev, nil) == nil { // else it was not even asked
		r.heard(ctx, t.Name, on)
	}
	return ev
}

// leave is why a request cannot be made now, nil where it can. A create takes its leave
// once its source was read: who is let through a door alone, and then waits at another
// one, keeps out whoever may open that.
func (r *Runner) leave(tracker string, q engine.Request) *connectors.Error {
	on := errandOf(q)
	if q.Kind != engine.Create {
		return r.waits(tracker, on)
	}
	if until := r.gates.shut(r.Now(), tracker, on); !until.IsZero() {
		return r.held(tracker, until)
	}
	return nil
}

// unanswered takes in that a request failed, and turns that into an event.
func (r *Runner) unanswered(ctx context.Context, t Tracker, q engine.Request, on errand, err error) engine.Event {
	if by := teller(err, t.Name); by == t.Name {
		r.refused(ctx, err, by, on)
	} else {
		r.refused(ctx, err, by, looking())
	}
	if outOfScheme(err) {
		r.dirs.doubt(t.Name)
	}
	if err := r.forgetRefused(ctx, t, q, err); err != nil {
		r.Log.DebugContext(ctx, "forget a refused step", "issue", q.Ref.Key, "error", err)
	}
	r.Log.DebugContext(ctx, "request failed", "tracker", t.Name, "issue", q.Ref.Key, "kind", q.Kind, "error", err)
	ev := failure(q, err)
	if failed, read := ev.(engine.Failed); read && hidden(err) {
		failed.Witness = r.witness(ctx, t, q.Ref)
		return failed
	}
	return ev
}

// teller is the tracker that an error comes from: the source of a twin is read on the way
// to another one.
func teller(err error, asked string) string {
	if e, ok := errors.AsType[*connectors.Error](err); ok && e.Tracker != "" {
		return e.Tracker
	}
	return asked
}

func failure(q engine.Request, err error) engine.Event {
	switch q.Kind {
	case engine.Send:
		return engine.Answered{Op: q.Op, Err: err}
	case engine.Create:
		return engine.Created{Op: q.Op, Err: err}
	case engine.LookUp:
		return engine.LookedUp{Op: q.Op, Err: err}
	}
	return engine.Failed{Side: q.Side, Op: q.Op, Err: err}
}

func (r *Runner) request(ctx context.Context, t Tracker, q engine.Request, seen *glimpse) (engine.Event, error) {
	switch q.Kind {
	case engine.Read:
		o, err := seen.read(ctx, t, q)
		if connectors.KindOf(err) == connectors.Moved && o.Issue.ID != "" {
			return engine.Failed{Side: q.Side, Op: q.Op, Err: err, Was: q.Ref.ID, Now: &o.Issue}, nil
		}
		return engine.Observed{Side: q.Side, Strong: true, Observation: o}, err
	case engine.Recount:
		entries, more, err := t.History(ctx, q.Ref, q.Since)
		return engine.Recounted{Side: q.Side, Entries: entries, More: more}, err
	case engine.Route:
		return r.route(ctx, t, q)
	case engine.Create:
		return r.create(ctx, t, q)
	case engine.LookUp:
		return r.lookUp(ctx, t, q)
	default:
		receipt, err := t.Send(ctx, q.Write)
		return engine.Answered{Op: q.Op, Receipt: receipt}, err
	}
}
