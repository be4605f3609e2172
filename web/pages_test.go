package web

import (
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/kanban"
	"parley/sync/view"
)

// attack ends an attribute of either kind of quote and an element, and starts a script.
const attack = `"'></li></option></title><script>alert(1)</script><img src=x onerror=alert(2)>`

// hostile is a card that attacks with every text that comes from a tracker or from
// the configuration.
func hostile() view.Card {
	c := cardN(1)
	key := "p" + attack
	c.Title, c.UnitName, c.Unit, c.PriorityName, c.Priority = attack, attack, kanban.UnitKey(attack), attack, &key
	c.Class, c.Due, c.Type, c.Group, c.Assignee, c.Planned = "fixed-date", attack, attack, attack, attack, false
	c.Blocked = &kanban.Block{Reason: attack, Party: kanban.Third}
	c.Pending = []kanban.Pending{{Side: attack, To: attack, State: "sending"}}
	c.Badges = []kanban.Badge{{Kind: kanban.BadgeRefused, Text: attack}, {Kind: kanban.BadgeDiffers, Text: attack}}
	for i := range c.Sides {
		s := &c.Sides[i]
		s.Key, s.Status, s.Priority, s.Error, s.Labels = attack, attack, attack, attack, []string{attack}
	}
	return c
}

// besiege makes everything that pages show an attack.
func besiege(w *world) {
	w.put(hostile())
	for i := range w.columns {
		w.columns[i].Name = attack
	}
	w.fresh = []view.Fresh{
		{Tracker: attack, Kind: attack, Level: "stale", Problem: attack, Import: attack, Notice: attack, Pauses: []view.Pause{{Text: attack, Cause: attack, Waits: attack, Why: attack}}}, {Tracker: attack, Kind: attack, Age: -1, Level: "never", Problem: attack, Import: attack},
	}
	w.plan = view.Plan{Writes: []view.PlanWrite{{Card: attack, Tracker: attack, Issue: attack, Field: attack, From: attack, To: attack, Reason: attack, Held: attack}}}
	w.clashes = []view.Clash{hostileClash("open"), hostileClash("auto")}
	w.lines = []view.Line{{Card: attack, Who: attack, Where: attack, Text: attack, Why: attack, Key: attack, Title: attack, Kind: attack}}
	w.moments = []view.Moment{{ID: attack, Where: attack, Who: attack, Kind: attack, Text: attack, Mark: attack, Day: attack, Hour: attack}, {ID: attack}, {ID: attack}}
	w.troubles = []view.Trouble{{Card: attack, Key: attack, Title: attack, Side: attack, Kind: attack, Text: attack, Retry: true}, {Key: attack, Text: attack}}
	w.channel = view.Channel{Quotas: []view.Quota{{Name: attack, Limit: 5, Left: 1}}, Sources: []view.Feed{{Name: attack, Problem: attack}, {Name: attack}}}
	w.tell = func(ex *view.Explanation) {
		ex.Paired, ex.Log = attack, w.lines
		for i := range ex.Fields {
			f := &ex.Fields[i]
			f.Agreed, f.By, f.Carry, f.Policy, f.Frozen = attack, attack, attack, attack, attack
			f.Sides = []view.SideStory{{Key: attack, Native: attack, Means: attack, Refused: attack}}
			f.Writes = []view.WriteStory{{Issue: attack, From: attack, To: attack, State: attack, Reason: attack, Problem: attack, Held: attack}}
			f.Lost = []view.Clash{hostileClash("open"), hostileClash("auto"), hostileClash(attack)}
		}
	}
}

func hostileClash(state string) view.Clash {
	said := view.Said{Value: attack, Native: attack + "'", Side: attack, Who: attack}
	return view.Clash{ID: attack, Card: attack, Key: attack, Title: attack, Field: attack, Name: attack, State: state, Rule: attack, Winner: &said, Kept: said, Loser: said, Restorable: true}
}

