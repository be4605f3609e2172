package web

import (
	"bytes"
	"embed"
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
	t := template.New("").Funcs(words()).Funcs(cardWords()).Funcs(template.FuncMap{"asset": assets.url})
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
