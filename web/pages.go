package web

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"

	"parley/kanban"
	"parley/sync/view"
)

//go:embed templates
var templateFiles embed.FS

// pages renders what people see. One template of a card serves the page and the
// stream alike.
type pages struct{ t *template.Template }

func mustPages(assets *static) *pages {
	t := template.New("").Funcs(words()).Funcs(template.FuncMap{"asset": assets.url})
	return &pages{template.Must(t.ParseFS(templateFiles, "templates/*.html"))}
}

// fragment renders one template to text.
func (p *pages) fragment(name string, data any) (string, error) {
	var b bytes.Buffer
	if err := p.t.ExecuteTemplate(&b, name, data); err != nil {
		return "", fmt.Errorf("render %s: %w", name, err)
	}
	return b.String(), nil
}

// render answers with a page, or with a failure and nothing of the page.
func (s *server) render(w http.ResponseWriter, r *http.Request, status int, name string, data any) {
	var b bytes.Buffer
	if err := s.pages.t.ExecuteTemplate(&b, name, data); err != nil {
		s.fail(w, r, fmt.Errorf("render %s: %w", name, err))
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // a reader that has gone cannot be told
}

// frame is what every page shows around its own content.
type frame struct {
	Title     string
	Page      string // board, card, sync
	Theme     string // auto, light, dark
	Seq       int64
	Write     string
	Freshness []view.Fresh
	Held      int // writes that wait in plan mode
}

// theme is what the reader chose; the browser keeps it in a cookie.
func theme(r *http.Request) string {
	if c, err := r.Cookie("theme"); err == nil && (c.Value == "light" || c.Value == "dark") {
		return c.Value
	}
	return "auto"
}

// boardData is the board page.
type boardData struct {
	frame
	Board   view.Board
	Query   view.Query
	Filters []filter
	Total   int // cards shown by the filters
}

// shownColumn is a column of the board page, with the address that shows more of it.
type shownColumn struct {
	view.Column
	More string
}

// Shown keeps the filters that are set.
func (d boardData) Shown(c view.Column) shownColumn {
	more := url.Values{"column": {string(c.Key)}}
	q := d.Query
	for key, value := range map[string]string{"unit": q.Unit, "turn": q.Turn, "priority": q.Priority, "search": q.Search} {
		if value != "" {
			more.Set(key, value)
		}
	}
	return shownColumn{Column: c, More: "/?" + more.Encode()}
}

// filter is one that is set, with the address that takes it off.
type filter struct {
	Text string
	Off  string
}

func (s *server) boardPage(w http.ResponseWriter, r *http.Request) {
	q, err := queryOf(r.URL.Query(), 0, 1000)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	board, err := s.reader(r).Board(r.Context(), q)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	d := boardData{Board: board, Query: q, Filters: filters(r.URL.Query(), board)}
	d.frame = frame{Title: "Board", Page: "board", Theme: theme(r), Seq: board.Seq, Write: board.Write, Freshness: board.Freshness, Held: board.Pulse.Pending}
	for _, c := range board.Columns {
		d.Total += c.Count
	}
	s.render(w, r, http.StatusOK, "board-page", d)
}

// filters says in words which filters are set.
func filters(v url.Values, b view.Board) []filter {
	var out []filter
	for _, key := range []string{"unit", "turn", "priority", "search", "column"} {
		if v.Get(key) == "" {
			continue
		}
		without := url.Values{}
		for k, values := range v {
			if k != key {
				without[k] = values
			}
		}
		out = append(out, filter{Text: filterWords(key, v.Get(key), b), Off: "/?" + without.Encode()})
	}
	return out
}

func filterWords(key, value string, b view.Board) string {
	switch key {
	case "unit":
		return nameOf(b.Units, value)
	case "priority":
		if value == "none" {
			return "No priority"
		}
		return nameOf(b.Priorities, value)
	case "turn":
		return turnName(kanban.Party(value)) + " has the turn"
	case "column":
		return "All of one column"
	default:
		return "“" + clip(value) + "”"
	}
}

func nameOf(all []view.Named, key string) string {
	for _, n := range all {
		if n.Key == key {
			return n.Name
		}
	}
	return key
}

// cardData is the page of one card.
type cardData struct {
	frame
	view.Explanation
	Columns    []view.Named
	Priorities []view.Named
	Refused    *Refusal
	Op         string // of the form, so that sending it twice does it once
	Undo       string // op of the change that was made just now; "" for none
}

// Waiting are the conflicts of the card that a person has to decide.
func (d cardData) Waiting() []view.Clash {
	var out []view.Clash
	for _, f := range d.Fields {
		for _, c := range f.Lost {
			if c.Open() {
				out = append(out, c)
			}
		}
	}
	return out
}

func (s *server) cardPage(w http.ResponseWriter, r *http.Request) {
	s.showCard(w, r, http.StatusOK, nil)
}

// refusedPage is the card's page with the reason why it could not be changed.
func (s *server) refusedPage(w http.ResponseWriter, r *http.Request, refused *Refusal) {
	s.showCard(w, r, refused.Status, refused)
}

func (s *server) showCard(w http.ResponseWriter, r *http.Request, status int, refused *Refusal) {
	s.showCardOf(w, r, r.PathValue("id"), status, refused)
}

func (s *server) showCardOf(w http.ResponseWriter, r *http.Request, id string, status int, refused *Refusal) {
	ex, err := s.reader(r).Explain(r.Context(), id)
	if errors.Is(err, view.ErrUnknown) {
		s.render(w, r, http.StatusNotFound, "missing-page", frame{Title: "No such card", Page: "card", Theme: theme(r)})
		return
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	d := cardData{Explanation: ex, Refused: refused, Op: newOp()}
	if op := r.URL.Query().Get("undo"); refused == nil && len(op) <= maxOp {
		d.Undo = op
	}
	if d.frame, d.Columns, d.Priorities, err = s.around(r.Context(), r, "card", ex.Card.Title); err != nil {
		s.fail(w, r, err)
		return
	}
	s.render(w, r, status, "card-page", d)
}

// around is the frame of a page other than the board, and the choices of its forms.
func (s *server) around(ctx context.Context, r *http.Request, page, title string) (frame, []view.Named, []view.Named, error) {
	b, err := s.reader(r).Board(ctx, view.Query{Limit: 1})
	if err != nil {
		return frame{}, nil, nil, err
	}
	f := frame{Title: title, Page: page, Theme: theme(r), Seq: b.Seq, Write: b.Write, Freshness: b.Freshness, Held: b.Pulse.Pending}
	return f, columnChoices(b), b.Priorities, nil
}

// columnChoices are the columns that a card can be moved to.
func columnChoices(b view.Board) []view.Named {
	var out []view.Named
	for _, c := range b.Columns {
		if c.Key != view.ColumnUnmapped {
			out = append(out, view.Named{Key: string(c.Key), Name: c.Name})
		}
	}
	return out
}

// syncData is the page about the trackers and what is written to them.
type syncData struct {
	frame
	Plan      view.Plan
	Conflicts []view.Clash // those that can be acted on, open ones first
	More      int          // conflicts that are not on the page
	Activity  []view.Line
	Columns   []view.Named
	Refused   *Refusal
}

// shownConflicts is how many conflicts the page has room for.
const shownConflicts = 100

func (s *server) syncPage(w http.ResponseWriter, r *http.Request) {
	s.showSync(w, r, http.StatusOK, nil)
}

func (s *server) showSync(w http.ResponseWriter, r *http.Request, status int, refused *Refusal) {
	d := syncData{Refused: refused}
	var err error
	ctx := r.Context()
	steps := []func() error{
		func() error { d.frame, d.Columns, _, err = s.around(ctx, r, "sync", "Sync"); return err },
		func() error { d.Plan, err = s.reader(r).Plan(ctx); return err },
		func() error { d.Conflicts, err = s.reader(r).Conflicts(ctx, false); return err },
		func() error { d.Activity, err = s.reader(r).Activity(ctx, 0, 60); return err },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			s.fail(w, r, err)
			return
		}
	}
	if d.More = len(d.Conflicts) - shownConflicts; d.More > 0 {
		d.Conflicts = d.Conflicts[:shownConflicts]
	}
	s.render(w, r, status, "sync-page", d)
}

func (s *server) healthz(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{"ok": true, "version": s.Version})
}

func (s *server) readyz(w http.ResponseWriter, r *http.Request) {
	ok, reasons := s.Health.Ready(r.Context())
	status := http.StatusOK
	if !ok {
		status = http.StatusServiceUnavailable
	}
	if reasons == nil {
		reasons = []string{}
	}
	writeJSON(w, status, map[string]any{"ready": ok, "reasons": reasons})
}
