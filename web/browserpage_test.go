package web_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"parley/sync/view"
	"parley/web"
)

// browserPage is one open page of a board in a real browser.
type browserPage struct {
	t   *testing.T
	ctx context.Context
	url string
}

// open serves a desk and opens an address of it in a tab of its own, live.
func open(browser context.Context, t *testing.T, d *desk, path string) *browserPage {
	t.Helper()
	return openWith(browser, t, d, path, func(h http.Handler) http.Handler { return h })
}

// openWith puts something around the server.
func openWith(browser context.Context, t *testing.T, d *desk, path string, around func(http.Handler) http.Handler) *browserPage {
	t.Helper()
	server := httptest.NewServer(around(web.New(web.Options{Readers: same(d), Identity: web.Everybody(view.Somebody()), Intents: d, Signal: d, Health: d})))
	t.Cleanup(server.Close)
	return visit(browser, t, server.URL, path)
}

func visit(browser context.Context, t *testing.T, url, path string) *browserPage {
	t.Helper()
	tab, leave := chromedp.NewContext(browser)
	t.Cleanup(leave)
	ctx, cancel := context.WithTimeout(tab, 120*time.Second)
	t.Cleanup(cancel)
	p := &browserPage{t: t, ctx: ctx, url: url}
	p.do(chromedp.EmulateViewport(1440, 900), chromedp.Navigate(url+path))
	p.until(`document.documentElement.dataset.scripts === "on"`)
	p.until(`document.querySelector(".stream").dataset.stream === "live"`)
	return p
}

func (p *browserPage) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

// until waits for a JavaScript expression to come true, also on the page that this one is
// just being left for.
func (p *browserPage) until(expression string) {
	p.t.Helper()
	wait := chromedp.Poll[bool]("Boolean("+expression+")", chromedp.WithPollingInterval(20*time.Millisecond), chromedp.WithPollingTimeout(30*time.Second))
	for range 5 {
		_, err := chromedp.Run(p.ctx, wait)
		if err == nil {
			return
		}
		if errors.Is(err, chromedp.ErrPollingTimeout) || p.ctx.Err() != nil {
			p.t.Fatalf("waiting for %s: %v\nalerts: %s", expression, err, p.text(`document.getElementById("alerts")?.textContent`))
		}
	}
	p.t.Fatalf("waiting for %s: the page is left again and again", expression)
}

func (p *browserPage) text(expression string) string {
	p.t.Helper()
	got, err := chromedp.Run(p.ctx, chromedp.Evaluate[string]("String("+expression+")"))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return got
}

// is fails the test unless an expression has the wanted text.
func (p *browserPage) is(expression, want string) {
	p.t.Helper()
	if got := p.text(expression); got != want {
		p.t.Errorf("%s = %q, want %q", expression, got, want)
	}
}

// place says where on the page the middle of an element is, of its first line where it is
// in a text.
func (p *browserPage) place(selector string) (x, y float64) {
	p.t.Helper()
	box, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]float64](fmt.Sprintf(
		`(() => { const b = document.querySelector(%q).getClientRects()[0]; return [b.left + b.width / 2, b.top + Math.min(b.height / 2, 40)]; })()`, selector)))
	if err != nil {
		p.t.Fatalf("find %s: %v", selector, err)
	}
	return box[0], box[1]
}

// press takes an element with the mouse and holds it over another.
func (p *browserPage) hold(from, to string) (x, y float64) {
	p.t.Helper()
	x0, y0 := p.place(from)
	x1, y1 := p.place(to)
	p.do(chromedp.MouseEvent("mouseMoved", x0, y0), chromedp.MouseEvent("mousePressed", x0, y0, chromedp.ButtonLeft, chromedp.ClickCount(1)))
	for i := range 6 {
		part := float64(i+1) / 6
		p.do(chromedp.MouseEvent("mouseMoved", x0+(x1-x0)*part, y0+(y1-y0)*part, chromedp.ButtonLeft))
	}
	return x1, y1
}

func (p *browserPage) letGo(x, y float64) {
	p.t.Helper()
	p.do(chromedp.MouseEvent("mouseReleased", x, y, chromedp.ButtonLeft, chromedp.ClickCount(1)))
}

func (p *browserPage) drag(from, to string) {
	p.t.Helper()
	p.letGo(p.hold(from, to))
}

func (p *browserPage) click(selector string) {
	p.t.Helper()
	x, y := p.place(selector)
	p.do(chromedp.MouseClickXY(x, y))
}

func (p *browserPage) keys(text string) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(text))
}

// columnOf is an expression for the column that a card stands in.
func columnOf(id string) string {
	return fmt.Sprintf(`document.getElementById("card-%s").closest(".column").dataset.column`, id)
}
