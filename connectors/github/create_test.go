package github

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
)

func draft() connectors.Draft {
	return connectors.Draft{Op: "op-1", Container: "acme/infra", Title: "Pay", Body: "Do <!-- it -->.", Marker: aMark}
}

func TestCreate(t *testing.T) {
	t.Parallel()
	f := newFake(t, map[string]reply{"POST /repos/acme/infra/issues": {status: 201,
		body: issueRow(7, testStart(), `,"user":{"login":"parley-bot"},"body":"x\n\n<!-- parley:`+aMark+` -->"`)}})
	d := draft()
	d.Labels = []string{"bug"}
	got, err := f.client(t, "").Create(bg(), d)
	if err != nil || got.Key != "Acme/infra#7" || got.ID != "5000000007" || !got.Own || got.Marker != aMark {
		t.Fatalf("%+v, %v", got, err)
	}
	var sent map[string]any
	if err := json.Unmarshal([]byte(f.body[0]), &sent); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"title": "Pay", "body": "Do &lt;!-- it -->.\n\n<!-- parley:" + aMark + " -->", "labels": []any{"bug"}}
	if diff := cmp.Diff(want, sent); diff != "" || len(f.asked()) != 1 {
		t.Error(diff, f.asked())
	}
}

func TestABodyThatIsTooLongIsCutAndKeepsItsMark(t *testing.T) {
	t.Parallel()
	for _, n := range []int{maxBody - 200, maxBody - 70, maxBody - 66, maxBody - 65, maxBody, 3 * maxBody} {
		body := marked(strings.Repeat("é", n), aMark)
		if l := utf8.RuneCountInString(body); l > maxBody || marker(body) != aMark || l < maxBody-300 {
			t.Errorf("a body of %d gives %d characters and the mark %q", n, l, marker(body))
		}
	}
}

func TestCreateWithoutAWholeAnswerIsUnknown(t *testing.T) {
	t.Parallel()
	const path = "POST /repos/acme/infra/issues"
	for name, tc := range map[string]struct {
		re   reply
		want connectors.ErrorKind
	}{
		"empty":          {reply{status: 201}, connectors.Unknown},
		"cut":            {reply{status: 201, body: `{"id":5,`}, connectors.Unknown},
		"no issue":       {reply{status: 201, body: `{}`}, connectors.Unknown},
		"a page":         {reply{body: `<html>`, header: map[string]string{"Content-Type": "text/html"}}, connectors.Unknown},
		"accepted":       {reply{status: 202, body: issueRow(7, testStart(), "")}, connectors.Unknown},
		"bad gateway":    {reply{status: 502}, connectors.Unknown},
		"unavailable":    {reply{status: 503, header: map[string]string{"Retry-After": "5"}}, connectors.Unknown},
		"refused":        {reply{status: 422, body: `{"message":"Validation Failed","errors":[{"field":"title","code":"custom"}]}`}, connectors.Invalid},
		"too many":       {reply{status: 429, body: `{"message":"secondary rate limit"}`}, connectors.RateLimit},
		"not allowed":    {reply{status: 403, body: `{"message":"Resource not accessible"}`}, connectors.Forbidden},
		"moved":          {reply{status: 307, header: map[string]string{"Location": "/repositories/9/issues"}}, connectors.Moved},
		"no issues here": {reply{status: 410, body: `{"message":"Issues are disabled for this repo"}`}, connectors.NotFound},
	} {
		f := newFake(t, map[string]reply{path: tc.re})
		_, err := f.client(t, "").Create(bg(), draft())
		if e := wantError(t, err, tc.want); strings.Count(strings.Join(f.asked(), " "), "POST") != 1 {
			t.Errorf("%s: asked %v for %v", name, f.asked(), e)
		}
	}
}

func TestCreateRefusesADraftWithoutWhatItNeeds(t *testing.T) {
	t.Parallel()
	f := newFake(t, nil)
	for name, change := range map[string]func(*connectors.Draft){
		"no mark":       func(d *connectors.Draft) { d.Marker = "" },
		"two lines":     func(d *connectors.Draft) { d.Marker = "v1\nm=1" },
		"ends comments": func(d *connectors.Draft) { d.Marker = "v1 --> m=1" },
		"no title":      func(d *connectors.Draft) { d.Title = " " },
		"a type":        func(d *connectors.Draft) { d.Type = "Task" },
		"no repository": func(d *connectors.Draft) { d.Container = "acme/infra/issues/1" },
	} {
		d := draft()
		change(&d)
		_, err := f.client(t, "").Create(bg(), d)
		if e := wantError(t, err, connectors.Invalid); e.Message == "" {
			t.Errorf("%s: %+v", name, e)
		}
	}
	if len(f.asked()) != 0 {
		t.Errorf("asked %v", f.asked())
	}
}

func TestCreated(t *testing.T) {
	t.Parallel()
	row := func(n int, created, login, more string) string {
		return strings.Replace(issueRow(n, testStart(), `,"user":{"login":"`+login+`"}`+more), "2026-01-01T00:00:00Z", created, 1)
	}
	const first = "GET /repos/Acme/infra/issues?creator=parley-bot&direction=asc&per_page=100&since=2026-03-01T09%3A59%3A59Z&sort=created&state=all"
	f := newFake(t, map[string]reply{
		first: {header: map[string]string{"Link": `<{root}/repositories/9/issues?page=2>; rel="next"`}, body: `[` +
			row(1, "2026-01-01T00:00:00Z", "parley-bot", "") + `,` + // changed since, but made before
			row(2, "2026-03-01T10:00:00Z", "Parley-Bot", `,"body":"<!-- parley:`+aMark+` -->"`) + `,` +
			row(3, "2026-03-01T10:00:01Z", "ana", "") + `,` + // a list that ignores creator
			row(4, "2026-03-01T10:00:02Z", "parley-bot", `,"pull_request":{"url":"x"}`) + `]`},
		"GET /repositories/9/issues?page=2": {body: `[` + row(2, "2026-03-01T10:00:00Z", "parley-bot", "") + `,` + row(5, "2026-03-01T10:00:05Z", "parley-bot", "") + `]`},
	})
	since := time.Date(2026, 3, 1, 10, 0, 0, 5e8, time.UTC)
	got, err := f.client(t, "").Created(bg(), connectors.Search{Container: "Acme/infra", Since: since, After: "Acme/infra#1"})
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, i := range got {
		keys = append(keys, i.Key)
	}
	if diff := cmp.Diff([]string{"Acme/infra#2", "Acme/infra#5"}, keys); diff != "" {
		t.Error(diff)
	}
}

// A row that cannot be understood could be the issue that is looked for.
func TestCreatedFailsForABrokenRow(t *testing.T) {
	t.Parallel()
	f := newFake(t, map[string]reply{"GET /repos/Acme/infra/issues?": {body: `[{"id":3,"number":4,"updated_at":7}]`}})
	_, err := f.client(t, "").Created(bg(), connectors.Search{Container: "Acme/infra"})
	if e := wantError(t, err, connectors.Malformed); !strings.Contains(e.Message, "Acme/infra#4") {
		t.Error(e)
	}
}
