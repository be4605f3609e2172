package web

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"parley/kanban"
	"parley/sync/view"
)

func TestLimitsInWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		limit              view.Limit
		state, kind, words string
	}{
		{view.Limit{Scope: kanban.ScopeColumn, WIP: 5, Count: 3}, "", "soft", "3 of 5, a soft limit: more is shown as over it, and not refused"},
		{view.Limit{Scope: kanban.ScopeColumn, WIP: 5, Count: 5, Hard: true}, "full", "hard", "5 of 5, the hard limit is reached: moves on the board beyond it are refused"},
		{view.Limit{Scope: kanban.ScopeUnit, WIP: 5, Count: 7, Hard: true}, "over", "hard", "7 of 5 in work, 2 over the hard limit: moves on the board beyond it are refused"},
		{view.Limit{Scope: kanban.ScopePerson, WIP: 1, Count: 2}, "over", "soft", "2 of 1 in work, 1 over the soft limit: more is shown as over it, and not refused"},
	} {
		if g := (gauge{c.limit}); g.State() != c.state || g.Kind() != c.kind || g.Words() != c.words {
			t.Errorf("%+v: %q, %q, %q", c.limit, g.State(), g.Kind(), g.Words())
		}
	}
}

func TestHeadsSayWhichLimitsAreHard(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.put(cardN(1))
	html := page(t, w.handler(), "/", http.StatusOK)
	for _, want := range []string{
		`title="1 of 5, a hard limit: moves on the board beyond it are refused"`, `aria-hidden="true">hard limit</span>`,
		`title="0 of 2, a soft limit: more is shown as over it, and not refused"`, `aria-hidden="true">soft limit</span>`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if n := strings.Count(html, `class="limit-kind"`); n != 2 {
		t.Errorf("%d columns have a limit, want 2", n)
	}
}

func TestTheStreamKeepsLimitsTrue(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.limits = []view.Limit{{Scope: kanban.ScopeUnit, Key: "sales", Name: "Sales", WIP: 1, Count: 2, Hard: true}}
	w.put(cardN(1))
	rec := httptest.NewRecorder()
	s := &server{Options: Options{Readers: same(w)}, pages: mustPages(mustStatic(), nil)}
	st := stream{w: rec, control: http.NewResponseController(rec), server: s}
	st.catchUp(request(http.MethodGet, "/api/v1/events", ""))
	var patch boardPatch
	for line := range strings.Lines(rec.Body.String()) {
		if data, ok := strings.CutPrefix(line, "data: "); ok && strings.Contains(data, "limits_html") {
			if err := json.Unmarshal([]byte(data), &patch); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, want := range []string{`class="gauge over"`, "2 of 1 in work, 1 over the hard limit"} {
		if html := patch.Limits["unit sales"]; !strings.Contains(html, want) {
			t.Errorf("the limit of the unit is %q, want %s in it", html, want)
		}
	}
}
