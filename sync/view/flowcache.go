package view

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
)

// flowKey is what a picture of flow depends on besides the cards. What Options holds, such
// as zone, calendar, floors and policy, is not part of it: it is the same for as long as
// there are Views, and would have to be as soon as it could change.
type flowKey struct {
	load     bool // it is a Workload, else a FlowPicture
	audience Audience
	proved   bool
	query    FlowQuery
	rules    string
}

// pictured is a picture and when it was taken. Its turn is had while it is taken, so that
// people who ask for the same wait for one and do not take it twice.
type pictured struct {
	turn  turns
	seq   int64
	quart time.Time // the quarter of an hour
	made  bool
	until time.Time // as dear as it was, it is good until then, unless a card is for others now
	veils int64     // see picture.veiled
	flow  FlowPicture
	load  Workload
	used  int64 // when it was asked for last, in calls
}

// turns is how many may do something at once. It is waited for no longer than whoever asks
// stays.
type turns chan struct{}

// take waits for a turn; done gives it back.
func (t turns) take(ctx context.Context) (done func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case t <- struct{}{}:
		return func() { <-t }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// flowPictures keeps pictures until the data, or the quarter of an hour, changes.
type flowPictures struct {
	turns turns // of computing one: the rest of the machine is for everything else
	each  shares
	mu    sync.Mutex
	calls int64
	by    map[flowKey]*pictured
	kept  []keptOf // the last one is of the picture that was taken last
}

// keptOf is what was kept of a picture.
type keptOf struct {
	of   flowKey
	what *kept
}

// mostKept is of how many pictures is kept what they were made of: some 10 MB each on a
// board of 100,000 cards.
const mostKept = 6

// ofAll leaves out of a query what only its forecasts are about: what they are made of is
// kept once for all of them.
func (k flowKey) ofAll() flowKey {
	k.query.By, k.query.Items = "", 0
	return k
}

// lend gives what was kept of the picture before and keeps it no longer: nil where there is
// nothing. Whoever has it may change it.
func (f *flowPictures) lend(of flowKey) *kept {
	f.mu.Lock()
	defer f.mu.Unlock()
	for n, k := range f.kept {
		if k.of == of {
			f.kept = slices.Delete(f.kept, n, n+1)
			return k.what
		}
	}
	return nil
}

// keep keeps what a picture was made of, and drops that of the one that was taken first. A
// day of the past is the same tomorrow.
func (f *flowPictures) keep(of flowKey, what *kept) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if of.query.To != "" {
		return
	}
	if f.kept = append(f.kept, keptOf{of, what}); len(f.kept) > mostKept {
		f.kept = slices.Delete(f.kept, 0, 1)
	}
}

// mostPictures is how many are kept: those that were asked for last.
const mostPictures = 48

func newFlowPictures() flowPictures {
	return flowPictures{turns: make(turns, max(1, runtime.GOMAXPROCS(0)/2))}
}

func (f *flowPictures) of(key flowKey) *pictured {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.by == nil {
		f.by = map[flowKey]*pictured{}
	}
	f.calls++
	p := f.by[key]
	if p == nil {
		if len(f.by) >= mostPictures {
			var oldest flowKey
			least := f.calls
			for k, other := range f.by {
				if other.used < least {
					oldest, least = k, other.used
				}
			}
			delete(f.by, oldest)
		}
		p = &pictured{turn: make(turns, 1)}
		f.by[key] = p
	}
	p.used = f.calls
	return p
}

// quarter is how long a picture is good for while no card changes: what lasts grows older,
// and midnight is a whole quarter of an hour in every zone.
const quarter = 15 * time.Minute

// On a large board that changes all the time a picture would never be up to date: it lasts
// for ten times as long as it took, and no longer than trackers are usually asked.
const (
	patience = 10
	lasting  = 30 * time.Second
)

// taken brings a picture up to date and gives it. The value must not be changed.
func (v *Sight) taken(ctx context.Context, q FlowQuery, load bool) (FlowPicture, Workload, error) {
	q = v.upToToday(q)
	if err := v.vetFlow(q); err != nil {
		return FlowPicture{}, Workload{}, err
	}
	seq, _, err := v.picture.latest(ctx, v.Source)
	if err != nil {
		return FlowPicture{}, Workload{}, err
	}
	key := flowKey{load: load, audience: v.Viewer.Audience, proved: v.Viewer.Proved, query: q, rules: v.rules().Fingerprint()}
	p := v.flows.of(key)
	done, err := p.turn.take(ctx)
	if err != nil {
		return FlowPicture{}, Workload{}, err
	}
	defer done()
	if !p.good(seq, v.picture.veiled(), v.Now()) {
		err = v.take(ctx, p, key)
	}
	return p.flow, p.load, err
}

