package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"parley/sync/view"
	"parley/web/chart"
)

// Flows gives the pictures of how work flows and who carries it.
type Flows interface {
	FlowPicture(ctx context.Context, q view.FlowQuery) (view.FlowPicture, error)
	Workload(ctx context.Context, q view.FlowQuery) (view.Workload, error)
	FlowCards(ctx context.Context, q view.FlowQuery, l view.FlowList) ([]view.FlowEntry, error)
}

// flowQueryOf reads what an address asks of flow. Unknown keys are let pass.
func flowQueryOf(v url.Values) (view.FlowQuery, error) {
	q := view.FlowQuery{Unit: v.Get("unit"), Type: v.Get("type"), Class: v.Get("class"), By: v.Get("by"), Days: view.FlowDays, Items: view.FlowItems}
	for _, n := range []struct {
		key  string
		to   *int
		most int
	}{{"days", &q.Days, view.FlowDaysMost}, {"items", &q.Items, view.FlowMost}} {
		text := v.Get(n.key)
		if text == "" {
			continue
		}
		value, err := strconv.Atoi(text)
		if err != nil || value < 1 || value > n.most {
			return q, fmt.Errorf("%s: %q is not a number from 1 to %d", n.key, clip(text), n.most)
		}
		*n.to = value
	}
	if q.By != "" {
		if _, err := time.Parse(time.DateOnly, q.By); err != nil {
			return q, fmt.Errorf("by: %q is not a date; write it as 2026-11-20", clip(q.By))
		}
	}
	return q, nil
}

// flowData is a page of figures.
type flowData struct {
	frame
	Path     string // of the page
	Heading  string
	Said     string // what is measured, in words
	Spans    []viewLink
	Controls []control
	Hidden   []option
	Tiles    []tile
	Figures  []figure
	Notes    []string // what somebody should know before reading on
	Empty    string   // why there is nothing, and what to do; "" where there is something
	Clear    string
	Asking   *asking // what a forecast is asked for, nil on other pages
}

// tile is one number at the top of a page, with the way to its cards.
type tile struct {
	Name, Value, Unit, Note, Link string
	Hatch, Over                   bool
}

// figure is a chart with its table on a page.
type figure struct {
	chart.Figure
	CSV  string // address of the table as a file
	More int    // rows that are only in the file
	Ask  *asking
}

// asking is the form of a forecast.
type asking struct {
	By     string
	Items  int
	Most   int
	Hidden []option
}

// shownRows is how many rows of a table a page has room for.
const shownRows = 60

// ways makes the addresses of a page of figures.
type flowWays struct {
	path  string
	query view.FlowQuery
}

// cards leads to the cards behind a number.
func (w flowWays) cards(a view.Amount) string {
	if a.N == 0 {
		return ""
	}
	return w.list(a.Cards)
}

func (w flowWays) list(cards string) string {
	return "/flow/cards?" + joined(w.query.Values().Encode(), cards)
}

func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "&" + b
}

// num is a number in a table, with the way to its cards.
func (w flowWays) num(a view.Amount) chart.Cell { return chart.Num(a.N, w.cards(a)) }

// page puts a figure on the page, with the address of its file.
func (w flowWays) page(f chart.Figure) figure {
	v := w.query.Values()
	v.Set("table", f.Table.Key)
	out := figure{Figure: f, CSV: w.path + ".csv?" + v.Encode()}
	if n := len(f.Table.Rows); n > shownRows {
		out.More, out.Table.Rows = n-shownRows, f.Table.Rows[:shownRows]
	}
	return out
}

// card is a card's name in a table.
func cardCell(n view.CardName) chart.Cell {
	return chart.Cell{Text: orElse(n.Key, orElse(n.Title, string(n.Card))), Link: "/card/" + url.PathEscape(string(n.Card))}
}

// around fills in what stands around the figures.
func (d *flowData) around(w flowWays, said string, c view.FlowChoices) {
	v := w.query.Values()
	a := address{w.path, v}
	d.Path, d.Said = w.path, said
	for _, days := range []struct {
		n    int
		name string
	}{{30, "30 days"}, {90, "90 days"}, {365, "A year"}} {
		value := strconv.Itoa(days.n)
		if days.n == view.FlowDays {
			value = ""
		}
		d.Spans = append(d.Spans, viewLink{Name: days.name, Link: a.with("days", value), Current: w.query.Days == days.n})
	}
	d.Controls = []control{choice(a, "unit", "Unit", append([]option{{Text: "all"}}, named(c.Units)...))}
	types := []option{{Text: "any"}}
	for _, t := range c.Types {
		types = append(types, option{Value: t, Text: typeName(t)})
	}
	classes := []option{{Text: "any"}}
	for _, k := range c.Classes {
		classes = append(classes, option{Value: k, Text: view.ClassName(k)})
	}
	d.Controls = append(d.Controls, choice(a, "type", "Type", types), choice(a, "class", "Class", classes))
	for _, key := range []string{"days", "by", "items"} {
		if value := v.Get(key); value != "" {
			d.Hidden = append(d.Hidden, option{Text: key, Value: value})
		}
	}
	d.Clear = w.path
}

