package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// hand does with a page what a person does who has only one way to do it.
type hand interface {
	press(p *browserPage, at string)         // a link, a button, a box to tick
	choose(p *browserPage, at, value string) // one of a list
	write(p *browserPage, at, text string)   // and says that it is all
	reach(p *browserPage, at string)         // and does nothing
}

// keyboard never touches a pointer: Tab goes on, Shift and Tab back, arrows go from card
// to card.
type keyboard struct{}

func (k keyboard) press(p *browserPage, at string) {
	p.t.Helper()
	k.reach(p, at)
	if p.text(`document.activeElement.matches("input[type=checkbox], input[type=radio]")`) == "true" {
		p.keys(" ")
		return
	}
	p.keys(kb.Enter)
}

func (k keyboard) choose(p *browserPage, at, value string) {
	p.t.Helper()
	k.reach(p, at)
	for range 12 {
		way := p.text(fmt.Sprintf(`(() => { const e = document.querySelector(%q); return e.selectedIndex - Array.from(e.options).findIndex((o) => o.value === %q); })()`, at, value))
		switch {
		case way == "0":
			return
		case way[0] == '-':
			p.keys(kb.ArrowDown)
		default:
			p.keys(kb.ArrowUp)
		}
		p.until(fmt.Sprintf(`document.activeElement.matches(%q)`, at))
		p.until(`!document.querySelector("#main[aria-busy]")`)
	}
	p.t.Fatalf("%s never becomes %s", at, value)
}

func (k keyboard) write(p *browserPage, at, text string) {
	p.t.Helper()
	k.reach(p, at)
	p.do(evaluate(`document.activeElement.select()`))
	p.keys(text)
}

// reach goes on until the focus is where it should be, and looks whether that is seen.
func (k keyboard) reach(p *browserPage, at string) {
	p.t.Helper()
	for range 160 {
		switch way := p.text(fmt.Sprintf(wayTo, at)); way {
		case "there":
			if p.text(`document.activeElement.matches(":focus-visible") && getComputedStyle(document.activeElement).outlineStyle !== "none"`) != "true" {
				p.t.Errorf("the focus at %s is not seen", at)
			}
			return
		case "back":
			p.do(chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(kb.ModifierShift)))
		case "on":
			p.keys(kb.Tab)
		default:
			p.keys(map[string]string{"down": kb.ArrowDown, "up": kb.ArrowUp, "left": kb.ArrowLeft, "right": kb.ArrowRight}[way])
		}
	}
	p.t.Fatalf("no key leads to %s; the focus is at %s", at, p.text(`document.activeElement.outerHTML.slice(0, 120)`))
}

// wayTo says which key comes nearer to an element.
const wayTo = `(() => {
	const goal = document.querySelector(%q), here = document.activeElement;
	if (here === goal) return "there";
	if (goal.matches("input[type=radio]") && here.matches("input[type=radio]") && here.form === goal.form && here.name === goal.name)
		return here.compareDocumentPosition(goal) & Node.DOCUMENT_POSITION_PRECEDING ? "up" : "down";
	const card = goal.closest(".board .card"), mine = here.closest(".board .card");
	if (card && mine && card !== mine) {
		if (here !== mine) return "back";
		const a = card.closest(".column"), b = mine.closest(".column");
		const before = (x, y) => x.compareDocumentPosition(y) & Node.DOCUMENT_POSITION_FOLLOWING;
		if (a === b) return before(mine, card) ? "down" : "up";
		return before(b, a) ? "right" : "left";
	}
	return here !== document.body && here.compareDocumentPosition(goal) & Node.DOCUMENT_POSITION_PRECEDING ? "back" : "on";
})()`

// pointer clicks once, on what can be seen before it comes near. It types only what has
// to be written.
type pointer struct{}

func (h pointer) press(p *browserPage, at string) {
	p.t.Helper()
	h.reach(p, at)
	p.do(chromedp.MouseClickXY(p.place(at)))
}