// good reports whether a picture is still to be shown.
func (p *pictured) good(seq, veils int64, now time.Time) bool {
	return p.made && p.quart.Equal(now.Truncate(quarter)) && (p.seq == seq || now.Before(p.until) && p.veils == veils)
}

// take takes a picture anew, as soon as there is a turn for it.
func (v *Sight) take(ctx context.Context, p *pictured, key flowKey) error {
	done, err := v.computing(ctx)
	if err != nil {
		return err
	}
	defer done()
	begun, veils := v.Now(), v.picture.veiled()
	f, err := v.flowBy(ctx, key.query.To)
	if err != nil {
		return err
	}
	if err := f.vetType(key.query); err != nil {
		return err
	}
	before := v.flows.lend(key.ofAll())
	if key.load {
		p.load, before = workloadAfter(f.cardsOf(), key.query, before)
		p.load.Seq = f.Seq
	} else {
		p.flow, before = flowPictureAfter(f.cardsOf(), key.query, before)
		p.flow.Seq = f.Seq
	}
	v.flows.keep(key.ofAll(), before)
	p.seq, p.quart, p.made, p.veils = f.Seq, begun.Truncate(quarter), true, veils
	ready := v.Now()
	p.until = ready.Add(min(patience*ready.Sub(begun), lasting))
	return nil
}

// FlowPicture is how the cards of a query flow, as the viewer may know it. It is for
// reading only: others read it too.
func (v *Sight) FlowPicture(ctx context.Context, q FlowQuery) (FlowPicture, error) {
	p, _, err := v.taken(ctx, q, false)
	if err != nil {
		return FlowPicture{}, err
	}
	whole, err := v.Complete(ctx) // nothing of the cards changes with it
	p.Reading = !whole
	return p, err
}

// Workload is who carries what of the cards of a query, as the viewer may know it. It is
// for reading only: others read it too.
func (v *Sight) Workload(ctx context.Context, q FlowQuery) (Workload, error) {
	_, l, err := v.taken(ctx, q, true)
	if err != nil {
		return Workload{}, err
	}
	whole, err := v.Complete(ctx)
	l.Reading = !whole
	return l, err
}

// upToToday is a query that says nothing of its last day where that is today.
func (v *Sight) upToToday(q FlowQuery) FlowQuery {
	if q.To == calendar.Of(v.Now(), v.zone()).String() {
		q.To = ""
	}
	return q
}

// flowBy is Flow as it is now, or as it had been by the end of a day of the past.
func (v *Sight) flowBy(ctx context.Context, to string) (*Flow, error) {
	if last, err := calendar.Parse(to); err == nil && last < calendar.Of(v.Now(), v.zone()) {
		return v.FlowAt(ctx, last.End(v.zone()))
	}
	return v.Flow(ctx)
}

// cardsOf is what flow is computed from.
func (f *Flow) cardsOf() FlowCards {
	return FlowCards{Items: f.Items, Layout: f.Layout, Board: f.Board, Clock: f.Clock, Calendar: f.Calendar, Floors: f.Floors, Pace: f.Pace, Units: f.Units, Slots: f.sight.slots(f.Clock.Today()), People: f.sight.readsNames(), Name: f.name, Told: f.told}
}

// key is that of the first issue of a card that may be known, "" of none.
func (g grant) key(c kanban.Card) string {
	for _, s := range c.Sides {
		if g.side(s.Side) {
			return s.Key
		}
	}
	return ""
}

// told is what the people of a business unit may call a card. They have not shown who they
// are: a ticket is read by whoever may open it.
func (f *Flow) told(to kanban.UnitKey, id kanban.CardID) CardName {
	face := f.face(id)
	if face == nil {
		return CardName{Card: id}
	}
	g := f.sight.As(Viewer{Audience: UnitAudience(to)}).grant(face.Card)
	out := CardName{Card: id, Key: g.key(face.Card)}
	if g.title {
		out.Title = face.Card.Title
	}
	return out
}

// name is what the viewer may call a card.
func (f *Flow) name(id kanban.CardID) CardName {
	c, ok := f.Card(id)
	if !ok {
		return CardName{Card: id}
	}
	out := CardName{Card: id, Title: c.Title}
	if len(c.Sides) > 0 {
		out.Key = c.Sides[0].Key
	}
	return out
}
