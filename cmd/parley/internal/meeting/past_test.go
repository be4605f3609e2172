package meeting_test

import (
	"fmt"
	"testing"
	"time"

	"parley/cmd/parley/internal/app"
	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/view"
)

// tally counts what the last eight full weeks of all contracts came to.
type tally struct {
	contested, settled int
	kept, broken       map[kanban.Party]int
	forfeited, missed  int
	weeks, held        int // held: with no slot missed or forfeited
	overcommitted      int // slots agreed on beyond what was measured
}

func count(t *testing.T, a *app.App) tally {
	t.Helper()
	ops := a.Views.As(view.Viewer{Audience: view.AudienceOps, Role: kanban.Ops})
	all := tally{kept: map[kanban.Party]int{}, broken: map[kanban.Party]int{}}
	for _, unit := range []kanban.UnitKey{"trading", "risk", "finance"} {
		c, err := ops.Contract(t.Context(), unit)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.VerifyLedger(t.Context(), unit, nil); err != nil || c.Ledger.Problem != "" {
			t.Errorf("the ledger of %s does not hold: %v %s", unit, err, c.Ledger.Problem)
		}
		if len(c.Past) != 8 {
			t.Errorf("%s has %d full weeks behind it, want 8", unit, len(c.Past))
		}
		for _, p := range c.Past {
			all.weeks++
			all.missed, all.forfeited = all.missed+p.Missed, all.forfeited+p.Forfeited
			if p.Missed == 0 && p.Forfeited == 0 {
				all.held++
			}
		}
		for _, v := range c.Verdicts {
			switch {
			case v.Contested:
				all.contested++
			case v.Outcome == contract.Kept:
				all.kept[v.By]++
			case v.Outcome == contract.Broken:
				all.broken[v.By]++
			}
			if v.Outcome == contract.Unknown || v.Sentence == "" {
				t.Errorf("%s: %s %q", v.ID, v.Outcome, v.Sentence)
			}
		}
	}
	decided, err := a.Store.Decisions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range decided {
		if d.Kind == contract.Settled {
			all.settled++
		}
	}
	p, err := ops.Propose(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	agreed := 0
	for _, u := range p.Units {
		agreed += u.Agreed
	}
	all.overcommitted = agreed + p.Improvement - p.Slots
	return all
}

func TestEightWeeksThatPeopleWouldBelieve(t *testing.T) {
	t.Parallel()
	for _, of := range []struct {
		at   time.Time
		seed uint64
	}{
		{time.Date(2026, time.November, 18, 10, 12, 0, 0, time.UTC), 1}, // a Wednesday
		{time.Date(2026, time.November, 23, 3, 0, 0, 0, time.UTC), 2},   // a Monday before the office opens
		{time.Date(2027, time.January, 10, 20, 0, 0, 0, time.UTC), 3},   // a Sunday, behind the turn of the year
	} {
		t.Run(fmt.Sprintf("%s seed %d", of.at.Format("Mon 2006-01-02"), of.seed), func(t *testing.T) {
			t.Parallel()
			got := count(t, present(t, of.at, of.seed).App)
			t.Logf("%+v", got)
			for by, kept := range got.kept {
				if broken := got.broken[by]; broken == 0 || kept < 8*broken {
					t.Errorf("%s kept %d and broke %d promises, want most kept and some broken", by, kept, broken)
				}
			}
			if len(got.kept) != 2 {
				t.Errorf("promises kept by %v, want both sides", got.kept)
			}
			if got.contested != 1 || got.settled != 2 {
				t.Errorf("%d verdicts are contested and %d words settle one, want 1 and the word of each side", got.contested, got.settled)
			}
			if got.missed == 0 || got.forfeited == 0 || 3*got.held < 2*got.weeks {
				t.Errorf("%d slots missed, %d forfeited, %d of %d weeks as agreed, want some of each and most as agreed", got.missed, got.forfeited, got.held, got.weeks)
			}
			if got.overcommitted > 0 {
				t.Errorf("%d slots more are agreed on than were measured", got.overcommitted)
			}
		})
	}
}