func typeName(t string) string {
	if t == "" || t == view.None {
		return "no type"
	}
	return t
}

// measured says over what a page measures.
func measured(q view.FlowQuery, from, to string, at time.Time, c view.FlowChoices) string {
	said := dayWords(from) + " to " + dayWords(to)
	if q.Unit == "" {
		said += ", all units"
	} else {
		said += ", " + nameOf(c.Units, q.Unit)
	}
	if q.Type != "" {
		said += ", " + typeName(q.Type)
	}
	if q.Class != "" {
		said += ", " + view.ClassName(q.Class)
	}
	return said + "; as of " + at.Format("15:04 MST")
}

// dayWords is a date as people say it.
func dayWords(date string) string {
	d, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return d.Format("2 Jan 2006")
}

func (s *server) flowPage(w http.ResponseWriter, r *http.Request) {
	q, err := flowQueryOf(r.URL.Query())
	if err != nil {
		s.sorry(w, r, http.StatusBadRequest, err.Error())
		return
	}
	p, err := s.reader(r).FlowPicture(r.Context(), q)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.figures(w, r, "flow", "Flow", func(d *flowData) { d.flow(p) })
}

func (s *server) workloadPage(w http.ResponseWriter, r *http.Request) {
	q, err := flowQueryOf(r.URL.Query())
	if err != nil {
		s.sorry(w, r, http.StatusBadRequest, err.Error())
		return
	}
	l, err := s.reader(r).Workload(r.Context(), q)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.figures(w, r, "workload", "Workload", func(d *flowData) { d.workload(l) })
}

// figures answers with a page of figures.
func (s *server) figures(w http.ResponseWriter, r *http.Request, name, title string, fill func(*flowData)) {
	f, _, err := s.framed(r.Context(), r, name, title)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	d := flowData{frame: f, Heading: title}
	fill(&d)
	s.render(w, r, http.StatusOK, "flow-page", &d)
}

// flow fills in the page about how work flows.
func (d *flowData) flow(p view.FlowPicture) {
	w := flowWays{"/flow", p.Query}
	d.around(w, measured(p.Query, p.From, p.To, p.At, p.Choices), p.Choices)
	if d.Empty = nothing(p.Known, p.Finished.N+p.Work.N); d.Empty != "" {
		return
	}
	d.reading(p.Reading)
	d.Tiles = flowTiles(p, w)
	for _, f := range flowFigures(p, w) {
		out := w.page(f)
		if f.ID == "howmany" || f.ID == "when" {
			out.Ask = asked(p, f.ID)
		}
		d.Figures = append(d.Figures, out)
	}
}

func asked(p view.FlowPicture, id string) *asking {
	a := &asking{Most: view.FlowMost}
	v := p.Query.Values()
	if id == "howmany" {
		a.By = p.Forecast.By
		v.Del("by")
	} else {
		a.Items = p.Forecast.Items
		v.Del("items")
	}
	for _, key := range []string{"unit", "type", "class", "days", "by", "items"} {
		if value := v.Get(key); value != "" {
			a.Hidden = append(a.Hidden, option{Text: key, Value: value})
		}
	}
	return a
}

// workload fills in the page about who carries what.
func (d *flowData) workload(l view.Workload) {
	w := flowWays{"/workload", l.Query}
	d.around(w, measured(l.Query, l.From, l.To, l.At, l.Choices), l.Choices)
	open := l.Work.N + l.Shares.Finished.N
	for _, u := range l.Units {
		open += u.Open.N
	}
	if d.Empty = nothing(l.Known, open); d.Empty != "" {
		return
	}
	d.reading(l.Reading)
	d.Tiles = workTiles(l, w)
	if !l.Named {
		d.Notes = append(d.Notes, "Who works on what is not shown to you, so there are no people and teams here.")
	}
	for _, f := range workFigures(l, w) {
		d.Figures = append(d.Figures, w.page(f))
	}
}

// reading says that the numbers are not what they will be.
func (d *flowData) reading(on bool) {
	if on {
		d.Notes = append(d.Notes, "Not everything has been read yet: cards may be missing, and one that both trackers have may count twice. Wait for the first reading before you use these numbers; the page Sync tells how far it is.")
	}
}

// nothing says why a page is empty and what to do about it.
func nothing(known, picked int) string {
	switch {
	case known == 0:
		return "Nothing is known of any card yet. The numbers come as the trackers' histories are read; the page Sync tells how far that is."
	case picked == 0:
		return "No card that fits these filters was in work in this time. Choose a longer time, or take a filter off."
	}
	return ""
}
