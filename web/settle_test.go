package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// quarrels is a board with four conflicts that can be acted on and one that is over.
func quarrels() *world {
	w := clashing()
	jira, element := clash("c-jira", "auto", cardN(1)), clash("c-label", "auto", cardN(1))
	jira.Loser.Side, element.Field, element.Name = "jira", "labels:urgent", "Label urgent"
	w.clashes = append(w.clashes, jira, element)
	return w
}

var settleGroups = regexp.MustCompile(`<option value="([^"]*)">([^<]*\(\d+\))</option>`)

func TestConflictsAreChosenByTickOrGroup(t *testing.T) {
	t.Parallel()
	w := quarrels()
	html := page(t, w.handler(), "/sync", http.StatusOK)
	want := [][2]string{{" any", "all of them (4)"}, {"status github", "Status, the other edit in GitHub (2)"}, {"labels github", "Labels, the other edit in GitHub (1)"}, {"status jira", "Status, the other edit in Jira (1)"}}
	var got [][2]string
	for _, m := range settleGroups.FindAllStringSubmatch(html, -1) {
		got = append(got, [2]string{m[1], m[2]})
	}
	if !slices.Equal(got, want) {
		t.Errorf("groups %q, want %q", got, want)
	}
	if n := strings.Count(html, `type="checkbox" name="conflict"`); n != 4 {
		t.Errorf("%d conflicts can be ticked, want 4", n)
	}
	w.clashes = w.clashes[:1]
	if html := page(t, w.handler(), "/sync", http.StatusOK); strings.Contains(html, `id="settle"`) || strings.Contains(html, `name="conflict"`) {
		t.Error("of one conflict nothing is to be chosen")
	}
}

