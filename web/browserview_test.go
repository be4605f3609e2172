package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"parley/sync/view"
	"parley/web/webtest"
)

// TestViewsInABrowser looks at the board in every way there is, in a real browser.
//
//nolint:tparallel,paralleltest // one browser: only the tab in front is given the pointer
func TestViewsInABrowser(t *testing.T) {
	t.Parallel()
	browser := webtest.Browser(t, 1440, 900)
	for name, c := range map[string]struct {
		path string
		play func(*testing.T, *desk, *browserPage)
	}{
		"filters change without a new page":                {"/", filteredInPlace},
		"a folded column takes cards":                      {"/", folded},
		"views of one's own are kept":                      {"/?turn=it", savedView},
		"single keys can be switched off":                  {"/", keysOff},
		"g and a letter go to a page":                      {"/", goTo},
		"arrows stay in a lane, and so does a drop":        {"/?group=unit", inLanes},
		"a wall turns its pages and hides nothing by half": {"/?wall=1", walled},
		"the board fits a narrow phone":                    {"/", narrow},
		"lanes and people keep their limits true":          {"/?group=unit", limitsKept},
		"people fit a narrow phone":                        {"/people", narrow},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			c.play(t, d, open(browser, t, d, c.path))
		})
	}
	t.Run("blocking asks why, and can be taken back", func(t *testing.T) { blockedAndBack(browser, t, newDesk()) })
	t.Run("columns say why they do not take a card", func(t *testing.T) { closedColumns(browser, t, newDesk()) })
	t.Run("who is signed out is led to the door, and no card stays in view", func(t *testing.T) { turnedAway(browser, t, newDesk()) })
}

func filteredInPlace(_ *testing.T, d *desk, p *browserPage) {
	d.change("c1", func(c *view.Card) { c.Turn = "business" })
	p.do(evaluate(`window.same = "page"`), chromedp.Focus(chromedp.CSS(`#filters select[name="turn"]`)))
	p.do(evaluate(`(() => { const s = document.querySelector('#filters select[name="turn"]'); s.value = "business"; s.dispatchEvent(new Event("change", {bubbles: true})); })()`))
	p.until(`document.querySelectorAll(".card").length === 1`)
	p.is(`location.search`, "?turn=business")
	p.is(`document.activeElement.name`, "turn")
	p.is(`document.querySelector("#col-doing [data-count]").textContent`, "0 of 0")
	p.click(`#filters .control.set .off`)
	p.until(`document.querySelectorAll(".card").length === 4`)
	p.is(`location.search`, "")
	p.do(evaluate(`history.back()`))
	p.until(`document.querySelectorAll(".card").length === 1`)
	p.is(`window.same`, "page")
}

func folded(t *testing.T, d *desk, p *browserPage) {
	t.Helper()
	p.click(`#col-review .fold`)
	p.until(`document.getElementById("col-review").classList.contains("folded")`)
	p.is(`location.search`, "?fold=review")
	p.is(`document.activeElement.dataset.soft`, "fold-review")
	p.drag("#card-c1", "#col-review")
	p.until(columnOf("c1") + ` === "review" && !document.querySelector(".pending")`)
	p.until(`document.querySelector("#col-review [data-count] b").textContent === "1"`)
	if asked := d.intents(); len(asked) != 1 || asked[0].To != "review" {
		t.Errorf("asked for %+v, want a move to review", asked)
	}
	p.click(`#col-review .fold`)
	p.until(`document.querySelector("#col-review .card")?.offsetParent`)
	p.is(`location.search`, "")
}

func savedView(_ *testing.T, _ *desk, p *browserPage) {
	p.click("#saved summary")
	p.do(chromedp.Focus(chromedp.CSS(`#save-view input`)))
	p.keys("Mine" + kb.Enter)
	p.until(`document.querySelector("#saved-list a")?.textContent === "Mine"`)
	p.do(chromedp.Navigate(p.url + "/"))
	p.until(`document.documentElement.dataset.scripts === "on"`)
	p.click("#saved summary")
	p.click("#saved-list a")
	p.until(`location.search === "?turn=it"`)
	p.until(`document.querySelector("#saved-list a[aria-current]") && !document.getElementById("saved").open`)
	p.click("#saved summary")
	p.do(evaluate(`document.querySelector("#saved-list [data-rename]").click()`))
	p.is(`document.activeElement.value`, "Mine")
	p.keys("<b>Ours" + kb.Enter)
	p.is(`document.querySelector("#saved-list a").textContent`, "<b>Ours")
	p.do(evaluate(`document.querySelector("#saved-list [data-forget]").click()`))
	p.is(`document.querySelectorAll("#saved-list li").length`, "0")
	p.is(`localStorage.getItem("parley.views")`, "{}")
}

