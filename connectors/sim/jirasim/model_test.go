package jirasim_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/connectors/sim/jirasim"
)

// Whatever happened and however late the index was, once it caught up a search
// gives exactly the issues that the state says, in order, over any page size.
func TestSearchAgreesWithTheState(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		lag := time.Duration(0)
		w := newWorld(t, func(o *jirasim.Options) { o.IndexLag = func(string) time.Duration { return lag } })
		for range rapid.IntRange(1, 40).Draw(rt, "steps") {
			lag = time.Duration(rapid.SampledFrom([]int{0, 0, 1, 60, 3600}).Draw(rt, "lag")) * time.Second
			w.clock.Advance(time.Duration(rapid.IntRange(0, 3).Draw(rt, "pause")) * time.Second)
			w.step(rt)
		}
		w.clock.Advance(2 * time.Hour)
		since := start.Add(time.Duration(rapid.IntRange(0, 60).Draw(rt, "since")) * time.Second)
		desc := rapid.Bool().Draw(rt, "desc")
		var want []jirasim.Issue
		for _, v := range w.site.Issues("OPS") {
			if !v.Updated.Before(since) && v.Priority != "1" {
				want = append(want, v)
			}
		}
		slices.SortStableFunc(want, func(a, b jirasim.Issue) int {
			if desc {
				return b.Updated.Compare(a.Updated)
			}
			return a.Updated.Compare(b.Updated)
		})
		q := fmt.Sprintf("project = OPS AND updated >= %d AND (priority != Highest OR priority is empty) ORDER BY updated", since.UnixMilli())
		if desc {
			q += " DESC"
		}
		if got := w.walk(q, rapid.IntRange(1, 7).Draw(rt, "page")); !slices.Equal(got, keysOf(want)) {
			rt.Fatalf("%s\nfound %v\nwant  %v", q, got, keysOf(want))
		}
	})
}

// step does something to a random issue.
func (w *world) step(rt *rapid.T) {
	all := w.site.Issues("")
	if len(all) == 0 || rapid.IntRange(0, 3).Draw(rt, "kind") == 0 {
		_, err := w.site.Create("ana", jirasim.NewIssue{Project: rapid.SampledFrom([]string{"OPS", "FIN"}).Draw(rt, "project"), Type: "Task", Summary: "x"})
		w.must(err)
		return
	}
	key := rapid.SampledFrom(all).Draw(rt, "issue").Key
	switch rapid.IntRange(0, 4).Draw(rt, "change") {
	case 0:
		w.must(w.site.Delete("ana", key))
	case 1:
		to := map[bool]string{true: "FIN", false: "OPS"}[key[:3] == "OPS"]
		_, err := w.site.Move("ana", key, to)
		w.must(err)
	case 2:
		w.must(w.site.MigrateStatus("ana", key, rapid.SampledFrom([]string{"Done", "To Do"}).Draw(rt, "status")))
	default:
		p := rapid.SampledFrom([]string{"1", "2", jirasim.None}).Draw(rt, "priority")
		w.must(w.site.Edit("ana", key, jirasim.Edit{Priority: &p}))
	}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// walk pages through a search.
func (w *world) walk(q string, size int) []string {
	w.t.Helper()
	out := []string{}
	token := ""
	for {
		a := w.do("POST", "/rest/api/3/search/jql", jql(q, fmt.Sprintf(`,"fields":["key"],"maxResults":%d%s`, size, token))).want(w.t, 200)
		out = append(out, a.keys(w.t)...)
		next := a.get(w.t, "nextPageToken")
		if next == nil {
			return out
		}
		token = `,"nextPageToken":"` + next.(string) + `"`
	}
}

func keysOf(vs []jirasim.Issue) []string {
	out := []string{}
	for _, v := range vs {
		out = append(out, v.Key)
	}
	return out
}

// A changelog tells the whole way from the first status to the present one.
func TestChangelogIsAChain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		w.issue("FIN")
		status := w.current("FIN-1").Status
		for _, id := range rapid.SliceOfN(rapid.SampledFrom([]string{"4", "5", "6", "7", "711", "8"}), 1, 30).Draw(rt, "transitions") {
			body := fmt.Sprintf(`{"transition":{"id":"%s"}}`, id)
			if id == "711" {
				body = `{"transition":{"id":"711"},"fields":{"resolution":{"name":"Done"}}}`
			}
			before := w.current("FIN-1")
			a := w.do("POST", way, body)
			v := w.current("FIN-1")
			if moved := len(v.History) - len(before.History); a.status == 204 && moved != 1 || a.status == 400 && moved != 0 {
				rt.Fatalf("answered %d and wrote %d entries", a.status, moved)
			}
			if done := v.StatusName == "Done"; done == (v.Resolution == "") {
				rt.Fatalf("status %s with resolution %q", v.StatusName, v.Resolution)
			}
		}
		v := w.current("FIN-1")
		for _, h := range v.History {
			for _, it := range h.Items {
				if it.FieldID != "status" {
					continue
				}
				if it.From != status {
					rt.Fatalf("an entry comes from %s, the issue was in %s", it.From, status)
				}
				status = it.To
			}
		}
		if status != v.Status {
			rt.Fatalf("the changelog ends in %s, the issue is in %s", status, v.Status)
		}
	})
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *jirasim.Options) {
		o.IndexLag = func(string) time.Duration { return time.Millisecond }
		o.WriteLimits, o.BurstLimits = true, true
	})
	w.issue("OPS")
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for n := range 30 {
				w.clock.Advance(200 * time.Millisecond)
				key := w.issue("OPS").Key
				p := fmt.Sprint(n%5 + 1)
				if err := w.site.Edit("ana", key, jirasim.Edit{Priority: &p, AddLabels: []string{fmt.Sprint(i)}}); err != nil {
					t.Error(err)
				}
				w.do("POST", "/rest/api/3/search/jql", jql("project = OPS ORDER BY updated", `,"fields":["*all"],"expand":"changelog"`)).want(t, 200)
				w.do("PUT", "/rest/api/3/issue/"+key, `{"fields":{"summary":"x"}}`).want(t, 204)
				w.do("GET", "/rest/api/3/status", "").want(t, 200)
				w.site.AddStatus(jirasim.Status{Name: fmt.Sprint("S", i, n)})
			}
		})
	}
	all.Wait()
	if n := len(w.site.Issues("OPS")); n != 121 {
		t.Errorf("%d issues, want 121", n)
	}
}