func TestSettlingTellsTheWritesFirst(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		form url.Values
		want []string // that are settled
	}{
		"ticked":   {url.Values{"conflict": {"c-open", "c-auto", "c-open"}}, []string{"c-open", "c-auto"}},
		"a group":  {url.Values{"group": {"status github"}, "conflict": {"c-jira"}}, []string{"c-open", "c-auto"}},
		"all":      {url.Values{"group": {" any"}}, []string{"c-open", "c-auto", "c-jira", "c-label"}},
		"one over": {url.Values{"conflict": {"c-open", "c-over"}}, []string{"c-open"}},
	} {
		w := quarrels()
		h := w.handler()
		c.form.Set("choice", ChoiceRestore)
		rec := form(h, "/conflicts/settle", c.form.Encode())
		said := fmt.Sprintf("%d writes to acme", len(c.want))
		if len(c.want) == 1 {
			said = "1 write to acme"
		}
		if rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), said) || len(w.decided) > 0 {
			t.Errorf("%s: %d, %d decided, want %q in\n%s", name, rec.Code, len(w.decided), said, rec.Body)
		}
		confirmed := url.Values{}
		for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`).FindAllStringSubmatch(rec.Body.String(), -1) {
			confirmed.Add(m[1], m[2])
		}
		for range 2 { // sent twice, as with a reload
			rec = form(h, "/conflicts/settle", confirmed.Encode())
			if want := fmt.Sprintf("/sync?settled=%d#conflicts", len(c.want)); rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != want {
				t.Errorf("%s: %d to %q, want %q", name, rec.Code, rec.Header().Get("Location"), want)
			}
		}
		var got []string
		for _, d := range w.decided[:len(w.decided)/2] {
			got = append(got, d.Conflict)
			if d.Choice != ChoiceRestore || d.Op != confirmed.Get("op")+"/"+d.Conflict {
				t.Errorf("%s: decided %+v, want each an op of its own", name, d)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: settled %v, want %v", name, got, c.want)
		}
	}
	if html := page(t, quarrels().handler(), "/sync?settled=3", http.StatusOK); !strings.Contains(html, "3 conflicts were settled.") {
		t.Error("the page does not say what was settled")
	}
}

func TestSettlingThatIsRefusedSaysWhy(t *testing.T) {
	t.Parallel()
	w := quarrels()
	rec := form(w.handler(), "/conflicts/settle", "choice=dismiss&confirmed=yes&op=o&conflict=c-open&conflict=c-none")
	if body := rec.Body.String(); rec.Code != http.StatusOK || !strings.Contains(body, "1 of 2 conflicts were settled") || !strings.Contains(body, "There is no conflict c-none") {
		t.Errorf("%d\n%s", rec.Code, body)
	}
	rec = form(w.handler(), "/conflicts/settle", "choice=dismiss")
	if body := rec.Body.String(); rec.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "No conflict is chosen") {
		t.Errorf("nothing chosen: %d", rec.Code)
	}
	for _, body := range []string{`{"choice":"dismiss","field":"colour"}`, `{"choice":"dismiss","field":"status","side":"foo"}`} {
		if rec := ask(w.handler(), http.MethodPost, "/api/v1/conflicts/settle", body); rec.Code != http.StatusBadRequest || !strings.Contains(rec.Body.String(), "; there are ") {
			t.Errorf("%s: %d %s", body, rec.Code, rec.Body)
		}
	}
	rec = form(w.handler(), "/conflicts/settle", "choice=forget&conflict=c-open")
	if rec.Code != http.StatusBadRequest {
		t.Errorf("no such choice: %d", rec.Code)
	}
	many := strings.Repeat("x,", mostSettled+1)
	ids, _ := json.Marshal(strings.Split(many, ","))
	if rec := ask(w.handler(), http.MethodPost, "/api/v1/conflicts/settle", `{"choice":"dismiss","conflicts":`+string(ids)+`}`); rec.Code != http.StatusOK {
		t.Errorf("the same twice counts once: %d", rec.Code)
	}
	var all []string
	for i := range mostSettled + 1 {
		all = append(all, fmt.Sprint("x", i))
	}
	ids, _ = json.Marshal(all)
	if rec := ask(w.handler(), http.MethodPost, "/api/v1/conflicts/settle", `{"choice":"dismiss","conflicts":`+string(ids)+`}`); rec.Code != http.StatusBadRequest {
		t.Errorf("too many: %d", rec.Code)
	}
}

// Where the field was set again since, that is what the pages say, and it is not what won.
func TestPagesTellWhatAFieldWasSetToSince(t *testing.T) {
	t.Parallel()
	w := quarrels()
	for i := range w.clashes {
		if c := &w.clashes[i]; c.ID == "c-auto" {
			c.Now, c.Superseded, c.Restorable = "Medium by now", true, false
		}
	}
	h := w.handler()
	html := page(t, h, "/sync", http.StatusOK)
	for _, want := range []string{`<th scope="row">By now</th><td>Medium by now</td>`, "It was set again since", "Keep Medium by now"} {
		if !strings.Contains(html, want) {
			t.Errorf("the page about the trackers lacks %q", want)
		}
	}
	if strings.Contains(html, `action="/conflict/c-auto/restore"`) {
		t.Error("what lost is offered to be restored over a newer edit")
	}
	rec := form(h, "/conflicts/settle", "choice=dismiss&conflict=c-auto")
	if body := rec.Body.String(); !strings.Contains(body, `<td data-name="Now">Medium by now</td>`) || !strings.Contains(body, "stays Medium by now") || strings.Contains(body, "stays Build") {
		t.Errorf("before it is put away it says\n%s", body)
	}
}

// hiddenFields are what a page's forms repeat.
func hiddenFields(html string) url.Values {
	out := url.Values{}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`).FindAllStringSubmatch(html, -1) {
		out.Add(m[1], m[2])
	}
	return out
}

// What was confirmed is what the page told: where a card stands elsewhere by now, it is told anew.
func TestWhatChangedSinceThePageIsToldAnew(t *testing.T) {
	t.Parallel()
	w := quarrels()
	h := w.handler()
	confirmed := hiddenFields(form(h, "/conflicts/settle", "choice=dismiss&conflict=c-open&conflict=c-auto").Body.String())
	w.clashes[1].Now = "Medium by now"
	rec := form(h, "/conflicts/settle", confirmed.Encode())
	if body := rec.Body.String(); rec.Code != http.StatusConflict || len(w.decided) > 0 || !strings.Contains(body, "1 card was set to something else since") || !strings.Contains(body, "stays Medium by now") {
		t.Fatalf("%d, %d decided\n%s", rec.Code, len(w.decided), body)
	}
	again := hiddenFields(rec.Body.String())
	if rec := form(h, "/conflicts/settle", again.Encode()); rec.Code != http.StatusSeeOther || len(w.decided) != 2 || again.Get("op") == confirmed.Get("op") {
		t.Errorf("confirmed as it is told now: %d, %d decided", rec.Code, len(w.decided))
	}
}

