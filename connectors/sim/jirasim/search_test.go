package jirasim_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim/jirasim"
)

func TestSearchRefuses(t *testing.T) {
	t.Parallel()
	many := strings.TrimSuffix(strings.Repeat("1,", 51), ",")
	for _, tc := range []struct{ name, body, says string }{
		{"unknown property", `{"jql":"project = OPS","startAt":0}`, "Invalid request payload"},
		{"expand as array", `{"jql":"project = OPS","expand":["changelog"]}`, "Invalid request payload"},
		{"no JSON", `{`, "Invalid request payload"},
		{"empty JQL", `{"jql":""}`, "Unbounded JQL queries are not allowed here."},
		{"no JQL", `{}`, "Unbounded JQL queries are not allowed here."},
		{"order only", `{"jql":"ORDER BY updated"}`, "Unbounded JQL queries are not allowed here."},
		{"zero page", `{"jql":"project = OPS","maxResults":0}`, "between 1 and 5,000"},
		{"huge page", `{"jql":"project = OPS","maxResults":5001}`, "between 1 and 5,000"},
		{"made-up token", `{"jql":"project = OPS","nextPageToken":"Ch0j"}`, "nextPageToken is invalid"},
		{"empty token", `{"jql":"project = OPS","nextPageToken":""}`, "nextPageToken is invalid"},
		{"too many to reconcile", `{"jql":"project = OPS","reconcileIssues":[` + many + `]}`, "reconcileIssues"},
		{"key to reconcile", `{"jql":"project = OPS","reconcileIssues":["OPS-1"]}`, "Invalid request payload"},
		{"too many properties", `{"jql":"project = OPS","properties":["a","b","c","d","e","f"]}`, "properties"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a := newWorld(t).do("POST", "/rest/api/3/search/jql", tc.body).want(t, 400)
			if says := a.get(t, "errorMessages.0").(string); !strings.Contains(says, tc.says) {
				t.Errorf("said %q, want %q", says, tc.says)
			}
			if a.get(t, "status") != nil {
				t.Errorf("the body has a status: %s", a.text)
			}
		})
	}
}

func TestOldSearchIsGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, a := range []answer{w.do("GET", "/rest/api/2/search?jql=project=OPS", ""), w.do("POST", "/rest/api/3/search", `{"jql":"project=OPS"}`)} {
		if says := a.want(t, 410).get(t, "errorMessages.0").(string); !strings.HasPrefix(says, "The requested API has been removed.") {
			t.Error(says)
		}
	}
}

func TestSearchShowsWhatWasAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.issue("OPS")
	search := func(more string) answer {
		return w.do("POST", "/rest/api/2/search/jql", jql("project = OPS", more)).want(t, 200)
	}
	if got := search("").text; strings.TrimSpace(got) != `{"isLast":true,"issues":[{"id":"10000"}]}` {
		t.Errorf("by default: %s", got)
	}
	if v := search(`,"fields":["id","key"]`).get(t, "issues.0").(map[string]any); v["key"] != "OPS-1" || v["fields"] != nil {
		t.Errorf("id and key: %v", v)
	}
	fields := search(`,"fields":["summary","nonsense","assignee"]`).get(t, "issues.0.fields").(map[string]any)
	if len(fields) != 2 || fields["summary"] != "Do it" || fields["assignee"] != nil {
		t.Errorf("fields: %v", fields)
	}
	all := search(`,"fields":["*all"]`).get(t, "issues.0.fields").(map[string]any)
	for _, f := range []string{"status", "priority", "labels", "created", "updated", "resolution", "security", "comment"} {
		if _, there := all[f]; !there {
			t.Errorf("*all lacks %s", f)
		}
	}
	if less := search(`,"fields":["*all","-comment"]`).get(t, "issues.0.fields").(map[string]any); len(less) != len(all)-1 {
		t.Errorf("-comment: %d of %d fields", len(less), len(all))
	}
	get := w.do("GET", "/rest/api/2/search/jql?fields=summary,status&jql="+url.QueryEscape("project = OPS"), "").want(t, 200)
	if len(get.get(t, "issues.0.fields").(map[string]any)) != 2 {
		t.Errorf("GET: %s", get.text)
	}
	if post := w.do("POST", "/rest/api/2/search/jql?fields=summary", jql("project = OPS", "")); strings.Contains(post.text, "summary") {
		t.Error("POST looked at the query string")
	}
}

func TestSearchCutsChangelog(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key := w.issue("OPS").Key
	for i := range 45 {
		w.clock.Advance(time.Minute)
		if err := w.site.Edit("ana", key, jirasim.Edit{Summary: new(fmt.Sprint("take ", i))}); err != nil {
			t.Fatal(err)
		}
	}
	a := w.do("POST", "/rest/api/3/search/jql", jql("project = OPS", `,"expand":"changelog"`)).want(t, 200)
	log := a.get(t, "issues.0.changelog").(map[string]any)
	histories := log["histories"].([]any)
	if len(histories) != 40 || log["total"] != 45.0 {
		t.Errorf("%d of %v entries", len(histories), log["total"])
	}
	if newest := a.get(t, "issues.0.changelog.histories.0.items.0.toString"); newest != "take 44" {
		t.Errorf("first is %v, want the newest", newest)
	}
}

