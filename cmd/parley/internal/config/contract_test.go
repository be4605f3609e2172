package config

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/contract"
)

// What the example agrees on is what the contract is folded by.
func TestTheExamplesContract(t *testing.T) {
	t.Parallel()
	c, _ := LoadEnv(example, environment)
	want := []contract.Contract{{Unit: "trading", Name: "Trading", Versions: []contract.Terms{{
		From: calendar.On(2026, time.November, 16), Slots: 3, Carry: 3, Cutoff: contract.Cutoff{Day: time.Tuesday, Hour: 12}, Expedites: 2, SLEDays: 8, SLEShare: 85,
		AnswerDays: 2, AcceptDays: 3, Unplanned: 25, Over: contract.Show, ChooseDays: 2, Agreed: contract.Agreed{Business: "Mia, head of trading", IT: "Ana, IT"},
	}}}}
	if diff := cmp.Diff(want, c.Contracts()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := c.Contracts()[0].Check(); err != nil {
		t.Error(err)
	}
}

func TestTermsAreReadAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	none := 0
	got := Contract{From: "2026-11-11", Slots: 4, Carry: &none, Cutoff: "Fri 08:30", Priorities: []string{"high"}, Holidays: []string{"2026-12-24", "never"}, Over: "ask"}.terms()
	want := contract.Terms{From: calendar.On(2026, time.November, 16), Slots: 4, Cutoff: contract.Cutoff{Day: time.Friday, Hour: 8, Minute: 30},
		Priorities: []kanban.PriorityKey{"high"}, Holidays: []calendar.Day{calendar.On(2026, time.December, 24)}, Over: contract.Ask}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for text, want := range map[string]string{"2026-W01": "2025-12-29", "2026-W53": "2026-12-28", "2026-11-16": "2026-11-16", "2026-11-22": "2026-11-23"} {
		if d, ok := startOf(text); !ok || d.String() != want {
			t.Errorf("%s begins on %s, want %s", text, d, want)
		}
	}
	for _, text := range []string{"2025-W53", "2026-W00", "2026-11-31", "next week", ""} {
		if _, ok := startOf(text); ok {
			t.Errorf("%q is a start", text)
		}
	}
}

// A slip of the pen in a date is refused, and does not make a line for each week since.
func TestNoContractBeginsLongAgo(t *testing.T) {
	t.Parallel()
	for from, refused := range map[string]bool{"1000-W01": true, "0226-W47": true, "1999-12-06": true, "2000-W01": false, "2026-W47": false} {
		c := &checker{}
		c.versions("unit[0]", Unit{Contract: []Contract{{From: from, Cutoff: "tue 12:00"}}})
		if got := len(c.list) > 0; got != refused {
			t.Errorf("%s: %v", from, c.list)
		}
	}
}
