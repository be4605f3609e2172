package view_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/store"
	"parley/sync/view"
)

// ledger is a Source whose cards come, change and go.
type ledger struct {
	shelf
	seq   int64
	cards map[kanban.CardID]store.Face
	gone  []store.Alias
}

func (l *ledger) Seq(context.Context) (int64, error) { return l.seq, nil }

func (l *ledger) Faces(_ context.Context, q store.FaceQuery) (out []store.Face, err error) {
	for _, id := range l.ids() {
		if f := l.cards[id]; f.Seq > q.SinceSeq {
			out = append(out, f)
		}
	}
	return paged(out, q), nil
}

func (l *ledger) Gone(_ context.Context, since int64) (out []store.Alias, err error) {
	for _, a := range l.gone {
		if a.Seq > since {
			out = append(out, a)
		}
	}
	return out, nil
}

func (l *ledger) ids() []kanban.CardID {
	var out []kanban.CardID
	for id := range l.cards {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

func (l *ledger) put(c kanban.Card) {
	l.seq++
	l.cards[c.ID] = store.Face{Card: c, Seq: l.seq}
}

func (l *ledger) remove(id kanban.CardID) {
	l.seq++
	delete(l.cards, id)
	l.gone = append(l.gone, store.Alias{Old: id, New: "another", Seq: l.seq})
}

// anyPast draws a way over the board, with what blocked it; some of it an hour after now,
// as where a tracker's clock is ahead.
func anyPast(r *rapid.T, now time.Time) (created time.Time, past kanban.Past) {
	created = now.Add(-time.Duration(rapid.IntRange(0, 150*24).Draw(r, "created")) * time.Hour)
	moment := func(what string) time.Time {
		return created.Add(time.Duration(rapid.Int64Range(0, int64(now.Add(time.Hour).Sub(created)/time.Minute)).Draw(r, what)) * time.Minute)
	}
	moments := func(what string, most int) (out []time.Time) {
		for range rapid.IntRange(0, most).Draw(r, what) {
			out = append(out, moment(what))
		}
		slices.SortFunc(out, time.Time.Compare)
		return out
	}
	for _, at := range moments("steps", 7) {
		past.Steps = append(past.Steps, kanban.Step{At: at, Column: kanban.ColumnKey(rapid.SampledFrom([]string{"requests", "committed", "doing", "waiting", "verify", "done", "done", "gone", "nowhere"}).Draw(r, "column"))})
	}
	ends := moments("blocks", 5)
	for n := 0; n < len(ends); n += 2 {
		h := kanban.Hindrance{From: ends[n], Party: rapid.SampledFrom([]kanban.Party{kanban.Third, kanban.Business, kanban.IT}).Draw(r, "party"), Reason: "a bank"}
		if n+1 < len(ends) {
			h.To = ends[n+1]
		}
		past.Blocks = append(past.Blocks, h)
	}
	for _, at := range moments("touched", 4) {
		past.Touched = append(past.Touched, calendar.Of(at, time.UTC))
	}
	past.Touched = slices.Compact(past.Touched)
	return created, past
}

// anyWork draws a card with a past, in somebody's hands.
func anyWork(r *rapid.T, id kanban.CardID, now time.Time, l kanban.Layout) kanban.Card {
	c := anyCard(r, string(id))
	pick := func(what string, from ...string) string { return rapid.SampledFrom(from).Draw(r, what) }
	created, past := anyPast(r, now)
	c.ID, c.Past, c.Journey = id, past, kanban.Travel(created, past.Steps, l)
	c.Person, c.Team, c.Type = c.Assignee, pick("team", "", "core"), pick("type", "", "unplanned", "problem", "change")
	c.Title, c.Priority = pick("title", "Feed is late", "Feed is late", "Books"), kanban.PriorityKey(pick("priority", "", "high"))
	c.Due, c.Components = pick("due", "", "2026-11-20", "2026-12-24"), []string{pick("component", "Feeds", "Books")}
	for i := range c.Sides {
		c.Sides[i].Labels = []string{"high", "hot"}
	}
	c.Blocked = nil
	if c.Column = ""; len(past.Steps) > 0 {
		c.Column = past.Steps[len(past.Steps)-1].Column
	}
	return c
}

// world is a board over time, views that live as long as it does, and what their pictures
// should say.
type world struct {
	*rapid.T
	ledger
	now    time.Time
	eng    *engine.Engine
	boards []*mapping.Rules
	long   *view.Views
	should map[string]picture
}

// picture is what one should say for as long as nothing changes.
type picture struct {
	seq     int64
	quarter time.Time
	text    string
}

func newWorld(r *rapid.T, boards []*mapping.Rules) *world {
	w := &world{T: r, ledger: ledger{cards: map[kanban.CardID]store.Face{}}, now: now, eng: &engine.Engine{Rules: boards[0]}, boards: boards, should: map[string]picture{}}
	w.long = w.views()
	for n := range 11 { // as many as tell what is usual, with one that a day later tells it no more
		c := finished(1+3*n, 9*n)
		if c.ID = kanban.CardID(fmt.Sprintf("card%02d", 4*n)); n == 10 {
			c = finished(40, kanban.BaselineDays-1)
			c.ID = "card40"
		}
		c.Past.Steps = []kanban.Step{{Column: "doing", At: *c.Journey.Started}, {Column: "done", At: *c.Journey.Finished}}
		w.put(c)
	}
	return w
}

// views are new ones, which have seen nothing yet.
func (w *world) views() *view.Views {
	zone := time.FixedZone("Kathmandu", 5*60*60+45*60)
	return view.New(view.Options{
		Source: &w.ledger, Engine: func() *engine.Engine { return w.eng }, Units: []view.Named{{Key: "risk", Name: "Risk"}, {Key: "trading", Name: "Trading"}},
		Zone: zone, Calendar: calendar.New(zone), Floors: view.Floors{PutOff: view.DefaultPutOff, Types: map[string]float64{"change": 0.5}}, Now: func() time.Time { return w.now }, Policy: view.DefaultPolicy(), Poll: time.Minute,
	})
}

// act lets something happen.
func (w *world) act() {
	known := w.ids()
	fresh := kanban.CardID(fmt.Sprintf("card%02d", rapid.IntRange(0, 40).Draw(w.T, "new")))
	if len(known) == 0 {
		w.put(anyWork(w.T, fresh, w.now, w.boards[0].Layout()))
		return
	}
	one := rapid.SampledFrom(known).Draw(w.T, "one")
	card := w.cards[one].Card
	switch rapid.SampledFrom([]string{"put", "put", "change", "move", "again", "remove", "restrict", "rules", "advance", "advance"}).Draw(w.T, "action") {
	case "put":
		w.put(anyWork(w.T, fresh, w.now, w.boards[0].Layout()))
	case "change":
		w.put(anyWork(w.T, one, w.now, w.boards[0].Layout()))
	case "move":
		card.Column = kanban.ColumnKey(rapid.SampledFrom([]string{"requests", "doing", "done"}).Draw(w.T, "to"))
		card.Past.Steps = append(slices.Clone(card.Past.Steps), kanban.Step{Column: card.Column, At: w.now})
		card.Journey = kanban.Travel(card.Journey.Created, card.Past.Steps, w.boards[0].Layout())
		w.put(card)
	case "again":
		w.put(card)
	case "remove":
		w.remove(one)
	case "restrict":
		card.Restricted = !card.Restricted
		w.put(card)
	case "rules":
		w.eng = &engine.Engine{Rules: rapid.SampledFrom(w.boards).Draw(w.T, "rules")}
	default:
		w.now = w.now.Add(time.Duration(rapid.SampledFrom([]int{20, 60, 14 * 60, 15 * 60, 60 * 60, 5 * 60 * 60, 26 * 60 * 60, 48 * 60 * 60}).Draw(w.T, "seconds")) * time.Second)
	}
}

func (w *world) text(of any, err error) string {
	if err != nil {
		w.Fatal(err)
	}
	text, err := json.MarshalIndent(of, "", " ")
	if err != nil {
		w.Fatal(err)
	}
	return string(text)
}

// ask holds what the views that live tell somebody against what new ones do. A picture is
// kept until something changes or the quarter of an hour is over.
func (w *world) ask(who view.Viewer) {
	got, want, ctx := w.long.As(who), w.views().As(who), w.Context()
	a, err := got.Flow(ctx)
	b, other := want.Flow(ctx)
	if err != nil || other != nil {
		w.Fatal(err, other)
	}
	if diff := cmp.Diff(b.Items, a.Items); diff != "" {
		w.Fatalf("%+v is told of other cards:\n%s", who, diff)
	}
	if diff := cmp.Diff(b.Pace, a.Pace, cmpopts.EquateEmpty()); diff != "" {
		w.Fatalf("another pace:\n%s", diff)
	}
	for _, q := range []view.FlowQuery{{}, {Days: 30, Class: "expedite"}} {
		w.same(who, fmt.Sprintf("flow of %+v", q), w.text(got.FlowPicture(ctx, q)), func() string { return w.text(want.FlowPicture(ctx, q)) })
		w.same(who, fmt.Sprintf("choices of flow of %+v", q), w.text(choicesOf(got.FlowPicture(ctx, q))), func() string { return w.text(choicesOf(want.FlowPicture(ctx, q))) })
		w.same(who, fmt.Sprintf("workload of %+v", q), w.text(got.Workload(ctx, q)), func() string { return w.text(want.Workload(ctx, q)) })
		for range 4 {
			l := rapid.SampledFrom(everyList()).Draw(w.T, "list")
			if diff := cmp.Diff(w.text(want.FlowCards(ctx, q, l)), w.text(got.FlowCards(ctx, q, l))); diff != "" {
				w.Fatalf("%+v: the list %s of %+v:\n%s", who, l, q, diff)
			}
		}
	}
}

// choicesOf is what a picture offers to ask for, which no program is told.
func choicesOf(p view.FlowPicture, err error) (view.FlowChoices, error) { return p.Choices, err }

// same holds a picture against the one that a new View took when the kept one was taken.
func (w *world) same(who view.Viewer, what, got string, fresh func() string) {
	key := fmt.Sprint(who, what, w.eng.Rules.Fingerprint())
	p, quarter := w.should[key], w.now.Truncate(15*time.Minute)
	if p.text == "" || p.seq != w.seq || !p.quarter.Equal(quarter) {
		p = picture{w.seq, quarter, fresh()}
		w.should[key] = p
	}
	if diff := cmp.Diff(p.text, got); diff != "" {
		w.Fatalf("%+v: %s at %s:\n%s", who, what, w.now, diff)
	}
}

// everyList are lists of cards, one of each kind and some that name what they are of.
func everyList() []view.FlowList {
	out := []view.FlowList{
		{List: view.ListCluster, Trace: "component Feeds"}, {List: view.ListBack, Trace: "component Feeds"}, {List: view.ListGroup, Group: "Autumn"},
		{List: view.ListWork, Column: "doing"}, {List: view.ListWork, Person: "Ana"}, {List: view.ListFinished, Plan: "no"},
	}
	for _, name := range []string{view.ListOpen, view.ListWork, view.ListStarted, view.ListEnded, view.ListReturned, view.ListCreated, view.ListLeft,
		view.ListBlocked, view.ListStuck, view.ListOutside, view.ListUntouched, view.ListUrgent, view.ListFires, view.ListHeld} {
		out = append(out, view.FlowList{List: name})
	}
	return out
}

// TestViewsThatLiveLongTellWhatNewOnesDo: whatever happens to the cards and the rules, and
// over however many midnights, to each kind of viewers.
func TestViewsThatLiveLongTellWhatNewOnesDo(t *testing.T) {
	t.Parallel()
	boards := []*mapping.Rules{
		shelfRules(t),
		shelfRules(t, func(c *mapping.Config) {
			c.Columns[3].Category, c.Columns[2].WIP = kanban.Queue, 0
			c.Priorities = []mapping.PriorityConfig{{Key: "top", GitHub: []string{"label:hot"}}, {Key: "high", GitHub: []string{"label:other"}}}
		}),
		shelfRules(t, func(c *mapping.Config) { c.Columns = slices.Delete(c.Columns, 4, 5) }),
	}
	viewers := []view.Viewer{
		{Audience: view.AudienceOps, Proved: true}, {Audience: view.AudienceIT}, {Audience: view.AudienceWall},
		{Audience: "unit:risk", Proved: true}, {Audience: "unit:trading"},
	}
	rapid.Check(t, func(r *rapid.T) {
		w := newWorld(r, boards)
		for range rapid.IntRange(0, 5).Draw(r, "cards at first") {
			w.put(anyWork(r, kanban.CardID(fmt.Sprintf("card%02d", rapid.IntRange(0, 40).Draw(r, "at first"))), w.now, boards[0].Layout()))
		}
		for range rapid.IntRange(1, 8).Draw(r, "actions") {
			w.act()
			for _, who := range viewers {
				if rapid.IntRange(0, 3).Draw(r, "asks") == 0 {
					w.ask(who)
				}
			}
		}
		w.ask(rapid.SampledFrom(viewers).Draw(r, "at last"))
	})
}

// TestWhatEndsInAMomentIsUsualAMomentLater has a card that is finished in the minute that is
// not over: what is usual was known before, and no card changes.
func TestWhatEndsInAMomentIsUsualAMomentLater(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	for n := range 10 {
		s.put(finished(2, n+1))
	}
	late := finished(30, 0)
	end := now.Add(30 * time.Second)
	late.Journey.Finished, late.Past.Steps = &end, []kanban.Step{{Column: "doing", At: *ago(29)}, {Column: "done", At: end}}
	s.put(late)
	clock, eng := now, &engine.Engine{Rules: shelfRules(t)}
	v := view.New(view.Options{Source: s, Engine: func() *engine.Engine { return eng }, Zone: time.UTC, Now: func() time.Time { return clock }, Policy: view.DefaultPolicy()}).As(view.Somebody())
	for _, want := range []int{2, 30} {
		f, err := v.Flow(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got := f.Pace["doing"][95]; got != want {
			t.Errorf("at %s 95 of 100 leave within %d days, want %d", clock.Format(time.TimeOnly), got, want)
		}
		clock = clock.Add(time.Minute)
	}
}
