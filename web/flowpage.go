package web

import (
	"cmp"
	"context"
	"fmt"
	"math"
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
	FlowPart(ctx context.Context, q view.FlowQuery, l view.FlowList, after string, limit int) (view.FlowPart, error)
}

// flowQueryOf reads what an address asks of flow. Unknown keys are let pass.
func flowQueryOf(v url.Values) (view.FlowQuery, error) {
	q := view.FlowQuery{Unit: v.Get("unit"), Type: v.Get("type"), Class: v.Get("class"), By: v.Get("by"), From: v.Get("from"), To: v.Get("to"), Days: view.FlowDays, Items: view.FlowItems}
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
			return q, &view.FilterError{Key: n.key, Value: clip(text), Reason: fmt.Sprintf("is not a number from 1 to %d", n.most)}
		}
		*n.to = value
	}
	for _, d := range []struct{ key, text string }{{"by", q.By}, {"from", q.From}, {"to", q.To}} {
		if _, err := time.Parse(time.DateOnly, d.text); d.text != "" && err != nil {
			return q, &view.FilterError{Key: d.key, Value: clip(d.text), Reason: "is not a date; write it as 2026-11-20"}
		}
	}
	if q.From != "" && v.Get("days") != "" {
		return q, &view.FilterError{Key: "days", Value: clip(v.Get("days")), Reason: "says the same as from otherwise; leave one of them out"}
	}
	return q, nil
}

// flowData is a page of figures.
type flowData struct {
	frame
	Path     string // of the page
	Heading  string
	Said     string   // what is measured, in words
	LeftOut  []string // of the address what cannot be, in words
	Spans    []viewLink
	Own      ownDays
	Controls []control
	Hidden   []option
	Tiles    []tile
	Columns  [2][]figure
	Notes    []string // what somebody should know before reading on
	Empty    string   // why there is nothing, and what to do; "" where there is something
	Clear    string
	Asking   *asking // what a forecast is asked for, nil on other pages
}

