package web_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"parley/kanban"
	"parley/sync/view"
	"parley/web"
)

// desk is a board in memory, with everything a browser needs behind it.
type desk struct {
	mu       sync.Mutex
	seq      int64
	columns  []view.Column // without cards
	limit    view.Limit    // of the unit trading, the zero one: none
	cards    map[kanban.CardID]view.Card
	refusals map[kanban.CardID]*web.Refusal
	asked    []web.Intent
	clashes  []view.Clash
	decided  []web.Decision
	gates    map[kanban.CardID]chan struct{} // answers about these wait
	watchers map[chan struct{}]bool
	quiet    bool // settles nothing by itself
}

// newDesk has three cards in Requests, one in progress, and none in review.
func newDesk() *desk {
	d := &desk{
		seq: 10, cards: map[kanban.CardID]view.Card{}, refusals: map[kanban.CardID]*web.Refusal{},
		gates: map[kanban.CardID]chan struct{}{}, watchers: map[chan struct{}]bool{},
		columns: []view.Column{
			{Key: "requests", Name: "Requests", Category: "option", Turn: "business"},
			{Key: "doing", Name: "In progress", Category: "active", Turn: "it", WIP: 2},
			{Key: "review", Name: "Review", Category: "active", Turn: "it"},
			{Key: "done", Name: "Done", Category: "done"},
		},
	}
	for i, column := range []string{"requests", "requests", "requests", "doing"} {
		d.add(fmt.Sprintf("OPS-%d", i+1), column)
	}
	return d
}

func (d *desk) add(key, column string) view.Card {
	high := "high"
	c := view.Card{
		ID: kanban.CardID("c" + key[4:]), Rev: 1, Title: "Nightly reconciliation of " + key, Column: column, Priority: &high,
		PriorityName: "High", PriorityRank: 2, Unit: "trading", UnitName: "Trading", Turn: "it", TurnDays: 2, Planned: true, AgeDays: 4,
		Sides: []kanban.CardSide{{Side: "jira", Key: key}, {Side: "github", Key: "acme/payments#" + key[4:]}}, Seq: d.seq,
		Pending: []kanban.Pending{}, Badges: []kanban.Badge{},
	}
	d.cards[c.ID] = c
	return c
}

// change is somebody else's edit of a card, told to all open pages.
func (d *desk) change(id kanban.CardID, edit func(*view.Card)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.cards[id]
	d.seq++
	c.Seq, c.Rev = d.seq, c.Rev+1
	edit(&c)
	d.cards[id] = c
	d.tell()
}

// tell wakes everybody who watches. The lock is held.
func (d *desk) tell() {
	for w := range d.watchers {
		select {
		case w <- struct{}{}:
		default:
		}
	}
}

func (d *desk) intents() []web.Intent {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.asked)
}

// hold makes answers about a card wait until the returned function is called.
func (d *desk) hold(id kanban.CardID) (release func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	gate := make(chan struct{})
	d.gates[id] = gate
	return sync.OnceFunc(func() { close(gate) })
}

// Intend does at once what is asked, where nothing forbids it.
func (d *desk) Intend(ctx context.Context, in web.Intent) (web.Answer, error) {
	d.mu.Lock()
	id := kanban.CardID(in.Card)
	d.asked = append(d.asked, in)
	gate, refusal := d.gates[id], d.refusals[id]
	d.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return web.Answer{}, ctx.Err()
		}
	}
	if refusal != nil {
		return web.Answer{}, refusal
	}
	if d.quiet {
		return web.Answer{Op: in.Op, State: "sent", Rev: in.Rev + 1}, nil
	}
	d.change(id, func(c *view.Card) {
		if in.Field == "status" {
			c.Column = in.To
		} else {
			c.Priority = &in.To
		}
	})
	return web.Answer{Op: in.Op, State: "sent", Rev: in.Rev + 1}, nil
}

