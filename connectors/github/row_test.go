package github

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
)

// One row that cannot be understood leaves the page whole.
func TestABrokenRowIsToldApart(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ row, id, key string }{
		"no number":       {`{"id":3,"updated_at":"2026-01-01T00:00:00Z"}`, "3", ""},
		"no updated_at":   {`{"id":5166525651,"number":3}`, "5166525651", "Acme/infra#3"},
		"null":            {`null`, "", ""},
		"a text":          {`"private words"`, "", ""},
		"a list":          {`[1]`, "", ""},
		"bad time":        {`{"id":3,"number":3,"updated_at":"private words"}`, "3", "Acme/infra#3"},
		"far future":      {`{"id":3,"number":3,"updated_at":"9026-01-01T00:00:00Z"}`, "3", "Acme/infra#3"},
		"next week":       {`{"id":3,"number":3,"updated_at":"2026-03-08T12:00:00Z"}`, "3", "Acme/infra#3"},
		"far past":        {`{"id":3,"number":3,"updated_at":"0001-01-01T00:00:01Z"}`, "3", "Acme/infra#3"},
		"created later":   {`{"id":3,"number":3,"updated_at":"2026-01-01T00:00:00Z","created_at":"9999-01-01T00:00:00Z"}`, "3", "Acme/infra#3"},
		"id is a text":    {`{"id":"3","number":3,"updated_at":"2026-01-01T00:00:00Z"}`, "", "Acme/infra#3"},
		"id is a float":   {`{"id":3.5,"number":3,"updated_at":"2026-01-01T00:00:00Z"}`, "", "Acme/infra#3"},
		"secret figure":   {`{"id":3,"number":47110815.5,"updated_at":"2026-01-01T00:00:00Z"}`, "3", ""},
		"number too big":  {`{"id":3,"number":99999999999999999999,"updated_at":"2026-01-01T00:00:00Z"}`, "3", ""},
		"labels no list":  {`{"id":3,"number":3,"updated_at":"2026-01-01T00:00:00Z","labels":"private words"}`, "3", "Acme/infra#3"},
		"title an object": {`{"id":3,"number":3,"updated_at":"2026-01-01T00:00:00Z","title":{"private words":1}}`, "3", "Acme/infra#3"},
	} {
		f := newFake(t, map[string]reply{issues: {body: `[` + issueRow(1, testStart(), "") + `,` + tc.row + `,` + issueRow(2, testStart(), "") + `]`}})
		page, err := f.client(t, "").Changes(bg(), connectors.Cursor{Source: "Acme/infra"})
		if err != nil || page.More || page.Next.Watermark.IsZero() {
			t.Errorf("%s: %+v, %v", name, page, err)
			continue
		}
		var keys []string
		for _, o := range page.Observations {
			keys = append(keys, o.Issue.Key)
		}
		if diff := cmp.Diff([]string{"Acme/infra#1", "Acme/infra#2"}, keys); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if len(page.Broken) != 1 || page.Broken[0].ID != tc.id || page.Broken[0].Key != tc.key || page.Broken[0].Err == nil {
			t.Errorf("%s: broken %+v", name, page.Broken)
		} else if e := page.Broken[0].Err.Error(); strings.Contains(e, "private words") || strings.Contains(e, "4711") {
			t.Errorf("%s: the issue's text is in the error: %v", name, page.Broken[0].Err)
		}
	}
}

func TestABrokenPullRequestIsNobodysBusiness(t *testing.T) {
	t.Parallel()
	f := newFake(t, map[string]reply{issues: {body: `[{"id":3,"number":3,"updated_at":7,"pull_request":{}}]`}})
	page, err := f.client(t, "").Changes(bg(), connectors.Cursor{Source: "Acme/infra"})
	if err != nil || len(page.Broken)+len(page.Observations) != 0 {
		t.Errorf("%+v, %v", page, err)
	}
}

// A full page in which the last rows have no usable time must not end the read, nor
// be asked for again and again.
func TestAPageFullOfBrokenRowsIsPassed(t *testing.T) {
	t.Parallel()
	s := testStart()
	broken := listing{limit: 3, dark: 3, next: "page=2"}
	if next := step(place{}, broken); next == nil || next.URL != "page=2" {
		t.Errorf("went on at %+v, want the next page", next)
	}
	partly := listing{limit: 3, dark: 2, updated: []time.Time{s}}
	if next := step(place{}, partly); next == nil || !next.Since.Equal(s.Add(-time.Second)) {
		t.Errorf("went on at %+v, want the second of the last row with a time", next)
	}
	if since, etag := keep(s.Add(time.Hour), place{}, listing{limit: 3, dark: 3, etag: "e"}); etag != "" {
		t.Errorf("a full page was kept at %s", since)
	}
}

