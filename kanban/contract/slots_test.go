package contract_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/kanban/calendar"
	"parley/kanban/contract"
)

// table reads a table with a head.
func table(t *testing.T, text string) []map[string]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		cells := map[string]string{}
		for n, name := range rows[0] {
			cells[name] = row[n]
		}
		out = append(out, cells)
	}
	return out
}

// tables are this package's own cases, and the shared ones where they are.
func tables(t *testing.T, own, shared string) map[string][]map[string]string {
	t.Helper()
	out := map[string][]map[string]string{"own": table(t, read(t, filepath.Join("testdata", own)))}
	if root := os.Getenv("PARLEY_DATA"); root != "" {
		out["shared"] = table(t, read(t, filepath.Join(root, "flow", shared)))
	}
	return out
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func number(t *testing.T, row map[string]string, name string) int {
	t.Helper()
	n, err := strconv.Atoi(row[name])
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// sharedCap is the carry cap that the shared table is about.
const sharedCap = 2

// TestSlotArithmetic holds one period at a time to the tables.
func TestSlotArithmetic(t *testing.T) {
	t.Parallel()
	for from, rows := range tables(t, "slots.csv", "contract_slots.csv") {
		for _, row := range rows {
			c := contract.Count{Slots: number(t, row, "N"), CarryIn: number(t, row, "carry_in"), OverdrawIn: number(t, row, "overdraw_in"),
				Ready: number(t, row, "R_ready_at_cutoff"), Taken: number(t, row, "taken"), Expedites: number(t, row, "expedites"), Cap: sharedCap}
			s := c.Reckon()
			check := func(name string, got int) {
				if want := number(t, row, name); got != want {
					t.Errorf("%s %s: %s is %d, want %d", from, row["period"], name, got, want)
				}
			}
			check("offered", s.Offered)
			check("due", s.Due)
			check("charge", s.Charge)
			check("it_missed", s.Missed)
			check("forfeited", s.Forfeited)
			check("overdrawn", s.Overdrawn)
			check("carry_out", s.CarryOut)
			if got := string(s.Outcome()); got != row["it_slots_verdict"] {
				t.Errorf("%s %s: %s, want %s", from, row["period"], got, row["it_slots_verdict"])
			}
		}
	}
}

// weeksOf makes a diary out of a table: in each week so many requests are ready on Monday,
// so many are taken on after the cut-off, and so many expedites come in.
func weeksOf(t *testing.T, rows []map[string]string) (lines []string, end calendar.Day) {
	t.Helper()
	day := calendar.On(2026, time.November, 2)
	write := func(d calendar.Day, clock, rest string, args ...any) {
		lines = append(lines, d.Format("2006-01-02")+" "+clock+" "+fmt.Sprintf(rest, args...))
	}
	for w, row := range rows {
		ready, taken := number(t, row, "R_ready_at_cutoff"), number(t, row, "taken")
		for n := range ready {
			write(day, "09:00", "created w%dr%d to=requests unit=trading ready rank=%d", w, n, n+1)
		}
		for n := range number(t, row, "expedites") {
			write(day+3, "10:00", "created w%dx%d to=doing unit=trading expedite", w, n)
		}
		for n := range taken {
			write(day+2, "10:00", "moved w%dr%d to=committed", w, n)
		}
		for n := taken; n < ready; n++ {
			write(day+6, "10:00", "moved w%dr%d to=withdrawn by=it", w, n)
		}
		day += 7
	}
	return lines, day
}

// TestWeeksAddUp holds the fold to the tables: what one week leaves is what the next begins
// with, and the ledger's amounts add up to it.
func TestWeeksAddUp(t *testing.T) {
	t.Parallel()
	for from, rows := range tables(t, "weeks.csv", "contract_slots.csv") {
		lines, end := weeksOf(t, rows)
		a := fold(setting(terms()), "trading", end.Format("2006-01-02")+" 00:00", strings.Join(lines, "\n"))
		for n, row := range rows {
			s := a.Statements[n]
			for name, got := range map[string]int{"carry_in": s.Count.CarryIn, "overdraw_in": s.Count.OverdrawIn, "R_ready_at_cutoff": s.Count.Ready,
				"taken": s.Count.Taken, "expedites": s.Count.Expedites, "offered": s.Slots.Offered, "due": s.Slots.Due, "it_missed": s.Slots.Missed,
				"forfeited": s.Slots.Forfeited, "overdrawn": s.Slots.Overdrawn, "carry_out": s.Slots.CarryOut} {
				if want := number(t, row, name); got != want || s.Period.String() != row["period"] {
					t.Errorf("%s %s: %s is %d, want %d", from, s.Period, name, got, want)
				}
			}
			outcomes(t, a, map[string]contract.Outcome{"trading/P1/" + row["period"]: contract.Outcome(row["it_slots_verdict"])})
		}
		if got := contract.Balance(a.Entries); got != a.Free {
			t.Errorf("%s: entries add up to %d, free are %d", from, got, a.Free)
		}
	}
}

// TestExpeditesOfFourWeeks is what the shared weeks say of the requester's restraint: three
// of two agreed on in 2026-W48.
func TestExpeditesOfFourWeeks(t *testing.T) {
	t.Parallel()
	rows := table(t, read(t, "testdata/weeks.csv"))
	lines, end := weeksOf(t, rows)
	for w, row := range rows {
		for n := range number(t, row, "expedites") {
			lines = append(lines, "11-02 08:00 approved w"+strconv.Itoa(w)+"x"+strconv.Itoa(n)+" who=desk-head")
		}
	}
	a := fold(setting(terms()), "trading", end.Format("2006-01-02")+" 00:00", strings.Join(lines, "\n"))
	outcomes(t, a, map[string]contract.Outcome{"trading/R4/2026-W45": contract.NotApplicable, "trading/R4/2026-W46": contract.Kept,
		"trading/R4/2026-W47": contract.Kept, "trading/R4/2026-W48": contract.Broken})
}

// Every slot that there was is used, forfeited, expired, or left to the next period; every
// slot used beyond those is owed.
func TestSlotsAreConserved(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := func(name string) int { return rapid.IntRange(0, 9).Draw(t, name) }
		c := contract.Count{Slots: n("slots"), CarryIn: n("carry"), OverdrawIn: n("overdraw"), Borrowed: n("borrowed"), Lent: n("lent"), Back: n("back"),
			Ready: n("ready"), Taken: n("taken"), Expedites: n("expedites"), Cap: n("cap"), Idle: rapid.Bool().Draw(t, "idle")}
		s := c.Reckon()
		granted := c.Slots
		if c.Idle {
			granted = 0
		}
		if granted+c.CarryIn+c.Borrowed-c.Lent+c.Back-c.OverdrawIn != s.Charge+s.Forfeited+s.Expired+s.CarryOut-s.Owed {
			t.Fatalf("%+v gives %+v", c, s)
		}
		if s.CarryOut > 0 && s.Owed > 0 || s.Due > s.Offered || s.Missed < 0 || s.Forfeited < 0 || !c.Idle && s.CarryOut > c.Cap {
			t.Fatalf("%+v gives %+v", c, s)
		}
		if s.Outcome() == contract.Broken && s.Missed == 0 || s.Missed > 0 && s.Outcome() != contract.Broken {
			t.Fatalf("%s with %d missed", s.Outcome(), s.Missed)
		}
	})
}