func keysOff(_ *testing.T, _ *desk, p *browserPage) {
	p.do(chromedp.Focus(chromedp.CSS("#card-c1")))
	p.keys("?")
	p.until(`document.getElementById("help").open`)
	p.click("#single-keys")
	p.keys(kb.Escape)
	p.until(`!document.getElementById("help").open`)
	p.do(chromedp.Focus(chromedp.CSS("#card-c1")))
	p.keys("mj/?")
	p.is(`document.querySelectorAll("dialog[open]").length`, "0")
	p.is(`document.activeElement.id`, "card-c1")
	p.keys(kb.ArrowDown)
	p.is(`document.activeElement.id`, "card-c2")
}

func goTo(_ *testing.T, _ *desk, p *browserPage) {
	p.keys("gp")
	p.arrive("people")
	p.keys("gb")
	p.arrive("board")
	p.do(chromedp.Focus(chromedp.CSS("#card-c1")))
	p.keys(kb.Enter)
	p.until(`document.querySelector("#drawer[open] #card-title")`)
}

// arrive waits for another page.
func (p *browserPage) arrive(page string) {
	p.t.Helper()
	p.do(chromedp.WaitVisible(chromedp.CSS(`html[data-scripts] body[data-page="` + page + `"]`)))
}

func inLanes(t *testing.T, d *desk, p *browserPage) {
	t.Helper()
	d.change("c2", func(c *view.Card) { c.Unit = "risk" })
	d.change("c4", func(c *view.Card) { c.Unit = "risk" })
	p.until(`document.querySelector('#col-doing [data-lane="risk"] #card-c4') && document.querySelector('#col-requests [data-lane="risk"] #card-c2')`)
	p.is(`getComputedStyle(document.querySelector("#col-doing")).display`, "grid")
	p.is(`document.querySelector('#col-requests [data-lane="risk"]').getBoundingClientRect().top === document.querySelector('#col-doing [data-lane="risk"]').getBoundingClientRect().top`, "true")
	p.do(chromedp.Focus(chromedp.CSS("#card-c2")))
	p.keys(kb.ArrowRight)
	p.is(`document.activeElement.id`, "card-c4")
	p.drag("#card-c4", "#col-review")
	p.until(columnOf("c4") + ` === "review" && !document.querySelector(".pending")`)
	p.is(`document.getElementById("card-c4").parentElement.dataset.lane`, "risk")
	p.click(`#col-requests .lane a`)
	p.until(`document.querySelectorAll(".card").length === 2`)
	p.is(`location.search`, "?fold=%2Ftrading&group=unit")
}

func walled(_ *testing.T, d *desk, p *browserPage) {
	for i := range 7 {
		d.mu.Lock()
		d.seq++
		d.add(fmt.Sprintf("OPS-%d", 20+i), "requests")
		d.tell()
		d.mu.Unlock()
	}
	p.until(`/^and \d+ more$/.test(document.querySelector(".wall .rest:not([hidden])")?.textContent)`)
	p.is(`document.documentElement.scrollHeight <= innerHeight && document.documentElement.scrollWidth <= innerWidth`, "true")
	p.is(`Array.from(document.querySelectorAll(".wall .card:not([hidden])")).filter((c) => c.offsetParent && c.getBoundingClientRect().bottom > c.closest(".cards").getBoundingClientRect().bottom + 1).length`, "0")
	p.is(`Array.from(document.querySelectorAll("button, select, input, nav")).filter((e) => e.offsetParent).length`, "0")
	p.is(`/^\d\d:\d\d$/.test(document.getElementById("wall-clock").textContent)`, "true")
	p.do(evaluate(`import("/static/wall.js").then((m) => { m.turn(); window.turned = true; })`))
	p.until(`window.turned`)
	p.is(`Array.from(document.querySelectorAll(".wall > *")).filter((e) => e.offsetParent && e.dataset.page).map((e) => e.className).join()`, "summary")
}

func narrow(_ *testing.T, _ *desk, p *browserPage) {
	p.do(chromedp.EmulateViewport(360, 740))
	p.until(`innerWidth === 360`)
	p.is(`document.documentElement.scrollWidth`, "360")
	p.is(`document.querySelector("a[href='/people']").offsetParent !== null`, "true")
}

// tampered answers some requests itself, and remembers what it was sent.
type tampered struct {
	http.Handler
	mu     sync.Mutex
	bodies []string
	answer func(w http.ResponseWriter, r *http.Request) bool
}

func (h *tampered) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		body, _ := io.ReadAll(r.Body)
		h.mu.Lock()
		h.bodies = append(h.bodies, r.URL.Path+" "+string(body))
		h.mu.Unlock()
	}
	if !h.answer(w, r) {
		h.Handler.ServeHTTP(w, r)
	}
}

func (h *tampered) around(next http.Handler) http.Handler {
	h.Handler = next
	return h
}

