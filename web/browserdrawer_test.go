package web_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"parley/sync/view"
	"parley/web"
	"parley/web/webtest"
)

// inDrawer is an expression for whether focus is in the open drawer.
const inDrawer = `document.getElementById("drawer").open && document.getElementById("drawer").contains(document.activeElement)`

// shown waits until the drawer shows a card and has come to rest.
func (p *browserPage) shown(title string) {
	p.t.Helper()
	p.until(`document.getElementById("drawer")?.getAnimations().length === 0`)
	p.until(`document.querySelector("#drawer[open] #card-title")?.textContent === "` + title + `"`)
}

// TestDrawerInABrowser opens cards over the board as people do, in a real browser.
//
//nolint:tparallel,paralleltest // one browser: only the tab in front is given the pointer
func TestDrawerInABrowser(t *testing.T) {
	t.Parallel()
	browser := webtest.Browser(t, 1440, 900)
	for name, play := range map[string]func(*testing.T, *desk, *browserPage){
		"keys alone open, change and close it":          drawnByKeys,
		"single clicks open, change and close it":       drawnByClicks,
		"it follows the card and keeps what was opened": drawnAlive,
		"the address opens it, back closes it":          drawnByAddress,
		"a refusal is told in it":                       drawnRefused,
		"it fits a phone":                               drawnSmall,
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			play(t, d, open(browser, t, d, "/?unit=trading"))
		})
	}
	t.Run("what a page asks for by itself says so", func(t *testing.T) {
		askedByItself(browser, t)
	})
	t.Run("an old picture hides nothing", func(t *testing.T) { oldPicture(browser, t) })
	t.Run("the card's own page follows the card", func(t *testing.T) {
		d := newDesk()
		p := openPage(browser, t, d, "/card/c2")
		d.change("c2", func(c *view.Card) { c.Title = "Other words" })
		p.until(`document.getElementById("card-title").textContent === "Other words"`)
		p.is(`window.same`, "page")
	})
}

// lateWhile has the pictures that the page asks for by itself wait until letThem is called.
const lateWhile = `(() => {
	const ask = window.fetch, wait = new Promise((go) => { window.letThem = go; });
	window.held = window.given = 0;
	window.fetch = async (to, how) => {
		const answer = await ask(to, how);
		if (!how?.headers?.["X-Parley-Auto"] || window.let) return answer;
		window.held++;
		await wait;
		setTimeout(() => window.given++, 50);
		return answer;
	};
})()`

// A picture of the card from before a form was sent never hides what the form did.
func oldPicture(browser context.Context, t *testing.T) {
	t.Helper()
	d := newDesk()
	p := openPage(browser, t, d, "/card/c2")
	p.do(evaluate(lateWhile))
	d.change("c2", func(c *view.Card) { c.Title = "Other words" })
	p.until(`window.held === 1`)
	p.do(evaluate(`(() => {
		window.let = true;
		document.querySelector('form[action$="/move"] select').value = "review";
		document.querySelector('form[action$="/move"] button').click();
	})()`))
	p.until(`document.querySelector(".chip.place").textContent === "Review"`)
	p.do(evaluate(`window.letThem()`))
	p.until(`window.given === 1`)
	p.is(`document.querySelector(".chip.place").textContent`, "Review")
}