func TestTextsOfTrackersAreNeverMarkup(t *testing.T) {
	t.Parallel()
	w := newWorld()
	besiege(w)
	h := w.handler()
	w.refuse = &Refusal{Status: http.StatusUnprocessableEntity, Reason: attack, Allowed: []string{attack}}
	refused := form(h, "/card/"+string(cardN(1).ID)+"/move", "to=build&rev=1").Body.String()
	q := "?unit=" + urlEscaped(attack) + "&priority=" + urlEscaped(attack) + "&turn=" + urlEscaped(attack) + "&search=" + urlEscaped(attack) + "&column=" + urlEscaped(attack)
	cases := map[string]struct {
		html  string
		least int // times that the escaped attack is shown
	}{
		"board":    {page(t, h, "/", http.StatusOK), 10},
		"filtered": {page(t, h, "/"+q, http.StatusOK), 10},
		"card":     {page(t, h, "/card/"+string(cardN(1).ID), http.StatusOK), 40},
		"refused":  {refused, 42},
		"drawer":   {page(t, h, "/card/"+string(cardN(1).ID)+"?part=drawer", http.StatusOK), 40},
		"timeline": {page(t, h, "/card/"+string(cardN(1).ID)+"?part=timeline", http.StatusOK), 6},
		"sync":     {page(t, h, "/sync", http.StatusOK), 35},
		"stream":   {streamed(t, h), 5},
	}
	for name, c := range cases {
		if found := markup(c.html); found != "" {
			t.Errorf("%s: an attack became markup: %q", name, found)
		}
		if n := strings.Count(c.html, "&lt;script&gt;alert(1)"); n < c.least {
			t.Errorf("%s: the attack is shown %d times, fewer than %d: the page does not show what this test thinks", name, n, c.least)
		}
	}
}

// markup finds what must be in no page, "" if nothing: an element of the attack, or an
// attribute that runs a script or sets a style.
func markup(html string) string {
	if found := elements.FindString(html); found != "" {
		return found
	}
	return attributes.FindString(quoted.ReplaceAllString(html, `""`))
}

var (
	elements   = regexp.MustCompile(`(?i)<script>|<img|<style|"javascript:`)
	attributes = regexp.MustCompile(`(?i)<[^>]*\s(on[a-z]+|style)\s*=[^>]*>`)
	quoted     = regexp.MustCompile(`"[^"]*"`)
)

func TestPagesHoldNoInlineScriptOrStyle(t *testing.T) {
	t.Parallel()
	w := newWorld()
	full(w)
	w.write = "plan"
	h := w.handler()
	for target, status := range map[string]int{"/": 200, "/?unit=none-such": 200, "/card/PAY-2": 200, "/card/none": 404, "/sync": 200, "/nope": 404} {
		html := page(t, h, target, status)
		if found := markup(html); found != "" {
			t.Errorf("%s holds %q", target, found)
		}
		for _, tag := range regexp.MustCompile(`<script[^>]*>[^<]*`).FindAllString(html, -1) {
			if !strings.Contains(tag, ` src="/static/`) || !strings.HasSuffix(tag, ">") {
				t.Errorf("%s holds a script of its own: %q", target, tag)
			}
		}
	}
}

func TestLabelsOfACardStayInTheirAttributes(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.put(hostile())
	html := page(t, w.handler(), "/", http.StatusOK)
	for _, name := range []string{"data-title", "aria-label"} {
		value := regexp.MustCompile(`<li class="card[^>]* ` + name + `="([^"]*)"`).FindStringSubmatch(html)
		if value == nil || !strings.Contains(value[1], "&#34;&#39;&gt;&lt;/li&gt;") {
			t.Errorf("%s of the card is %q", name, value)
		}
	}
}

func TestAddressesThatRunScriptsAreNotLinked(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"javascript:alert(1)", "JaVaScRiPt:alert(1)", "\tjavascript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x"} {
		w := newWorld()
		c := cardN(1)
		c.Sides[0].URL = address
		w.put(c)
		html := page(t, w.handler(), "/card/PAY-1", http.StatusOK)
		for _, href := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(html, -1) {
			if scheme, _, ok := strings.Cut(href[1], ":"); ok && scheme != "https" {
				t.Errorf("%q is linked as %q", address, href[1])
			}
		}
		if !strings.Contains(html, "#ZgotmplZ") {
			t.Errorf("%q is not on the page at all", address)
		}
	}
}

