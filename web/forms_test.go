package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/sync/view"
)

func urlEscaped(s string) string { return url.QueryEscape(s) }

// serve answers one request.
func serve(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec
}

// form sends a form as a browser without scripts does.
func form(h http.Handler, target, values string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(values))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return serve(h, r)
}

func TestFormsOfACardPageWorkWithoutScripts(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.put(cardN(1))
	h := w.handler()
	html := page(t, h, "/card/PAY-1", http.StatusOK)
	forms := regexp.MustCompile(`<form method="post" action="([^"]*)"><input type="hidden" name="rev" value="(\d+)"><input type="hidden" name="op" value="([^"]*)">`).FindAllStringSubmatch(html, -1)
	if len(forms) != 4 || forms[0][3] == forms[1][3] || forms[1][3] == forms[2][3] || forms[2][3] == forms[3][3] {
		t.Fatalf("the page has not four forms with ops of their own: %q", forms)
	}
	for i, values := range []string{"to=review", "to=low", "party=third&reason=waits+for+the+bank"} {
		values += "&rev=" + forms[i][2] + "&op=" + forms[i][3]
		for range 2 { // sent twice, as with a reload
			rec := form(h, forms[i][1], values)
			if want := "/card/" + string(cardN(1).ID) + "?undo=" + forms[i][3]; rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != want {
				t.Errorf("%s: %d to %q, want 303 to %q", values, rec.Code, rec.Header().Get("Location"), want)
			}
		}
	}
	c, _ := w.Card(t.Context(), "PAY-1")
	if c.Column != "review" || *c.Priority != "low" || c.Blocked == nil || c.Blocked.Reason != "waits for the bank" || c.Rev != cardN(1).Rev+3 {
		t.Errorf("after three forms, each sent twice: %s, %s, revision %d", c.Column, *c.Priority, c.Rev)
	}
}

func TestBlockAndUndoWithoutScripts(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.put(cardN(1))
	h := w.handler()
	action := func(target, name string) (string, string) {
		t.Helper()
		html := page(t, h, target, http.StatusOK)
		form := regexp.MustCompile(`action="(/card/[^"]*/` + name + `)">(?:<input type="hidden" name="rev" value="3">)?<input type="hidden" name="op" value="([^"]*)">`).FindStringSubmatch(html)
		if form == nil {
			t.Fatalf("%s has no form to %s", target, name)
		}
		return form[1], form[2]
	}
	at, op := action("/card/PAY-1", "block")
	rec := form(h, at, "party=it&reason=%3Cb%3Ehot&rev=3&op="+op)
	html := page(t, h, rec.Header().Get("Location"), http.StatusOK)
	if !strings.Contains(html, "it waits for IT") || !strings.Contains(html, "&lt;b&gt;hot") || !strings.Contains(html, "<button>Unblock</button>") {
		t.Error("the page does not tell of the block, or not as text")
	}
	at, undo := action(rec.Header().Get("Location"), "undo")
	if rec := form(h, at, "op="+undo); rec.Code != http.StatusSeeOther || undo != op || len(w.undone) != 1 {
		t.Errorf("undo of %q: %d, %+v; want 303 and the op of the block %q", undo, rec.Code, w.undone, op)
	}
	if c, _ := w.Card(t.Context(), "PAY-1"); c.Blocked != nil {
		t.Error("it is blocked still")
	}
	form(h, "/card/PAY-1/block", "party=it&reason=hot&rev=5")
	if rec := form(h, "/card/PAY-1/unblock", "rev=6"); rec.Code != http.StatusSeeOther {
		t.Errorf("unblock: %d, want 303", rec.Code)
	}
	if c, _ := w.Card(t.Context(), "PAY-1"); c.Blocked != nil || w.asked[len(w.asked)-1].To != "" {
		t.Error("it is blocked still")
	}
}

func TestWhetherACardWasPlannedIsSaidByAForm(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.put(cardN(1))
	h := w.handler()
	contains(t, page(t, h, "/card/PAY-1", http.StatusOK), []string{`/planned"><input`, `name="to" value="unplanned">Count as unplanned</button>`, "Planned: Ada said so, 22 Nov 12:00 UTC: it was on the list"}, []string{`value="rules"`, `value="planned"`})
	rec := form(h, "/card/PAY-1/planned", "to=unplanned&reason=%3Cb%3Ehot&rev=3&op=one")
	if in := w.asked[0]; rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != "/card/PAY-1?undo=one" || in.Field != "planned" || in.To != "unplanned" || in.Reason != "<b>hot" || in.Rev != 3 || in.Op != "one" {
		t.Errorf("%d to %q, asked for %+v", rec.Code, rec.Header().Get("Location"), in)
	}
	contains(t, page(t, h, rec.Header().Get("Location"), http.StatusOK), []string{`/undo">`, `value="planned">Count as planned</button>`, `value="rules">Leave it to the rules</button>`, "Unplanned: "}, nil)
}

