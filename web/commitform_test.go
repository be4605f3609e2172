package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"parley/kanban"
	"parley/sync/view"
)

// meeting is a world in which two requests are ready and one slot is free.
func meeting() *world {
	w := settledWorld()
	card := cardN(2)
	card.Column = "request"
	w.put(card)
	w.columns = append([]view.Column{w.columns[0], {Key: "next", Name: "Next", Category: kanban.Queue, Turn: kanban.IT}}, w.columns[1:]...)
	w.sheet.Ready[0].Card, w.sheet.Ready[0].Rev, w.sheet.Ready[0].Column = card.ID, card.Rev, "request"
	w.sheet.Ready[1].Column = "request"
	return w
}

// A request is taken on by an ordinary change of the board, once however often it is sent.
func TestARequestIsTakenOnAtTheMeeting(t *testing.T) {
	t.Parallel()
	w := meeting()
	h := w.handler()
	text := page(t, h, "/contract/sales/replenish", http.StatusOK)
	f := regexp.MustCompile(`action="(/contract/sales/commit)#said"><input type="hidden" name="rev" value="(\d+)"><input type="hidden" name="op" value="([^"]*)"><input type="hidden" name="card" value="([^"]*)"><input type="hidden" name="from" value="([^"]*)"><button>`).FindAllStringSubmatch(text, -1)
	if len(f) != 2 || f[0][3] == f[1][3] || strings.Contains(text, "beyond") {
		t.Fatalf("forms: %q", f)
	}
	values := "rev=" + f[0][2] + "&op=" + f[0][3] + "&card=" + f[0][4] + "&from=" + f[0][5]
	for n := range 2 {
		rec := form(h, f[0][1], values)
		if rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != "/contract/sales/replenish?card="+f[0][4]+"&undo="+f[0][3]+"#said" {
			t.Fatalf("sent for time %d: %d to %q\n%s", n+1, rec.Code, rec.Header().Get("Location"), rec.Body)
		}
		w.sheet.Ready, w.sheet.Free = w.sheet.Ready[len(w.sheet.Ready)-1:], 0
	}
	if in := w.asked[0]; in.Field != "status" || in.To != "next" || *in.Expect != "request" || in.Rev != 3 {
		t.Errorf("asked for %+v", in)
	}
	if c, _ := w.Card(t.Context(), "PAY-2"); c.Column != "next" || c.Rev != 4 {
		t.Errorf("it is in %s at revision %d", c.Column, c.Rev)
	}
	contains(t, page(t, h, "/contract/sales/replenish?card="+f[0][4]+"&undo=op1", http.StatusOK), []string{"PAY-2</a> is taken on. It is in Next on the board, and is written to its trackers.", `/undo"><input type="hidden" name="op" value="op1">`}, nil)
	w.write = "plan"
	contains(t, page(t, h, "/contract/sales/replenish?card="+f[0][4], http.StatusOK), []string{"the writes to the trackers are held until a person applies them"}, []string{`/undo"`})
	contains(t, page(t, h, "/contract/sales/replenish?card=gone", http.StatusOK), nil, []string{`id="said"`})
}

// Beyond the free slots nothing is taken on that nobody said so of, and what is not ready is not.
func TestWhatIsNotTakenOnIsSaidInWords(t *testing.T) {
	t.Parallel()
	id := string(cardN(2).ID)
	for name, c := range map[string]struct {
		values string
		change func(*world)
		status int
		want   string
		by     view.Viewer
	}{
		"no slot is free":  {values: "rev=3&op=a&from=request&card=" + id, change: func(w *world) { w.sheet.Free = 0 }, status: 422, want: "No slot is free; tick “beyond the slots”"},
		"it has one":       {values: "rev=3&op=a&from=request&card=" + id, change: func(w *world) { w.sheet.Free, w.sheet.Ready[0].Slotted = 0, true }, status: 303},
		"beyond the slots": {values: "rev=3&op=a&from=request&beyond=yes&card=" + id, change: func(w *world) { w.sheet.Free = -1 }, status: 303},
		"not ready":        {values: "rev=3&op=a&from=request&card=four", status: 422, want: "It is not ready: it lacks due, epic."},
		"refused by the board": {values: "rev=3&op=a&from=request&card=" + id, change: func(w *world) {
			w.refuse = &Refusal{Status: 409, Reason: "the card has changed meanwhile", Allowed: []string{"build"}}
		}, status: 409, want: "The card has changed meanwhile. Possible: build."},
		"no revision":            {values: "op=a&from=request&card=" + id, status: 400, want: "The form cannot be taken"},
		"no op":                  {values: "rev=3&from=request&card=" + id, status: 400, want: "The form cannot be taken"},
		"no column for it":       {values: "rev=3&op=a&from=request&card=" + id, change: func(w *world) { w.columns = w.columns[:1] }, status: 422, want: "The board has no column for work that is taken on."},
		"a requester has no say": {values: "rev=3&op=a&from=request&card=" + id, by: view.Viewer{Audience: view.AudienceIT, Role: kanban.Developer, Proved: true}, status: 403, want: "The business takes cards out of Requests."},
		"and by a link":          {values: "rev=3&op=a&from=request&card=" + id, by: view.Viewer{Audience: "unit:sales", Role: kanban.Liaison, Link: true}, status: 403, want: "read-only link"},
		"no contract":            {values: "rev=3&op=a&from=request&card=" + id, change: func(w *world) { w.sheet.Unit = "ops" }, status: 404, want: "There is no contract"},
	} {
		w := meeting()
		if c.change != nil {
			c.change(w)
		}
		o := w.options()
		if c.by.Audience != "" {
			o.Identity = Everybody(c.by)
		}
		rec := form(New(o), "/contract/sales/commit", c.values)
		if rec.Code != c.status || !strings.Contains(rec.Body.String(), c.want) || (len(w.asked) > 0) != (c.status == 303 || w.refuse != nil) {
			t.Errorf("%s: %d, asked for %+v\n%s", name, rec.Code, w.asked, rec.Body)
		}
	}
	w := meeting()
	w.sheet.Free = 0
	contains(t, page(t, w.handler(), "/contract/sales/replenish", http.StatusOK), []string{`<input type="checkbox" name="beyond" value="yes" required> beyond the slots`}, nil)
	o := w.options()
	o.Identity = Everybody(view.Viewer{Audience: view.AudienceIT, Role: kanban.Developer, Proved: true})
	contains(t, page(t, New(o), "/contract/sales/replenish", http.StatusOK), []string{"Not taken on by you: the business takes cards out of Requests."}, []string{"/commit"})
}
