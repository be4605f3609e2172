package web_test

import (
	"net/http/httptest"
	"testing"
	"time"

	"context"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"parley/sync/view"
	"parley/web"
	"parley/web/webtest"
)

// openPage opens a page other than the board, which has no stream.
func openPage(browser context.Context, t *testing.T, d *desk, path string) *browserPage {
	t.Helper()
	server := httptest.NewServer(web.New(web.Options{Readers: same(d), Identity: web.Everybody(view.Somebody()), Intents: d, Signal: d, Health: d}))
	t.Cleanup(server.Close)
	tab, leave := chromedp.NewContext(browser)
	t.Cleanup(leave)
	ctx, cancel := context.WithTimeout(tab, 120*time.Second)
	t.Cleanup(cancel)
	p := &browserPage{t: t, ctx: ctx, url: server.URL}
	p.do(chromedp.EmulateViewport(1440, 900), chromedp.Navigate(server.URL+path))
	p.until(`document.documentElement.dataset.scripts === "on"`)
	p.do(evaluate(`window.same = "page"`))
	return p
}

// clashingDesk has a conflict that waits and one that a rule decided, both of one card.
func clashingDesk() *desk {
	d := newDesk()
	for _, state := range []string{"open", "auto"} {
		d.clashes = append(d.clashes, view.Clash{
			ID: "x-" + state, Card: "c1", Key: "OPS-1", Title: "Nightly <b>reconciliation</b>", Field: "status", Name: "Status", State: state, Policy: "ask", Rule: "a person decides a conflict",
			Kept: view.Said{Value: "Requests", Side: "jira", Who: "Ana"}, Loser: view.Said{Value: "Done", Native: "closed", Side: "github", Who: "ben"}, Restorable: true,
		})
	}
	return d
}

// TestConflictsInABrowser decides conflicts as people do, in a real browser.
//
//nolint:tparallel,paralleltest // one browser: only the tab in front is given the pointer
func TestConflictsInABrowser(t *testing.T) {
	t.Parallel()
	browser := webtest.Browser(t, 1440, 900)
	for _, where := range []string{"/sync", "/card/c1"} {
		t.Run("by click on "+where, func(t *testing.T) {
			d := clashingDesk()
			p := openPage(browser, t, d, where)
			p.click(`#conflict-x-open [data-decide="restore"] button`)
			p.decided(d, web.Decision{Conflict: "x-open", Choice: web.ChoiceRestore})
			p.until(`!document.querySelector("#conflict-x-open form")`)
			p.is(`window.same`, "page")
			p.until(`document.getElementById("toasts").textContent.includes("waits in the plan")`)
		})
		t.Run("by keys on "+where, func(t *testing.T) {
			d := clashingDesk()
			p := openPage(browser, t, d, where)
			for range 60 {
				p.keys(kb.Tab)
				if p.text(`document.activeElement.closest("form")?.dataset.decide + " " + document.activeElement.closest("form")?.dataset.conflict`) == "dismiss x-auto" {
					break
				}
			}
			p.is(`document.activeElement.textContent`, "Keep Requests")
			p.keys(kb.Enter)
			p.decided(d, web.Decision{Conflict: "x-auto", Choice: web.ChoiceDismiss})
			p.until(`!document.querySelector("#conflict-x-auto form")`)
			p.is(`window.same`, "page")
			p.until(`/^(conflict-x-auto-name|conflicts-name)$/.test(document.activeElement.id)`)
		})
	}
	t.Run("what is over already says so and the page follows", func(t *testing.T) {
		d := clashingDesk()
		p := openPage(browser, t, d, "/card/c1")
		d.mu.Lock()
		d.clashes[0].State, d.clashes[0].Restorable = "dismissed", false
		d.mu.Unlock()
		p.click(`#conflict-x-open [data-decide="restore"] button`)
		p.until(`document.getElementById("alerts").textContent.includes("This conflict was dismissed already.")`)
		p.until(`!document.querySelector("#conflict-x-open form")`)
		p.is(`window.same`, "page")
	})
}

// decided waits for the one decision that was to be made.
func (p *browserPage) decided(d *desk, want web.Decision) {
	p.t.Helper()
	p.until(`document.querySelectorAll("#toasts .toast, #alerts .toast").length > 0`)
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.decided) != 1 || d.decided[0].Conflict != want.Conflict || d.decided[0].Choice != want.Choice || d.decided[0].Op == "" {
		p.t.Errorf("decided %+v, want %+v once, with an op", d.decided, want)
	}
}
