package github

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
)

func event(id int64, name, extra string) string {
	return fmt.Sprintf(`{"id":%d,"event":%q,"created_at":"2026-03-01T11:00:00Z","actor":{"login":"ana"}%s}`, id, name, extra)
}

func TestEventsInTheConnectorsTerms(t *testing.T) {
	t.Parallel()
	const label = `,"label":{"name":"status:doing","color":"ededed"}`
	for _, tc := range []struct {
		raw  string
		want connectors.Change
	}{
		{event(1, "labeled", label), connectors.Change{Field: "label", To: "status:doing"}},
		{event(1, "unlabeled", label), connectors.Change{Field: "label", From: "status:doing"}},
		{event(1, "labeled", ""), connectors.Change{Field: "labeled"}},
		{event(1, "closed", `,"state_reason":null`), connectors.Change{Field: "state", From: "open", To: "closed:completed"}},
		{event(1, "closed", `,"state_reason":"not_planned"`), connectors.Change{Field: "state", From: "open", To: "closed:not_planned"}},
		{event(1, "closed", `,"state_reason":"duplicate"`), connectors.Change{Field: "state", From: "open", To: "closed:duplicate"}},
		{event(1, "reopened", `,"state_reason":null`), connectors.Change{Field: "state", From: "closed", To: "open"}},
		{event(1, "renamed", `,"rename":{"from":"a","to":"b"}`), connectors.Change{Field: "title", From: "a", To: "b"}},
		{event(1, "renamed", ""), connectors.Change{Field: "renamed"}},
		{event(1, "assigned", `,"assignee":{"login":"ben"},"assigner":{"login":"ana"}`), connectors.Change{Field: "assignee", To: "ben"}},
		{event(1, "unassigned", `,"assignee":{"login":"ben"},"assigner":{"login":"ana"}`), connectors.Change{Field: "assignee", From: "ben"}},
		{event(1, "unassigned", `,"assignee":null`), connectors.Change{Field: "unassigned"}},
		{event(1, "issue_type_added", `,"issue_type":{"id":1}`), connectors.Change{Field: "issue_type_added"}},
	} {
		var e eventJSON
		if err := json.Unmarshal([]byte(tc.raw), &e); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tc.want, e.change(nil)); diff != "" {
			t.Errorf("%s: %s", tc.raw, diff)
		}
	}
}

func TestFeed(t *testing.T) {
	t.Parallel()
	f := newFake(t, map[string]reply{
		"GET /api/v3/repos/Acme/infra/issues/events?per_page=100": {
			header: map[string]string{"Link": `<{root}/api/v3/repositories/9/issues/events?after=abc>; rel="next"`},
			body: `[` + event(30, "closed", `,"issue":{"id":5166525651}`) + `,` +
				event(29, "labeled", `,"label":{"name":"x"},"issue":{"id":4,"pull_request":{"url":"x"}}`) + `,` +
				event(28, "closed", `,"issue":null`) + `,` +
				`{"id":27,"event":"reopened","created_at":"2026-03-01T11:00:00Z","actor":null,"issue":{"id":6,"pull_request":null}},` +
				`{"id":26,"event":"labeled","created_at":"2026-03-01T11:00:00Z","actor":{"login":"Parley-Bot"},"label":{"name":"y"},"issue":{"id":6}}]`},
		"GET /api/v3/repositories/9/issues/events?after=abc": {body: `[]`},
	})
	c := f.client(t, "/api/v3")
	page, err := c.Feed(bg(), "Acme/infra", "")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 1, 11, 0, 0, 0, time.UTC)
	want := []connectors.Entry{
		{ID: "e30", Seq: 30, IssueID: "5166525651", At: at, Actor: connectors.Person{ID: "ana", Name: "ana"}, Changes: []connectors.Change{{Field: "state", From: "open", To: "closed:completed"}}},
		{ID: "e27", Seq: 27, IssueID: "6", At: at, Changes: []connectors.Change{{Field: "state", From: "closed", To: "open"}}},
		{ID: "e26", Seq: 26, IssueID: "6", At: at, Actor: connectors.Person{ID: "Parley-Bot", Name: "Parley-Bot"}, Own: true, Changes: []connectors.Change{{Field: "label", To: "y"}}},
	}
	if diff := cmp.Diff(want, page.Entries); diff != "" {
		t.Error(diff)
	}
	older, err := c.Feed(bg(), "Acme/infra", page.Next)
	if err != nil || older.Next != "" || len(older.Entries) != 0 {
		t.Errorf("older page %+v, %v", older, err)
	}
	for _, token := range []string{"https://evil.example/api/v3/x", "user", f.URL + "/other"} {
		_, err = c.Feed(bg(), "Acme/infra", token)
		wantError(t, err, connectors.Invalid)
	}
	if n := len(f.asked()); n != 2 {
		t.Errorf("%d requests, want 2", n)
	}
}

// The account is learned before the first entry is judged, and only once.
func TestFeedLearnsTheAccount(t *testing.T) {
	t.Parallel()
	f := newFake(t, map[string]reply{
		"GET /user": {body: `{"login":"ana","name":"Ana A"}`},
		"GET /repos/Acme/infra/issues/events?per_page=100": {body: `[` + event(1, "closed", `,"issue":{"id":6}`) + `]`},
	})
	c, err := New(Config{Name: "gh", URL: f.URL, Repos: []string{"Acme/infra"}})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		page, err := c.Feed(bg(), "Acme/infra", "")
		if err != nil || !page.Entries[0].Own {
			t.Fatalf("%+v, %v", page, err)
		}
	}
	if n := len(f.asked()); n != 3 {
		t.Errorf("asked %v", f.asked())
	}
}