func drawnByKeys(t *testing.T, d *desk, p *browserPage) {
	t.Helper()
	p.do(chromedp.Focus(chromedp.CSS("#card-c2")))
	p.keys(kb.Enter)
	p.shown("Nightly reconciliation of OPS-2")
	p.is(`document.activeElement.id`, "card-title")
	p.is(`getComputedStyle(document.querySelector("#drawer .panel.turn")).display`, "block") // whatever the board calls a turn
	p.is(`new URLSearchParams(location.search).get("card") + " " + new URLSearchParams(location.search).get("unit")`, "c2 trading")
	for range 40 { // round and round: focus never leaves for the board
		p.keys(kb.Tab)
		p.is(`document.activeElement === document.body || (`+inDrawer+`)`, "true")
	}
	for range 40 {
		p.keys(kb.Tab)
		if p.text(`document.activeElement.closest("form")?.getAttribute("action") === "/card/c2/move" && document.activeElement.tagName`) == "SELECT" {
			break
		}
	}
	p.keys("r") // Requests, Review: the next that begins so
	for range 3 {
		if p.keys(kb.Tab); p.text(`document.activeElement.tagName`) == "BUTTON" {
			break
		}
	}
	p.keys(kb.Enter)
	p.until(`document.querySelector("#drawer .chip.place")?.textContent === "Review"`)
	p.is(inDrawer, "true")
	p.until(columnOf("c2") + ` === "review"`)
	if asked := d.intents(); len(asked) != 1 || asked[0].To != "review" || asked[0].Rev != 1 {
		t.Errorf("asked for %+v, want one move to review at revision 1", asked)
	}
	p.keys(kb.Escape)
	p.until(`!document.getElementById("drawer").open`)
	p.until(`document.activeElement.id === "card-c2"`)
	p.until(`location.search === "?unit=trading"`)
}

func drawnByClicks(t *testing.T, d *desk, p *browserPage) {
	t.Helper()
	p.click("#card-c1 .title")
	p.shown("Nightly reconciliation of OPS-1")
	p.click("#drawer .block summary")
	p.until(`document.querySelector("#drawer .block").open`)
	p.click("#drawer [data-close]")
	p.until(`!document.getElementById("drawer").open`)
	p.until(`document.activeElement.id === "card-c1"`)
	p.click("#card-c3 .key")
	p.shown("Nightly reconciliation of OPS-3")
	p.is(`location.pathname`, "/")
	p.do(chromedp.MouseClickXY(100, 400)) // beside it
	p.until(`!document.getElementById("drawer").open`)
	p.click("#card-c3 .menu") // the menu is not the drawer
	p.until(`document.getElementById("move").open`)
	p.click("#move a.open")
	p.shown("Nightly reconciliation of OPS-3")
	for _, pause := range []string{`f()`, `setTimeout(f)`, `requestAnimationFrame(f)`, `setTimeout(f, 5)`} { // however quick the next click is
		for _, next := range []string{"OPS-1", "OPS-3"} {
			p.do(evaluate(`(() => {
				const f = () => document.querySelector("#card-c` + next[4:] + ` .key").click();
				document.querySelector("#drawer [data-close]").click();
				` + pause + `;
			})()`))
			p.shown("Nightly reconciliation of " + next)
			p.is(`new URLSearchParams(location.search).get("card")`, "c"+next[4:])
		}
	}
	p.click(`#drawer form[action$="/move"] button`)
	p.until(`document.querySelector("#drawer .card-body")?.dataset.rev === "2"`)
	p.until(`document.querySelector('#drawer form[action$="/undo"]')`)
	d.change("c3", func(c *view.Card) { c.Title = "Drawn anew" })
	p.until(`document.getElementById("card-title").textContent === "Drawn anew"`)
	p.is(`document.querySelector('#drawer form[action$="/undo"] [name=op]')?.value.length > 0`, "true")
	if asked := d.intents(); len(asked) != 1 || asked[0].To != "requests" {
		t.Errorf("asked for %+v, want the column that was chosen, once", asked)
	}
}

func drawnAlive(_ *testing.T, d *desk, p *browserPage) {
	p.click("#card-c1 .title")
	p.shown("Nightly reconciliation of OPS-1")
	p.click("#drawer .block summary")
	p.do(chromedp.Focus(chromedp.CSS("#drawer input[name=reason]")))
	p.keys("the vendor")
	d.change("c2", func(c *view.Card) { c.Title = "Another card" })
	d.change("c1", func(c *view.Card) { c.Title = `<b>New & "live"` })
	p.until(`document.getElementById("card-title").textContent === '<b>New & "live"'`)
	p.is(`document.querySelector("#drawer .block").open`, "true")
	p.is(`document.activeElement.name + "=" + document.activeElement.value`, "reason=the vendor")
	p.is(`document.querySelector("#drawer .card-body").dataset.rev`, "2")
}

