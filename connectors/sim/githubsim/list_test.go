package githubsim_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors/sim/githubsim"
)

const issuesPath = "/repos/acme/payments/issues"

func TestListFilters(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	_, err := w.hub.AddMilestone("ana", pay, githubsim.Milestone{Title: "M1"})
	w.must(err)
	at := func(minute int) time.Time { return start.Add(time.Duration(minute) * time.Minute) }
	for i, in := range []githubsim.NewIssue{
		{Title: "1", Labels: []string{"bug", "Status: New"}, Body: "ask @Bo"},
		{Title: "2", Labels: []string{"BUG"}, Milestone: 1},
		{Title: "3", PullRequest: true, Assignees: []string{"ana"}},
		{Title: "4"},
	} {
		in.Created = at(i)
		_, err := w.hub.CreateIssue(map[bool]string{true: "ana", false: "bo"}[i != 3], pay, in)
		w.must(err)
	}
	w.must(w.hub.At(at(10)).SetState("ana", pay, 2, "closed", ""))
	_, err = w.hub.At(at(20)).Comment("bo", pay, 1, "hm")
	w.must(err)
	for query, want := range map[string][]int{
		"":                                  {4, 3, 1},
		"?state=all":                        {4, 3, 2, 1},
		"?state=closed":                     {2},
		"?state=all&direction=asc":          {1, 2, 3, 4},
		"?state=all&sort=updated":           {1, 2, 4, 3},
		"?state=all&sort=comments":          {1, 4, 3, 2},
		"?state=all&labels=bug":             {2, 1},
		"?state=all&labels=Bug,status: new": {1},
		"?milestone=1&state=all":            {2},
		"?milestone=none":                   {4, 3, 1},
		"?milestone=*&state=all":            {2},
		"?assignee=ANA":                     {3},
		"?assignee=none":                    {4, 1},
		"?assignee=*":                       {3},
		"?creator=bo":                       {4},
		"?mentioned=bo":                     {1},
		"?state=all&since=" + at(10).Format(time.RFC3339):                                               {2, 1}, // at or after
		"?state=all&since=" + at(10).Add(time.Second).Format(time.RFC3339):                              {1},
		"?state=all&since=" + at(10).In(time.FixedZone("", 7200)).Format("2006-01-02T15:04:05%2B02:00"): {2, 1},
		"?since=2020-01-01": {4, 3, 1},
	} {
		got := w.get(issuesPath + strings.ReplaceAll(query, " ", "%20"))
		if got.status != 200 {
			t.Errorf("%s: %d %s", query, got.status, got.body)
			continue
		}
		if diff := cmp.Diff(want, got.rows(t)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", query, diff)
		}
	}
	if n := strings.Count(w.get(issuesPath+"?state=all").body, `"pull_request":{`); n != 1 {
		t.Errorf("%d rows have the key pull_request, want the pull request alone", n)
	}
}

func TestPageLinks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	for i := range 13 {
		w.issue(fmt.Sprint("issue ", i))
	}
	repo := w.get("/repos/acme/payments").object(t)
	root := fmt.Sprintf("%s/repositories/%.0f/issues?", w.url, repo["id"])
	for _, tc := range []struct {
		path string
		rows int
		link string // rel=page of each entry in order
	}{
		{"?per_page=3", 3, "next=2 last=5"},
		{"?page=2&per_page=3", 3, "prev=1 next=3 last=5 first=1"},
		{"?per_page=3&page=5", 1, "prev=4 first=1"},
		{"?per_page=3&page=9", 0, "prev=5 first=1"},
		{"?per_page=1000", 13, ""},
		{"?per_page=-1", 13, ""},
		{"", 13, ""},
	} {
		got := w.get(issuesPath + tc.path)
		var rels []string
		for _, m := range regexp.MustCompile(`<([^>]*)[?&]page=(\d+)>; rel="(\w+)"`).FindAllStringSubmatch(got.header.Get("Link"), -1) {
			rels = append(rels, m[3]+"="+m[2])
			if m[1] != root+"per_page=3" {
				t.Errorf("%s: link to %s", tc.path, m[1])
			}
		}
		if n := len(got.rows(t)); n != tc.rows || strings.Join(rels, " ") != tc.link {
			t.Errorf("%s: %d rows, Link %s", tc.path, n, got.header.Get("Link"))
		}
	}
}

// next is the address of the following page, "" at the end.
func (r reply) next() string {
	m := regexp.MustCompile(`<([^>]*)>; rel="next"`).FindStringSubmatch(r.header.Get("Link"))
	if m == nil {
		return ""
	}
	return m[1]
}

func TestCursorLinks(t *testing.T) {
	t.Parallel()
	for style, hasPage := range map[githubsim.LinkStyle]bool{githubsim.CursorLinks: true, githubsim.BareCursorLinks: false} {
		for _, query := range []string{"", "&direction=asc", "&sort=updated&direction=asc"} {
			t.Run(fmt.Sprint(style, query), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, githubsim.Options{Links: style})
				for i := range 8 {
					w.issue(fmt.Sprint("issue ", i))
				}
				got, seen := w.get(issuesPath+"?per_page=3"+query), []int{}
				for {
					seen = append(seen, got.rows(t)...)
					if got.next() == "" {
						break
					}
					if !strings.Contains(got.next(), "after=") || strings.Contains(got.next(), "&page=") != hasPage {
						t.Errorf("next %s", got.next())
					}
					got = w.get(got.next())
				}
				slices.Sort(seen)
				if diff := cmp.Diff([]int{1, 2, 3, 4, 5, 6, 7, 8}, seen); diff != "" {
					t.Error(diff)
				}
				if !strings.Contains(got.header.Get("Link"), `rel="prev"`) || !strings.Contains(got.header.Get("Link"), "before=") {
					t.Errorf("the last page links %s", got.header.Get("Link"))
				}
			})
		}
	}
}

