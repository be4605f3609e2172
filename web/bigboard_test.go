package web_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/kanban"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/store"
	"parley/sync/view"
	"parley/web"
)

// hall is a Source of many cards, as a store gives them. Cards can be moved in it.
type hall struct {
	view.Source
	mu       sync.Mutex
	seq      int64
	faces    map[kanban.CardID]store.Face
	watchers map[chan struct{}]bool
}

var hallNow = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// hallColumns are those of the default board.
func hallColumns() []mapping.ColumnConfig {
	column := func(key, name string, c kanban.Category, turn kanban.Party, wip int) mapping.ColumnConfig {
		return mapping.ColumnConfig{Key: key, Name: name, Category: c, Turn: turn, WIP: wip, WIPHard: wip > 20, GitHub: []string{"open + label:" + key}}
	}
	return []mapping.ColumnConfig{
		column("requests", "Requests", kanban.Option, kanban.Business, 0), column("committed", "Committed", kanban.Queue, kanban.IT, 40),
		column("doing", "In progress", kanban.Active, kanban.IT, 50), column("review", "Review", kanban.Active, kanban.IT, 20),
		column("waiting", "Waiting for requester", kanban.Wait, kanban.Business, 0), column("verify", "To accept", kanban.Active, kanban.Business, 0),
		column("done", "Done", kanban.Done, kanban.Nobody, 0),
	}
}

// newHall has so many cards, all of them on the board: a seventh in each column.
func newHall(n int) *hall {
	h := &hall{faces: map[kanban.CardID]store.Face{}, watchers: map[chan struct{}]bool{}}
	columns := hallColumns()
	for i := range n {
		h.put(hallCard(i, kanban.ColumnKey(columns[i%len(columns)].Key)))
	}
	return h
}

// hallCard is the i-th card, with as much on it as cards have.
func hallCard(i int, column kanban.ColumnKey) kanban.Card {
	words := strings.Fields("nightly reconciliation fails on trades show settlement status in blotter counterparty limits one rating wrong exposure by sector commission table amend price feed allocation rules")
	title := make([]string, 8)
	for k := range title {
		title[k] = words[(i*7+i/5*k+k*k)%len(words)]
	}
	began := hallNow.AddDate(0, 0, -1-i%40)
	c := kanban.Card{
		ID: kanban.NewCardID("jira", fmt.Sprint(i)), Rev: 3, Title: strings.Join(title, " "), Column: column, Priority: "high", Unit: []kanban.UnitKey{"trading", "risk", "unassigned"}[i%3],
		Assignee: fmt.Sprintf("Person %d", i%30), Class: "standard", Planned: i%4 > 0, Turn: []kanban.Party{kanban.Business, kanban.IT}[i%2], Journey: kanban.Journey{Created: began, Entered: began, Committed: &began, Started: &began},
		Sides: []kanban.CardSide{{Side: "jira", Tracker: "jira", Key: fmt.Sprintf("OPS-%d", i), URL: fmt.Sprintf("https://jira.test/browse/OPS-%d", i), Status: "In Progress", SeenAt: hallNow}, {Side: "github", Tracker: "github", Key: fmt.Sprintf("acme/payments#%d", i), URL: fmt.Sprintf("https://github.test/acme/payments/issues/%d", i), Status: "open", SeenAt: hallNow}},
	}
	if column == "done" {
		at := hallNow.AddDate(0, 0, -i%13)
		c.Journey.Entered, c.Journey.Finished, c.Turn = at, &at, kanban.Nobody
	}
	if i%11 == 0 {
		c.Badges = []kanban.Badge{{Kind: kanban.BadgeDiffers, Side: "github", Field: kanban.FieldStatus, Text: "GitHub shows something else"}}
	}
	return c
}

// put stores cards as one change and wakes who watches.
func (h *hall) put(cards ...kanban.Card) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seq++
	for _, c := range cards {
		h.faces[c.ID] = store.Face{Card: c, Seq: h.seq}
	}
	for w := range h.watchers {
		select {
		case w <- struct{}{}:
		default:
		}
	}
}

func (h *hall) Faces(_ context.Context, q store.FaceQuery) ([]store.Face, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []store.Face
	for _, f := range h.faces {
		if f.Seq > q.SinceSeq && f.Card.ID > q.After && (q.IDs == nil || slices.Contains(q.IDs, f.Card.ID)) {
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b store.Face) int { return cmp.Compare(a.Card.ID, b.Card.ID) })
	if q.Limit > 0 && len(out) > q.Limit {
		out = out[:q.Limit]
	}
	return out, nil
}

func (h *hall) Seq(context.Context) (int64, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.seq, nil
}

func (h *hall) Gone(context.Context, int64) ([]store.Alias, error)    { return nil, nil }
func (h *hall) Sources(context.Context) ([]store.SourceState, error)  { return nil, nil }
func (h *hall) Setting(context.Context, string) (string, bool, error) { return "", false, nil }
func (h *hall) Watch() (changed <-chan struct{}, stop func())         { return watching(&h.mu, h.watchers) }
func (h *hall) Ready(context.Context) (ok bool, reasons []string)     { return true, nil }
func (h *hall) Resolve(_ context.Context, text string) (kanban.CardID, error) {
	return kanban.CardID(text), nil
}

// watching adds a watcher of changes.
func watching(mu *sync.Mutex, all map[chan struct{}]bool) (changed <-chan struct{}, stop func()) {
	mu.Lock()
	defer mu.Unlock()
	w := make(chan struct{}, 1)
	all[w] = true
	return w, func() {
		mu.Lock()
		defer mu.Unlock()
		delete(all, w)
	}
}

// options are those of a server of the hall. What is asked of it is taken and never done.
func (h *hall) options(tb testing.TB) web.Options {
	tb.Helper()
	rules, problems := mapping.Compile(mapping.Config{
		Columns: hallColumns(), Priorities: []mapping.PriorityConfig{{Key: "high", Name: "High", GitHub: []string{"label:high"}}},
		Trackers: []mapping.TrackerConfig{{Name: "github", Kind: "github", Containers: []string{"acme/payments"}}},
	}, nil)
	if mapping.Failed(problems) {
		tb.Fatal(problems)
	}
	eng := &engine.Engine{Rules: rules}
	views := view.New(view.Options{Source: h, Engine: func() *engine.Engine { return eng }, Units: []view.Named{{Key: "trading", Name: "Trading"}, {Key: "risk", Name: "Risk"}},
		Zone: time.UTC, Now: func() time.Time { return hallNow }, Policy: view.DefaultPolicy(), Poll: time.Minute})
	return web.Options{Readers: func(w view.Viewer) web.Reader { return views.As(w) }, Identity: web.Everybody(view.Somebody()), Intents: newDesk(), Signal: h, Health: h,
		PublicURL: "http://example.com", Now: func() time.Time { return hallNow }, Limits: web.LocalLimits()}
}