// askedByItself tells apart what somebody does and what the open page does.
func askedByItself(browser context.Context, t *testing.T) {
	t.Helper()
	d, asked := newDesk(), make(chan string, 100)
	p := openWith(browser, t, d, "/?unit=trading", func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/" || strings.HasPrefix(r.URL.Path, "/card/") {
				asked <- fmt.Sprintf("%s by itself: %t", r.URL.Path, r.Header.Get(web.AutoHeader) != "")
			}
			h.ServeHTTP(w, r)
		})
	})
	heard := func(want ...string) {
		t.Helper()
		for range want {
			select {
			case got := <-asked:
				if !slices.Contains(want, got) {
					t.Errorf("asked for %s, want %s", got, want)
				}
			case <-time.After(20 * time.Second):
				t.Fatalf("not asked for, of %s", want)
			}
		}
	}
	heard("/ by itself: false")
	p.click("#card-c1 .title")
	p.shown("Nightly reconciliation of OPS-1")
	heard("/card/c1 by itself: false")
	d.change("c1", func(c *view.Card) { c.Title = "Other words" })
	p.shown("Other words")
	heard("/card/c1 by itself: true", "/ by itself: true")
}

func drawnByAddress(_ *testing.T, _ *desk, p *browserPage) {
	p.click("#card-c1 .title")
	p.shown("Nightly reconciliation of OPS-1")
	p.do(evaluate(`history.back()`))
	p.until(`!document.getElementById("drawer").open`)
	p.do(evaluate(`history.forward()`))
	p.shown("Nightly reconciliation of OPS-1")
	p.do(chromedp.Navigate(p.url + "/?turn=it&card=c4"))
	p.shown("Nightly reconciliation of OPS-4")
	p.keys(kb.Escape)
	p.until(`!document.getElementById("drawer").open && location.search === "?turn=it"`)
	p.until(`document.activeElement.id === "card-c4"`)
	p.do(chromedp.Navigate(p.url + "/?card=c99"))
	p.until(`document.getElementById("drawer")?.textContent.includes("There is no such card any more.")`)
	p.keys(kb.Enter) // its button has the focus
	p.until(`!document.getElementById("drawer").open`)
}

func drawnRefused(t *testing.T, d *desk, p *browserPage) {
	t.Helper()
	d.refuse(t, "c1", &web.Refusal{Status: http.StatusConflict, Reason: "the card has changed meanwhile"})
	p.click("#card-c1 .title")
	p.shown("Nightly reconciliation of OPS-1")
	p.click(`#drawer form[action$="/move"] button`)
	p.until(`document.querySelector("#drawer .notice.refused")?.textContent.includes("the card has changed meanwhile")`)
	p.is(inDrawer, "true")
	p.is(`document.activeElement.textContent`, "Move")
}

func drawnSmall(_ *testing.T, _ *desk, p *browserPage) {
	for _, width := range []int64{390, 360} {
		p.do(chromedp.EmulateViewport(width, 800), chromedp.Navigate(p.url+"/?card=c1"))
		p.shown("Nightly reconciliation of OPS-1")
		p.is(`document.querySelector("#drawer").scrollWidth <= innerWidth && document.querySelector("#drawer").getBoundingClientRect().width <= innerWidth`, "true")
		for _, path := range []string{"/card/c1", "/sync"} {
			p.do(chromedp.Navigate(p.url + path))
			p.until(`document.documentElement.dataset.scripts === "on"`)
			p.is(`document.documentElement.scrollWidth <= innerWidth`, "true")
		}
	}
}
