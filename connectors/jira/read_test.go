package jira

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
)

func TestReadConvertsAnIssue(t *testing.T) {
	t.Parallel()
	f := newFake(t, func(c *Config) {
		c.Fields = map[string]string{"team": "customfield_1", "sites": "customfield_2", "none": "customfield_3"}
	})
	f.on("GET issue/10012", jsonReply(`{"id":"10012","key":"FIN-7","fields":{
		"summary":"Pay the invoice","description":"h1. Why\nBecause.","issuetype":{"id":"1","name":"Task"},"project":{"id":"5","key":"FIN"},
		"status":{"id":"10001","name":"Terminé","statusCategory":{"key":"done"}},"resolution":{"id":"10000","name":"Done"},"priority":null,
		"created":"2026-11-01T10:00:00.000+0100","updated":"2026-11-02T09:30:00.5Z","resolutiondate":"2026-11-02T09:29:00.000+0000",
		"labels":["a","b"],"components":[{"name":"Trading"}],"fixVersions":[{"name":"2026.4","releaseDate":"2026-12-18"},{"name":"2027.1"}],
		"assignee":{"accountId":"u1","displayName":"Ana"},"reporter":null,"parent":{"key":"FIN-1"},"duedate":"2026-12-24","security":{"name":"Internal"},
		"customfield_1":{"id":"4","value":"Payments"},"customfield_2":[{"name":"Paris"},"Lyon",null,3],"customfield_3":null}}`))
	o, err := f.client.Read(t.Context(), ops12)
	if err != nil {
		t.Fatal(err)
	}
	want := connectors.Issue{
		Ref:  connectors.Ref{Tracker: "jira", ID: "10012", Key: "FIN-7", Container: "FIN"},
		Kind: connectors.Jira, URL: f.url + "/browse/FIN-7", Title: "Pay the invoice", Body: "h1. Why\nBecause.", Type: "Task",
		Created: time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC), Updated: at("09:30:00").Add(500 * time.Millisecond), Closed: at("09:29:00"),
		Status: connectors.Option{ID: "10001", Name: "Terminé", Category: "done"}, Resolution: connectors.Option{ID: "10000", Name: "Done"},
		Labels: []string{"a", "b"}, Components: []string{"Trading"}, Assignees: []connectors.Person{{ID: "u1", Name: "Ana"}},
		Milestone: "2026.4", ReleaseDay: "2026-12-18", Parent: "FIN-1", Due: "2026-12-24", Security: "Internal",
		Custom: map[string]string{"team": "Payments", "sites": "Paris, Lyon, 3"},
	}
	if diff := cmp.Diff(want, o.Issue); diff != "" {
		t.Error(diff)
	}
	if o.Since != connectors.NoHistory || o.Entries != nil {
		t.Errorf("history %v since %d although none came", o.Entries, o.Since)
	}
	if u := f.last().url; !strings.Contains(u, "expand=changelog") || !strings.Contains(u, "customfield_1") {
		t.Errorf("asked for %s", u)
	}
}

// What stands in the place of a date and is none is not taken for one.
func TestOnlyADateIsADate(t *testing.T) {
	t.Parallel()
	for sent, want := range map[text]string{"2026-12-18": "2026-12-18", "18/Dec/26": "", "2026-13-01": "", "": "", "2026-12-18T00:00:00Z": ""} {
		if got := date(sent); got != want {
			t.Errorf("%q is %q, want %q", sent, got, want)
		}
	}
}

func TestClosedWithoutAResolution(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	for category, want := range map[string]time.Time{"done": at("08:00:00"), "new": {}} {
		f.on("GET issue/10012", jsonReply(`{"id":"10012","key":"OPS-12","fields":{"status":{"id":"1","statusCategory":{"key":"`+category+`"}},
			"updated":"2026-11-02T09:30:00.000+0000","statuscategorychangedate":"2026-11-02T09:00:00.000+0100","labels":{"unexpected":1}}}`))
		o, err := f.client.Read(t.Context(), ops12)
		if err != nil || !o.Issue.Closed.Equal(want) || o.Issue.Container != "OPS" {
			t.Errorf("%s: %+v, %v", category, o.Issue, err)
		}
	}
}

func TestReadRefusesAnIdThatIsNone(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	for _, id := range []string{"", "1/../2", "1?x", "a b"} {
		_, err := f.client.Read(t.Context(), connectors.Ref{ID: id})
		if kind, _ := kindAndHint(t, err); kind != connectors.Invalid {
			t.Errorf("%q: %v", id, err)
		}
	}
	if len(f.lines()) != 0 {
		t.Errorf("sent %v", f.lines())
	}
}