// Both sides are told why other slots are offered than were agreed on: all that was borrowed,
// lent and given back.
func TestTheFactsOfSlotsTellOfLoans(t *testing.T) {
	t.Parallel()
	a := fold(setting(terms()), "trading", "11-18 00:00", `
11-02 09:00 created A to=committed unit=trading
11-16 09:00 lends - from=risk with=trading n=2 ref=spring
11-16 10:00 borrows - from=trading with=risk n=2 ref=spring
11-16 11:00 lends - from=trading with=risk n=1 ref=back
11-16 12:00 borrows - from=risk with=trading n=1 ref=back
11-17 09:00 moved A to=requests by=it`)
	c := statement(t, a, "2026-W47").Count
	if c.Borrowed != 2 || c.Lent != 1 || c.Back != 1 {
		t.Fatalf("%+v", c)
	}
	for want, of := range map[string]contract.Count{
		"3 agreed on · 0 owed by IT from before · 2 borrowed · 1 lent · 1 given back": c,
		"3 agreed on · 1 owed by IT from before":                                      {Slots: 3, CarryIn: 1},
		"3 agreed on · 0 owed by IT from before · 2 taken in advance before":          {Slots: 3, OverdrawIn: 2},
	} {
		if got := of.Facts(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestAMidnightSaysWhichOneItIs(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]contract.Cutoff{"Tue 12:00": {Day: time.Tuesday, Hour: 12}, "Tue 00:00, the start of that day": {Day: time.Tuesday}, "Sun 00:30": {Minute: 30}} {
		if got := c.Words(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