// Watch tells of changes.
func (d *desk) Watch() (<-chan struct{}, func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := make(chan struct{}, 1)
	d.watchers[w] = true
	return w, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.watchers, w)
	}
}

// Ready is always so.
func (d *desk) Ready(context.Context) (bool, []string) { return true, nil }

func (d *desk) sorted() []view.Card {
	return slices.SortedFunc(maps.Values(d.cards), func(a, b view.Card) int { return int(a.Seq-b.Seq)*100 + compare(a.ID, b.ID) })
}

func compare(a, b kanban.CardID) int {
	if a < b {
		return -1
	}
	return 1
}

// Board shows all cards, or those of a turn.
func (d *desk) Board(_ context.Context, q view.Query) (view.Board, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	b := view.Board{Seq: d.seq, Write: "on", Units: []view.Named{{Key: "trading", Name: "Trading"}},
		Priorities: []view.Named{{Key: "urgent", Name: "Urgent"}, {Key: "high", Name: "High"}, {Key: "low", Name: "Low"}},
		Freshness:  fresh()}
	for _, col := range d.columns {
		col.Cards = []view.Card{}
		for _, c := range d.sorted() {
			if c.Column == string(col.Key) && (q.Turn == "" || q.Turn == string(c.Turn)) {
				col.Cards = append(col.Cards, c)
			}
		}
		col.Count, col.All = len(col.Cards), len(col.Cards)
		if q.Lanes == view.LanesUnit {
			col.Lanes = lanesOf(col.Cards)
			b.Lanes = lanesOf(nil)
			b.Lanes[0].Limit = d.limited()
		}
		b.Columns = append(b.Columns, col)
	}
	return b, nil
}

// limited is the limit that a test has set, with what counts against it. The lock is held.
func (d *desk) limited() *view.Limit {
	if d.limit.WIP == 0 {
		return nil
	}
	l := d.limit
	for _, c := range d.cards {
		if c.Column == "doing" {
			l.Count++
		}
	}
	return &l
}

// lanesOf divides cards by their two units.
func lanesOf(cards []view.Card) []view.Lane {
	lanes := []view.Lane{{Key: "trading", Name: "Trading"}, {Key: "risk", Name: "Risk"}}
	for _, c := range cards {
		for i := range lanes {
			if lanes[i].Key == string(c.Unit) {
				lanes[i].Cards = append(lanes[i].Cards, c)
				lanes[i].Count++
			}
		}
	}
	return lanes
}

func fresh() []view.Fresh {
	return []view.Fresh{{Tracker: "jira", Kind: "jira", Age: 3, Poll: 15, Level: "live"}, {Tracker: "github", Kind: "github", Age: 70, Poll: 15, Level: "late"}}
}

// People has one person in it, who does everything.
func (d *desk) People(context.Context, view.Query, string) (view.People, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	cell := view.PeopleCell{Count: len(d.cards), Cards: d.sorted()}
	return view.People{Named: true, Cards: len(d.cards), Cols: []view.Named{{Key: "acme/payments", Name: "payments"}}, Rows: []view.PeopleRow{{Key: "Ana", Name: "Ana", Count: cell.Count, InWork: 1, Limit: d.limited(), Cells: []view.PeopleCell{cell}}}}, nil
}

// Since gives what changed after a sequence.
func (d *desk) Since(_ context.Context, seq int64) (view.Delta, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := view.Delta{Seq: d.seq, Freshness: fresh(), Counts: map[string]int{}}
	for _, col := range d.columns {
		out.Counts[string(col.Key)] = 0
	}
	out.Columns = slices.Clone(d.columns)
	if l := d.limited(); l != nil {
		out.Limits = []view.Limit{*l}
	}
	for _, c := range d.sorted() {
		out.Counts[c.Column]++
		for i := range out.Columns {
			if string(out.Columns[i].Key) == c.Column {
				out.Columns[i].All++
			}
		}
		if c.Seq > seq {
			out.Cards = append(out.Cards, c)
		}
	}
	return out, nil
}

