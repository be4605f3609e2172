package web_test

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"parley/sync/view"
	"parley/web"
	"parley/web/webtest"
)

// TestBoardInABrowser uses the board as people do, in a real browser.
//
//nolint:tparallel,paralleltest // one browser: only the tab in front is given the pointer
func TestBoardInABrowser(t *testing.T) {
	t.Parallel()
	browser := webtest.Browser(t, 1440, 900)
	for name, play := range map[string]func(*testing.T, *desk, *browserPage){
		"a card dragged to a column is saved there once":         dragged,
		"Escape puts a dragged card back and sends nothing":      escaped,
		"the menu moves with clicks alone":                       clicked,
		"keys alone move a card":                                 typed,
		"keys lift a card and drop it":                           lifted,
		"a refusal takes back its own card only":                 refused,
		"an older picture does not replace a newer one":          outdated,
		"others' changes appear without a reload":                alive,
		"a card that others change while it is held goes back":   snatched,
		"changes of others wait while a card is held":            patient,
		"a card that others change while keys lift it goes back": snatchedFromKeys,
		"what waited for the block dialog is shown after it":     leftUnblocked,
		"what ended earlier stays within reach":                  earlierStays,
		"a long press lifts a card on a touch screen":            pressed,
		"the theme stays chosen":                                 themed,
		"a phone shows one column at a time":                     phoned,
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			play(t, d, open(browser, t, d, "/"))
		})
	}
	t.Run("a filtered page asks for what it shows", func(t *testing.T) {
		d := newDesk()
		filteredPage(t, d, open(browser, t, d, "/?turn=it"))
	})
}

func dragged(t *testing.T, d *desk, p *browserPage) {
	t.Helper()
	release := d.hold("c1")
	p.drag("#card-c1", "#col-review")
	p.until(columnOf("c1") + ` === "review"`)
	p.is(`document.getElementById("card-c1").classList.contains("pending")`, "true")
	p.is(`document.querySelector("#col-requests [data-count]").textContent`, "2")
	p.drag("#card-c1", "#col-done") // it is being saved: nothing may happen
	release()
	p.until(`!document.getElementById("card-c1").classList.contains("pending")`)
	p.is(columnOf("c1"), "review")
	p.is(`document.querySelector("#col-review [data-count]").textContent`, "1")
	p.is(`document.querySelectorAll(".ghost").length`, "0")
	asked := d.intents()
	if len(asked) != 1 || asked[0].To != "review" || asked[0].Rev != 1 || asked[0].Expect == nil || *asked[0].Expect != "requests" {
		t.Fatalf("asked for %+v, want one move from requests to review at revision 1", asked)
	}
	p.is(`document.getElementById("card-c1").dataset.rev`, "2")
	p.drag("#card-c1", "#col-done")
	p.until(columnOf("c1") + ` === "done" && !document.querySelector(".pending")`)
	if asked = d.intents(); len(asked) != 2 || asked[1].Rev != 2 || asked[1].Op == asked[0].Op {
		t.Errorf("the second move was %+v, want revision 2 and an id of its own", asked[1:])
	}
}

func escaped(t *testing.T, d *desk, p *browserPage) {
	t.Helper()
	x, y := p.hold("#card-c1", "#col-review")
	p.until(`document.querySelector(".ghost") && document.getElementById("col-review").classList.contains("target")`)
	p.keys(kb.Escape)
	p.until(`!document.querySelector(".ghost, .target, .lifted")`)
	p.letGo(x, y)
	p.is(columnOf("c1"), "requests")
	if asked := d.intents(); len(asked) != 0 {
		t.Errorf("asked for %+v, want nothing", asked)
	}
}

