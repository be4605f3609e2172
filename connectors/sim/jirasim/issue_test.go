package jirasim_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim/jirasim"
)

func TestReadsThatAreNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.issue("OPS")
	for _, ref := range []string{"OPS-2", "NO-1", "010000", "99999", "x"} {
		a := w.do("GET", "/rest/api/3/issue/"+ref, "").want(t, 404)
		if a.get(t, "errorMessages.0") != "Issue does not exist or you do not have permission to see it." {
			t.Error(a.text)
		}
	}
	for _, ref := range []string{"OPS-1", "ops-1", "10000"} {
		w.do("GET", "/rest/api/3/issue/"+ref, "").want(t, 200)
	}
}

func TestMove(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.issue("FIN")
	v := w.issue("OPS")
	moved, err := w.site.Move("ana", "OPS-1", "FIN")
	if err != nil || moved.Key != "FIN-2" || moved.ID != v.ID {
		t.Fatalf("%+v, %v", moved, err)
	}
	a := w.do("GET", "/rest/api/3/issue/OPS-1?fields=project&expand=changelog", "").want(t, 200)
	if a.get(t, "key") != "FIN-2" || a.get(t, "id") != v.ID || a.get(t, "fields.project.key") != "FIN" {
		t.Errorf("by its old key: %s", a.text)
	}
	if a.get(t, "changelog.histories.0.items.1.field") != "Key" || a.get(t, "changelog.histories.0.items.1.fromString") != "OPS-1" {
		t.Errorf("changelog: %s", a.text)
	}
	for q, want := range map[string]int{"project = OPS": 0, "key = OPS-1": 1, "project = FIN": 2} {
		if n := len(w.do("POST", "/rest/api/3/search/jql", jql(q, "")).get(t, "issues").([]any)); n != want {
			t.Errorf("%s: %d issues, want %d", q, n, want)
		}
	}
	if got := w.issue("OPS").Key; got != "OPS-2" {
		t.Errorf("the old key was given again: %s", got)
	}
}

func TestDeleteAndArchive(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.issue("OPS")
	w.issue("OPS")
	w.do("DELETE", "/rest/api/3/issue/OPS-1", "").want(t, 204)
	w.do("GET", "/rest/api/3/issue/OPS-1", "").want(t, 404)
	if err := w.site.Archive("ana", "OPS-2", true); err != nil {
		t.Fatal(err)
	}
	w.do("PUT", "/rest/api/3/issue/OPS-2", `{"fields":{"summary":"x"}}`).want(t, 403)
	w.do("GET", "/rest/api/3/issue/OPS-2", "").want(t, 200)
	if n := len(w.do("POST", "/rest/api/3/search/jql", jql("project = OPS", "")).get(t, "issues").([]any)); n != 0 {
		t.Errorf("%d issues found", n)
	}
}

func TestChangelogPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.issue("OPS")
	for i := range 130 {
		if err := w.site.Edit("ana", "OPS-1", jirasim.Edit{Summary: new(fmt.Sprint(i))}); err != nil {
			t.Fatal(err)
		}
	}
	a := w.do("GET", "/rest/api/3/issue/OPS-1/changelog?maxResults=500", "").want(t, 200)
	if a.get(t, "maxResults") != 100.0 || len(a.get(t, "values").([]any)) != 100 || a.get(t, "total") != 130.0 || a.get(t, "isLast") != false ||
		a.get(t, "values.0.items.0.toString") != "0" || a.get(t, "nextPage") == nil {
		t.Errorf("first page: %.300s", a.text)
	}
	b := w.do("GET", "/rest/api/3/issue/OPS-1/changelog?startAt=100", "").want(t, 200)
	if len(b.get(t, "values").([]any)) != 30 || b.get(t, "isLast") != true || b.get(t, "nextPage") != nil || b.get(t, "values.0.items.0.toString") != "100" {
		t.Errorf("second page: %.300s", b.text)
	}
	id := a.get(t, "values.1.id").(string)
	c := w.do("POST", "/rest/api/3/issue/OPS-1/changelog/list", `{"changelogIds":[`+id+`,1]}`).want(t, 200)
	if c.get(t, "total") != 1.0 || c.get(t, "histories.0.id") != id {
		t.Errorf("list: %s", c.text)
	}
	d := w.do("GET", "/rest/api/3/issue/OPS-1?expand=changelog", "").want(t, 200)
	if d.get(t, "changelog.total") != 130.0 || d.get(t, "changelog.histories.0.items.0.toString") != "129" {
		t.Errorf("expand: %.300s", d.text)
	}
	w.do("GET", "/rest/api/3/issue/OPS-1/changelog?startAt=-1", "").want(t, 400)
}