// Card gives one card.
func (d *desk) Card(_ context.Context, ref string) (view.Card, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c, ok := d.cards[kanban.CardID(ref)]
	if !ok {
		return c, view.ErrUnknown
	}
	return c, nil
}

// Cards lists them.
func (d *desk) Cards(context.Context, view.Query) ([]view.Card, string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.sorted(), "", nil
}

// Explain tells no more than the card and its conflicts.
func (d *desk) Explain(ctx context.Context, ref string) (view.Explanation, error) {
	c, err := d.Card(ctx, ref)
	all, _ := d.Conflicts(ctx, true)
	all = slices.DeleteFunc(all, func(x view.Clash) bool { return x.Card != c.ID })
	return view.Explanation{Card: c, Fields: []view.FieldStory{{Field: "status", Name: "Status", Agreed: "Requests", Lost: all}}}, err
}

// Plan is empty: the desk writes nothing.
func (d *desk) Plan(context.Context) (view.Plan, error) { return view.Plan{}, nil }

// Conflicts are those that a test put there.
func (d *desk) Conflicts(context.Context, bool) ([]view.Clash, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.clashes), nil
}

// Decide ends a conflict at once.
func (d *desk) Decide(_ context.Context, in web.Decision) (web.Answer, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.decided = append(d.decided, in)
	for i := range d.clashes {
		c := &d.clashes[i]
		if c.ID != in.Conflict {
			continue
		}
		if c.State != "open" && c.State != "auto" {
			return web.Answer{}, &web.Refusal{Status: 409, Reason: "this conflict was " + c.State + " already"}
		}
		c.State, c.Restorable = map[string]string{web.ChoiceRestore: "restored", web.ChoiceDismiss: "dismissed"}[in.Choice], false
	}
	return web.Answer{Op: in.Op, State: "held", Rev: 2}, nil
}

// Settle decides one after the other.
func (d *desk) Settle(ctx context.Context, in web.Settlement) (web.Settled, error) {
	out := web.Settled{Dry: in.Dry, Writes: map[string]int{"jira": len(in.Conflicts)}}
	for _, id := range in.Conflicts {
		one := web.SettledOne{Conflict: id, State: web.SettledWould}
		if !in.Dry {
			a, err := d.Decide(ctx, web.Decision{Conflict: id, Choice: in.Choice, Op: in.Op, By: in.By})
			if err != nil {
				return out, err
			}
			one.State = a.State
		}
		out.Results = append(out.Results, one)
	}
	return out, nil
}

// CardTable is empty.
func (d *desk) CardTable(context.Context, view.Query) (view.Table, error) { return view.Table{}, nil }

// EventTable is empty.
func (d *desk) EventTable(context.Context, view.Query) (view.Table, error) { return view.Table{}, nil }

// Undo finds nothing to take back.
func (d *desk) Undo(context.Context, web.Undo) (web.Answer, error) {
	return web.Answer{}, &web.Refusal{Status: 422, Reason: "there is nothing to take back"}
}

// Deal refuses everything.
func (d *desk) Deal(context.Context, web.Deal) (web.Answer, error) {
	return web.Answer{}, &web.Refusal{Status: 422, Reason: "nothing was agreed on"}
}

// Challenge refuses everything.
func (d *desk) Challenge(context.Context, web.Challenge) (web.Answer, error) {
	return web.Answer{}, &web.Refusal{Status: 422, Reason: "nobody could answer"}
}

// Activity is none.
func (d *desk) Activity(context.Context, int64, int) ([]view.Line, error) { return nil, nil }

var _ web.Reader = (*desk)(nil)

// refuse makes the desk refuse every change of a card.
func (d *desk) refuse(t *testing.T, id kanban.CardID, r *web.Refusal) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.refusals[id] = r
}

// same gives every viewer the same.
func same(r web.Reader) web.Readers { return func(view.Viewer) web.Reader { return r } }
