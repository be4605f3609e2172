package githubsim_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/connectors/sim/githubsim"
)

func TestIssueLabels(t *testing.T) {
	t.Parallel()
	type step struct {
		method, path, body string
		status             int
		left               []string
	}
	const labels = issuesPath + "/1/labels"
	for name, steps := range map[string][]step{
		"bare array":      {{"POST", labels, `["bug","Made Up"]`, 200, []string{"bug", "Made Up"}}},
		"object":          {{"POST", labels, `{"labels":["bug",{"name":"question"}]}`, 200, []string{"bug", "question"}}},
		"case of the old": {{"POST", labels, `["BUG","bug"]`, 200, []string{"bug"}}},
		"empty":           {{"POST", labels, `[]`, 200, nil}},
		"put": {
			{"PUT", labels, `{"labels":["a","b"]}`, 200, []string{"a", "b"}},
			{"PUT", labels, `["B","c"]`, 200, []string{"b", "c"}},
			{"PUT", labels, `[]`, 200, nil},
		},
		"delete one": {
			{"POST", labels, `["a/b","100%","a#b","..","ünï 🎉"]`, 200, []string{"a/b", "100%", "a#b", "..", "ünï 🎉"}},
			{"DELETE", labels + "/a%2FB", "", 200, []string{"100%", "a#b", "..", "ünï 🎉"}},
			{"DELETE", labels + "/100%25", "", 200, []string{"a#b", "..", "ünï 🎉"}},
			{"DELETE", labels + "/a%23b", "", 200, []string{"..", "ünï 🎉"}},
			{"DELETE", labels + "/" + url.PathEscape("ünï 🎉"), "", 200, []string{".."}},
			{"DELETE", labels + "/a%2Fb", "", 404, []string{".."}},
		},
		"delete all":                {{"POST", labels, `["a","b"]`, 200, []string{"a", "b"}}, {"DELETE", labels, "", 204, nil}},
		"a lost name deletes all":   {{"POST", labels, `["a","b"]`, 200, []string{"a", "b"}}, {"DELETE", labels + "/", "", 204, nil}},
		"a raw slash finds nothing": {{"POST", labels, `["a/b"]`, 200, []string{"a/b"}}, {"DELETE", labels + "/a/b", "", 404, []string{"a/b"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, githubsim.Options{})
			w.issue("A")
			for i, s := range steps {
				got := w.do(s.method, s.path, "t-ana", s.body)
				if got.status != s.status {
					t.Errorf("step %d: %d %s", i, got.status, got.body)
				}
				if diff := cmp.Diff(s.left, w.state(1).Labels); diff != "" {
					t.Errorf("step %d (-want +got)\n%s", i, diff)
				}
			}
		})
	}
}

func TestNewLabelsAreGrey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	w.issue("A", "Made Up")
	if got := w.get("/repos/acme/payments/labels/made%20up").object(t); got["name"] != "Made Up" || got["color"] != "ededed" {
		t.Errorf("label %v", got)
	}
}

func TestRepoLabels(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	w.issue("A", "bug")
	was := w.state(1)
	w.clock.Advance(time.Hour)
	got := w.do("PATCH", "/repos/acme/payments/labels/BUG", "t-ana", `{"new_name":"Defect","color":"BADA55","description":"d"}`)
	if o := got.object(t); got.status != 200 || o["name"] != "Defect" || o["color"] != "BADA55" || o["description"] != "d" {
		t.Errorf("rename: %d %s", got.status, got.body)
	}
	now := w.state(1)
	if fmt.Sprint(now.Labels) != "[Defect]" || !now.Updated.Equal(was.Updated) {
		t.Errorf("after the rename: %v, updated %v", now.Labels, now.Updated)
	}
	if diff := cmp.Diff([]string{"labeled bug"}, w.kinds(1)); diff != "" {
		t.Errorf("history keeps the name of its day:\n%s", diff)
	}
	if got := w.do("PATCH", "/repos/acme/payments/labels/defect", "t-ana", `{"name":"question"}`); got.status != 422 {
		t.Errorf("taken name: %d %s", got.status, got.body)
	}
	if got := w.do("PATCH", "/repos/acme/payments/labels/defect", "t-bo", `{"name":"x"}`); got.status != 404 {
		t.Errorf("without push: %d %s", got.status, got.body)
	}
	if got := w.do("DELETE", "/repos/acme/payments/labels/defect", "t-ana", ""); got.status != 204 || got.body != "" {
		t.Errorf("delete: %d %s", got.status, got.body)
	}
	if now := w.state(1); len(now.Labels) != 0 || !now.Updated.Equal(was.Updated) {
		t.Errorf("after the deletion: %v, updated %v", now.Labels, now.Updated)
	}
	got = w.do("POST", "/repos/acme/payments/labels", "t-ana", `{"name":"a b","color":"000000"}`)
	if want := "/repos/acme/payments/labels/a%20b"; got.status != 201 || !strings.HasSuffix(got.header.Get("Location"), want) {
		t.Errorf("create: %d %s", got.status, got.header.Get("Location"))
	}
	if n := strings.Count(w.get("/repos/acme/payments/labels").body, `"id"`); n != 9 {
		t.Errorf("%d labels, want the eight defaults left and the new one", n)
	}
}

// TestLabelHistory: whatever is done to the labels of an issue, replaying its
// events gives its labels.
func TestLabelHistory(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newState(t, githubsim.Options{})
		w.issue("A")
		name := rapid.SampledFrom([]string{"a", "A", "b", "C c", "d"})
		for range rapid.IntRange(1, 20).Draw(rt, "steps") {
			w.clock.Advance(time.Duration(rapid.IntRange(0, 2).Draw(rt, "wait")) * time.Second)
			ls := rapid.SliceOfN(name, 1, 3).Draw(rt, "labels")
			switch rapid.IntRange(0, 2).Draw(rt, "action") {
			case 0:
				w.must(w.hub.AddLabels("ana", pay, 1, ls...))
			case 1:
				_ = w.hub.RemoveLabel("ana", pay, 1, ls[0]) // refused where it is not there
			case 2:
				w.must(w.hub.SetLabels("ana", pay, 1, ls...))
			}
		}
		have := map[string]bool{}
		events, err := w.hub.Events(pay, 1)
		w.must(err)
		for _, e := range events {
			if have[e.Label] == (e.Kind == "labeled") {
				rt.Fatalf("%s %s changes nothing", e.Kind, e.Label)
			}
			have[e.Label] = e.Kind == "labeled"
		}
		for _, l := range w.state(1).Labels {
			if !have[l] {
				rt.Fatalf("label %s has no event", l)
			}
			delete(have, l)
		}
		for l, still := range have {
			if still {
				rt.Fatalf("events say %s, the issue does not", l)
			}
		}
	})
}
