package jirasim_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/connectors/sim"
	"parley/connectors/sim/jirasim"
)

// UpdatedSince is the list of all issues, filtered and sorted, whatever happened.
func TestUpdatedSinceFollowsEverything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		clock := sim.NewManual(start)
		s := jirasim.New(jirasim.Options{Clock: clock, IndexLag: func(string) time.Duration { return time.Minute }})
		s.AddCompany()
		s.AddSoftwareProject("OPS", "Operations", jirasim.SimpleWorkflow)
		s.AddSoftwareProject("FIN", "Finance", jirasim.SimpleWorkflow)
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			clock.Advance(time.Duration(rapid.IntRange(0, 2).Draw(t, "seconds")) * time.Second)
			key := fmt.Sprintf("OPS-%d", rapid.IntRange(1, 6).Draw(t, "issue"))
			title := rapid.StringMatching("[a-c]").Draw(t, "title")
			switch rapid.IntRange(0, 5).Draw(t, "deed") {
			case 0, 1:
				_, _ = s.Create("", jirasim.NewIssue{Project: "OPS", Type: "Task", Summary: "x"}) // most of these fail now and then
			case 2:
				_ = s.Edit("", key, jirasim.Edit{Summary: &title})
			case 3:
				_, _ = s.Move("", key, "FIN")
			case 4:
				_ = s.Archive("", key, title == "a")
			default:
				if title == "b" {
					_ = s.Delete("", key)
				} else {
					_, _ = s.Clone("", key)
				}
			}
		}
		since := start.Add(time.Duration(rapid.IntRange(0, 20).Draw(t, "since")) * time.Second)
		want := s.Issues("")
		want = slices.DeleteFunc(want, func(i jirasim.Issue) bool { return i.Updated.Before(since) })
		slices.SortStableFunc(want, func(a, b jirasim.Issue) int { return a.Updated.Compare(b.Updated) })
		if diff := cmp.Diff(keysAndTimes(want), keysAndTimes(s.UpdatedSince(since, 0))); diff != "" {
			t.Fatal(diff)
		}
		clock.Advance(time.Hour)
		want = slices.DeleteFunc(want, func(i jirasim.Issue) bool { return i.Archived })
		if diff := cmp.Diff(keysAndTimes(want), keysAndTimes(s.IndexedSince(since, 0))); diff != "" {
			t.Fatalf("an hour later, as searches see it: %s", diff)
		}
		if n := len(s.UpdatedSince(since, 2)); n > 2 {
			t.Fatalf("%d issues where two were asked for", n)
		}
	})
}

func keysAndTimes(issues []jirasim.Issue) []string {
	out := []string{}
	for _, i := range issues {
		out = append(out, i.Key+" "+i.Updated.Format(time.TimeOnly))
	}
	return out
}

func TestIndexedSinceLags(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *jirasim.Options) { o.IndexLag = func(string) time.Duration { return time.Minute } })
	w.issue("OPS")
	if n, m := len(w.site.UpdatedSince(start, 0)), len(w.site.IndexedSince(start, 0)); n != 1 || m != 0 {
		t.Errorf("%d issues, of which the index shows %d", n, m)
	}
	w.clock.Advance(time.Minute)
	if m := len(w.site.IndexedSince(start, 0)); m != 1 {
		t.Errorf("the index shows %d issues a minute later", m)
	}
}

func BenchmarkDirect(b *testing.B) {
	clock := sim.NewManual(start)
	s := jirasim.New(jirasim.Options{Clock: clock})
	s.AddCompany()
	s.AddSoftwareProject("OPS", "Operations", jirasim.SimpleWorkflow)
	for range 1000 {
		if _, err := s.Create("", jirasim.NewIssue{Project: "OPS", Type: "Task", Summary: "x", Labels: []string{"a"}}); err != nil {
			b.Fatal(err)
		}
		clock.Advance(time.Second)
	}
	labels := [2]string{"b", "c"}
	b.Run("edit", func(b *testing.B) {
		for n := 0; b.Loop(); n++ {
			clock.Advance(time.Second)
			add := labels[n%2 : n%2+1]
			_ = s.Edit("", fmt.Sprintf("OPS-%d", n%1000+1), jirasim.Edit{Labels: add})
		}
	})
	b.Run("read", func(b *testing.B) {
		for n := 0; b.Loop(); n++ {
			_, _ = s.Issue(fmt.Sprintf("OPS-%d", n%1000+1))
		}
	})
	b.Run("updated since", func(b *testing.B) {
		for b.Loop() {
			_ = s.UpdatedSince(clock.Now().Add(-10*time.Second), 0)
		}
	})
}
