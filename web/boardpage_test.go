package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"parley/kanban"
	"parley/sync/view"
)

func TestAddressesChangeOneThing(t *testing.T) {
	t.Parallel()
	a := addressOf("/", map[string][]string{"turn": {"it"}, "search": {"a & b"}, "density": {"line"}, "fold": {"build,/x"}, "utm_source": {"mail"}})
	for name, c := range map[string][2]string{
		"with":         {a.with("unit", "sales"), "/?density=line&fold=build%2C%2Fx&search=a+%26+b&turn=it&unit=sales"},
		"without":      {a.with("search", ""), "/?density=line&fold=build%2C%2Fx&turn=it"},
		"clear":        {a.clear(), "/?density=line&fold=build%2C%2Fx"},
		"folded":       {a.toggled("fold", "done"), "/?density=line&fold=build%2C%2Fx%2Cdone&search=a+%26+b&turn=it"},
		"unfolded":     {a.toggled("fold", "build"), "/?density=line&fold=%2Fx&search=a+%26+b&turn=it"},
		"nothing left": {addressOf("/", map[string][]string{"turn": {"it"}}).with("turn", ""), "/"},
	} {
		if c[0] != c[1] {
			t.Errorf("%s: %s, want %s", name, c[0], c[1])
		}
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		limit, count, unplanned int
		want                    string
	}{
		"no limit":               {0, 3, 1, ""},
		"free":                   {4, 2, 0, "ffee"},
		"unplanned come last":    {4, 3, 1, "ffue"},
		"beyond":                 {2, 4, 0, "ffbb"},
		"beyond, some unplanned": {3, 4, 2, "fuub"},
		"all unplanned":          {2, 3, 3, "uub"},
		"too many to draw":       {70, 3, 0, ""},
	} {
		var got []string
		for _, p := range placesOf(c.limit, c.count, c.unplanned) {
			got = append(got, p[:1])
		}
		if text := strings.Join(got, ""); text != c.want {
			t.Errorf("%s: %s, want %s", name, text, c.want)
		}
	}
}

func TestStateLines(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		set        func(*view.Card)
		want, icon string
	}{
		"nothing":   {func(*view.Card) {}, "", ""},
		"asked":     {func(c *view.Card) { c.Ask, c.Since = "asked", "2026-11-09" }, "Asked 9 Nov: answer it", "ask"},
		"delivered": {func(c *view.Card) { c.Ask, c.Since = "delivered", "2026-11-17" }, "Delivered 17 Nov: accept it", "check"},
		"differs": {func(c *view.Card) {
			c.Badges = []kanban.Badge{{Kind: kanban.BadgeDiffers, Text: "Status differs"}}
			c.Ask = "asked"
		}, "Status differs", "differs"},
		"held": {func(c *view.Card) {
			c.Pending = []kanban.Pending{{State: "held"}}
			c.Badges = []kanban.Badge{{Kind: kanban.BadgeHeld, Text: "Waits"}}
		}, "Waits", "hold"},
		"saving": {func(c *view.Card) {
			c.Pending = []kanban.Pending{{Side: "jira", To: "Done", State: "sent"}}
			c.Badges = []kanban.Badge{{Kind: kanban.BadgeDiffers}}
		}, "Saving to Jira: Done", "save"},
		"blocked": {func(c *view.Card) {
			c.Blocked = &kanban.Block{Reason: "the bank"}
			c.BlockedDays = 4
			c.Pending = []kanban.Pending{{State: "sent"}}
		}, "Blocked 4 d: the bank", "block"},
		"blocked, quiet": {func(c *view.Card) { c.Blocked, c.BlockedDays = &kanban.Block{Party: kanban.Third}, 1 }, "Blocked today: waits for third party", "block"},
		"refused": {func(c *view.Card) {
			c.Blocked = &kanban.Block{}
			c.Badges = []kanban.Badge{{Kind: kanban.BadgeRefused, Text: "Jira refused"}}
		}, "Jira refused", "block"},
	} {
		card := cardN(1)
		c.set(&card)
		got, icon := "", ""
		if l := stateLine(card); l != nil {
			got, icon = l.Text, l.Icon()
		}
		if got != c.want || icon != c.icon {
			t.Errorf("%s: %q with %q, want %q with %q", name, got, icon, c.want, c.icon)
		}
	}
}

func TestFacesOfCards(t *testing.T) {
	t.Parallel()
	jira, github, masked := cardN(1), cardN(2), cardN(3)
	jira.Sides = jira.Sides[:1]
	github.Sides, github.Due, github.Class, github.Planned, github.Band = github.Sides[1:], "2026-12-09", "fixed-date", false, kanban.BandLate
	masked.Sides, masked.Turn, masked.Since = nil, kanban.Nobody, "2026-11-02"
	w := newWorld()
	w.put(cardN(0), jira, github, masked)
	text := page(t, w.handler(), "/", http.StatusOK)
	contains(t, text, []string{
		`>PAY-0</a><span class="ref" title="acme/shop#0">shop#0</span>`, `>PAY-1</a><span class="ref">Jira only</span>`, `title="acme/shop#2">shop#2</a><span class="ref"></span>`, `>Key not shown</a>`,
		`9 Dec</span>`, `Unplanned</span>`, `class="card band-late"`, "much older than usual", "since 2 Nov", `<b class="who">IT</b><span class="since">2 d</span>`,
	}, []string{"acme/shop#2<", "Nobody</b>"})
}