// A settlement that breaks half way tells what is settled, and the same op goes on.
func TestASettlementThatBreaksTellsWhatIsSettled(t *testing.T) {
	t.Parallel()
	w := quarrels()
	w.breaks = "c-auto"
	h := w.handler()
	const of = "choice=dismiss&confirmed=yes&op=mine&conflict=c-open&conflict=c-auto&conflict=c-jira"
	rec := form(h, "/conflicts/settle", of)
	if body := rec.Body.String(); rec.Code != http.StatusInternalServerError || !strings.Contains(body, "1 of 3 conflicts were settled") || !strings.Contains(body, "2 of them are as they were") || strings.Contains(body, "othing was changed") {
		t.Fatalf("%d\n%s", rec.Code, body)
	}
	w.breaks = ""
	again := hiddenFields(rec.Body.String())
	if got := again["conflict"]; again.Get("op") != "mine" || !slices.Equal(got, []string{"c-open", "c-auto", "c-jira"}) {
		t.Errorf("it goes on with op %q about %v", again.Get("op"), got)
	}
	if rec := form(h, "/conflicts/settle", again.Encode()); rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != "/sync?settled=3#conflicts" {
		t.Errorf("gone on with: %d to %q", rec.Code, rec.Header().Get("Location"))
	}
	w = quarrels()
	w.breaks = "c-auto"
	api := ask(w.handler(), http.MethodPost, "/api/v1/conflicts/settle", `{"choice":"dismiss","conflicts":["c-open","c-auto"],"op":"mine"}`)
	var done Settled
	if err := json.Unmarshal(api.Body.Bytes(), &done); err != nil || api.Code != http.StatusMultiStatus || done.Op != "mine" || done.Ends() != 1 || done.Failed() != 1 {
		t.Errorf("%d %s, %v", api.Code, api.Body, err)
	}
}

// More conflicts than the page or one settlement has room for are counted all the same.
func TestManyConflictsAreCountedAndSettledInParts(t *testing.T) {
	t.Parallel()
	w := quarrels()
	w.clashes = nil
	for i := range 812 {
		w.clashes = append(w.clashes, clash(fmt.Sprint("c-", i), "open", cardN(1)))
	}
	h := w.handler()
	html := page(t, h, "/sync", http.StatusOK)
	for _, want := range []string{"Conflicts (812)", "<b>812</b><span>conflicts wait", "712 more;", "all of them (812)"} {
		if !strings.Contains(html, want) {
			t.Errorf("the page about the trackers lacks %q", want)
		}
	}
	rec := form(h, "/conflicts/settle", "choice=dismiss&group=+any")
	body := rec.Body.String()
	if rec.Code != http.StatusOK || !strings.Contains(body, "Settle 500 conflicts?") || !strings.Contains(body, "312 more of the group are left") {
		t.Fatalf("%d\n%.2000s", rec.Code, body)
	}
	confirmed := hiddenFields(body).Encode()
	if rec := form(h, "/conflicts/settle", confirmed); rec.Code != http.StatusSeeOther || len(w.decided) != mostSettled {
		t.Errorf("a form of %d bytes: %d, %d decided", len(confirmed), rec.Code, len(w.decided))
	}
	w.decided = nil
	api := ask(h, http.MethodPost, "/api/v1/conflicts/settle", `{"choice":"dismiss","side":"any"}`)
	if !strings.Contains(api.Body.String(), `"more":0`) || len(w.decided) != 312 {
		t.Errorf("the rest: %d, %d decided", api.Code, len(w.decided))
	}
}

func TestIdsOfConflictsAreBounded(t *testing.T) {
	t.Parallel()
	rec := ask(quarrels().handler(), http.MethodPost, "/api/v1/conflicts/settle", `{"choice":"dismiss","conflicts":["`+strings.Repeat("x", maxOp+1)+`"]}`)
	if rec.Code != http.StatusBadRequest || !strings.Contains(rec.Body.String(), "an id is longer") {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
}

// A form that was cut off is taken for nothing: what it asks for is not known to be all it says.
func TestRetryingAndDecidingTakeWholeForms(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"/card/PAY-1/retry", "/conflict/c-open/restore"} {
		w := clashing()
		if rec := form(w.handler(), at, "op=x&why="+strings.Repeat("x", maxBody)); rec.Code != http.StatusBadRequest || len(w.decided)+len(w.retried) > 0 {
			t.Errorf("%s: %d, want 400 and nothing done", at, rec.Code)
		}
	}
}