func clicked(t *testing.T, d *desk, p *browserPage) {
	t.Helper()
	p.click("#card-c2 .menu")
	p.until(`document.getElementById("move").open`)
	p.is(`document.querySelector('#move button[value="requests"]').disabled`, "true")
	p.click(`#move button[value="doing"]`)
	p.until(columnOf("c2") + ` === "doing" && !document.querySelector(".pending")`)
	p.is(`document.querySelector("#col-doing [data-count]").textContent`, "2/2")
	p.is(`document.activeElement.id`, "card-c2")
	p.click("#card-c2 .menu")
	p.click(`#move button[value="urgent"]`)
	p.until(`document.getElementById("card-c2").dataset.priority === "urgent" && !document.querySelector(".pending")`)
	asked := d.intents()
	if len(asked) != 2 || asked[1].Field != "priority" || asked[1].Expect == nil || *asked[1].Expect != "high" {
		t.Errorf("asked for %+v, want a move and then a priority that was high", asked)
	}
}

func typed(t *testing.T, d *desk, p *browserPage) {
	t.Helper()
	p.do(chromedp.Focus(chromedp.CSS("#copy-link")))
	for range 8 { // a few stops at most until the first card
		p.keys(kb.Tab)
		if p.text(`document.activeElement.id`) == "card-c1" {
			break
		}
	}
	p.keys(kb.ArrowDown)
	p.is(`document.activeElement.id`, "card-c2")
	p.keys("l")
	p.is(`document.activeElement.id`, "card-c4")
	p.keys("h" + "m")
	p.until(`document.getElementById("move").open`)
	p.keys(kb.Escape)
	p.until(`!document.getElementById("move").open`)
	p.is(`document.activeElement.id`, "card-c1")
	p.keys("m")
	p.until(`document.getElementById("move").open`)
	p.is(`document.activeElement.value`, "doing")
	p.keys(kb.Tab + kb.Enter)
	p.until(columnOf("c1") + ` === "review" && !document.querySelector(".pending")`)
	p.is(`document.activeElement.id`, "card-c1")
	p.keys("/")
	p.is(`document.activeElement.id`, "search")
	if asked := d.intents(); len(asked) != 1 {
		t.Errorf("asked for %+v, want one move", asked)
	}
}

func lifted(t *testing.T, d *desk, p *browserPage) {
	t.Helper()
	p.do(chromedp.Focus(chromedp.CSS("#card-c1")))
	p.keys(" " + kb.ArrowRight + kb.ArrowRight)
	p.is(`document.querySelector(".target").dataset.column`, "review")
	p.keys(kb.Escape + " " + kb.ArrowRight + " ")
	p.until(columnOf("c1") + ` === "doing" && !document.querySelector(".pending")`)
	p.keys("]")
	p.until(`document.getElementById("card-c1").dataset.priority === "urgent" && !document.querySelector(".pending")`)
	if asked := d.intents(); len(asked) != 2 || asked[0].To != "doing" || asked[1].To != "urgent" {
		t.Errorf("asked for %+v, want doing and urgent", asked)
	}
}

func refused(t *testing.T, d *desk, p *browserPage) {
	t.Helper()
	now := d.cards["c2"]
	now.Rev = 7
	d.refuse(t, "c2", &web.Refusal{Status: http.StatusConflict, Reason: "somebody moved it meanwhile", Card: &now})
	release := d.hold("c2")
	p.drag("#card-c2", "#col-review")
	p.until(columnOf("c2") + ` === "review"`)
	p.drag("#card-c1", "#col-done") // a second, good move while the first is on its way
	p.until(columnOf("c1") + ` === "done" && !document.getElementById("card-c1").classList.contains("pending")`)
	release()
	p.until(columnOf("c2") + ` === "requests"`)
	p.is(columnOf("c1"), "done")
	p.is(`document.getElementById("card-c2").nextElementSibling.id`, "card-c3")
	p.is(`document.getElementById("card-c2").classList.contains("pending")`, "false")
	p.is(`document.getElementById("card-c2").dataset.rev`, "7")
	p.is(`document.querySelector("#alerts .toast p").textContent`, "OPS-2 was not moved to Review. Somebody moved it meanwhile.")
	p.is(`document.querySelector("#col-requests [data-count]").textContent`, "2")
	p.is(`document.querySelector("#col-review [data-count]").textContent`, "0")
}