// history serves events 10, 20, … in pages of three.
func history(pages, last int) map[string]reply {
	out := map[string]reply{}
	for p := 1; p <= pages; p++ {
		var rows []string
		for i := (p-1)*3 + 1; i <= min(p*3, last); i++ {
			rows = append(rows, event(int64(i*10), "closed", ""))
		}
		path, h := "/repositories/9/issues/7/events?page="+fmt.Sprint(p), map[string]string{}
		if p == 1 {
			path = "/repos/Acme/infra/issues/7/events?per_page=100"
		}
		if p < pages {
			h["Link"] = fmt.Sprintf(`<{root}/repositories/9/issues/7/events?page=%d>; rel="next"`, p+1)
		}
		out["GET "+path] = reply{header: h, body: "[" + strings.Join(rows, ",") + "]"}
	}
	return out
}

func seqs(entries []connectors.Entry) (out []int64) {
	for _, e := range entries {
		out = append(out, e.Seq)
	}
	return out
}

func TestHistoryGoesOnWhereItEnded(t *testing.T) {
	t.Parallel()
	f := newFake(t, history(3, 8))
	c := f.client(t, "")
	since, got := int64(-1), []int64(nil)
	for more := true; more; {
		entries, m, err := c.History(bg(), ref(7, "5"), since)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.IssueID != "5" {
				t.Errorf("entry %s belongs to %q", e.ID, e.IssueID)
			}
		}
		got = append(got, seqs(entries)...)
		since, more = got[len(got)-1], m
	}
	if diff := cmp.Diff([]int64{10, 20, 30, 40, 50, 60, 70, 80}, got); diff != "" {
		t.Error(diff)
	}
	before := len(f.asked())
	entries, more, err := c.History(bg(), ref(7, "5"), 70)
	if diff := cmp.Diff([]int64{80}, seqs(entries)); diff != "" || more || err != nil {
		t.Error(diff, more, err)
	}
	if n := len(f.asked()) - before; n != 1 {
		t.Errorf("%d requests for the end of a known history, want 1", n)
	}
	// Somebody asks for more than the remembered page holds: from the start again.
	entries, more, err = c.History(bg(), ref(7, "5"), 40)
	if diff := cmp.Diff([]int64{50, 60}, seqs(entries)); diff != "" || !more || err != nil {
		t.Error(diff, more, err)
	}
}

func TestHistoryWithoutNews(t *testing.T) {
	t.Parallel()
	f := newFake(t, history(2, 5))
	entries, more, err := f.client(t, "").History(bg(), ref(7, "5"), 50)
	if len(entries) != 0 || more || err != nil {
		t.Errorf("%v %v %v", entries, more, err)
	}
	_, _, err = f.client(t, "").History(bg(), ref(8, "5"), 50)
	wantError(t, err, connectors.NotFound)
	_, _, err = f.client(t, "").History(bg(), connectors.Ref{Container: "Acme/infra"}, 0)
	wantError(t, err, connectors.Invalid)
}

func FuzzEvents(f *testing.F) {
	f.Add([]byte(`[` + event(1, "labeled", `,"label":{"name":"x"},"issue":{"id":4,"pull_request":{}}`) + `]`))
	f.Add([]byte(`[` + event(2, "closed", `,"state_reason":"duplicate","issue":{"id":5}`) + `,` + event(1, "reopened", "") + `]`))
	f.Add([]byte(`[{"id":-1,"event":"","actor":null,"label":null,"issue":null,"created_at":"2026-03-01T11:00:00+14:00"},null]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var events []eventJSON
		if json.Unmarshal(body, &events) != nil {
			return
		}
		feed := entries(events, "", self{login: "ana"})
		if len(feed) > len(events) {
			t.Fatalf("%d entries from %d events", len(feed), len(events))
		}
		for i, e := range after(entries(events, "9", self{login: "ana"}), 0) {
			switch {
			case e.Seq <= 0, e.IssueID != "9", len(e.Changes) != 1:
				t.Fatalf("entry %d: %+v", i, e)
			case e.Own != strings.EqualFold(e.Actor.ID, "ana"):
				t.Fatalf("own %v, actor %q", e.Own, e.Actor.ID)
			}
		}
	})
}

// TestOldHistoryGoesStraightOn reads from page to page, a request each; where the reader
// was elsewhere in between, the page is looked at again.
func TestOldHistoryGoesStraightOn(t *testing.T) {
	t.Parallel()
	f := newFake(t, history(3, 8))
	c := f.client(t, "")
	background := connectors.WithClass(bg(), connectors.ClassBackground)
	read := func(ctx context.Context, since int64, want []int64, requests int) {
		t.Helper()
		before := len(f.asked())
		entries, more, err := c.History(ctx, ref(7, "5"), since)
		if diff := cmp.Diff(want, seqs(entries)); diff != "" || err != nil || more != (want[len(want)-1] < 80) {
			t.Error(diff, more, err)
		}
		if n := len(f.asked()) - before; n != requests {
			t.Errorf("%d requests after %d, want %d", n, since, requests)
		}
	}
	_, _, err := c.History(background, ref(7, "5"), 0) // who the account is
	if err != nil {
		t.Fatal(err)
	}
	read(background, 0, []int64{10, 20, 30}, 1)
	read(background, 30, []int64{40, 50, 60}, 1)
	read(background, 50, []int64{60}, 1) // not from where it ended: the page is looked at
	read(background, 60, []int64{70, 80}, 1)
	read(bg(), 0, []int64{10, 20, 30}, 1)
	read(bg(), 30, []int64{40, 50, 60}, 2)
}
