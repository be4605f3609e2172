package web_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/chromedp/chromedp"

	"parley/kanban"
	"parley/sync/view"
	"parley/web/webtest"
)

// TestNoPageHindersAnybody runs the rules of axe over the board, who works on what and
// the wall, light and dark, at a desk's and a phone's width.
//
//nolint:tparallel,paralleltest // one browser: only the tab in front is given the pointer
func TestNoPageHindersAnybody(t *testing.T) {
	t.Parallel()
	file := os.Getenv("PARLEY_AXE")
	if file == "" {
		t.Skip("no axe: PARLEY_AXE names the file axe.min.js of npm's package axe-core")
	}
	rules, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	browser := webtest.Browser(t, 1440, 900)
	for name, c := range map[string]struct {
		path   string
		width  int64
		script string
	}{
		"board":             {"/", 1440, ""},
		"compact lanes":     {"/?group=unit&density=compact&turn=it&planned=yes", 1440, ""},
		"one line":          {"/?density=line&fold=review&open=done", 1440, ""},
		"menu of a card":    {"/", 1440, `document.querySelector(".card .menu").click()`},
		"help":              {"/", 1440, `document.getElementById("help-open").click()`},
		"more filters":      {"/", 1440, `document.querySelectorAll("details.pop").forEach((d) => d.open = true)`},
		"nothing matches":   {"/?turn=third&search=zebra", 1440, ""},
		"phone":             {"/", 360, ""},
		"filters, on phone": {"/?turn=it", 360, `document.querySelector(".filters-open").click()`},
		"people":            {"/people", 1440, ""},
		"people, on phone":  {"/people", 360, ""},
		"wall":              {"/?wall=1", 1440, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			adorn(d)
			p := open(browser, t, d, c.path)
			p.do(chromedp.EmulateViewport(c.width, 900))
			if c.script != "" {
				p.do(evaluate(c.script))
			}
			p.do(chromedp.Evaluate[chromedp.Void]("void (() => {" + string(rules) + "})()"))
			p.do(evaluate(`(() => { document.documentElement.dataset.theme = "light"; document.getAnimations().forEach((a) => a.finish()); })()`))
			p.hinders(`{}`)
			p.do(evaluate(`(() => { document.documentElement.dataset.theme = "dark"; document.getAnimations().forEach((a) => a.finish()); })()`))
			p.hinders(`{runOnly: ["color-contrast"]}`)
		})
	}
}

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

// hinders fails the test for everything that axe finds.
func (p *browserPage) hinders(options string) {
	p.t.Helper()
	p.do(evaluate(`(() => { delete window.found; axe.run(document, {resultTypes: ["violations"], ...` + options + `}).then((r) => { window.found = JSON.stringify(r.violations.map((v) => ({rule: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + " " + n.failureSummary)}))); }); })()`))
	p.until(`window.found !== undefined`)
	var found []struct {
		Rule, Help string
		Nodes      []string
	}
	if err := json.Unmarshal([]byte(p.text(`window.found`)), &found); err != nil {
		p.t.Fatal(err)
	}
	for _, f := range found {
		p.t.Errorf("%s: %s\n%q", f.Rule, f.Help, f.Nodes)
	}
}
