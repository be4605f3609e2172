package web

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/sync/view"
)

// clashing is a board with a conflict that waits, one that a rule decided and one that is
// over, in the order of the view.
func clashing() *world {
	w := newWorld()
	w.put(cardN(1))
	w.clashes = append(w.clashes, clash("c-open", "open", cardN(1)), clash("c-auto", "auto", cardN(1)), clash("c-over", "restored", cardN(1)))
	w.tell = func(ex *view.Explanation) { ex.Fields[0].Lost = slices.Clone(w.clashes) }
	return w
}

var decideForms = regexp.MustCompile(`<form method="post" action="([^"]*)" data-decide="(\w+)" data-conflict="([^"]*)"><input type="hidden" name="op" value="([^"]*)"><input type="hidden" name="card" value="([^"]*)">`)

func TestConflictsStandOnTheSyncPageOpenOnesFirst(t *testing.T) {
	t.Parallel()
	html := page(t, clashing().handler(), "/sync", http.StatusOK)
	waits, ruled := strings.Index(html, `id="conflict-c-open"`), strings.Index(html, `id="conflict-c-auto"`)
	if waits < 0 || ruled < waits || strings.Contains(html, `id="conflict-c-over"`) {
		t.Errorf("open at %d, decided by a rule at %d, and one that is over on the page", waits, ruled)
	}
	for _, want := range []string{
		"Status: a person has to choose", "<td>Build (In Progress)</td><td>Ada in Jira</td>", "<td>Done (closed)</td><td>Bo in GitHub</td>",
		"Status: the edit in Jira won", "Jira wins a conflict.",
	} {
		if !strings.Contains(html, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if forms := decideForms.FindAllString(html, -1); len(forms) != 4 {
		t.Errorf("%d forms, want two for each of two conflicts", len(forms))
	}
}

func TestConflictsAreDecidedWithoutScripts(t *testing.T) {
	t.Parallel()
	w := clashing()
	h := w.handler()
	for where, back := range map[string]string{"/sync": "/sync#conflicts", "/card/PAY-1": "/card/" + string(cardN(1).ID)} {
		forms := decideForms.FindAllStringSubmatch(page(t, h, where, http.StatusOK), -1)
		if len(forms) < 2 || forms[0][2] != ChoiceRestore || forms[1][2] != ChoiceDismiss || forms[0][4] == forms[1][4] {
			t.Fatalf("%s: forms %q", where, forms)
		}
		for range 2 { // sent twice, as with a reload
			rec := form(h, forms[0][1], "op="+forms[0][4]+"&card="+forms[0][5])
			if rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != back {
				t.Errorf("%s: %d to %q, want 303 to %q", where, rec.Code, rec.Header().Get("Location"), back)
			}
		}
	}
	if w.clashes[0].State != "restored" || w.clashes[1].State != "restored" {
		t.Errorf("the conflicts are %s and %s", w.clashes[0].State, w.clashes[1].State)
	}
}

func TestADecisionThatIsRefusedSaysWhyOnThePageItWasMadeOn(t *testing.T) {
	t.Parallel()
	for card, want := range map[string]string{"": "<h1>Sync</h1>", "PAY-1": `<main class="page card-page"`} {
		w := clashing()
		w.refuse = &Refusal{Status: http.StatusConflict, Reason: "this conflict was <b>restored</b> already"}
		rec := form(w.handler(), "/conflict/c-open/restore", "op=x&card="+card)
		if body := rec.Body.String(); rec.Code != http.StatusConflict || !strings.Contains(body, `role="alert">this conflict was &lt;b&gt;restored`) || !strings.Contains(body, want) {
			t.Errorf("card %q: %d\n%s", card, rec.Code, body)
		}
	}
	if rec := form(clashing().handler(), "/conflict/c-open/restore", "op="+strings.Repeat("x", 201)); rec.Code != http.StatusBadRequest {
		t.Errorf("a long op: %d", rec.Code)
	}
}

func TestADecisionOfAnotherSiteIsRefused(t *testing.T) {
	t.Parallel()
	w := clashing()
	r := request(http.MethodPost, "/conflict/c-open/restore", "")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if rec := serve(w.handler(), r); rec.Code != http.StatusForbidden || len(w.decided) > 0 {
		t.Errorf("%d, decided %+v", rec.Code, w.decided)
	}
}