func outdated(_ *testing.T, d *desk, p *browserPage) {
	d.change("c3", func(c *view.Card) { c.Title = "Newer words" })
	p.until(`document.querySelector("#card-c3 .title").textContent.includes("Newer words")`)
	d.mu.Lock()
	c := d.cards["c3"]
	d.seq++
	c.Title, c.Seq = "Older words", 11 // what another reader of the store saw before
	d.cards["c3"] = c
	d.mu.Unlock()
	d.change("c4", func(c *view.Card) { c.Title = "The last change" })
	p.until(`document.querySelector("#card-c4 .title").textContent.includes("The last change")`)
	p.is(`document.querySelector("#card-c3 .title").textContent.includes("Newer words")`, "true")
	p.do(evaluate(`import("/static/place.js").then((m) => { window.told = m.show({id: "c3", seq: 10, column: "done", html: '<li class="card" id="card-c3" data-seq="10">Older words</li>'}); })`))
	p.until(`window.told === "old"`)
	p.is(columnOf("c3"), "requests")
}

func evaluate(script string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void]("void (" + script + ")")
}

func alive(_ *testing.T, d *desk, p *browserPage) {
	p.do(evaluate(`window.same = "page"`), chromedp.Focus(chromedp.CSS("#card-c2")))
	d.change("c2", func(c *view.Card) { c.Column, c.Title = "doing", `<b>Bold & "live"` })
	p.until(columnOf("c2") + ` === "doing"`)
	p.is(`document.querySelector("#card-c2 .title").textContent.trim()`, `<b>Bold & "live"`)
	p.is(`document.activeElement.id`, "card-c2")
	p.until(`document.querySelector("#col-doing [data-count]").textContent === "2/2"`)
	d.mu.Lock()
	d.seq++
	d.add("OPS-9", "done")
	d.tell()
	d.mu.Unlock()
	p.until(`document.querySelector("#col-done #card-c9") !== null`)
	p.is(`window.same`, "page")
	p.is(`document.querySelectorAll(".card").length`, "5")
}

func snatched(t *testing.T, d *desk, p *browserPage) {
	t.Helper()
	x, y := p.hold("#card-c1", "#col-review")
	p.until(`document.querySelector(".ghost")`)
	d.change("c1", func(c *view.Card) { c.Column = "done" })
	p.until(`!document.querySelector(".ghost")`)
	p.letGo(x, y)
	p.until(columnOf("c1") + ` === "done"`)
	p.is(`document.getElementById("alerts").textContent.includes("OPS-1 was changed by somebody else")`, "true")
	if asked := d.intents(); len(asked) != 0 {
		t.Errorf("asked for %+v, want nothing", asked)
	}
}

func patient(_ *testing.T, d *desk, p *browserPage) {
	x, y := p.hold("#card-c1", "#col-review")
	p.until(`document.querySelector(".ghost")`)
	d.change("c3", func(c *view.Card) { c.Column = "done" })
	d.change("c2", func(c *view.Card) { c.Column = "done" })
	p.do(evaluate(`import("/static/live.js").then((m) => { window.live = m; })`))
	p.until(`window.live && window.live.waiting() >= 2`)
	p.is(columnOf("c3"), "requests")
	p.letGo(x, y)
	p.until(columnOf("c3") + ` === "done" && ` + columnOf("c1") + ` === "review" && !document.querySelector(".pending")`)
	p.is(`document.querySelectorAll(".card").length`, "4")
}

// pressed plays a finger: chromedp's taps are too short to lift a card.
func pressed(t *testing.T, d *desk, p *browserPage) {
	t.Helper()
	p.do(evaluate(`window.finger = (kind, selector) => {
		const b = document.querySelector(selector).getBoundingClientRect();
		const at = {clientX: b.left + b.width / 2, clientY: b.top + 40, pointerId: 5, pointerType: "touch", isPrimary: true, bubbles: true, cancelable: true};
		(document.elementFromPoint(at.clientX, at.clientY) || document.body).dispatchEvent(new PointerEvent(kind, at));
	}`))
	p.do(evaluate(`(finger("pointerdown", "#card-c1"), finger("pointermove", "#col-review"), finger("pointerup", "#col-review"))`))
	p.is(`document.querySelectorAll(".ghost").length`, "0") // a swipe scrolls
	p.do(evaluate(`finger("pointerdown", "#card-c1")`))
	p.until(`document.querySelector(".ghost")`)
	p.do(evaluate(`(finger("pointermove", "#col-review"), finger("pointerup", "#col-review"))`))
	p.until(columnOf("c1") + ` === "review" && !document.querySelector(".pending")`)
	if asked := d.intents(); len(asked) != 1 {
		t.Errorf("asked for %+v, want one move", asked)
	}
}

