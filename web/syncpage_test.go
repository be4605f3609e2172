package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/kanban"
	"parley/sync/view"
)

func TestSyncPageTellsOfTroublesAndOffersToTryAgain(t *testing.T) {
	t.Parallel()
	w := newWorld()
	c := cardN(1)
	w.put(c)
	w.troubles = []view.Trouble{
		{Card: c.ID, Key: "PAY-1", Title: c.Title, Side: "jira", Kind: kanban.BadgeRefused, Text: "Jira has no way from To Do to Done", Retry: true},
		{Card: c.ID, Key: "PAY-1", Kind: kanban.BadgeUnmapped, Text: "Status \"QA\" in Jira is not in the configuration"},
		{Key: "PAY-9", Kind: view.TroubleQuarantine, Text: "It is left alone until it changes: its date is odd"},
	}
	html := page(t, w.handler(), "/sync", http.StatusOK)
	contains(t, html, []string{
		"To look at (3)", `<a href="/card/` + string(c.ID) + `">PAY-1</a>`, "Jira has no way from To Do to Done", "<b>PAY-9</b>",
		`action="/card/` + string(c.ID) + `/retry"`, "<b>1</b><span>refused or not readable</span>",
	}, nil)
	if n := strings.Count(html, "/retry"); n != 1 {
		t.Errorf("%d buttons to try again, want one", n)
	}
	h := New(Options{Readers: same(w), Identity: Everybody(view.Viewer{Audience: view.UnitAudience("sales"), Role: kanban.Requester}), Intents: w, Signal: w, Health: w, PublicURL: "http://example.com", Now: func() time.Time { return noon }})
	contains(t, page(t, h, "/sync", http.StatusOK), []string{"Jira has no way from To Do to Done"}, []string{"/retry", "parley apply", "/admin/mapping", "Would be written"})
}

func TestTryingAgainByForm(t *testing.T) {
	t.Parallel()
	w := newWorld()
	c := cardN(1)
	w.put(c)
	at := "/card/" + string(c.ID) + "/retry"
	for range 2 { // sent twice, as with a reload
		rec := form(w.handler(), at, "op=one")
		if want := "/sync?tried=" + string(c.ID) + "#troubles"; rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != want {
			t.Errorf("%d to %q, want 303 to %q", rec.Code, rec.Header().Get("Location"), want)
		}
	}
	if len(w.retried) != 1 || w.retried[0].Card != string(c.ID) || w.retried[0].By != view.Somebody() {
		t.Errorf("tried %+v, want once", w.retried)
	}
	if rec := form(w.handler(), at, "op="+strings.Repeat("x", 201)); rec.Code != http.StatusBadRequest {
		t.Errorf("a long op: %d", rec.Code)
	}
	if rec := form(w.handler(), "/card/PAY-404/retry", "op=two"); rec.Code != http.StatusNotFound || !strings.Contains(rec.Body.String(), "there is no such card.") {
		t.Errorf("an unknown card: %d", rec.Code)
	}
	w.refuse = &Refusal{Status: http.StatusForbidden, Reason: "you may not do this: an ops lead decides this"}
	if rec := form(w.handler(), at, "op=three"); rec.Code != http.StatusForbidden || !strings.Contains(rec.Body.String(), "an ops lead decides this.") {
		t.Errorf("refused: %d", rec.Code)
	}
}

