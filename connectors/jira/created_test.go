package jira

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
)

// ownRow is an issue that an account made at a time of the day.
func ownRow(id int, creator, created string) string {
	return fmt.Sprintf(`{"id":"%d","key":"OPS-%d","fields":{"status":{"id":"1"},"updated":"2026-11-02T09:00:00.000+0000","created":"2026-11-02T%s.000+0000",
		"creator":{"accountId":"%s","name":"%s"}},"properties":{"parley.link":{"mark":"v1 m=%d"}}}`, id, id-10000, created, creator, creator, id)
}

func rows(rows ...string) string { return `"issues":[` + strings.Join(rows, ",") + `]` }

func keysOf(issues []connectors.Issue) []string {
	var out []string
	for _, i := range issues {
		out = append(out, i.Key)
	}
	return out
}

func TestCreatedSearchesAndProbes(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("POST search/jql",
		jsonReply(`{`+rows(ownRow(10001, "me", "07:59:59"), ownRow(10003, "me", "08:00:01"))+`,"nextPageToken":"t1","isLast":false}`),
		jsonReply(`{`+rows(ownRow(10002, "me", "08:00:00"), ownRow(10004, "u1", "08:00:02"))+`,"isLast":true}`))
	f.on("POST issue/bulkfetch",
		jsonReply(`{`+rows(ownRow(10003, "me", "08:00:01"), ownRow(10005, "me", "08:00:03"), ownRow(10006, "u1", "08:00:04"))+`,"issueErrors":[]}`))
	got, err := f.client.Created(t.Context(), connectors.Search{Container: "OPS", Since: at("08:00:00"), After: "OPS-2"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"OPS-2", "OPS-3", "OPS-5"}, keysOf(got)); diff != "" || got[2].Marker != "v1 m=10005" {
		t.Error(diff, got)
	}
	if diff := cmp.Diff([]string{"POST search/jql", "POST search/jql", "POST issue/bulkfetch"}, f.lines()); diff != "" {
		t.Error(diff)
	}
	body := f.lastBody()
	keys := body["issueIdsOrKeys"].([]any)
	if len(keys) != 100 || keys[0] != "OPS-3" || keys[99] != "OPS-102" || !cmp.Equal(body["properties"], []any{"parley.link"}) || !slices.Contains(body["fields"].([]any), any("creator")) {
		t.Errorf("asked for %s", f.last().body)
	}
	f.mu.Lock()
	asked := f.log[len(f.log)-3].body
	f.mu.Unlock()
	want := fmt.Sprintf(`project in (\"OPS\") AND creator = currentUser() AND created \u003e= %d ORDER BY created ASC, key ASC`, at("07:59:00").UnixMilli())
	if !strings.Contains(asked, want) || !strings.Contains(asked, `"properties":["parley.link"]`) {
		t.Errorf("asked %s, want %s", asked, want)
	}
}

// Keys are asked for until there are plainly no more.
func TestCreatedProbesToTheEnd(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		newest []int // of each answer
		want   int   // requests
	}{
		"nothing":         {[]int{0}, 1},
		"a few":           {[]int{10050}, 1},
		"more than half":  {[]int{10051, 0}, 2},
		"many":            {[]int{10100, 10199, 10210}, 3},
		"one moved there": {[]int{90001}, 1}, // shows under a key that was not asked for
	} {
		f := newFake(t)
		f.on("POST search/jql", jsonReply(`{"issues":[],"isLast":true}`))
		var replies []reply
		for _, n := range tc.newest {
			r := jsonReply(`{"issues":[]}`)
			if n > 0 {
				r = jsonReply(`{` + rows(ownRow(n, "me", "08:00:00")) + `}`)
			}
			replies = append(replies, r)
		}
		f.on("POST issue/bulkfetch", replies...)
		got, err := f.client.Created(t.Context(), connectors.Search{Container: "OPS", After: "OPS-0"})
		if n := f.count("POST issue/bulkfetch"); err != nil || n != tc.want {
			t.Errorf("%s: %d requests, %v; want %d", name, n, err, tc.want)
		}
		if name == "one moved there" && len(got) != 1 {
			t.Errorf("%s: %v", name, keysOf(got))
		}
	}
}