func TestWhoSaysThatACardWasPlanned(t *testing.T) {
	t.Parallel()
	tell := func(time.Time) string { return "today" }
	for want, c := range map[string]struct {
		planned bool
		story   *view.SortStory
	}{
		"Planned.":                                                {true, nil},
		"Unplanned: Ada said so, today: a fire":                   {false, &view.SortStory{By: "Ada", Reason: "a fire", Rule: 2}},
		"Planned: somebody said so, today.":                       {true, &view.SortStory{By: "somebody"}},
		"Unplanned: rule 2 of the configuration says so.":         {false, &view.SortStory{Rule: 2}},
		"Unplanned: it is expedited, and no rule says otherwise.": {false, &view.SortStory{}},
		"Planned: no rule says otherwise.":                        {true, &view.SortStory{}},
		"Unplanned: it was in work 10 minutes after it was created, and nobody had committed to it. No rule says otherwise.":         {false, &view.SortStory{Arrived: &view.Arrival{Minutes: 10}}},
		"Unplanned: it was in work 23 hours after it was created, and nobody had committed to it. No rule says otherwise.":           {false, &view.SortStory{Arrived: &view.Arrival{Minutes: 24*60 - 1}}},
		"Unplanned: it was in work less than a minute after it was created, and nobody had committed to it. No rule says otherwise.": {false, &view.SortStory{Arrived: &view.Arrival{}}},
		"Unplanned: it was in work 3 days after it was created, and nobody had committed to it. No rule says otherwise.":             {false, &view.SortStory{Arrived: &view.Arrival{Minutes: 72 * 60}}},
	} {
		if got := sortWords(view.Card{Planned: c.planned}, c.story, tell); got != want {
			t.Errorf("said %q, want %q", got, want)
		}
	}
}

func TestFormsThatAreRefused(t *testing.T) {
	t.Parallel()
	refusal := func(status int) func(*world) {
		return func(w *world) {
			w.refuse = &Refusal{Status: status, Reason: "neither tracker can show Done", Allowed: []string{"build", "review"}}
		}
	}
	cases := map[string]struct {
		target, values string
		set            func(*world)
		status         int
		want           string
	}{
		"no way there":    {"/card/PAY-1/move", "to=done&rev=3", refusal(422), 422, `role="alert">neither tracker can show Done. Possible: build, review.`},
		"changed":         {"/card/PAY-1/priority", "to=low&rev=2", refusal(409), 409, `role="alert">neither tracker can show Done`},
		"no such card":    {"/card/PAY-9/move", "to=done&rev=3", nil, 404, "No such card"},
		"nothing chosen":  {"/card/PAY-1/move", "rev=3", nil, 400, "to: name a column"},
		"no priority":     {"/card/PAY-1/priority", "rev=3&to=", nil, 400, "to: name a priority"},
		"no revision":     {"/card/PAY-1/move", "to=done", nil, 400, "rev: it is not a revision"},
		"nobody to wait":  {"/card/PAY-1/block", "reason=hot&rev=3", nil, 400, "party: say for whom it waits"},
		"planned or what": {"/card/PAY-1/planned", "reason=hot&rev=3", nil, 400, "to: name a choice, planned, unplanned or rules"},
		"not blocked":     {"/card/PAY-1/unblock", "rev=3", refusal(422), 422, `role="alert">neither tracker can show Done`},
		"too late":        {"/card/PAY-1/undo", "op=one", refusal(422), 422, `role="alert">neither tracker can show Done`},
		"nothing to undo": {"/card/PAY-1/undo", "rev=3", nil, 400, "op: name the change that is to be taken back"},
		"odd revision":    {"/card/PAY-1/move", "to=done&rev=x", nil, 400, "rev: it is not a revision"},
		"in the address":  {"/card/PAY-1/move?to=done&rev=3", "", nil, 400, "to: name a column"},
		"long op":         {"/card/PAY-1/move", "to=done&rev=3&op=" + strings.Repeat("x", 201), nil, 400, "op: it is longer than 200 bytes"},
		"too large":       {"/card/PAY-1/move", "to=done&rev=3&op=" + strings.Repeat("x", maxBody), nil, 400, "cannot be taken"},
		"the store fails": {"/card/PAY-1/move", "to=done&rev=3", func(w *world) { w.fail = errors.New("disk") }, 500, "could not read its store"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.put(cardN(1))
			if c.set != nil {
				c.set(w)
			}
			rec := form(w.handler(), c.target, c.values)
			if rec.Code != c.status || !strings.Contains(rec.Body.String(), c.want) {
				t.Errorf("%d, want %d with %q:\n%s", rec.Code, c.status, c.want, rec.Body)
			}
		})
	}
}

func TestIntentsArriveAsTheyWereAsked(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.put(cardN(1))
	h := w.handler()
	for range 2 {
		rec := ask(h, http.MethodPost, "/api/v1/cards/acme%2Fshop%231/move", `{"to":"review","after":"x","expect_column":"build","rev":3,"op":"mine"}`)
		if rec.Code != http.StatusAccepted || strings.TrimSpace(rec.Body.String()) != `{"op":"mine","state":"sent","rev":4}` {
			t.Errorf("%d %s", rec.Code, rec.Body)
		}
	}
	ask(h, http.MethodPost, "/api/v1/cards/PAY-1/priority", `{"to":"low"}`)
	ask(h, http.MethodPost, "/api/v1/cards/PAY-1/priority", `{"to":"low"}`)
	ask(h, http.MethodPost, "/api/v1/cards/PAY-1/priority", `{"to":"low","expect_priority":"high"}`)
	build := "build"
	move := Intent{Card: "acme/shop#1", Field: "status", To: "review", Expect: &build, Rev: 3, Op: "mine", By: view.Somebody()}
	if diff := cmp.Diff([]Intent{move, move}, w.asked[:2]); diff != "" {
		t.Error(diff)
	}
	a, b := w.asked[2], w.asked[3]
	if a.Field != "priority" || a.To != "low" || a.Expect != nil || len(a.Op) != 32 || a.Op == b.Op {
		t.Errorf("an op was not made for each request that had none: %+v, %+v", a, b)
	}
	if e := w.asked[4].Expect; e == nil || *e != "high" {
		t.Errorf("what the asker expects is lost: %+v", w.asked[4])
	}
}