// history makes one history entry that moves the status.
func history(id int) string {
	return fmt.Sprintf(`{"id":"%d","author":{"accountId":"u1","displayName":"Ana"},"created":"2026-11-02T09:%02d:00.000+0000",
		"items":[{"field":"Status","fieldId":"status","from":"1","fromString":"To Do","to":"3","toString":"In Progress"}]}`, id, id%60)
}

func histories(ids ...int) string {
	var out []string
	for _, id := range ids {
		out = append(out, history(id))
	}
	return strings.Join(out, ",")
}

func TestHistoryThatComesWithAnIssue(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	for name, tc := range map[string]struct {
		log   string
		seqs  []int64
		since int64
	}{
		"whole":                 {`{"startAt":0,"total":3,"histories":[` + histories(1003, 1002, 998) + `]}`, []int64{998, 1002, 1003}, -1},
		"none yet":              {`{"total":0,"histories":[]}`, []int64{}, -1},
		"cut":                   {`{"startAt":0,"total":9,"histories":[` + histories(1003, 1002) + `]}`, []int64{1002, 1003}, 1001},
		"cut to one":            {`{"startAt":0,"total":9,"histories":[` + histories(1003) + `]}`, []int64{1003}, 1002},
		"cut at the wrong end":  {`{"startAt":0,"total":9,"histories":[` + histories(1002, 1003) + `]}`, nil, connectors.NoHistory},
		"cut to nothing":        {`{"startAt":0,"total":9,"histories":[]}`, nil, connectors.NoHistory},
		"not from the newest":   {`{"startAt":2,"total":2,"histories":[` + histories(1003, 1002) + `]}`, []int64{1002, 1003}, 1001},
		"number ids sort right": {`{"total":2,"histories":[` + histories(1000, 999) + `]}`, []int64{999, 1000}, -1},
	} {
		f.on("GET issue/10012", jsonReply(issueJSON(10012, `,"changelog":`+tc.log)))
		o, err := f.client.Read(t.Context(), ops12)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(tc.seqs, seqs(o.Entries)); diff != "" || o.Since != tc.since {
			t.Errorf("%s: since %d, want %d; %s", name, o.Since, tc.since, diff)
		}
	}
}

func seqs(list []connectors.Entry) []int64 {
	if list == nil {
		return nil
	}
	out := []int64{}
	for _, e := range list {
		out = append(out, e.Seq)
	}
	return out
}

func TestASearchThatShowsFortyEntriesMayHideMore(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	var ids []int
	for id := 1040; id > 1000; id-- {
		ids = append(ids, id)
	}
	f.on("POST search/jql", jsonReply(`{"isLast":true,"issues":[`+issueJSON(10012, `,"changelog":{"total":40,"histories":[`+histories(ids...)+`]}`)+`]}`))
	page, err := f.client.Changes(t.Context(), connectors.Cursor{})
	if err != nil || page.Observations[0].Since != 1000 {
		t.Errorf("since %d, %v; want 1000", page.Observations[0].Since, err)
	}
}

func TestEntry(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("GET issue/10012", jsonReply(issueJSON(10012, `,"changelog":{"total":4,"histories":[
		{"id":"4","created":1793610000123,"items":[{"field":"Clé","fieldId":"issuekey","from":null,"fromString":"OLD-1","to":null,"toString":"OPS-12"}]},
		{"id":"3","author":{"accountId":"me","displayName":"Parley"},"created":"2026-11-02T10:00:00.001+0100",
			"historyMetadata":{"type":"parley:sync","extraData":{"op":"op-1"}},
			"items":[{"field":"resolution","fieldtype":"jira","from":null,"fromString":null,"to":"10000","toString":"Done"}]},
		{"id":"2","author":{"accountId":"u1"},"created":"2026-11-02T09:00:00.000+0000","historyMetadata":{"type":"other:app","extraData":{"op":"op-2"}},
			"items":[{"field":"labels","fieldId":"labels","from":"","fromString":"a b","to":"","toString":"a"},
				{"field":"description","fieldId":"description","from":null,"fromString":"`+strings.Repeat("x", 900)+`","to":null,"toString":"short"}]},
		{"id":"1","author":null,"created":1793609000,"items":[{"field":"Rank","from":2,"to":3}]}]}`)))
	o, err := f.client.Read(t.Context(), ops12)
	if err != nil {
		t.Fatal(err)
	}
	want := []connectors.Entry{
		{ID: "1", Seq: 1, IssueID: "10012", At: time.Unix(1793609000, 0).UTC(), Changes: []connectors.Change{{Field: "rank", From: "2", To: "3"}}},
		{ID: "2", Seq: 2, IssueID: "10012", At: at("09:00:00"), Actor: connectors.Person{ID: "u1"}, Changes: []connectors.Change{
			{Field: "label", From: "b"},
			{Field: "description", FromName: strings.Repeat("x", 300) + "…", ToName: "short"},
		}},
		{ID: "3", Seq: 3, IssueID: "10012", At: at("09:00:00").Add(time.Millisecond), Actor: connectors.Person{ID: "me", Name: "Parley"}, Own: true, Op: "op-1",
			Changes: []connectors.Change{{Field: "resolution", To: "10000", ToName: "Done"}}},
		{ID: "4", Seq: 4, IssueID: "10012", At: at("09:00:00").Add(123 * time.Millisecond), Changes: []connectors.Change{
			{Field: "key", From: "OLD-1", To: "OPS-12", FromName: "OLD-1", ToName: "OPS-12"}}},
	}
	if diff := cmp.Diff(want, o.Entries); diff != "" {
		t.Error(diff)
	}
}