func TestAVeryLongTitleIsShown(t *testing.T) {
	t.Parallel()
	w := newWorld()
	c := cardN(1)
	c.Title = strings.Repeat("long ", 20<<10)
	w.put(c)
	for _, target := range []string{"/", "/card/PAY-1"} {
		if html := page(t, w.handler(), target, http.StatusOK); !strings.Contains(html, c.Title) || !strings.HasSuffix(html, "</html>\n") {
			t.Errorf("%s: the title is not shown, or the page is not whole", target)
		}
	}
}

func TestNoticesOfThePage(t *testing.T) {
	t.Parallel()
	stale := view.Fresh{Tracker: "acme", Kind: "jira", Age: 600, Poll: 30, Level: "stale", Problem: "401 from Jira"}
	never := view.Fresh{Tracker: "acme", Kind: "jira", Age: -1, Poll: 30, Level: "never", Problem: "no such host", Import: "page 3"}
	cases := map[string]struct {
		set      func(*world)
		want     []string
		wantNone []string
	}{
		"writes are sent": {func(*world) {}, nil, []string{"Plan mode", "notice"}},
		"plan mode": {func(w *world) {
			c := cardN(1)
			c.Pending = []kanban.Pending{{Side: "jira", To: "Done", State: "held"}}
			w.write = "plan"
			w.put(c)
		}, []string{"Plan mode: every write is computed and none is sent. Found so far: 1 on both sides, 2 in GitHub only. 1 write waits;", `data-write="plan"`}, nil},
		"plan mode with nothing to write": {func(w *world) { w.write = "plan" }, []string{"0 writes wait"}, nil},
		"stale":                           {func(w *world) { w.fresh = []view.Fresh{stale} }, []string{"Jira has not answered for 10 min", "401 from Jira", `data-level="stale"`}, nil},
		"never read":                      {func(w *world) { w.fresh = []view.Fresh{never} }, []string{"Jira was not read yet: no such host", "Jira is being read for the first time: page 3", "not read yet"}, nil},
		"paused": {func(w *world) {
			w.fresh[0].Pauses = []view.Pause{{Text: "waiting for quota until 14:05, reads continue", Cause: "quota", Why: "slow down"}}
		},
			[]string{"waiting for quota until 14:05, reads continue", `data-cause="quota"`, `title="slow down"`}, []string{"notice"}},
		"empty board": {func(*world) {}, []string{"No cards yet.", "Nothing here. 5 free places."}, []string{"Nothing matches", `class="more"`}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			c.set(w)
			contains(t, page(t, w.handler(), "/", http.StatusOK), c.want, c.wantNone)
		})
	}
}

func TestSyncPageTellsOfATokenThatEnds(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.fresh = []view.Fresh{{Tracker: "code", Kind: "github", Poll: 30, Level: "live", Notice: "the token ends on 2026-12-01"}}
	contains(t, page(t, w.handler(), "/sync", http.StatusOK), []string{"the token ends on 2026-12-01"}, nil)
	w.fresh[0].Notice = ""
	contains(t, page(t, w.handler(), "/sync", http.StatusOK), nil, []string{"the token ends"})
}

func TestSyncPageTellsOfWebhooks(t *testing.T) {
	t.Parallel()
	w := newWorld()
	contains(t, page(t, w.handler(), "/sync", http.StatusOK), nil, []string{"Webhooks"})
	w.fresh[0].Hooks = &view.Hooks{Text: "last 14:02, 120 today"}
	contains(t, page(t, w.handler(), "/sync", http.StatusOK), []string{"Webhooks: last 14:02, 120 today"}, []string{"rejected"})
	w.fresh[0].Hooks.Problem = "3 rejected, the last at 14:01: the signature does not fit"
	contains(t, page(t, w.handler(), "/sync", http.StatusOK), []string{"3 rejected, the last at 14:01: the signature does not fit"}, nil)
}

func TestSyncPageTellsHowFarHistoriesAre(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.fresh = []view.Fresh{{Tracker: "code", Kind: "github", Poll: 30, Level: "live", History: "History: 3,200 of 29,057 issues"}}
	contains(t, page(t, w.handler(), "/sync", http.StatusOK), []string{"History: 3,200 of 29,057 issues"}, nil)
	w.fresh[0].History = ""
	contains(t, page(t, w.handler(), "/sync", http.StatusOK), nil, []string{"fresh-history"})
}

