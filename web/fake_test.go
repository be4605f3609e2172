package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/kanban"
	"parley/sync/view"
)

// noon is when everything in these tests happens.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// world is a small board in memory. It is Reader, Intents, Signal and Health at once.
type world struct {
	mu       sync.Mutex
	write    string
	columns  []view.Column // without cards
	limits   []view.Limit  // of lanes and rows
	cards    map[kanban.CardID]view.Card
	gone     map[kanban.CardID]int64
	seq      int64
	horizon  int64 // deltas from before are too far
	fresh    []view.Fresh
	plan     view.Plan
	clashes  []view.Clash
	breaks   string // the conflict from which on no decision can be stored
	lines    []view.Line
	tell     func(*view.Explanation) // changes what is explained
	moments  []view.Moment           // what a timeline tells; nil: one thing
	troubles []view.Trouble
	retried  []Retry
	channel  view.Channel // what is known of each tracker beside its freshness

	answers map[string]Answer    // by op
	before  map[string]view.Card // by op: the card that it changed
	asked   []Intent
	undone  []Undo
	decided []Decision

	challenges []Challenge

	refuse  *Refusal
	fail    error // of every reading and intent
	panics  any
	reasons []string

	watchers map[chan struct{}]bool
	left     chan struct{} // where set, told of every watcher that leaves
	sinces   chan int64    // where set, every reading of a delta is announced here

	flow    *view.FlowPicture // nil: nothing is known
	load    *view.Workload
	entries []view.FlowEntry

	contracts []view.Contract
	booked    []view.LedgerLine
	sheet     view.Replenishment
	deciding  view.Deciding
	verdict   view.VerdictCase
	swaps     map[string]view.Swap // by op
	dealt     []Deal
}

func newWorld() *world {
	return &world{
		write: "on", cards: map[kanban.CardID]view.Card{}, gone: map[kanban.CardID]int64{}, answers: map[string]Answer{}, before: map[string]view.Card{}, watchers: map[chan struct{}]bool{},
		columns: []view.Column{
			{Key: "request", Name: "Requests", Category: kanban.Option, Turn: kanban.Business},
			{Key: "build", Name: "Build", Category: kanban.Active, Turn: kanban.IT, WIP: 5, WIPHard: true},
			{Key: "review", Name: "Review", Category: kanban.Wait, Turn: kanban.Business, WIP: 2},
			{Key: "done", Name: "Done", Category: kanban.Done, Turn: kanban.Nobody},
		},
		fresh: []view.Fresh{
			{Tracker: "acme", Kind: "jira", OKAt: noon.Add(-12 * time.Second), Age: 12, Poll: 30, Level: "live"},
			{Tracker: "code", Kind: "github", Source: "acme/shop", OKAt: noon.Add(-9 * time.Second), Age: 9, Poll: 30, Level: "live"},
		},
		limits: []view.Limit{{Scope: kanban.ScopeClass, Key: "expedite", Name: "Expedite", WIP: 1, Hard: true}},
		plan:   view.Plan{Hash: "e3b0", Writes: []view.PlanWrite{}, Counts: map[string]int{"total": 0}}, clashes: []view.Clash{}, lines: []view.Line{},
	}
}

// cardN is the n-th card: an ordinary one with both sides.
func cardN(n int) view.Card {
	high := "high"
	return view.Card{
		ID: kanban.NewCardID("acme", fmt.Sprint(n)), Rev: 3, Title: fmt.Sprintf("Refund %d is shown twice", n), Column: "build", Priority: &high, PriorityName: "High", PriorityRank: 1,
		Unit: "sales", UnitName: "Sales", Turn: kanban.IT, TurnDays: 2, Class: "standard", Planned: true, AgeDays: 8, Assignee: "Ada",
		Sides: []kanban.CardSide{
			{Side: "jira", Tracker: "acme", Key: fmt.Sprintf("PAY-%d", n), URL: fmt.Sprintf("https://jira.test/browse/PAY-%d", n), Status: "In Progress", Priority: "High", Labels: []string{"refunds"}, SeenAt: noon},
			{Side: "github", Tracker: "code", Key: fmt.Sprintf("acme/shop#%d", n), URL: fmt.Sprintf("https://github.test/acme/shop/issues/%d", n), Status: "open", Labels: []string{}, SeenAt: noon},
		},
		Pending: []kanban.Pending{}, Badges: []kanban.Badge{},
	}
}

// put stores cards as one change and tells whoever watches.
func (w *world) put(cards ...view.Card) int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seq++
	for _, c := range cards {
		c.Seq = w.seq
		w.cards[c.ID] = c
	}
	w.ring()
	return w.seq
}

// merge takes a card off the board and tells whoever watches.
func (w *world) merge(id kanban.CardID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seq++
	delete(w.cards, id)
	w.gone[id] = w.seq
	w.ring()
}