// choose opens nothing: the list that a browser drops down is its own, and not drawn here.
func (h pointer) choose(p *browserPage, at, value string) {
	p.t.Helper()
	h.reach(p, at)
	p.do(evaluate(fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.value = %q; e.dispatchEvent(new Event("change", {bubbles: true})); })()`, at, value)))
}

func (h pointer) write(p *browserPage, at, text string) {
	p.t.Helper()
	h.press(p, at)
	p.do(evaluate(`document.activeElement.select()`))
	p.keys(text)
}

// reach looks whether a click would meet the element, without a pointer over anything.
func (h pointer) reach(p *browserPage, at string) {
	p.t.Helper()
	p.do(chromedp.MouseEvent("mouseMoved", 1, 1))
	met := p.text(fmt.Sprintf(`(() => {
		const e = document.querySelector(%q);
		e.scrollIntoView({block: "nearest", inline: "nearest", behavior: "instant"});
		const b = e.getClientRects()[0] ?? e.getBoundingClientRect();
		const hit = document.elementFromPoint(b.left + b.width / 2, b.top + Math.min(b.height / 2, 40));
		return e.checkVisibility({opacityProperty: true, visibilityProperty: true}) && (e.contains(hit) || Boolean(e.closest("label")?.contains(hit))) || (hit?.outerHTML.slice(0, 100) ?? "nothing");
	})()`, at))
	if met != "true" {
		p.t.Fatalf("a click at %s meets %s", at, met)
	}
}

// controls names every sort of control that a page has now: what it stands in and what it
// does. What only regions and headings are is none.
func (p *browserPage) controls() []string {
	p.t.Helper()
	var out []string
	if err := json.Unmarshal([]byte(p.text(`JSON.stringify([...new Set(Array.from(document.querySelectorAll("a[href], button, select, input:not([type=hidden]), textarea, summary, .board .card, [contenteditable], [onclick]"), `+sortOf+`))])`)), &out); err != nil {
		p.t.Fatal(err)
	}
	return out
}

// control names the sort of one control.
func (p *browserPage) control(at string) string {
	p.t.Helper()
	return p.text(fmt.Sprintf(`(%s)(document.querySelector(%q))`, sortOf, at))
}

const sortOf = `((e) => {
	const place = e.closest("dialog, .pop, .filters, .toast, #bar, .appbar, #pulse, .board .card, .column, .card-body, .nothing, .notice, .door, main, body");
	const where = ["card", "column", "toast", "nothing", "notice", "door"].find((c) => place.classList.contains(c)) ?? (place.id || place.classList[0] || place.tagName.toLowerCase());
	const path = (a) => a.origin === location.origin ? a.pathname.replace(/^\/(card|conflict)\/[^/]+/, "/$1/*") : "tracker";
	const form = e.closest("form");
	let what = e.tagName.toLowerCase() + " " + (e.id || e.name || e.className.split(" ")[0] || e.closest("[data-field]")?.dataset.field || e.value || "");
	if (e.dataset.soft) what = "goes " + e.dataset.soft.replace(/-.*/, "");
	else if (e.dataset.key && e.closest("nav")) what = "page";
	else if (e.classList.contains("card")) what = "itself";
	else if (e.matches("#move a.open")) what = "leads to the card";
	else if (e.tagName === "A") what = "leads " + (e.matches(".skip") ? "on" : path(e));
	else if (form?.method === "post") what = "sends " + path(new URL(form.action)) + " " + (e.name || "");
	else if (e.tagName === "SUMMARY") what = "opens " + (e.closest(".why") ? "why" : e.closest(".plate") ? "Table" : e.parentElement.className.split(" ").at(-1) || e.textContent.replace(/\d+/, "n").split(":")[0]);
	else for (const name of ["rename", "forget", "close"]) if (name in e.dataset) what = name;
	return where + " " + what.trim();
})`

// run does a list of steps with a hand, and tells what was used.
func (s story) run(t *testing.T, p *browserPage, o *office, h hand, used func(string)) {
	t.Helper()
	for _, st := range s.steps {
		p.comes(st.at, func() bool { return p.holds(fmt.Sprintf(`document.querySelector(%q)`, st.at)) })
		used(p.control(st.at))
		st.do(h, p, st.at, st.value)
		if st.then != "" {
			p.comes(st.at+": "+st.then, func() bool { return p.holds("(" + st.then + `) && !document.querySelector("#main[aria-busy]")`) })
		}
		if st.asked != nil {
			p.comes(st.at+": the board being asked", func() bool { return st.asked(o) })
		}
	}
}

// comes waits for something; the page may be another one by then.
func (p *browserPage) comes(what string, is func() bool) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 15*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			p.t.Fatalf("waiting for %s; the page is %s, the focus at %s", what, p.text(`location.href`), p.text(`document.activeElement.outerHTML.slice(0, 120)`))
		}
	}
}

// holds reports whether an expression is true on the page; one that is being left has none.
func (p *browserPage) holds(expression string) bool {
	is, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool]("Boolean("+expression+")"))
	return err == nil && is
}