// TestMovingRows shows the trap of numbered pages over a moving order, and that
// cursors do not fall into it.
func TestMovingRows(t *testing.T) {
	t.Parallel()
	for style, lost := range map[githubsim.LinkStyle]bool{githubsim.PageLinks: true, githubsim.BareCursorLinks: false} {
		w := newWorld(t, githubsim.Options{Links: style})
		for i := range 6 {
			w.clock.Advance(time.Second)
			w.issue(fmt.Sprint("issue ", i))
		}
		first := w.get(issuesPath + "?sort=updated&direction=asc&per_page=3")
		w.clock.Advance(time.Minute)
		_, err := w.hub.Comment("ana", pay, 1, "moves to the end")
		w.must(err)
		second := w.get(first.next())
		if got := !slices.Contains(append(first.rows(t), second.rows(t)...), 4); got != lost {
			t.Errorf("style %d: issue 4 lost %v, want %v", style, got, lost)
		}
	}
}

func TestETags(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	w.issue("A")
	w.must(w.hub.AddToken("ana", "t-ana-2"))
	url := issuesPath + "?state=all"
	first := w.get(url)
	tag := first.header.Get("ETag")
	if cc := first.header.Get("Cache-Control"); cc != "private, max-age=60, s-maxage=60" || tag == "" {
		t.Fatalf("ETag %q, Cache-Control %q", tag, cc)
	}
	if cc := w.do("GET", url, "", "").header.Get("Cache-Control"); cc != "public, max-age=60, s-maxage=60" {
		t.Errorf("anonymous Cache-Control %q", cc)
	}
	check := func(what string, got reply, status int) {
		t.Helper()
		if got.status != status || status == 304 && (got.body != "" || got.header.Get("ETag") != tag) {
			t.Errorf("%s: %d %s %q", what, got.status, got.header.Get("ETag"), got.body)
		}
	}
	ifNone := "If-None-Match: " + tag
	check("same again", w.get(url, ifNone), 304)
	check("and again", w.get(url, ifNone), 304)
	check("weak, in a list", w.get(url, `If-None-Match: "x", W/`+tag), 304)
	check("other URL", w.get(issuesPath+"?state=all&per_page=50", ifNone), 200)
	check("other token of the same user", w.do("GET", url, "t-ana-2", "", ifNone), 200)
	w.must(w.hub.RenameLabel(pay, "bug", "defect"))
	check("a label nobody carries was renamed", w.get(url, ifNone), 304)
	w.must(w.hub.AddLabels("ana", pay, 1, "defect"))
	check("changed", w.get(url, ifNone), 200)
	w.must(w.hub.RemoveLabel("ana", pay, 1, "defect"))
	check("a write is never 304", w.do("PATCH", issuesPath+"/1", "t-ana", `{}`, ifNone), 200)
}

func TestListLag(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{ListLag: func(string, int) time.Duration { return 20 * time.Second }})
	w.issue("A")
	if got := w.get(issuesPath).rows(t); len(got) != 0 {
		t.Errorf("a new issue is in the list at once: %v", got)
	}
	if got := w.get(issuesPath + "/1"); got.status != http.StatusOK {
		t.Errorf("a single read is late too: %d", got.status)
	}
	w.clock.Advance(20 * time.Second)
	tag := w.get(issuesPath).header.Get("ETag")
	w.must(w.hub.SetState("ana", pay, 1, "closed", ""))
	w.clock.Advance(10 * time.Second)
	w.must(w.hub.AddLabels("ana", pay, 1, "bug"))
	if got := w.get(issuesPath, "If-None-Match: "+tag); got.status != 304 {
		t.Errorf("the list knows already: %d %s", got.status, got.body)
	}
	if got := w.get(issuesPath + "/1").object(t)["state"]; got != "closed" {
		t.Errorf("single read: %v", got)
	}
	w.clock.Advance(10 * time.Second)
	if got := w.get(issuesPath + "?state=closed"); len(got.rows(t)) != 1 || strings.Contains(got.body, `"name":"bug"`) {
		t.Errorf("20 s after the closing the list shows %s", got.body)
	}
	w.clock.Advance(10 * time.Second)
	if got := w.get(issuesPath + "?state=closed&labels=bug").rows(t); len(got) != 1 {
		t.Errorf("the list never catches up: %v", got)
	}
}

func TestUpdatedBump(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{UpdatedBump: func(string, int) time.Duration { return 3 * time.Second }})
	w.issue("A")
	tag := w.get(issuesPath).header.Get("ETag")
	w.clock.Advance(2 * time.Second)
	if got := w.get(issuesPath, "If-None-Match: "+tag); got.status != 304 {
		t.Errorf("before the bump: %d", got.status)
	}
	w.clock.Advance(time.Second)
	if got := w.get(issuesPath, "If-None-Match: "+tag); got.status != 200 {
		t.Errorf("after the bump: %d", got.status)
	}
	if got := w.state(1); got.Updated.Sub(got.Created) != 3*time.Second {
		t.Errorf("updated %v after creation", got.Updated.Sub(got.Created))
	}
	if got := w.get(issuesPath + "?since=" + start.Add(3*time.Second).Format(time.RFC3339)).rows(t); len(got) != 1 {
		t.Errorf("since the bump: %v", got)
	}
}