func blockedAndBack(browser context.Context, t *testing.T, d *desk) {
	t.Helper()
	h := &tampered{answer: func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost {
			return false
		}
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, `{"op":"x","state":"done","rev":2}`)
		return true
	}}
	p := openWith(browser, t, d, "/", h.around)
	p.do(chromedp.Focus(chromedp.CSS("#card-c1")))
	p.keys("b")
	p.until(`document.getElementById("block").open`)
	p.do(evaluate(`document.querySelector("#block [name=reason]").value = ""`)) // the key is typed apart from its pressing here, as no keyboard does
	p.keys("waits for the vendor")
	p.click(`#block input[value="third"]`)
	p.click(`#block form button:not([type])`)
	p.until(`document.querySelector("#toasts .undo")`)
	p.is(`document.activeElement.id`, "card-c1")
	p.is(`document.querySelector("#toasts .toast p").textContent`, "OPS-1 is blocked.")
	p.click("#toasts .undo")
	p.until(`!document.querySelector("#toasts .undo")`)
	p.until(`!document.querySelector(".pending")`)
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.bodies) != 2 {
		t.Fatalf("sent %q", h.bodies)
	}
	var block, undo struct {
		Reason, Party, Op string
		Rev               int
	}
	for i, into := range []any{&block, &undo} {
		_, body, _ := strings.Cut(h.bodies[i], " ")
		if err := json.Unmarshal([]byte(body), into); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.HasPrefix(h.bodies[0], "/api/v1/cards/c1/block ") || block.Reason != "waits for the vendor" || block.Party != "third" || block.Rev != 1 || block.Op == "" {
		t.Errorf("blocked with %s", h.bodies[0])
	}
	if want := fmt.Sprintf(`/api/v1/cards/c1/undo {"op":"%s"}`, block.Op); h.bodies[1] != want {
		t.Errorf("taken back with %s, want %s", h.bodies[1], want)
	}
}

func closedColumns(browser context.Context, t *testing.T, d *desk) {
	t.Helper()
	h := &tampered{answer: func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/api/v1/cards/c1" {
			return false
		}
		_, _ = io.WriteString(w, `{"id":"c1","targets":[{"column":"doing","ok":true},{"column":"review","ok":false,"reason":"Jira has no way there from Open"}]}`)
		return true
	}}
	p := openWith(browser, t, d, "/", h.around)
	x, y := p.hold("#card-c1", "#col-review")
	p.until(`document.querySelector("#col-review .why")?.textContent === "Jira has no way there from Open"`)
	p.is(`document.getElementById("col-review").classList.contains("no-target") && !document.getElementById("col-review").classList.contains("target")`, "true")
	p.letGo(x, y)
	p.until(`!document.querySelector(".why, .ghost")`)
	p.is(columnOf("c1"), "requests")
	p.click("#card-c1 .menu")
	p.until(`document.querySelector('#move button[value="review"]').getAttribute("aria-disabled") === "true"`)
	p.click(`#move button[value="review"]`)
	p.is(`document.getElementById("move-reason").textContent`, "Not to Review: Jira has no way there from Open.")
	p.is(`document.getElementById("move").open`, "true")
	if asked := d.intents(); len(asked) != 0 {
		t.Errorf("asked for %+v, want nothing", asked)
	}
}

func turnedAway(browser context.Context, t *testing.T, d *desk) {
	t.Helper()
	var mu sync.Mutex
	out := false
	h := &tampered{answer: func(w http.ResponseWriter, r *http.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		if out {
			w.WriteHeader(http.StatusUnauthorized)
		}
		return out
	}}
	p := openWith(browser, t, d, "/", h.around)
	mu.Lock()
	out = true
	mu.Unlock()
	p.do(evaluate(`document.querySelector(".views a").click()`))
	p.do(chromedp.WaitNotPresent(chromedp.CSS(".card")))
}

// limitsKept changes what counts against the limit of a unit while its lane, and then the
// page of people, are looked at.
func limitsKept(_ *testing.T, d *desk, p *browserPage) {
	d.mu.Lock()
	d.limit = view.Limit{Scope: "unit", Key: "trading", Name: "Trading", WIP: 2, Hard: true}
	d.mu.Unlock()
	said := `document.querySelector("[data-limit-of] .gauge").title`
	d.change("c1", func(c *view.Card) { c.Column = "doing" })
	p.until(`document.querySelector("[data-limit-of]") && ` + said + `.startsWith("2 of 2 in work, the hard limit is reached")`)
	p.do(evaluate(`window.fetch = () => new Promise(() => {})`)) // from here on only the stream tells
	d.change("c2", func(c *view.Card) { c.Column = "doing" })
	p.until(said + `.startsWith("3 of 2 in work, 1 over the hard limit")`)
	p.is(`document.querySelectorAll(".lane-limit").length`, "1")
	p.keys("gp")
	p.arrive("people")
	p.until(`document.querySelector(".row-limit") && ` + said + `.startsWith("3 of 2")`)
	p.do(evaluate(`window.fetch = () => new Promise(() => {})`))
	d.change("c3", func(c *view.Card) { c.Column = "doing" })
	p.until(said + `.startsWith("4 of 2 in work, 2 over the hard limit")`)
}