func TestSameAccount(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, b wireUser
		want bool
	}{
		{wireUser{AccountID: "x"}, wireUser{AccountID: "x"}, true},
		{wireUser{AccountID: "x"}, wireUser{AccountID: "y"}, false},
		{wireUser{AccountID: "x", Name: "bot"}, wireUser{Name: "bot"}, false},
		{wireUser{Key: "JIRAUSER1", Name: "old"}, wireUser{Key: "JIRAUSER1", Name: "new"}, true},
		{wireUser{Key: "JIRAUSER1", Name: "bot"}, wireUser{Key: "JIRAUSER2", Name: "bot"}, false},
		{wireUser{Name: "bot"}, wireUser{Name: "bot"}, true},
		{wireUser{}, wireUser{}, false},
	} {
		if got := same(tc.a, tc.b); got != tc.want {
			t.Errorf("same(%+v, %+v) = %v", tc.a, tc.b, got)
		}
	}
}

func changelogPage(last bool, ids ...int) reply {
	return jsonReply(fmt.Sprintf(`{"isLast":%v,"values":[%s]}`, last, histories(ids...)))
}

func TestHistoryPages(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("GET issue/10012/changelog", changelogPage(false, 1, 2, 3), changelogPage(false, 3, 4, 5), changelogPage(true, 5, 6))
	var got []int64
	since := int64(0)
	for more := true; more; {
		page, next, err := f.client.History(t.Context(), ops12, since)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, seqs(page)...)
		since, more = page[len(page)-1].Seq, next
	}
	if diff := cmp.Diff([]int64{1, 2, 3, 4, 5, 6}, got); diff != "" {
		t.Error(diff)
	}
	if n := len(f.lines()); n != 3 || !strings.Contains(f.last().url, "startAt=4") {
		t.Errorf("%d requests, last %s; want one a page, overlapping by one entry", n, f.last().url)
	}
}

func TestHistoryAfterAKnownEntry(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("GET issue/10012/changelog", changelogPage(false, 1, 2), changelogPage(true, 3, 4))
	page, more, err := f.client.History(t.Context(), ops12, 3)
	if diff := cmp.Diff([]int64{4}, seqs(page)); diff != "" || more || err != nil {
		t.Errorf("%s, more %v, %v", diff, more, err)
	}
	f.on("GET issue/10012/changelog", changelogPage(true, 1, 2, 3, 4))
	if page, more, err := f.client.History(t.Context(), ops12, 4); len(page) != 0 || more || err != nil {
		t.Errorf("nothing new: %v, more %v, %v", page, more, err)
	}
}

func TestHistoryNotAsRemembered(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("GET issue/10012/changelog", changelogPage(false, 1, 2, 3), changelogPage(true, 9), changelogPage(true, 2, 3, 5, 9))
	if _, _, err := f.client.History(t.Context(), ops12, 0); err != nil {
		t.Fatal(err)
	}
	page, _, err := f.client.History(t.Context(), ops12, 3)
	if diff := cmp.Diff([]int64{5, 9}, seqs(page)); diff != "" || err != nil {
		t.Errorf("entries moved in the log: %s, %v; want them read from the start again", diff, err)
	}
}

func TestHistoryOfDataCenter(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("GET serverInfo", jsonReply(`{"deploymentType":"Server"}`))
	f.on("GET issue/10012", jsonReply(`{"id":"10012","changelog":{"total":3,"histories":[`+histories(1, 2, 3)+`]}}`))
	page, more, err := f.client.History(t.Context(), ops12, 1)
	if diff := cmp.Diff([]int64{2, 3}, seqs(page)); diff != "" || more || err != nil {
		t.Errorf("%s, more %v, %v", diff, more, err)
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("GET issue/10012/remotelink", jsonReply(`[{"id":1,"globalId":"g","object":{"url":"https://x/1","title":"X"}},{"id":2,"object":{"url":"https://y"}}]`))
	got, err := f.client.Links(t.Context(), ops12)
	if diff := cmp.Diff([]connectors.Link{{GlobalID: "g", URL: "https://x/1", Title: "X"}, {URL: "https://y"}}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
}