// ownDays is the form of days of one's own.
type ownDays struct {
	From, To, Today string
	Hidden          []option
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

// inColumns puts figures into two columns that are about as long: each where there is more
// room, so that none leaves a hole beside it.
func inColumns(figures []figure) (out [2][]figure) {
	var ends [2]float64
	for _, f := range figures {
		to := 0
		if ends[1] < ends[0] {
			to = 1
		}
		out[to] = append(out[to], f)
		ends[to] += f.height()
	}
	return out
}

// height is about how high a figure is on a desk, in pixels.
func (f figure) height() float64 {
	const frame, line, most = 96, 44, 420
	h := frame + f.Height()
	if f.Ask != nil || len(f.Keys) > 0 {
		h += line
	}
	if f.Chart == nil { // its table is open
		h += math.Min(float64(len(f.Table.Rows)+1)*line, most)
	}
	return h
}

// asking is the form of a forecast.
type asking struct {
	By          string
	First, Last string // day for which a forecast is made
	Items       int
	Most        int
	Hidden      []option
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
	v := w.query.Values()
	if w.path == "/workload" {
		v.Set("back", "workload")
	}
	return "/flow/cards?" + joined(v.Encode(), cards)
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
	f.Table = f.Table.Shown()
	out := figure{Figure: f, CSV: w.path + ".csv?" + v.Encode()}
	out.More = max(f.Table.Len()-shownRows, 0)
	out.Table.First(shownRows)
	return out
}

// card is a card's name in a table.
func cardCell(n view.CardName) chart.Cell {
	return chart.Cell{Text: cmp.Or(n.Key, cmp.Or(n.Title, string(n.Card))), Link: "/card/" + url.PathEscape(string(n.Card))}
}

// around fills in what stands around the figures.
func (d *flowData) around(w flowWays, said string, c view.FlowChoices) {
	v := w.query.Values()
	a := address{w.path, v}
	d.Path, d.Said = w.path, said
	of := address{w.path, w.query.Values()} // other days of the same
	of.values.Del("from")
	of.values.Del("to")
	for _, days := range []struct {
		n    int
		name string
	}{{30, "30 days"}, {90, "90 days"}, {365, "A year"}} {
		value := strconv.Itoa(days.n)
		if days.n == view.FlowDays {
			value = ""
		}
		d.Spans = append(d.Spans, viewLink{Name: days.name, Link: of.with("days", value), Current: w.query.Days == days.n && w.query.From+w.query.To == ""})
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
	for _, key := range []string{"days", "from", "to", "by", "items"} {
		if value := v.Get(key); value != "" {
			d.Hidden = append(d.Hidden, option{Text: key, Value: value})
		}
	}
	for _, key := range []string{"unit", "type", "class", "by", "items"} {
		if value := v.Get(key); value != "" {
			d.Own.Hidden = append(d.Own.Hidden, option{Text: key, Value: value})
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
		said += ", " + view.NameIn(c.Units, q.Unit)
	}
	if q.Type != "" {
		said += ", " + typeName(q.Type)
	}
	if q.Class != "" {
		said += ", " + view.ClassName(q.Class)
	}
	if q.To != "" {
		return said + "; as it was at the end of the last day, with units, types and hands as they are now"
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
	var p view.FlowPicture
	leftOut, err := s.flowAsked(r, func(q view.FlowQuery) (err error) {
		p, err = s.reader(r).FlowPicture(r.Context(), q)
		return err
	})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.figures(w, r, "flow", "Flow", func(d *flowData) {
		d.LeftOut = leftOut
		d.days(p.From, p.To, s.Now().In(p.At.Location()))
		d.flow(p)
	})
}

func (s *server) workloadPage(w http.ResponseWriter, r *http.Request) {
	var l view.Workload
	leftOut, err := s.flowAsked(r, func(q view.FlowQuery) (err error) {
		l, err = s.reader(r).Workload(r.Context(), q)
		return err
	})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.figures(w, r, "workload", "Workload", func(d *flowData) {
		d.LeftOut = leftOut
		d.days(l.From, l.To, s.Now().In(l.At.Location()))
		d.workload(l)
	})
}

// flowAsked reads what an address asks of flow, without what cannot be: somebody who typed
// an odd date keeps the page and everything else that was set.
func (s *server) flowAsked(r *http.Request, read func(view.FlowQuery) error) (leftOut []string, err error) {
	return lenient(r.URL.Query(), func(v url.Values) error {
		q, err := flowQueryOf(v)
		if err != nil {
			return err
		}
		return read(q)
	})
}

// days fills in the form of days of one's own.
func (d *flowData) days(from, to string, now time.Time) {
	d.Own.From, d.Own.To, d.Own.Today = from, to, now.Format(time.DateOnly)
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
	if d.Empty = nothing(p.Query, p.Known, p.Finished.N+p.Work.N); d.Empty != "" {
		return
	}
	d.reading(p.Reading)
	d.Tiles = flowTiles(p, w)
	var figures []figure
	for _, f := range flowFigures(p, w) {
		out := w.page(f)
		if f.ID == "howmany" || f.ID == "when" {
			out.Ask = asked(p, f.ID)
			out.Ask.First, out.Ask.Last = first(p.To).AddDate(0, 0, 1).Format(time.DateOnly), first(p.To).AddDate(0, 0, view.FlowAhead).Format(time.DateOnly)
		}
		figures = append(figures, out)
	}
	d.Columns = inColumns(figures)
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
	for _, key := range []string{"unit", "type", "class", "days", "from", "by", "items"} {
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
	if d.Empty = nothing(l.Query, l.Known, open); d.Empty != "" {
		return
	}
	d.reading(l.Reading)
	d.Tiles = workTiles(l, w)
	if !l.Named {
		d.Notes = append(d.Notes, "Who works on what is not shown to you, so there are no people and teams here.")
	}
	var figures []figure
	for _, f := range workFigures(l, w) {
		figures = append(figures, w.page(f))
	}
	d.Columns = inColumns(figures)
}

// reading says that the numbers are not what they will be.
func (d *flowData) reading(on bool) {
	if on {
		d.Notes = append(d.Notes, "Not everything has been read yet: cards may be missing, and one that both trackers have may count twice. Wait for the first reading before you use these numbers; the page Sync tells how far it is.")
	}
}

// nothing says why a page is empty and what to do about it.
func nothing(q view.FlowQuery, known, picked int) string {
	switch {
	case known == 0 && q.To != "":
		return "No card is known of that time: the record begins later. Choose later days."
	case known == 0:
		return "Nothing is known of any card yet. The numbers come as the trackers' histories are read; the page Sync tells how far that is."
	case picked == 0:
		return "No card that fits these filters was in work in this time. Choose a longer time, or take a filter off."
	}
	return ""
}
