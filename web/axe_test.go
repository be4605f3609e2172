package web_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/chromedp/chromedp"

	"parley/kanban"
	"parley/sync/view"
	"parley/web/webtest"
)

// TestNoPageHindersAnybody runs the rules of axe over every page in every state, light
// and dark, at a desk's and a phone's width.
//
//nolint:tparallel,paralleltest // one browser: only the tab in front is given the pointer
func TestNoPageHindersAnybody(t *testing.T) {
	t.Parallel()
	walkUnwatched(t)
	file := os.Getenv("PARLEY_AXE")
	if file == "" {
		t.Skip("no axe: PARLEY_AXE names the file axe.min.js of npm's package axe-core")
	}
	rules, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	browser := webtest.Browser(t, 1440, 900)
	for name, s := range stages() {
		t.Run(name, func(t *testing.T) {
			p, _ := s.enter(browser, t, s.width(), 900)
			p.do(chromedp.Evaluate[chromedp.Void]("void (() => {" + string(rules) + "})()"))
			p.do(evaluate(plainControls), evaluate(fewAlike))
			for _, look := range []struct {
				theme   string
				width   int64
				options string
			}{{"light", 1440, everyRule}, {"dark", 1440, theme}, {"light", 360, everyRule}, {"dark", 360, theme}} {
				if look.width != s.width() && s.width() < 1440 {
					continue
				}
				p.do(chromedp.EmulateViewport(look.width, 900))
				p.until(fmt.Sprintf("innerWidth === %d", look.width))
				p.do(evaluate(`(() => { document.documentElement.dataset.theme = "` + look.theme + `"; document.getAnimations().forEach((a) => a.finish()); })()`))
				p.hinders(fmt.Sprint(look.theme, " ", look.width), look.options)
			}
		})
	}
}

// pale lists the words of charts that stand out too little from the plate under them: axe
// does not look at those.
const pale = `(() => {
	const light = (c) => { const [r, g, b] = c.match(/[\d.]+/g).map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
	return Array.from(document.querySelectorAll(".plate text")).filter((t) => t.checkVisibility()).filter((t) => {
		const [a, b] = [light(getComputedStyle(t).fill), light(getComputedStyle(t.closest(".plate")).backgroundColor)];
		return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5;
	}).map((t) => t.textContent).join(" | ");
})()`

// What is asked of axe: everything, and what a theme can change.
const (
	everyRule = `{rules: {"target-size": {enabled: true}}}`
	theme     = `{runOnly: ["color-contrast", "link-in-text-block"]}`
)

// plainControls takes away the arrows of controls: axe does not see that they stand
// beside the words and not behind them.
const plainControls = `(() => { const s = new CSSStyleSheet(); s.replaceSync("select { background-image: none !important }"); document.adoptedStyleSheets.push(s); })()`

// fewAlike leaves three of the rows, marks and points of a kind, those of the same elements
// with the same classes in the same place: axe takes half a minute over two hundred, and
// finds of the fourth what it finds of the first.
const fewAlike = `(() => {
	const shape = (e) => e.tagName + "." + (e.getAttribute("class") ?? "") + "(" + [...e.children].map(shape) + ")";
	for (const list of document.querySelectorAll("main *")) {
		if (list.children.length <= 12) continue;
		const met = {};
		for (const e of [...list.children]) if ((met[shape(e)] = (met[shape(e)] ?? 0) + 1) > 3) e.remove();
	}
})()`

// adorn gives the cards one of everything that a card can show.
func adorn(d *desk) {
	d.change("c1", func(c *view.Card) {
		c.Class, c.Planned, c.Blocked, c.BlockedDays, c.Band = "expedite", false, &kanban.Block{Reason: "the vendor", Party: kanban.Third}, 3, kanban.BandLate
	})
	d.change("c2", func(c *view.Card) {
		c.Class, c.Due, c.Band, c.Turn = "fixed-date", "2026-12-09", kanban.BandRisk, "business"
	})
	d.change("c3", func(c *view.Card) {
		c.Planned, c.Band, c.Turn = false, kanban.BandWatch, "third"
		c.Badges = []kanban.Badge{{Kind: kanban.BadgeDiffers, Text: "Status differs: On hold in Jira"}}
	})
	d.change("c4", func(c *view.Card) {
		c.Band, c.Pending = kanban.BandCalm, []kanban.Pending{{Side: "jira", To: "Done", State: "sending"}}
	})
}

// legible fails the test for words of charts that stand out too little from the ground of
// their plate: axe does not see what is behind words of an SVG.
func (p *browserPage) legible(look string) {
	p.t.Helper()
	faint := p.text(`(() => {
		const light = (rgb) => rgb.match(/[\d.]+/g).slice(0, 3).map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
		const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		return [...document.querySelectorAll(".chart text")].filter((t) => ratio(light(getComputedStyle(t).fill), light(getComputedStyle(t.closest(".plate")).backgroundColor)) < 4.5).map((t) => t.outerHTML).slice(0, 4).join(" ");
	})()`)
	if faint != "" {
		p.t.Errorf("%s: words that stand out too little: %s", look, faint)
	}
}

// hinders fails the test for everything that axe finds, and for what it cannot decide:
// but arrows are no words, what is covered or cut off by something else is for another
// stage to show, and for words of charts see legible.
func (p *browserPage) hinders(look, options string) {
	p.t.Helper()
	p.legible(look)
	p.do(evaluate(`(() => {
		delete window.found;
		const unsure = (n) => !/^<text /.test(n.html) && !/only non-text characters|overlapped by another|partially o|too short|contains an image node/.test(n.any.map((c) => c.message).join());
		const told = (kind, nodes) => (r) => ({kind, rule: r.id, help: r.help, nodes: nodes(r).slice(0, 4).map((n) => n.html.slice(0, 200) + " " + n.any.concat(n.all, n.none).map((c) => c.message).join("; "))});
		axe.run(document, {resultTypes: ["violations", "incomplete"], ...` + options + `}).then((r) => {
			window.found = JSON.stringify(r.violations.map(told("violation", (r) => r.nodes)).concat(r.incomplete.map(told("incomplete", (r) => r.nodes.filter(unsure))).filter((r) => r.nodes.length > 0)));
		});
	})()`))
	p.until(`window.found !== undefined`)
	var found []struct {
		Kind, Rule, Help string
		Nodes            []string
	}
	if err := json.Unmarshal([]byte(p.text(`window.found`)), &found); err != nil {
		p.t.Fatal(err)
	}
	p.is(pale, "")
	for _, f := range found {
		p.t.Errorf("%s %s %s: %s\n%q", look, f.Kind, f.Rule, f.Help, f.Nodes)
	}
}