func TestSyncPageTellsOfTrackersPlanAndAccount(t *testing.T) {
	t.Parallel()
	w := newWorld()
	full(w)
	w.write = "plan"
	w.plan.Hash = strings.Repeat("ab12", 16)
	var many []view.Line
	for n := range 61 {
		many = append(many, view.Line{Seq: int64(100 - n), At: noon, Card: cardN(1).ID, Kind: "wrote", Where: "jira", Key: "PAY-1", Title: "Refund", Text: "status now shows Done", Why: "Ada set status to Done in Jira"})
	}
	w.lines = many
	html := page(t, w.handler(), "/sync", http.StatusOK)
	contains(t, html, []string{
		"Would be written (3)", `<code class="command">parley apply ab12ab12ab12</code>`, ">PAY-1</a> <span class=\"quiet\">Refund</span>", "Status now shows Done <span class=\"by\">because Ada set status to Done in Jira</span>",
		`href="/sync?before=41#activity"`,
	}, nil)
	if rec := ask(w.handler(), http.MethodGet, "/sync?before=x", ""); rec.Code != http.StatusBadRequest {
		t.Errorf("an odd page: %d", rec.Code)
	}
}

func TestCardDrawerIsTheSameWithoutTheFrame(t *testing.T) {
	t.Parallel()
	w := newWorld()
	full(w)
	html := page(t, w.handler(), "/card/PAY-2?part=drawer", http.StatusOK)
	contains(t, html, []string{`data-close`, `id="card-title"`, "Whose turn it was", "8 d since it was begun", "IT <b>1.0 d</b>", "Business <b>4.9 d</b>", "Blocked <b>1.2 d</b>", `data-card="` + string(cardN(2).ID)}, []string{"<html", "appbar"})
	if rec := ask(w.handler(), http.MethodGet, "/card/PAY-2?part=all", ""); rec.Code != http.StatusBadRequest {
		t.Errorf("an odd part: %d", rec.Code)
	}
}

func TestTimelineIsReadOnByPages(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.put(cardN(1))
	for n := range 3 {
		w.moments = append(w.moments, view.Moment{ID: fmt.Sprint("e-", n), At: noon, Text: fmt.Sprint("Moment ", n), Day: "Sun 22 Nov 2026"})
	}
	contains(t, page(t, w.handler(), "/card/PAY-1", http.StatusOK), []string{"Moment 0", "Moment 1", `?before=e-1"`}, []string{"Moment 2"})
	contains(t, page(t, w.handler(), "/card/PAY-1?part=timeline&before=e-1", http.StatusOK), []string{"Moment 2"}, []string{"Moment 1", "before=", "card-title"})
}

func TestCardPageOffersWhatTheViewerMay(t *testing.T) {
	t.Parallel()
	as := func(who view.Viewer, change func(*view.Card)) string {
		w := newWorld()
		c := cardN(1)
		change(&c)
		w.put(c)
		h := New(Options{Readers: same(w), Identity: Everybody(who), Intents: w, Signal: w, Health: w, PublicURL: "http://example.com", Now: func() time.Time { return noon }})
		return page(t, h, "/card/PAY-1", http.StatusOK)
	}
	own := view.Viewer{Audience: view.UnitAudience("sales"), Role: kanban.Requester}
	asked := func(c *view.Card) { c.Column, c.Turn = "review", kanban.Business }
	contains(t, as(own, asked), []string{"Your turn", "/priority\"", "/block\"", `<option value="done">Done</option>`, `<option value="request" disabled>Requests (work on it has begun; an ops lead moves it to Requests)</option>`, "Planned: Ada said so"}, []string{"/planned\""})
	contains(t, as(own, func(*view.Card) {}), []string{"IT has the turn", "Not moved by you: IT has the turn in Build."}, []string{"/move\"", "Your turn"})
	contains(t, as(view.Viewer{Audience: view.UnitAudience("risk"), Role: kanban.Liaison}, asked), []string{"Business has the turn", "another unit&#39;s card"}, []string{"/move\"", "/priority\"", "/block\"", "Your turn"})
	contains(t, as(view.Viewer{Audience: view.AudienceIT, Role: kanban.Developer}, func(*view.Card) {}), []string{"Your turn", "/move\"", "/planned\""}, nil)
	contains(t, as(view.Viewer{Audience: view.AudienceWall}, func(*view.Card) {}), []string{"you may look at the board, not change it"}, []string{"method=\"post\""})
	contains(t, as(view.Somebody(), func(c *view.Card) {
		c.Blocked = &kanban.Block{Reason: "waits for the vendor", Party: kanban.Third, Since: noon, Here: true}
	}),
		[]string{"/unblock\"", "waits for the vendor", `<details class="block folds" hidden>`}, nil)
}

