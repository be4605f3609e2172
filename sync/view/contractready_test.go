package view_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/kanban/calendar"
	"parley/kanban/contract"
	"parley/sync/engine"
	"parley/sync/view"
)

// TestANewVersionOfTheTermsCountsFromItsBeginning has a version that asks for more begin
// while views live and no card changes: they tell what new ones do, and what was there to be
// taken before stays counted.
func TestANewVersionOfTheTermsCountsFromItsBeginning(t *testing.T) {
	t.Parallel()
	n := newNotary()
	n.put(request("risk", "OPS-7", 15.0), request("risk", "OPS-8", 15.5))
	agreed := agreement("risk", "Risk")
	more := agreed.Versions[0]
	more.From, more.Ready = monday()+28, []string{"epic"}
	agreed.Versions = append(agreed.Versions, more)
	clock, eng := now, &engine.Engine{Rules: shelfRules(t)}
	views := func() *view.Views {
		return view.New(view.Options{Source: n, Engine: func() *engine.Engine { return eng }, Zone: time.UTC, Calendar: calendar.New(time.UTC), Now: func() time.Time { return clock },
			Policy: view.DefaultPolicy(), Poll: time.Minute, Agreements: []contract.Contract{agreed}})
	}
	ready := func(v *view.Views) (out []int) {
		accounts, err := v.Standing(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range accounts[0].Statements {
			out = append(out, s.Count.Ready)
		}
		return out
	}
	long := views()
	for _, c := range []struct {
		weeks int
		want  []int
	}{{0, []int{1, 1, 2, 2}}, {1, []int{1, 1, 2, 2, 0}}, {2, []int{1, 1, 2, 2, 0, 0}}} {
		clock = now.AddDate(0, 0, 7*c.weeks)
		if diff := cmp.Diff(c.want, ready(long)); diff != "" {
			t.Errorf("%d weeks later: %s", c.weeks, diff)
		}
		if diff := cmp.Diff(ready(views()), ready(long)); diff != "" {
			t.Errorf("%d weeks later, from nothing: %s", c.weeks, diff)
		}
	}
}