func themed(_ *testing.T, _ *desk, p *browserPage) {
	p.is(`document.documentElement.dataset.theme`, "auto")
	p.click("#theme")
	p.click("#theme")
	p.is(`document.documentElement.dataset.theme`, "dark")
	p.is(`getComputedStyle(document.querySelector(".card")).backgroundColor`, "rgb(26, 31, 37)")
	p.do(chromedp.Navigate(p.url + "/"))
	p.until(`document.documentElement.dataset.scripts === "on"`)
	p.is(`document.documentElement.dataset.theme`, "dark")
	p.click("#theme")
	p.is(`document.documentElement.dataset.theme`, "auto")
}

func phoned(_ *testing.T, _ *desk, p *browserPage) {
	p.do(chromedp.EmulateViewport(390, 844))
	p.until(`Array.from(document.querySelectorAll(".column")).filter((c) => c.offsetParent).length === 1`)
	p.do(evaluate(`(() => { const s = document.getElementById("column-picker"); s.value = "doing"; s.dispatchEvent(new Event("change", {bubbles: true})); })()`))
	p.until(`document.getElementById("card-c4").offsetParent && !document.getElementById("card-c1").offsetParent`)
	p.is(`document.documentElement.scrollWidth <= 390`, "true")
}

func filteredPage(_ *testing.T, d *desk, p *browserPage) {
	d.change("c1", func(c *view.Card) { c.Turn = "business" })
	p.until(`!document.getElementById("card-c1")`)
	d.change("c1", func(c *view.Card) { c.Turn = "it" })
	p.until(`document.getElementById("card-c1")`)
	p.is(`document.querySelectorAll(".card").length`, "4")
}

func snatchedFromKeys(t *testing.T, d *desk, p *browserPage) {
	t.Helper()
	p.do(chromedp.Focus(chromedp.CSS("#card-c1")))
	p.keys(" ")
	p.until(`document.querySelector("#card-c1.lifted")`)
	p.keys(kb.ArrowRight)
	d.change("c1", func(c *view.Card) { c.Column = "done" })
	p.until(columnOf("c1") + ` === "done" && !document.querySelector(".lifted, .target")`)
	p.is(`document.getElementById("alerts").textContent.includes("OPS-1 was changed by somebody else")`, "true")
	p.keys(" " + kb.Escape) // lifts it anew, and drops it nowhere
	if asked := d.intents(); len(asked) != 0 {
		t.Errorf("asked for %+v, want nothing", asked)
	}
}

func leftUnblocked(_ *testing.T, d *desk, p *browserPage) {
	p.do(chromedp.Focus(chromedp.CSS("#card-c1")))
	p.keys("b")
	p.until(`document.getElementById("block").open`)
	d.change("c1", func(c *view.Card) { c.Title = "Said while it was open" })
	p.do(evaluate(`import("/static/live.js").then((m) => { window.live = m; })`))
	p.until(`window.live && window.live.waiting() >= 1`)
	p.keys(kb.Escape)
	p.until(`document.querySelector("#card-c1 .title").textContent.includes("Said while it was open")`)
}

func earlierStays(_ *testing.T, d *desk, p *browserPage) {
	p.do(evaluate(`document.querySelector("#col-done .cards").insertAdjacentHTML("afterend", '<a class="more" href="/?done=all" data-soft="earlier-done">37 ended earlier</a>')`))
	d.change("c1", func(c *view.Card) { c.Column = "done" })
	p.until(columnOf("c1") + ` === "done"`)
	d.mu.Lock()
	d.seq++
	d.add("OPS-9", "done")
	d.tell()
	d.mu.Unlock()
	p.until(`document.querySelector("#col-done #card-c9") !== null`)
	p.is(`document.querySelector("#col-done .more").textContent`, "37 ended earlier")
}