// The shares of a card's age are told in one unit, and add up to the time that went by.
func TestSharesOfAnAgeHaveOneUnit(t *testing.T) {
	t.Parallel()
	const hour = 3600
	for want, c := range map[string]view.Courts{
		"IT 0.8 d, Business 2.5 d, Blocked 0 d":                    {IT: 19 * hour, Business: 60 * hour},
		"IT 20 h, Business 5 h, Blocked 0 h":                       {IT: 20 * hour, Business: 5 * hour},
		"IT 0 d, Business 0 d, Blocked 4.6 d, Nobody's turn 0.5 d": {Blocked: 111 * hour, Nobody: 12 * hour},
		"IT 10 d, Business 0 d, Third party 2.5 d, Blocked 0 d":    {IT: 240 * hour, Third: 60 * hour},
	} {
		var got []string
		for _, x := range courts(c) {
			got = append(got, x.Name+" "+x.Time)
		}
		if text := strings.Join(got, ", "); text != want {
			t.Errorf("%q, want %q", text, want)
		}
	}
}

func TestTimesBesideEachOtherHaveOneUnit(t *testing.T) {
	t.Parallel()
	if tell := lengthsOf(47); tell(47) != "47 h" || tell(0.4) != "0 h" {
		t.Errorf("short ones: %s, %s", tell(47), tell(0.4))
	}
	if tell := lengthsOf(816); tell(816) != "34 d" || tell(134) != "5.6 d" || tell(12) != "0.5 d" {
		t.Errorf("long ones: %s, %s, %s", tell(816), tell(134), tell(12))
	}
}

func TestLengthsOfTime(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[int]string{0: "0 h", 59: "0 h", 60: "1 min", 3599: "59 min", 3600: "1 h", 47 * 3600: "47 h", 48 * 3600: "2 d", 117*3600 + 1800: "5 d", 480 * 3600: "20 d", 481 * 3600: "21 d"} {
		if got := span(seconds); got != want {
			t.Errorf("%d s: %s, want %s", seconds, got, want)
		}
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := view.Grouped(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
	for in, want := range map[[2]int]string{{1, 4}: "25.0%", {0, 0}: "0.0%", {9, 3}: "100.0%", {-1, 3}: "0.0%"} {
		if got := shareOf(in[0], in[1]); got != want {
			t.Errorf("%v: %s", in, got)
		}
	}
}

// What a tracker shows that has not answered lately is not known, so that nothing is said of it,
// and what it answered last is said once.
func TestSyncPageSaysNothingOfATrackerThatIsAway(t *testing.T) {
	t.Parallel()
	w := newWorld()
	true1, true2 := "both trackers show what the board shows", "every issue can be read"
	contains(t, page(t, w.handler(), "/sync", http.StatusOK), []string{true1, true2}, []string{"now is not known"})
	w.fresh[1].Level, w.fresh[1].Problem = "stale", "502 from GitHub"
	w.fresh[1].Pauses = []view.Pause{{Text: "it does not work; the next try is at 14:05", Cause: "failing", Why: "502 from GitHub"}}
	contains(t, page(t, w.handler(), "/sync", http.StatusOK), []string{
		"Nothing waits. What GitHub (code) shows now is not known.", "no write was refused. What GitHub (code) shows now is not known.",
		">It does not work; the next try is at 14:05</p>",
	}, []string{true1, true2})
	w.fresh[0].Level = "never"
	contains(t, page(t, w.handler(), "/sync", http.StatusOK), []string{"What Jira (acme) and GitHub (code) show now is not known."}, nil)
}
