package web

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"time"

	"parley/sync/view"
)

//go:embed templates
var templateFiles embed.FS

// pages renders what people see. One template of a card serves the page and the
// stream alike.
type pages struct{ t *template.Template }

func mustPages(assets *static, zone *time.Location) *pages {
	t := template.New("").Funcs(words(zone)).Funcs(template.FuncMap{"asset": assets.url})
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
	Guest     guest
	Found     view.Sides
}

// theme is what the reader chose; the browser keeps it in a cookie.
func theme(r *http.Request) string {
	if c, err := r.Cookie("theme"); err == nil && (c.Value == "light" || c.Value == "dark") {
		return c.Value
	}
	return "auto"
}

// cardData is the page of one card.
type cardData struct {
	frame
	view.Explanation
	Columns    []view.Named
	Priorities []view.Named
	Refused    *Refusal
	Op         string // of the form, so that sending it twice does it once
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
		s.render(w, r, http.StatusNotFound, "missing-page", frame{Title: "No such card", Page: "card", Theme: theme(r), Guest: s.guest(r, nil)})
		return
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	d := cardData{Explanation: ex, Refused: refused, Op: newOp()}
	if d.frame, d.Columns, d.Priorities, err = s.around(r.Context(), r, "card", ex.Card.Title); err != nil {
		s.fail(w, r, err)
		return
	}
	s.render(w, r, status, "card-page", d)
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
