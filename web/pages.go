package web

import (
	"bytes"
	"embed"
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
	t := template.New("").Funcs(words(zone)).Funcs(cardWords()).Funcs(template.FuncMap{"asset": assets.url})
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
	Listed    bool   // it is a list that belongs to the page, not the page itself
	Theme     string // auto, light, dark
	Seq       int64
	Write     string
	Freshness []view.Fresh
	Held      int // writes that wait in plan mode
	Guest     guest
	Found     view.Sides
	Contract  string // where the reader finds contracts, "" where there is none for them
}

// theme is what the reader chose; the browser keeps it in a cookie.
func theme(r *http.Request) string {
	if c, err := r.Cookie("theme"); err == nil && (c.Value == "light" || c.Value == "dark") {
		return c.Value
	}
	return "auto"
}