func TestBulkChangelogs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, key := range []string{"OPS-1", "OPS-2"} {
		w.issue("OPS")
		for _, step := range []string{"21", "31"} {
			if err := w.site.Transition("ana", key, step, jirasim.Edit{}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.site.Edit("ana", key, jirasim.Edit{Priority: new("1")}); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]bool{}
	token := ""
	for pages := 1; ; pages++ {
		a := w.do("POST", "/rest/api/3/changelog/bulkfetch", `{"issueIdsOrKeys":["OPS-2","10000","NO-1"],"fieldIds":["status"],"maxResults":1`+token+`}`).want(t, 200)
		h := a.get(t, "issueChangeLogs.0.changeHistories.0").(map[string]any)
		if _, number := h["created"].(float64); !number {
			t.Errorf("created is %v", h["created"])
		}
		seen[a.get(t, "issueChangeLogs.0.issueId").(string)+"/"+h["id"].(string)] = true
		next := a.get(t, "nextPageToken")
		if next == nil {
			break
		}
		if pages > 10 {
			t.Fatal("no end of pages")
		}
		token = `,"nextPageToken":"` + next.(string) + `"`
	}
	if len(seen) != 4 {
		t.Errorf("entries: %v", seen)
	}
	w.do("POST", "/rest/api/3/changelog/bulkfetch", `{"issueIdsOrKeys":[]}`).want(t, 400)
}

func TestBulkFetch(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *jirasim.Options) { o.IndexLag = func(string) time.Duration { return time.Hour } })
	for range 3 {
		w.issue("OPS")
	}
	a := w.do("POST", "/rest/api/3/issue/bulkfetch", `{"issueIdsOrKeys":["OPS-3","10000","NO-1","OPS-3"],"fields":["status"]}`).want(t, 200)
	issues := a.get(t, "issues").([]any)
	if len(issues) != 2 || a.get(t, "issues.0.key") != "OPS-1" || a.get(t, "issues.1.key") != "OPS-3" || len(a.get(t, "issues.0.fields").(map[string]any)) != 1 {
		t.Error(a.text)
	}
	many := strings.TrimSuffix(strings.Repeat(`"OPS-1",`, 101), ",")
	w.do("POST", "/rest/api/3/issue/bulkfetch", `{"issueIdsOrKeys":[`+many+`]}`).want(t, 400)
	w.do("POST", "/rest/api/3/issue/bulkfetch", `{"issueIdsOrKeys":["OPS-1"],"startAt":1}`).want(t, 400)
}

func TestHistoryInThePast(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	past := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
	if _, err := w.site.Create("ana", jirasim.NewIssue{Project: "FIN", Type: "Task", Summary: "Old", Created: past}); err != nil {
		t.Fatal(err)
	}
	for i, status := range []string{"In Progress", "Waiting", "In Progress"} {
		if err := w.site.At(past.Add(time.Duration(i+1)*24*time.Hour)).ForceStatus("ana", "FIN-1", status); err != nil {
			t.Fatal(err)
		}
	}
	v := w.current("FIN-1")
	if want := past.Add(72 * time.Hour); !v.Updated.Equal(want) || !v.Created.Equal(past) || len(v.History) != 3 {
		t.Errorf("updated %v, want %v; %d entries", v.Updated, want, len(v.History))
	}
	if err := w.site.MigrateStatus("ana", "FIN-1", "Done"); err != nil {
		t.Fatal(err)
	}
	if m := w.current("FIN-1"); !m.Updated.Equal(v.Updated) || m.StatusName != "Done" || len(m.History) != 4 || m.History[3].Items[1].Field != "Workflow" {
		t.Errorf("migrated: %+v", m)
	}
	if err := w.site.Edit("ana", "FIN-9", jirasim.Edit{}); !errors.As(err, new(*jirasim.Refusal)) {
		t.Errorf("error of a missing issue: %v", err)
	}
}

func TestSnapshotsDoNotChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Task", Summary: "Do it", Labels: []string{"x"}})
	if err != nil {
		t.Fatal(err)
	}
	made.Labels[0] = "changed"
	one := w.current("OPS-1")
	if one.Labels[0] != "x" {
		t.Errorf("what Create gives reaches into the site: %+v", one)
	}
	one.Labels[0] = "changed"
	if two := w.current("OPS-1"); two.Labels[0] != "x" {
		t.Errorf("a copy reaches into the site: %+v", two)
	}
}