// A tracker that says for ever that there is more is told of and left.
func TestCreatedEndsWhereATrackerDoesNot(t *testing.T) {
	t.Parallel()
	ever := func(of func(n int) string) (out []reply) {
		for n := range lookupPages + 2 {
			out = append(out, jsonReply(of(n)))
		}
		return out
	}
	for name, on := range map[string]func(*fake){
		"search": func(f *fake) {
			f.on("POST search/jql", ever(func(n int) string { return fmt.Sprintf(`{"issues":[],"nextPageToken":"t%d","isLast":false}`, n) })...)
		},
		"keys": func(f *fake) {
			f.on("POST search/jql", jsonReply(`{"issues":[],"isLast":true}`))
			f.on("POST issue/bulkfetch", ever(func(n int) string { return `{` + rows(ownRow(10000+100*(n+1), "me", "08:00:00")) + `}` })...)
		},
	} {
		f := newFake(t)
		on(f)
		_, err := f.client.Created(t.Context(), connectors.Search{Container: "OPS", After: "OPS-0"})
		if connectors.KindOf(err) != connectors.Malformed || !strings.Contains(err.Error(), "more after 200 pages") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCreatedOnDataCenter(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("GET serverInfo", jsonReply(`{"version":"10.3.24","deploymentType":"Server"}`))
	f.on("GET myself", jsonReply(`{"name":"me","displayName":"Parley"}`))
	bare := func(id int, creator string) string {
		s := strings.Replace(ownRow(id, creator, "08:00:00"), fmt.Sprintf(`"accountId":"%s",`, creator), "", 1)
		s, _, _ = strings.Cut(s, `,"properties"`)
		return s + "}"
	}
	f.on("POST search", jsonReply(`{"total":2,`+rows(bare(10001, "me"))+`}`), jsonReply(`{"total":1,`+rows(bare(10002, "ana"))+`}`))
	f.on("GET issue/10001/properties/parley.link", jsonReply(`{"key":"parley.link","value":{"mark":"v1 m=1"}}`))
	absent := reply{status: 404, body: `{"errorMessages":["Issue does not exist or you do not have permission to see it."]}`}
	for n := 3; n < 60; n++ {
		f.on(fmt.Sprintf("GET issue/OPS-%d", n), absent)
	}
	found := strings.Replace(bare(10007, "me"), `"fields"`, `"properties":{"parley.link":{"mark":"v1 m=7"}},"fields"`, 1)
	f.on("GET issue/OPS-7", jsonReply(found))
	got, err := f.client.Created(t.Context(), connectors.Search{Container: "OPS", After: "OPS-2"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"OPS-1", "OPS-7"}, keysOf(got)); diff != "" || got[0].Marker != "v1 m=1" || got[1].Marker != "v1 m=7" {
		t.Error(diff, got)
	}
	if f.count("GET issue/OPS-27") != 1 || f.count("GET issue/OPS-28") != 0 {
		t.Errorf("asked %v, want twenty keys behind the last issue", f.lines())
	}
	f.clear()
	if _, err := f.client.Created(t.Context(), connectors.Search{Container: "OPS"}); err != nil || f.count("GET issue/10001/properties/parley.link") != 0 {
		t.Errorf("a known mark was asked for again: %v, %v", f.lines(), err)
	}
}

// A poll of Data Center brings the marks as well.
func TestDataCentersPagesAreCompletedWithMarks(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("GET serverInfo", jsonReply(`{"version":"10.3.24","deploymentType":"Server"}`))
	f.on("GET myself", jsonReply(`{"name":"me","displayName":"Parley"}`))
	row := func(id int, name string) string {
		return rowOf(id, fine+`,"creator":{"name":"`+name+`"}`, "")
	}
	f.on("POST search", jsonReply(`{"total":3,`+rows(row(10001, "me"), row(10002, "ana"), row(10003, "me"))+`}`))
	f.on("GET issue/10001/properties/parley.link", jsonReply(`{"key":"parley.link","value":{"mark":"v1 m=1"}}`))
	f.on("GET issue/10003/properties/parley.link", reply{status: 404, body: `{"errorMessages":["The property parley.link does not exist."]}`})
	for range 2 {
		page, err := f.client.Changes(t.Context(), connectors.Cursor{})
		if err != nil || len(page.Observations) != 3 {
			t.Fatalf("%+v, %v", page, err)
		}
		for i, want := range []string{"v1 m=1", "", ""} {
			if got := page.Observations[i].Issue.Marker; got != want {
				t.Errorf("issue %d: %q, want %q", i, got, want)
			}
		}
	}
	if n := len(f.lines()); n != 4 {
		t.Errorf("%d requests, want two searches and one for each own issue: %v", n, f.lines())
	}
}

func TestCreatedFailsWhereItCouldMissSomething(t *testing.T) {
	t.Parallel()
	empty := jsonReply(`{"issues":[],"isLast":true}`)
	for name, tc := range map[string]struct {
		search, fetch reply
		after         string
		want          connectors.ErrorKind
	}{
		"a broken issue":         {jsonReply(`{"issues":[{"id":"10001","key":"OPS-1"}],"isLast":true}`), empty, "", connectors.Malformed},
		"a broken issue, probed": {empty, jsonReply(`{"issues":[{"id":"10001","key":"OPS-1"}]}`), "OPS-0", connectors.Malformed},
		"no search":              {reply{status: 502}, empty, "", connectors.Transient},
		"no probe":               {empty, reply{status: 502}, "OPS-1", connectors.Transient},
		"a circle":               {jsonReply(`{"issues":[],"nextPageToken":"t","isLast":false}`), empty, "", connectors.Malformed},
		"no key":                 {empty, empty, "7", connectors.Invalid},
		"nobody": {reply{body: `{"issues":[],"isLast":true}`, header: map[string]string{"X-AAccountId": "", "X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}},
			empty, "", connectors.Auth},
	} {
		f := newFake(t)
		f.on("POST search/jql", tc.search)
		f.on("POST issue/bulkfetch", tc.fetch)
		if tc.want == connectors.Auth {
			f.on("GET myself", jsonReply(`{"accountId":"me"}`), reply{status: 401, header: map[string]string{"Content-Type": "text/plain"}, body: "no"})
		}
		_, err := f.client.Created(t.Context(), connectors.Search{Container: "OPS", After: tc.after})
		kind, e := kindAndHint(t, err)
		if kind != tc.want {
			t.Errorf("%s: %v, want kind %s", name, err, tc.want)
		} else if strings.HasPrefix(name, "a broken") && !strings.Contains(e.Message, "OPS-1") {
			t.Errorf("%s: the issue is not named: %v", name, err)
		}
	}
	_, err := newFake(t).client.Created(t.Context(), connectors.Search{Container: "OPS OR 1=1"})
	if kind, _ := kindAndHint(t, err); kind != connectors.Invalid {
		t.Error(err)
	}
}