func (w *world) ring() {
	for c := range w.watchers {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// Watch is Signal's.
func (w *world) Watch() (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.watchers[c] = true
	return c, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.watchers, c)
		if w.left != nil {
			w.left <- struct{}{}
		}
	}
}

// Ready is Health's.
func (w *world) Ready(context.Context) (bool, []string) { return len(w.reasons) == 0, w.reasons }

// broken fails or panics where the test wants that. The lock is held.
func (w *world) broken() error {
	if w.panics != nil {
		panic(w.panics)
	}
	return w.fail
}

func (w *world) sorted(q view.Query) []view.Card {
	var out []view.Card
	for _, c := range w.cards {
		priority := "none"
		if c.Priority != nil {
			priority = *c.Priority
		}
		fits := (q.Unit == "" || q.Unit == string(c.Unit)) && (q.Turn == "" || q.Turn == string(c.Turn)) && (q.Priority == "" || q.Priority == priority)
		if fits && (q.Search == "" || strings.Contains(strings.ToLower(c.Title), strings.ToLower(q.Search))) {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b view.Card) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// Board is Boards'.
func (w *world) Board(_ context.Context, q view.Query) (view.Board, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.broken(); err != nil {
		return view.Board{}, err
	}
	b := view.Board{
		Limits: w.limits,
		Seq:    w.seq, At: noon, Write: w.write, Freshness: w.fresh, Pulse: w.pulse(), Sides: view.Sides{Both: len(w.cards), GitHub: 2},
		Units:      []view.Named{{Key: "sales", Name: "Sales"}, {Key: "unassigned", Name: "Unassigned"}},
		Priorities: []view.Named{{Key: "high", Name: "High"}, {Key: "low", Name: "Low"}},
	}
	cards := w.sorted(q)
	columns := w.columns
	if slices.ContainsFunc(cards, func(c view.Card) bool { return c.Column == view.ColumnUnmapped }) {
		columns = append([]view.Column{{Key: view.ColumnUnmapped, Name: "Unmapped"}}, columns...)
	}
	for _, col := range columns {
		room := cmp.Or(q.Limit, 50)
		if q.Column == string(col.Key) {
			room *= 20
		}
		col.Cards = []view.Card{}
		for _, c := range cards {
			if c.Column != string(col.Key) {
				continue
			}
			col.All++
			if col.Count++; col.Count <= room {
				col.Cards = append(col.Cards, c)
			}
			col.Oldest = max(col.Oldest, c.AgeDays)
		}
		b.Columns = append(b.Columns, col)
	}
	return b, nil
}

func (w *world) pulse() view.Pulse {
	p := view.Pulse{InWork: len(w.cards), Limit: 7, Over: []view.Over{}}
	for _, c := range w.cards {
		p.Pending += len(c.Pending)
	}
	return p
}

// People is Boards'.
func (w *world) People(context.Context, view.Query, string) (view.People, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := view.People{By: view.PeopleProject, Named: true, Cols: []view.Named{{Key: "acme/shop", Name: "shop"}}}
	for _, c := range w.sorted(view.Query{}) {
		p.Cards++
		p.Rows = append(p.Rows, view.PeopleRow{Key: c.Assignee, Name: c.Assignee, Count: 9, InWork: 1, Cells: []view.PeopleCell{{Count: 9, Cards: []view.Card{c}}}})
	}
	return p, w.broken()
}

// Cards is Boards'.
func (w *world) Cards(_ context.Context, q view.Query) ([]view.Card, string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := []view.Card{}
	for _, c := range w.sorted(q) {
		if string(c.ID) <= q.After || q.Column != "" && q.Column != c.Column {
			continue
		}
		if len(out) == q.Limit {
			return out, string(out[len(out)-1].ID), w.broken()
		}
		out = append(out, c)
	}
	return out, "", w.broken()
}

// find is the card of an id, a Jira key or owner/repo#n. The lock is held.
func (w *world) find(ref string) (view.Card, error) {
	if err := w.broken(); err != nil {
		return view.Card{}, err
	}
	for _, c := range w.cards {
		if string(c.ID) == ref || slices.ContainsFunc(c.Sides, func(s kanban.CardSide) bool { return s.Key == ref }) {
			return c, nil
		}
	}
	return view.Card{}, fmt.Errorf("card %.80q: %w", ref, view.ErrUnknown)
}

// Card is Boards'.
func (w *world) Card(_ context.Context, ref string) (view.Card, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, err := w.find(ref)
	c.Targets = []view.Target{{Column: "review", OK: true, Reach: "unknown"}, {Column: "done", Reach: "no", Reason: "no way"}}
	return c, err
}

// Since is Boards'.
func (w *world) Since(_ context.Context, seq int64) (view.Delta, error) {
	if w.sinces != nil {
		w.sinces <- seq
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	d := view.Delta{Seq: w.seq, Cards: []view.Card{}, Gone: []kanban.CardID{}, Counts: map[string]int{}, Freshness: w.fresh}
	if err := w.broken(); err != nil || w.seq <= seq {
		return d, err
	}
	if seq < w.horizon {
		return d, view.ErrTooFar
	}
	d.Columns, d.Limits = slices.Clone(w.columns), w.limits
	for _, c := range w.sorted(view.Query{}) {
		d.Counts[c.Column]++
		for i := range d.Columns {
			if string(d.Columns[i].Key) == c.Column {
				d.Columns[i].All++
			}
		}
		if c.Seq > seq {
			d.Cards = append(d.Cards, c)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(w.gone)) {
		if w.gone[id] > seq {
			d.Gone = append(d.Gone, id)
		}
	}
	d.Pulse = w.pulse()
	return d, nil
}

// Explain is Stories'.
func (w *world) Explain(_ context.Context, ref string) (view.Explanation, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, err := w.find(ref)
	if err != nil {
		return view.Explanation{}, err
	}
	ex := explanation(c)
	if w.tell != nil {
		w.tell(&ex)
	}
	return ex, nil
}

// explanation has one of everything.
func explanation(c view.Card) view.Explanation {
	return view.Explanation{
		Card: c, Paired: "by remote link on 2026-11-20 09:00", Sort: &view.SortStory{Planned: true, By: "Ada", At: noon, Reason: "it was on the list", Rule: 2},
		Fields: []view.FieldStory{
			{
				Field: "status", Name: "Status", Agreed: "Build", Version: 4, Since: noon, By: "Ada in Jira", Frozen: "the trackers differ; a person has to choose", Carry: "changes made anywhere", Policy: "Jira wins a conflict",
				Sides:  []view.SideStory{{Side: "jira", Key: "PAY-1", Native: "In Progress", Means: "Build", Agrees: true, Seen: 4}, {Side: "github", Key: "acme/shop#1", Native: "open", Means: "no opinion", Refused: "label is gone"}},
				Writes: []view.WriteStory{{Side: "jira", Op: "op-1", Tracker: "acme", Issue: "PAY-1", From: "To Do", To: "In Progress", State: "rejected", Reason: "moved on the board", Problem: "no way there", At: noon}},
				Lost:   []view.Clash{clash("x1", "auto", c)},
			},
			{Field: "priority", Name: "Priority", Agreed: "High", Carry: "nothing", Policy: "a person decides a conflict", Sides: []view.SideStory{}, Writes: []view.WriteStory{}, Lost: []view.Clash{}},
		},
		Log: []view.Line{{Seq: 7, At: noon, Card: c.ID, Kind: "changed", Who: "Ada", Where: "jira", Field: "status", Text: "moved to Build"}},
	}
}

// clash is a conflict of a card: Ada's edit in Jira stands against Bo's in GitHub.
func clash(id, state string, c view.Card) view.Clash {
	x := view.Clash{
		ID: id, Card: c.ID, Key: "PAY-1", Title: c.Title, Field: "status", Name: "Status", At: noon, State: state, Policy: "jira", Rule: "Jira wins a conflict",
		Kept:  view.Said{Value: "Build", Native: "In Progress", Side: "jira", Who: "Ada", At: noon},
		Loser: view.Said{Value: "Done", Native: "closed", Side: "github", Who: "Bo", At: noon}, Restorable: state == "open" || state == "auto",
	}
	if x.Actionable() {
		x.Now = "Build"
	}
	if state != "open" {
		x.Winner = &x.Kept
	}
	return x
}

// Plan is Stories'.
func (w *world) Plan(context.Context) (view.Plan, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.plan, w.broken()
}

// Conflicts is Stories'.
func (w *world) Conflicts(_ context.Context, all bool) ([]view.Clash, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := []view.Clash{}
	for _, c := range w.clashes {
		if all || c.State == "open" || c.State == "auto" {
			out = append(out, c)
		}
	}
	return out, w.broken()
}

// Decide is Intents'. It ends conflicts at once, and once per op.
func (w *world) Decide(_ context.Context, d Decision) (Answer, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.decided = append(w.decided, d)
	if err := w.broken(); err != nil {
		return Answer{}, err
	}
	if a, ok := w.answers[d.Op]; ok {
		return a, nil
	}
	if w.refuse != nil {
		return Answer{}, w.refuse
	}
	for i := range w.clashes {
		if c := &w.clashes[i]; c.ID == d.Conflict {
			c.State, c.Restorable = map[string]string{ChoiceRestore: "restored", ChoiceDismiss: "dismissed"}[d.Choice], false
			w.answers[d.Op] = Answer{Op: d.Op, State: "sent", Rev: 7}
			return w.answers[d.Op], nil
		}
	}
	return Answer{}, &Refusal{Status: http.StatusNotFound, Reason: "there is no conflict " + d.Conflict}
}

// Settle is Intents'. One write to acme follows from each conflict.
func (w *world) Settle(ctx context.Context, in Settlement) (Settled, error) {
	out := Settled{Op: in.Op, Dry: in.Dry, Writes: map[string]int{}, More: in.More, Results: []SettledOne{}}
	var broken error
	for _, id := range in.Conflicts {
		if w.breaks != "" && id == w.breaks {
			broken = errors.New("disk is full")
		}
		if broken != nil && !in.Dry {
			out.Results = append(out.Results, SettledOne{Conflict: id, State: SettledFailed, Problem: "it could not be stored"})
			continue
		}
		one := SettledOne{Conflict: id, State: SettledWould}
		if !in.Dry {
			a, err := w.Decide(ctx, Decision{Conflict: id, Choice: in.Choice, Op: in.Op + "/" + id, By: in.By})
			one.State = a.State
			if refused, ok := errors.AsType[*Refusal](err); ok && refused.Status == http.StatusNotFound {
				one.State, one.Problem = SettledRefused, refused.Reason
			} else if err != nil {
				return out, err
			}
		} else if !slices.ContainsFunc(w.clashes, func(c view.Clash) bool { return c.ID == id && c.Actionable() }) {
			one.State, one.Problem = SettledRefused, "this conflict is over"
		}
		if one.Problem == "" {
			out.Writes["acme"]++
		}
		out.Results = append(out.Results, one)
	}
	return out, cmp.Or(broken, w.broken())
}

// Activity is Stories'.
func (w *world) Activity(_ context.Context, before int64, limit int) ([]view.Line, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := []view.Line{}
	for _, l := range w.lines {
		if (before == 0 || l.Seq < before) && len(out) < limit {
			out = append(out, l)
		}
	}
	return out, w.broken()
}

// Intend is Intents'. It moves cards at once, and once per op.
func (w *world) Intend(_ context.Context, in Intent) (Answer, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, in)
	if err := w.broken(); err != nil {
		return Answer{}, err
	}
	if a, ok := w.answers[in.Op]; ok {
		return a, nil
	}
	c, err := w.find(in.Card)
	if err != nil {
		return Answer{}, &Refusal{Status: http.StatusNotFound, Reason: "there is no such card"}
	}
	if w.refuse != nil {
		return Answer{}, w.refuse
	}
	w.before[in.Op] = c
	switch {
	case in.Field == "status":
		c.Column = in.To
	case in.Field == "priority":
		c.Priority = &in.To
	case in.Field == fieldPlanned:
		c.Planned, c.Sorted = in.To != "unplanned", "Ada"
	case in.To == "":
		c.Blocked = nil
	default:
		c.Blocked = &kanban.Block{Party: kanban.Party(in.To), Reason: in.Reason, Since: noon, Here: true}
	}
	c.Rev++
	w.seq++
	c.Seq = w.seq
	w.cards[c.ID] = c
	w.ring()
	w.answers[in.Op] = Answer{Op: in.Op, State: "sent", Rev: c.Rev}
	return w.answers[in.Op], nil
}

// Undo is Intents'.
func (w *world) Undo(_ context.Context, u Undo) (Answer, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.undone = append(w.undone, u)
	if err := w.broken(); err != nil {
		return Answer{}, err
	}
	c, err := w.find(u.Card)
	if err != nil {
		return Answer{}, &Refusal{Status: http.StatusNotFound, Reason: "there is no such card"}
	}
	if w.refuse != nil {
		return Answer{}, w.refuse
	}
	if was, ok := w.before[u.Op]; ok {
		was.Rev = c.Rev + 1
		c = was
		w.cards[c.ID] = c
	}
	return Answer{Op: u.Op, State: "done", Rev: c.Rev}, nil
}

// handler serves the world.
func (w *world) handler() http.Handler { return New(w.options()) }

// options are what the world is served with.
func (w *world) options() Options {
	return Options{Readers: same(w), Identity: Everybody(view.Somebody()), Intents: w, Signal: w, Health: w, PublicURL: "http://example.com", Now: func() time.Time { return noon }}
}

// request is one that a page of the board itself would send.
func request(method, target, body string) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

// ask sends one request and gives the answer.
func ask(h http.Handler, method, target, body string) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, request(method, target, body))
	return rec
}

// page gets a page that must have this status.
func page(t *testing.T, h http.Handler, target string, status int) string {
	t.Helper()
	rec := ask(h, http.MethodGet, target, "")
	if rec.Code != status {
		t.Fatalf("GET %s: %d, want %d\n%s", target, rec.Code, status, rec.Body)
	}
	return rec.Body.String()
}

// same gives every viewer the same.
func same(r Reader) Readers { return func(view.Viewer) Reader { return r } }