func TestSearchPages(t *testing.T) {
	t.Parallel()
	for _, order := range []string{"", " ORDER BY updated ASC", " ORDER BY updated DESC, key DESC", " ORDER BY id", " ORDER BY priority DESC, created", " ORDER BY key DESC"} {
		t.Run(order, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for i := range 25 {
				if i%3 != 0 { // some share their moment
					w.clock.Advance(time.Second)
				}
				n := jirasim.NewIssue{Project: "OPS", Type: "Task", Summary: "x", Priority: fmt.Sprint(i%5 + 1)}
				if _, err := w.site.Create("ana", n); err != nil {
					t.Fatal(err)
				}
			}
			q, more := "project = OPS"+order, `,"fields":["key"]`
			whole := w.do("POST", "/rest/api/3/search/jql", jql(q, more+`,"maxResults":5000`)).want(t, 200).keys(t)
			var pages []string
			token := ""
			for {
				a := w.do("POST", "/rest/api/3/search/jql", jql(q, more+`,"maxResults":4`+token)).want(t, 200)
				pages = append(pages, a.keys(t)...)
				if a.get(t, "isLast") == true {
					if a.get(t, "nextPageToken") != nil {
						t.Error("the last page has a token")
					}
					break
				}
				token = `,"nextPageToken":"` + a.get(t, "nextPageToken").(string) + `"`
			}
			if len(whole) != 25 || !slices.Equal(whole, pages) {
				t.Errorf("in one page %v\nin many    %v", whole, pages)
			}
		})
	}
}

func TestPageCaps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 120 {
		w.issue("OPS")
	}
	for more, want := range map[string]int{`,"maxResults":5000`: 120, `,"maxResults":5000,"fields":["id","key"]`: 120,
		`,"maxResults":5000,"fields":["status"]`: 100, `,"fields":["status"]`: 50, ``: 50, `,"maxResults":5000,"expand":"changelog"`: 100} {
		a := w.do("POST", "/rest/api/3/search/jql", jql("project = OPS", more)).want(t, 200)
		if n := len(a.get(t, "issues").([]any)); n != want {
			t.Errorf("%s: %d issues, want %d", more, n, want)
		}
	}
}

func TestTokenRules(t *testing.T) {
	t.Parallel()
	first := func(w *world) string {
		w.issue("OPS")
		w.issue("OPS")
		return w.do("POST", "/rest/api/3/search/jql", jql("project = OPS", `,"maxResults":1`)).want(t, 200).get(t, "nextPageToken").(string)
	}
	next := func(w *world, q, token, more string) answer {
		return w.do("POST", "/rest/api/3/search/jql", jql(q, `,"maxResults":1,"nextPageToken":"`+token+`"`+more))
	}
	t.Run("another query", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		next(w, "project = FIN", first(w), "").want(t, 400)
	})
	t.Run("other fields", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		next(w, "project = OPS", first(w), `,"fields":["status"]`).want(t, 400)
	})
	t.Run("another account", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		token := first(w)
		w.email, w.token = w.ana.Email, w.ana.Token
		next(w, "project = OPS", token, "").want(t, 400)
	})
	t.Run("changed", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		token := first(w)
		next(w, "project = OPS", token[:len(token)-2]+"AA", "").want(t, 400)
	})
	t.Run("old", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		token := first(w)
		w.clock.Advance(7 * 24 * time.Hour)
		next(w, "project = OPS", token, "").want(t, 200)
		w.clock.Advance(time.Second)
		next(w, "project = OPS", token, "").want(t, 400)
	})
	t.Run("again", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		token := first(w)
		next(w, "project = OPS", token, "").want(t, 200)
		next(w, "project = OPS", token, "").want(t, 200)
		w = newWorld(t, func(o *jirasim.Options) { o.SingleUseTokens = true })
		token = first(w)
		next(w, "project = OPS", token, "").want(t, 200)
		next(w, "project = OPS", token, "").want(t, 400)
	})
}

func TestWalkDoesNotSkipWhatMovesMeanwhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 4 {
		w.issue("OPS")
	}
	const q = "project = OPS ORDER BY updated ASC"
	one := w.do("POST", "/rest/api/3/search/jql", jql(q, `,"fields":["key"],"maxResults":2`)).want(t, 200)
	if err := w.site.Edit("ana", "OPS-1", jirasim.Edit{Summary: new("new")}); err != nil {
		t.Fatal(err)
	}
	two := w.do("POST", "/rest/api/3/search/jql", jql(q, `,"fields":["key"],"maxResults":9,"nextPageToken":"`+one.get(t, "nextPageToken").(string)+`"`)).want(t, 200)
	if got := two.keys(t); !slices.Equal(got, []string{"OPS-3", "OPS-4", "OPS-1"}) {
		t.Errorf("second page: %v", got)
	}
}

func TestCountAndMatch(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *jirasim.Options) { o.IndexLag = func(string) time.Duration { return time.Minute } })
	w.issue("OPS")
	count := func() any {
		return w.do("POST", "/rest/api/3/search/approximate-count", jql("project = OPS", "")).want(t, 200).get(t, "count")
	}
	if got := count(); got != 0.0 {
		t.Errorf("count before indexing: %v", got)
	}
	a := w.do("POST", "/rest/api/3/jql/match", `{"issueIds":[10000,99],"jqls":["project = OPS","status = Nonsense"]}`).want(t, 200)
	if got := a.get(t, "matches.0.matchedIssues").([]any); len(got) != 1 || got[0] != 10000.0 {
		t.Errorf("match: %s", a.text)
	}
	if got := a.get(t, "matches.1.errors").([]any); len(got) != 1 {
		t.Errorf("match of a bad query: %s", a.text)
	}
	w.clock.Advance(time.Minute)
	if got := count(); got != 1.0 {
		t.Errorf("count after indexing: %v", got)
	}
	w.do("POST", "/rest/api/3/search/approximate-count", jql("ORDER BY key", "")).want(t, 400)
}
