package contract_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/kanban/contract"
)

// oneSlot is a contract in which a high priority asks for the one slot of a week.
func oneSlot() contract.Setting {
	s := byPriority(contract.Show)
	for n := range s.Contracts {
		s.Contracts[n].Versions[0].Slots = 1
	}
	return s
}

// TestOnlyWhatWouldBeChargedIsThere holds that what IT is blamed for not taking on is what it
// would have been charged for: the promise to take requests on goes by the same rule as slots.
func TestOnlyWhatWouldBeChargedIsThere(t *testing.T) {
	t.Parallel()
	two := byPriority(contract.Show)
	for name, c := range map[string]struct {
		s         contract.Setting
		week      string
		lines     string
		due, used int
		want      contract.Outcome
	}{
		"it has the slot of a swap, and is taken on in the next week": {oneSlot(), "2026-W46", `
11-02 09:00 created A to=requests unit=trading ready prio=high by=business
11-02 09:00 created B to=requests unit=trading ready prio=low by=business
11-02 10:00 moved A to=committed by=it
11-04 11:00 described B prio=high by=business
11-05 12:00 described A prio=low by=business
11-05 12:01 swapped B other=A by=business
11-11 09:00 moved B to=committed by=it`, 0, 0, contract.NotApplicable},
		"it came back within the warranty": {setting(terms()), "2026-W46", `
11-02 09:00 created A to=requests unit=trading ready by=business
11-02 10:00 moved A to=committed by=it
11-03 10:00 moved A to=doing by=it
11-06 11:00 moved A to=done by=it
11-09 12:00 moved A to=requests by=business
11-11 09:00 moved A to=committed by=it`, 0, 0, contract.NotApplicable},
		"it came back after the warranty": {setting(terms()), "2026-W47", `
11-02 09:00 created A to=requests unit=trading ready by=business
11-02 10:00 moved A to=doing by=it
11-03 11:00 moved A to=done by=it
11-16 12:00 moved A to=requests by=business`, 1, 0, contract.Broken},
		"a part that was split off": {setting(terms()), "2026-W45", `
11-02 09:00 created A to=requests unit=trading ready by=business
11-02 10:00 moved A to=committed by=it
11-02 11:00 created A2 to=requests unit=trading ready parent=A by=business
11-04 10:00 moved A2 to=committed by=it`, 1, 1, contract.Kept},
		"a slot that went to another one": {two, "2026-W45", `
11-02 09:00 created A to=requests unit=trading ready prio=high by=business
11-02 09:00 created C to=requests unit=trading ready prio=high by=business
11-02 09:00 created B to=requests unit=trading ready prio=low by=business
11-02 10:00 moved A to=committed by=it
11-02 10:01 moved C to=committed by=it
11-02 11:00 described B prio=high by=business
11-02 12:00 described A prio=low by=business
11-02 12:01 swapped B other=A by=business
11-05 09:00 moved C to=withdrawn by=business`, 1, 1, contract.Kept},
		"one that went to another after the cut-off": {two, "2026-W45", `
11-02 09:00 created A to=requests unit=trading ready prio=high by=business
11-02 09:00 created C to=requests unit=trading ready prio=high by=business
11-02 09:00 created B to=requests unit=trading ready prio=low by=business
11-02 10:00 moved A to=committed by=it
11-02 10:01 moved C to=committed by=it
11-02 11:00 described B prio=high by=business
11-04 12:00 described A prio=low by=business
11-04 12:01 swapped B other=A by=business
11-05 09:00 moved C to=withdrawn by=business`, 1, 1, contract.Kept},
		"withdrawn after the cut-off, a slot given back before": {setting(terms()), "2026-W46", `
11-02 08:00 created A to=requests unit=trading ready by=business
11-02 09:00 moved A to=committed by=it
11-02 10:00 moved A to=requests by=business
11-12 10:00 moved A to=withdrawn by=business`, 0, 0, contract.NotApplicable},
		"IT's own work is none of it": {setting(terms()), "2026-W45", `
11-02 08:00 created R1 to=requests unit=trading ready by=business
11-02 08:00 created R2 to=requests unit=trading ready by=business
11-02 09:00 created G1 to=committed unit=trading internal by=it
11-02 09:00 created G2 to=committed unit=trading internal by=it`, 2, 0, contract.Broken},
	} {
		a := fold(c.s, "trading", "11-24 10:00", c.lines)
		if w := statement(t, a, c.week); w.Slots.Due != c.due || w.Slots.Charge != c.used {
			t.Errorf("%s: %d due and %d used, want %d and %d: %v", name, w.Slots.Due, w.Slots.Charge, c.due, c.used, booked(a))
		}
		outcomes(t, a, map[string]contract.Outcome{"trading/P1/" + c.week: c.want})
		if got := contract.Balance(a.Entries); got != a.Free {
			t.Errorf("%s: the entries add up to %d, free are %d", name, got, a.Free)
		}
	}
}