// contains reports what a text lacks and what it should lack.
func contains(t *testing.T, text string, want, wantNone []string) {
	t.Helper()
	for _, s := range want {
		if !strings.Contains(text, s) {
			t.Errorf("%q is missing", s)
		}
	}
	for _, s := range wantNone {
		if strings.Contains(text, s) {
			t.Errorf("%q is there", s)
		}
	}
}

func TestThemeIsTheReadersChoice(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{"light": "light", "dark": "dark", "": "auto", "pink": "auto", `"><b>`: "auto"} {
		r := request(http.MethodGet, "/", "")
		r.Header.Set("Cookie", "theme="+value)
		if html := serve(newWorld().handler(), r).Body.String(); !strings.Contains(html, `<html lang="en" data-theme="`+want+`">`) {
			t.Errorf("theme=%s does not make the page %s", value, want)
		}
	}
}

func TestCardPageTellsItsStory(t *testing.T) {
	t.Parallel()
	w := newWorld()
	full(w)
	html := page(t, w.handler(), "/card/acme%2Fshop%232", http.StatusOK)
	contains(t, html, []string{
		`tabindex="-1">Refund 2 is shown twice</h1>`, "One card by remote link on 2026-11-20 09:00.", "Status: Build", "Priority: High", "Set by Ada in Jira, 22 Nov 12:00 UTC.",
		"Left alone: the trackers differ", `<span class="op-rejected">refused</span>: no way there<span class="by"> moved on the board</span>`, `Status: the edit in Jira won</h3>`, `<td>Done (closed)</td><td>Bo in GitHub</td><td>22 Nov 12:00 UTC</td>`, `Jira wins a conflict.`, `<button>Restore Done</button>`, `<button>Keep Build</button>`, "Jira refused it",
		`<option value="build" selected>Build</option>`, `<option value="high" selected>High</option>`, `name="rev" value="3"`, `href="https://jira.test/browse/PAY-2"`,
	}, []string{`<option value="unmapped"`, "Possible:"})
}

func TestPagesThatCannotBeMade(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"/", "/card/PAY-1", "/sync"} {
		w := newWorld()
		w.put(cardN(1))
		w.fail = errors.New("open /var/lib/parley.db: secret detail")
		if html := page(t, w.handler(), target, http.StatusInternalServerError); strings.Contains(html, "secret") || !strings.Contains(html, "could not read its store") {
			t.Errorf("%s: %q", target, html)
		}
	}
	contains(t, page(t, newWorld().handler(), "/card/PAY-404", http.StatusNotFound), []string{"<h1>No such card</h1>"}, nil)
	contains(t, page(t, newWorld().handler(), "/?limit=x", http.StatusBadRequest), []string{`Limit: "x" is not a number from 1 to 1000.`}, nil)
}

func TestAMomentWithoutJSONIsNoHalfAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld()
	c := cardN(1)
	c.Sides[0].SeenAt = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	w.put(c)
	rec := ask(w.handler(), http.MethodGet, "/api/v1/cards/PAY-1", "")
	if rec.Code != http.StatusInternalServerError || !strings.HasPrefix(rec.Body.String(), `{"error":`) {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
}

func TestMarkupIsFound(t *testing.T) {
	t.Parallel()
	for html, bad := range map[string]bool{
		`<p title="x">`: false, `<p title="<b onclick=1>">`: false, `<p title="&#34; style=x">on=1</p>`: false,
		`<p onclick="x">`: true, `<p title="" onclick=x>`: true, `<p title=""'><script>x</script>">`: true, `<p style="x">`: true, `<a href="javascript:x">`: true, `<style>`: true,
	} {
		if found := markup(html); (found != "") != bad {
			t.Errorf("%s: found %q", html, found)
		}
	}
}

func TestAKeyOfSeveralCardsIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.fail = &view.SeveralError{Cards: []kanban.CardID{"one1", "two2"}}
	for _, target := range []string{"/card/PAY-1", "/api/v1/cards/PAY-1", "/api/v1/cards/PAY-1/explain"} {
		rec := ask(w.handler(), http.MethodGet, target, "")
		if body := rec.Body.String(); rec.Code != http.StatusConflict || !strings.Contains(body, "one1 two2") {
			t.Errorf("%s: %d %s", target, rec.Code, body)
		}
	}
}
