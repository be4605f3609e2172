package view_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/kanban/contract"
	"parley/sync/store"
	"parley/sync/view"
)

// decidedOf are the outcomes of the verdicts of a period's promises, by their ids.
func decidedOf(t *testing.T, v *view.Views) map[string]contract.Outcome {
	t.Helper()
	all, err := v.Standing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]contract.Outcome{}
	for _, of := range all[0].Verdicts {
		out[of.ID] = of.Outcome
	}
	return out
}

// TestWhatIsReadyGoesByTheTermsOfItsWeek holds that new terms change nothing of the weeks
// before them.
func TestWhatIsReadyGoesByTheTermsOfItsWeek(t *testing.T) {
	t.Parallel()
	fold := func(more ...contract.Terms) map[string]contract.Outcome {
		n := &notary{shelf: &shelf{}}
		n.put(request("risk", "OPS-1", 0.4))
		n.put(request("risk", "OPS-2", 0.4, "committed", 1.4))
		v := n.views(t, view.DefaultPolicy())
		v.Agreements[0].Versions = append(v.Agreements[0].Versions, more...)
		return decidedOf(t, v)
	}
	next := agreement("risk", "Risk").Versions[0]
	next.From, next.Ready = monday()+14, []string{"due"}
	before, after := fold(), fold(next)
	for _, promise := range []string{"P1", "R5"} {
		for week := range 2 {
			id := fmt.Sprintf("risk/%s/%s", promise, contract.PeriodOf(monday()).Back(-week))
			if before[id] == "" || before[id] != after[id] {
				t.Errorf("%s was %s, and by terms that came later it is %s", id, before[id], after[id])
			}
		}
	}
	id := "risk/P1/" + contract.PeriodOf(monday()).Back(-2).String()
	if before[id] != contract.Broken || after[id] != contract.NotApplicable {
		t.Errorf("in the first week of the new terms it was %s and is %s", before[id], after[id])
	}
}

// TestPoorWeeksAreProposedBy holds that weeks in which nothing was finished count from when
// work is known on.
func TestPoorWeeksAreProposedBy(t *testing.T) {
	t.Parallel()
	n := &notary{shelf: &shelf{}}
	done := func(day float64) {
		n.put(request("risk", fmt.Sprintf("OPS-%v", day), day-3, "committed", day-2.5, "doing", day-2, "done", day))
	}
	for day := -150.0; day < -63; day += 2 {
		done(day)
	}
	for week := range 8 {
		for k := range 3 {
			done(float64(-34 + 7*week + k))
		}
	}
	p, err := n.views(t, view.DefaultPolicy()).As(view.Somebody()).Propose(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{12, 0}, []int{p.Weeks, p.Slots}); diff != "" {
		t.Errorf("weeks and slots (-want +got):\n%s", diff)
	}
}

// TestWhatWasReadSinceAMoment holds that an old picture is not taken for a new one.
func TestWhatWasReadSinceAMoment(t *testing.T) {
	t.Parallel()
	n := newNotary()
	n.sources = []store.SourceState{{Tracker: "github", Source: "acme/infra", OKAt: now.Add(-time.Hour), Imported: true}}
	v := n.views(t, view.DefaultPolicy())
	for since, want := range map[time.Time]bool{{}: true, now.Add(-2 * time.Hour): true, now.Add(-time.Hour): true, now.Add(-time.Minute): false} {
		if got, err := v.ReadSince(t.Context(), since); err != nil || got != want {
			t.Errorf("since %v: %v, %v", since, got, err)
		}
	}
	text, err := store.EncodeHistory(store.HistoryProgress{HistoryTally: store.HistoryTally{Issues: 5, Whole: 4, Refused: 1}, At: now})
	if err != nil {
		t.Fatal(err)
	}
	n.history = text
	if got, err := v.Complete(t.Context()); err != nil || !got {
		t.Errorf("what cannot be read for good is waited for: %v, %v", got, err)
	}
	for audience, want := range map[view.Audience]string{view.AudienceOps: "The history of 1 issue of github cannot be read.", "unit:risk": "The history of 1 issue of github cannot be read.", "unit:trading": ""} {
		c, err := v.As(view.Viewer{Audience: audience}).Contract(t.Context(), "risk")
		if got := strings.Join(c.Unheard, "\n"); err != nil || !strings.HasPrefix(got, want) || (got == "") != (want == "") {
			t.Errorf("%s is told %q; want %q; %v", audience, got, want, err)
		}
	}
	n.unrecorded = []store.IssueRow{{Tracker: "github", ID: "9"}}
	if known, err := v.Known(t.Context()); err != nil || !known.IsZero() {
		t.Errorf("a history is missing, and all is known up to %v, %v", known, err)
	}
}
