package view_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/sync/view"
)

// manyVerdicts is a contract with many verdicts in its weeks.
func manyVerdicts(t *testing.T) *view.Sight {
	t.Helper()
	n := newNotary()
	for i := range 90 {
		n.put(request("risk", fmt.Sprint("MANY-", i), float64(i%20)+0.3, "committed", float64(i%20)+0.6+float64(i%4)))
	}
	return n.views(t, view.DefaultPolicy()).As(view.Somebody())
}

// A list of verdicts is a part of them; pages of any size put together are all, in the same
// order, and the numbers are always those of all.
func TestVerdictsAreListedPageByPage(t *testing.T) {
	t.Parallel()
	v := manyVerdicts(t)
	all, err := v.ContractWith(t.Context(), "risk", view.VerdictQuery{Limit: -1})
	if err != nil || len(all.Verdicts) != all.AllVerdicts || all.MoreVerdicts != 0 || all.NextVerdicts != "" {
		t.Fatalf("%d of %d, %d more behind %q, %v", len(all.Verdicts), all.AllVerdicts, all.MoreVerdicts, all.NextVerdicts, err)
	}
	first, err := v.Contract(t.Context(), "risk")
	if err != nil || len(first.Verdicts) != 100 || first.AllVerdicts <= 100 || first.MoreVerdicts != first.AllVerdicts-100 {
		t.Fatalf("%d of %d, %d more, %v", len(first.Verdicts), first.AllVerdicts, first.MoreVerdicts, err)
	}
	for _, limit := range []int{1, 7, 100, 1000} {
		var got []view.Promised
		q := view.VerdictQuery{Limit: limit}
		for {
			c, err := v.ContractWith(t.Context(), "risk", q)
			if err != nil {
				t.Fatal(err)
			}
			if got = append(got, c.Verdicts...); c.MoreVerdicts != len(all.Verdicts)-len(got) {
				t.Fatalf("%d a page: %d more behind %d of %d", limit, c.MoreVerdicts, len(got), len(all.Verdicts))
			}
			if diff := cmp.Diff(all.Tally, c.Tally); diff != "" {
				t.Fatalf("%d a page: the numbers are others: %s", limit, diff)
			}
			if q.After = c.NextVerdicts; q.After == "" {
				break
			}
		}
		if diff := cmp.Diff(all.Verdicts, got); diff != "" {
			t.Fatalf("%d a page: %s", limit, diff)
		}
	}
	if _, err := v.ContractWith(t.Context(), "risk", view.VerdictQuery{After: "risk/P9/nothing"}); !errors.Is(err, view.ErrUnknown) {
		t.Errorf("behind what is not there: %v", err)
	}
}

// The numbers by week and promise add up to the verdicts, and a week lists its own.
func TestTheNumbersAreOfAllVerdicts(t *testing.T) {
	t.Parallel()
	v := manyVerdicts(t)
	all, err := v.ContractWith(t.Context(), "risk", view.VerdictQuery{Limit: -1})
	if err != nil {
		t.Fatal(err)
	}
	sum, weeks := 0, map[string]int{}
	for _, p := range all.Tally {
		n := p.Kept + p.Broken + p.Contested + p.Unknown + p.AtRisk + p.Open
		sum += n
		weeks[p.Period] += n
	}
	if sum != all.AllVerdicts {
		t.Errorf("the numbers add up to %d of %d", sum, all.AllVerdicts)
	}
	for week, n := range weeks {
		of, err := v.ContractWith(t.Context(), "risk", view.VerdictQuery{Period: week, Limit: 3})
		if err != nil || of.AllVerdicts != n || of.MoreVerdicts != max(0, n-3) || len(of.Verdicts) > 0 && of.Verdicts[0].Period != week {
			t.Errorf("%s: %d of %d verdicts, %v", week, of.AllVerdicts, n, err)
		}
	}
	broken := 0
	for _, p := range all.Verdicts {
		if p.By == kanban.IT && (p.Outcome == "broken" || p.Outcome == "unknown" || p.Contested) {
			broken++
		}
	}
	if s := all.Scores[0]; len(s.Missed) != 6 || s.More != broken-6 {
		t.Errorf("%d and %d more are told as missed, want %d", len(s.Missed), s.More, broken)
	}
}
