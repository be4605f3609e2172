package web_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"parley/web"
	"parley/web/webtest"
)

// How often each way of moving a card is measured, and what the best of them must keep to:
// the budget of the design is 100 ms. Machines that do other things besides are given more.
const (
	timedMoves = 8
	mostMove   = 200 * time.Millisecond
)

// TestAMoveIsShownAtOnce measures, on the first page of a board of 5,000 cards, how long it
// takes from the key, or from letting go of the mouse, until the browser has drawn the card
// in its new column: to the second frame, which begins when the first one was drawn.
//
//nolint:tparallel,paralleltest // one browser: only the tab in front is drawn
func TestAMoveIsShownAtOnce(t *testing.T) {
	t.Parallel()
	browser := webtest.Browser(t, 1440, 900)
	for name, play := range map[string]string{"by key": `byKey`, "by mouse": `byMouse`} {
		t.Run(name, func(t *testing.T) {
			p := openBig(browser, t, 5000)
			p.do(evaluate(timing))
			p.do(evaluate(`timed(` + play + `)`))
			p.until(`window.took.length === 8`)
			var took []float64
			if err := json.Unmarshal([]byte(p.text(`JSON.stringify(window.took)`)), &took); err != nil {
				t.Fatal(err)
			}
			slices.Sort(took)
			t.Logf("best %.0f ms, median %.0f ms of %d on a page of %s cards", took[0], took[len(took)/2], len(took), p.text(`document.querySelectorAll(".board .card").length`))
			if len(took) != timedMoves || took[0] > float64(mostMove.Milliseconds()) {
				t.Errorf("moves took %.0f ms, want the best within %s", took, mostMove)
			}
			p.is(`document.querySelectorAll("#col-review .card.pending").length`, "8")
		})
	}
}

// openBig opens the board of a big company. What is asked of it is never answered.
func openBig(browser context.Context, t *testing.T, cards int) *browserPage {
	t.Helper()
	o := newHall(cards).options(t)
	o.PublicURL = ""
	server := httptest.NewServer(web.New(o))
	t.Cleanup(server.Close)
	tab, leave := chromedp.NewContext(browser)
	t.Cleanup(leave)
	ctx, cancel := context.WithTimeout(tab, 120*time.Second)
	t.Cleanup(cancel)
	p := &browserPage{t: t, ctx: ctx, url: server.URL}
	p.do(chromedp.EmulateViewport(1440, 900), chromedp.Navigate(server.URL+"/?open=done"))
	p.until(`document.documentElement.dataset.scripts === "on"`)
	p.do(evaluate(`window.fetch = () => new Promise(() => {})`))
	return p
}

// timing moves cards from In progress to Review, one after the other, and notes in took how
// long each needs to be drawn.
const timing = `Object.assign(window, {
	took: [],
	frames: (n) => new Promise((done) => { const next = (k) => (k ? requestAnimationFrame(() => next(k - 1)) : done()); next(n); }),
	async timed(move) {
		for (let i = 0; i < 8; i++) {
			const end = await move(document.querySelectorAll("#col-doing .card:not(.pending)")[3]);
			await frames(2);
			const at = performance.now();
			end();
			await frames(2);
			took.push(performance.now() - at);
		}
	},
	async byKey(card) {
		const press = (key) => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
		card.focus();
		press(" ");
		press("ArrowRight");
		return () => press(" ");
	},
	async byMouse(card) {
		const from = card.getBoundingClientRect();
		const to = document.querySelector("#col-review").getBoundingClientRect();
		const fire = (type, x, y) => card.dispatchEvent(new PointerEvent(type, { bubbles: true, cancelable: true, buttons: 1, pointerId: 1, isPrimary: true, pointerType: "mouse", clientX: x, clientY: y }));
		fire("pointerdown", from.left + 50, from.top + 20);
		fire("pointermove", from.left + 60, from.top + 20);
		await frames(2);
		fire("pointermove", to.left + 60, to.top + 200);
		return () => fire("pointerup", to.left + 60, to.top + 200);
	},
})`