// TestTheRowIsOfThoseWhoWouldBeCharged holds who waits for a slot.
func TestTheRowIsOfThoseWhoWouldBeCharged(t *testing.T) {
	t.Parallel()
	for more, want := range map[string]string{
		"11-16 12:00 described C internal":                                                  "",
		"11-16 12:00 described C -internal":                                                 "C",
		"11-16 12:00 described C internal\n11-16 13:00 described C -internal":               "C",
		"11-16 12:00 moved C to=doing\n11-16 12:30 moved C to=requests":                     "C",
		"11-16 12:00 described C parent=A\n11-16 12:30 moved A to=committed":                "",
		"11-16 12:00 moved A to=committed\n11-16 12:30 described C parent=A":                "",
		"11-16 12:00 described C prio=low\n11-16 12:30 described A prio=low":                "",
		"11-16 12:00 described A prio=low\n11-16 12:30 described A prio=high":               "A",
		"11-16 12:00 sponsored C from=risk\n11-16 12:01 sponsored C from=trading with=risk": "",
		"11-16 12:00 described C unit=risk\n11-16 12:30 described C unit=risk":              "",
		"11-16 12:00 described B unit=risk\n11-16 12:30 triaged B by=it who=jo":             "",
	} {
		if got := over(fold(byPriority(contract.Show), "trading", "11-17 00:00", threeRaised+"\n"+more)); got != want {
			t.Errorf("%s: over is %q, want %q", more, got, want)
		}
	}
}

// TestARowOfManyTakesNoTime raises thousands beyond the slots: how long each takes must not
// grow with how many there are.
func TestARowOfManyTakesNoTime(t *testing.T) {
	t.Parallel()
	const many = 20_000
	at, events := moment("11-02 09:00", time.UTC), make([]contract.Event, 0, 2*many)
	for n := range many {
		card, is := kanban.CardID(fmt.Sprintf("c%05d", n)), contract.Traits{Unit: "trading", Priority: "low", Has: "form"}
		events = append(events, contract.Event{ID: fmt.Sprint("a", n), At: at, Card: card, Kind: contract.Created, To: "committed", Traits: is})
		is.Priority = "high"
		events = append(events, contract.Event{ID: fmt.Sprint("b", n), At: at.Add(time.Hour + time.Duration(n)*time.Second), Card: card, Kind: contract.Described, Traits: is})
	}
	begun := time.Now()
	a := contract.Fold(oneSlot(), events, nil, moment("11-09 10:00", time.UTC))[1]
	if took := time.Since(begun); took > 30*time.Second {
		t.Errorf("it took %v", took)
	}
	if diff := cmp.Diff([]int{many - 2, 1}, []int{len(a.Over), a.Over[0].Place}); diff != "" || a.Over[0].Card != "c00002" {
		t.Errorf("%s, %s is first", diff, a.Over[0].Card)
	}
}

// TestWhatHasASlotAsksForNoOther: of the requests that wait those are told that take no slot
// when they are taken on: by a swap, back from a delivery, or as a part of one that has one.
func TestWhatHasASlotAsksForNoOther(t *testing.T) {
	t.Parallel()
	const taken = `
11-02 09:00 created A to=requests unit=trading ready prio=high by=business
11-02 09:00 created B to=requests unit=trading ready prio=low by=business
11-02 10:00 moved A to=committed by=it
11-03 10:00 described B prio=high by=business
`
	for name, c := range map[string]struct {
		lines string
		want  string
	}{
		"it waits":                  {"", "[]"},
		"it has the slot by a swap": {"11-03 11:00 described A prio=low by=business\n11-03 11:00 swapped B other=A", "[B]"},
		"it came back":              {"11-03 11:00 moved A to=done by=it\n11-03 12:00 moved A to=requests by=it", "[A]"},
		"it is a part":              {"11-03 11:00 described B parent=A", "[B]"},
	} {
		if got := fmt.Sprint(fold(oneSlot(), "trading", "11-03 13:00", taken+c.lines).Slotted); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