// A full page is followed by another, and what comes after it never shows in it: its
// ETag must not be kept.
func TestAPageIsFullWithItsBrokenRows(t *testing.T) {
	t.Parallel()
	rows := make([]string, pageSize)
	for i := range rows {
		rows[i] = issueRow(i+1, testStart().Add(-time.Hour), "")
		if i%2 == 1 {
			rows[i] = `{}`
		}
	}
	for n, kept := range map[int]bool{pageSize: false, pageSize - 1: true} {
		f := newFake(t, map[string]reply{issues: {header: map[string]string{"ETag": `"e"`}, body: `[` + strings.Join(rows[:n], ",") + `]`}})
		page, err := f.client(t, "").Changes(bg(), connectors.Cursor{Source: "Acme/infra"})
		if err != nil || page.More == kept || (page.Next.ETag != "") != kept {
			t.Errorf("%d rows: %+v, %v", n, page.Next, err)
		}
	}
}

func TestABrokenEventMakesItsIssueBroken(t *testing.T) {
	t.Parallel()
	const feed = "GET /repos/Acme/infra/issues/events?per_page=100"
	whole := event(30, "closed", `,"issue":{"id":5,"number":4}`)
	for name, tc := range map[string]struct {
		row  string
		want []connectors.Broken
	}{
		"no id":            {event(0, "closed", `,"issue":{"id":6,"number":7}`), []connectors.Broken{{ID: "6", Key: "Acme/infra#7"}}},
		"label is a text":  {event(29, "labeled", `,"label":"private words","issue":{"id":6,"number":7}`), []connectors.Broken{{ID: "6", Key: "Acme/infra#7"}}},
		"time of nowhere":  {`{"id":29,"event":"closed","created_at":"0000-00-00","issue":{"id":6,"number":7}}`, []connectors.Broken{{ID: "6", Key: "Acme/infra#7"}}},
		"no time":          {`{"id":29,"event":"closed","issue":{"id":6,"number":7}}`, []connectors.Broken{{ID: "6", Key: "Acme/infra#7"}}},
		"twice":            {`{"id":29,"event":[],"issue":{"id":6,"number":7}},{"id":28,"event":[],"issue":{"id":6,"number":7}}`, []connectors.Broken{{ID: "6", Key: "Acme/infra#7"}}},
		"nothing to say":   {`17`, []connectors.Broken{{}}},
		"a pull request's": {`{"id":29,"event":[],"issue":{"id":6,"number":7,"pull_request":{"url":"x"}}}`, nil},
	} {
		f := newFake(t, map[string]reply{feed: {body: `[` + whole + `,` + tc.row + `]`}})
		page, err := f.client(t, "").Feed(bg(), "Acme/infra", "")
		if err != nil || len(page.Entries) != 1 || len(page.Broken) != len(tc.want) {
			t.Errorf("%s: %+v, %v", name, page, err)
			continue
		}
		for i, b := range page.Broken {
			if b.ID != tc.want[i].ID || b.Key != tc.want[i].Key || b.Err == nil || strings.Contains(b.Err.Error(), "private words") {
				t.Errorf("%s: %+v", name, b)
			}
		}
	}
}

// The history of one issue is whole or an error; what lies before the part that was
// asked for does not matter.
func TestABrokenEntryFailsTheHistoryThatNeedsIt(t *testing.T) {
	t.Parallel()
	path := "GET /repos/Acme/infra/issues/7/events?per_page=100"
	body := fmt.Sprintf(`[%s,{"id":11,"event":7},%s]`, event(10, "closed", ""), event(12, "reopened", ""))
	f := newFake(t, map[string]reply{path: {body: body}})
	_, _, err := f.client(t, "").History(bg(), ref(7, "5"), 10)
	if e := wantError(t, err, connectors.Malformed); !strings.Contains(e.Message, "11") {
		t.Errorf("the entry is not named: %v", e)
	}
	got, more, err := f.client(t, "").History(bg(), ref(7, "5"), 11)
	if err != nil || more || len(got) != 1 || got[0].Seq != 12 {
		t.Errorf("%+v, %v, %v", got, more, err)
	}
}