func TestTheBoardIsDrawnAsAsked(t *testing.T) {
	t.Parallel()
	w := crowd(40)
	w.fresh = w.fresh[:1]
	h := w.handler()
	for target, want := range map[string]struct{ with, without []string }{
		"/":                          {[]string{`data-density="comfortable"`, `<section class="column folded" id="col-done"`, `aria-label="Open Done"`, `href="/?open=done"`, `href="/?fold=build"`}, []string{"Remove "}},
		"/?density=compact":          {[]string{`data-density="compact"`, `<option value="compact" selected>`, "Remove Density"}, nil},
		"/?density=huge":             {[]string{`data-density="comfortable"`, `<option value="huge" selected>huge</option>`}, nil},
		"/?open=done&fold=build":     {[]string{`<section class="column over folded" id="col-build"`, `href="/?fold=build"`, `href="/?open=done"`}, []string{`folded" id="col-done"`}},
		"/?turn=business&group=unit": {[]string{`<a href="/?group=unit&amp;turn=business" aria-current="true"`}, nil},
		"/?turn=it":                  {[]string{`<a href="/?turn=it" aria-current="true"`, "Remove Turn", `<b>10</b> of 10`}, nil},
		"/?planned=no&stage=work&state=look&assignee=none&epic=PRG-1&project=acme%2Fshop&done=all&priority=low": {
			[]string{"Nobody planned ", "In work ", "To look at ", "Nobody works on it ", "PRG-1 ", "shop ", "Also what ended long ago ", "Low ", "Clear all", `name="assignee" value="none"`}, nil},
	} {
		t.Run(target, func(t *testing.T) {
			t.Parallel()
			contains(t, page(t, h, target, http.StatusOK), want.with, want.without)
		})
	}
}

func TestFiguresOfThePulse(t *testing.T) {
	t.Parallel()
	p := mustPages(mustStatic(), nil)
	text := func(pulse view.Pulse) string {
		html, err := p.fragment("pulse", pulse)
		if err != nil {
			t.Fatal(err)
		}
		return regexp.MustCompile(`\s+`).ReplaceAllString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(html, " "), " ")
	}
	full := view.Pulse{InWork: 31, Limit: 30, Over: []view.Over{{Name: "Build", By: 2}, {Name: "Test", By: 1}}, Unplanned: 8, Business: 11, Third: 2, IT: 18, OldestDays: 11, ITDays: 6, ThirdDays: 3, Calm: 14, Watch: 11, Risk: 4, Late: 2,
		Baseline: kanban.Baseline{N: 42, P50: 5, P85: 11, P95: 16}, Saving: 3, Mismatch: 1}
	contains(t, text(full), []string{"31 of 30", "2 columns over", "8 of 31", "26 % by count", "11 Business", "18 IT", "longest with business 11 d · with IT 6 d", "6 of 31", "2 past the 95 % line", "1 to look at"}, []string{"no baseline"})
	over := view.Pulse{InWork: 14, Limit: 20, Over: []view.Over{{Key: "build", Name: "Build", By: 2}}, Baseline: kanban.Baseline{N: 4}}
	contains(t, text(over), []string{"14 of 20", "Build 2 over", "no baseline yet", "4 of 10 finished cards in 90 days", "nothing is in work"}, []string{"95 %"})
	contains(t, text(view.Pulse{}), []string{"no limit for all of it"}, []string{"%", " over"})
	for _, parts := range [][]part{ageParts(full), turnParts(full), plannedParts(full)} {
		for _, p := range parts {
			if p.Grow < 1 || p.Grow > 20 {
				t.Errorf("%s of %d grows %d", p.Kind, p.Count, p.Grow)
			}
		}
	}
}

func TestThePageOfPeople(t *testing.T) {
	t.Parallel()
	w := newWorld()
	card := cardN(1)
	card.Blocked = &kanban.Block{}
	w.put(card)
	contains(t, page(t, w.handler(), "/people?turn=it", http.StatusOK), []string{
		`<a href="/?assignee=Ada">Ada</a>`, `href="/?assignee=Ada&amp;project=acme%2Fshop">All 9</a>`, "PAY-1", "blocked", `<i class="here"></i><i class="ahead"></i>`, `href="/people?by=epic&amp;turn=it"`, "Build",
	}, nil)
	if rec := ask(w.handler(), http.MethodGet, "/people?limit=x", ""); rec.Code != http.StatusBadRequest {
		t.Errorf("limit=x: %d", rec.Code)
	}
	w.fail = http.ErrBodyNotAllowed
	page(t, w.handler(), "/people", http.StatusInternalServerError)
	page(t, w.handler(), "/?wall=1", http.StatusInternalServerError)
}

func TestTheWall(t *testing.T) {
	t.Parallel()
	w := crowd(60)
	text := page(t, w.handler(), "/?wall=1", http.StatusOK)
	contains(t, text, []string{`data-page="wall"`, `data-pages="2"`, "Over the limit", "Older than usual (45)", `<time id="wall-clock" data-zone="UTC">12:00</time>`}, []string{"<select", "<nav", `id="theme"`, "<dialog"})
	if n := strings.Count(text, `<li class="card`); n != 3*8 {
		t.Errorf("%d cards on three columns", n)
	}
}
