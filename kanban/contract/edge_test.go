package contract_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/kanban/calendar"
	"parley/kanban/contract"
)

// edges are the cases that make a contract fair or not, with the tests that hold them.
func edges() [][2]string {
	return [][2]string{
		{"terms changed in mid-week hold from the next period on", "TestTermsChangedInMidWeek"},
		{"a card that changes its unit keeps its slot with the unit that had it at the commitment", "TestACardThatChangesItsUnit"},
		{"of one card for two units the sponsor pays", "TestTheSponsorPays"},
		{"a card split off inherits the class and takes no slot", "TestASplitCard"},
		{"a merged card hands its slot over and takes no other", "TestAMergedCard"},
		{"withdrawn by its requester before the start: the slot is free again", "TestWithdrawnBeforeTheStart"},
		{"withdrawn after the start: the slot stays spent", "TestWithdrawnAfterTheStart"},
		{"given back by IT: the slot is refunded and IT missed it", "TestGivenBackByIT"},
		{"reopened within five working days: no new slot, the first delivery counts", "TestReopenedWithinTheWarranty"},
		{"a priority lowered after the commitment: the slot stays spent", "TestAPriorityLoweredAfterwards"},
		{"the ball bounced within a day: one question for each turn of the business", "TestTheBallBounces"},
		{"a week of 167 hours is seven dates", "TestAWeekOf167Hours"},
		{"a week of 169 hours is seven dates", "TestAWeekOf169Hours"},
		{"a week with no slots owes nothing", "TestAWeekWithoutSlots"},
		{"a week with only holidays: nothing applies and debts wait", "TestAWeekOfHolidays"},
		{"an expedite without an approver counts and is flagged", "TestAnExpediteWithoutAnApprover"},
		{"Sunday in the tracker's zone and Monday in ours is Monday", "TestSundayThereAndMondayHere"},
		{"what happened before the contract began is ignored", "TestWhatWasBeforeTheContract"},
		{"unplanned work of IT's own takes no slot and eats capacity", "TestUnplannedWorkOfITsOwn"},
		{"a tracker that was not read breaks no promise", "TestATrackerThatWasNotRead"},
	}
}

// TestEdgeCasesAreDocumented holds the table of docs/CONTRACT.md to the tests.
func TestEdgeCasesAreDocumented(t *testing.T) {
	t.Parallel()
	doc := read(t, "../../docs/CONTRACT.md")
	for n, e := range edges() {
		if row := fmt.Sprintf("| %d | %s | `%s`", n+1, e[0], e[1]); !strings.Contains(doc, row) {
			t.Errorf("docs/CONTRACT.md has another table; it should hold\n%s", row)
		}
		if !strings.Contains(read(t, "edge_test.go"), "func "+e[1]+"(t *testing.T)") {
			t.Errorf("there is no %s", e[1])
		}
	}
}

func TestTermsChangedInMidWeek(t *testing.T) {
	t.Parallel()
	s := setting(terms())
	more := terms()
	more.From, more.Slots, more.AnswerDays = calendar.On(2026, time.November, 18), 5, 4 // a Wednesday
	s.Contracts[0].Versions = append(s.Contracts[0].Versions, more)
	a := fold(s, "trading", "11-24 00:00", `
11-19 09:00 created A to=committed unit=trading
11-20 09:00 moved A to=waiting
11-23 09:00 moved A to=doing
11-23 10:00 moved A to=waiting`)
	if w := statement(t, a, "2026-W47"); w.Count.Slots != 3 || w.Version != 1 {
		t.Errorf("in the week of the change: %+v", w)
	}
	if w := statement(t, a, "2026-W48"); w.Count.Slots != 5 || w.Version != 2 {
		t.Errorf("in the week after it: %+v", w)
	}
	if first, second := verdict(t, a, "trading/R1/A/1"), verdict(t, a, "trading/R1/A/2"); first.Facts.Limit != 2 || second.Facts.Limit != 4 {
		t.Errorf("asked under the old terms: %d days, under the new ones: %d", first.Facts.Limit, second.Facts.Limit)
	}
}

func TestACardThatChangesItsUnit(t *testing.T) {
	t.Parallel()
	lines := `
11-16 09:00 created A to=requests unit=trading ready rank=1
11-17 13:00 moved A to=committed
11-18 09:00 described A unit=risk
11-18 10:00 moved A to=waiting`
	trading, risk := fold(setting(terms()), "trading", "11-20 00:00", lines), fold(setting(terms()), "risk", "11-20 00:00", lines)
	if len(trading.Holders) != 1 || trading.Free != 2 || len(risk.Holders) != 0 || risk.Free != 3 {
		t.Errorf("trading holds %v, risk %v", trading.Holders, risk.Holders)
	}
	outcomes(t, trading, map[string]contract.Outcome{"trading/R1/A/1": contract.Pending})
}

func TestTheSponsorPays(t *testing.T) {
	t.Parallel()
	lines := `
11-16 09:00 created A to=requests unit=trading
11-16 10:00 sponsored A from=risk who=head-of-risk
11-17 13:00 moved A to=committed
11-18 09:00 sponsored A from=trading`
	trading, risk := fold(setting(terms()), "trading", "11-20 00:00", lines), fold(setting(terms()), "risk", "11-20 00:00", lines)
	if trading.Free != 3 || risk.Free != 2 {
		t.Errorf("trading has %d free, risk %d", trading.Free, risk.Free)
	}
}

func TestASplitCard(t *testing.T) {
	t.Parallel()
	a := fold(setting(terms()), "trading", "11-20 00:00", `
11-16 09:00 created A to=committed unit=trading expedite
11-16 09:30 approved A who=desk-head
11-17 09:00 created B to=requests unit=trading parent=A
11-17 10:00 moved B to=doing`)
	if a.Free != 2 || len(a.Holders) != 1 {
		t.Errorf("%d free, held by %v", a.Free, a.Holders)
	}
	if f := verdict(t, a, "trading/R4/2026-W47").Facts; f.Used != 1 || f.Cards != nil {
		t.Errorf("expedites: %+v", f)
	}
	if f := verdict(t, a, "trading/P4/2026-W47").Facts; f.Met != 1 || f.Of != 1 {
		t.Errorf("the child is no expedite: %+v", f)
	}
}

func TestAMergedCard(t *testing.T) {
	t.Parallel()
	a := fold(setting(terms()), "trading", "11-20 00:00", `
11-16 09:00 created A to=committed unit=trading
11-16 10:00 created B to=requests unit=trading
11-17 09:00 described A parent=B
11-17 09:01 moved A to=withdrawn by=business
11-18 09:00 moved B to=committed`)
	if diff := cmp.Diff([]string{"grant +3", "commit A -1", "swap B A +0"}, lastWeek(a)); diff != "" || a.Free != 2 {
		t.Error(diff)
	}
}

// lastWeek is what was booked in the present period.
func lastWeek(a contract.Account) []string {
	from := slices.IndexFunc(a.Entries, func(e contract.Entry) bool { return e.Period == a.Statements[len(a.Statements)-1].Period })
	return booked(contract.Account{Entries: a.Entries[from:]})
}

func TestWithdrawnBeforeTheStart(t *testing.T) {
	t.Parallel()
	lines := `
11-16 09:00 created A to=requests unit=trading ready
11-16 10:00 moved A to=committed
11-18 09:00 moved A to=withdrawn by=business`
	a := fold(setting(terms()), "trading", "11-23 00:00", lines)
	w := statement(t, a, "2026-W47")
	if w.Count.Taken != 0 || w.Slots.Due != 0 || w.Slots.Forfeited != 3 {
		t.Errorf("%+v", w)
	}
	later := fold(setting(terms()), "trading", "11-26 00:00", strings.ReplaceAll(lines, "11-18", "11-25"))
	if w := statement(t, later, "2026-W48"); w.Slots.Offered != 4 || w.Slots.Due != 0 {
		t.Errorf("withdrawn a week later: %+v", w)
	}
}

func TestWithdrawnAfterTheStart(t *testing.T) {
	t.Parallel()
	a := fold(setting(terms()), "trading", "11-20 00:00", `
11-16 10:00 created A to=committed unit=trading
11-17 10:00 moved A to=doing
11-18 09:00 moved A to=withdrawn by=business`)
	if a.Free != 2 || len(a.Holders) != 1 || !a.Holders[0].Consumed {
		t.Errorf("%d free, %+v", a.Free, a.Holders)
	}
}

func TestGivenBackByIT(t *testing.T) {
	t.Parallel()
	lines := `
11-16 09:00 created A to=requests unit=trading ready
11-16 10:00 moved A to=committed
11-17 13:00 moved A to=doing
11-19 09:00 moved A to=requests by=it`
	a := fold(setting(terms()), "trading", "11-23 00:00", lines)
	w := statement(t, a, "2026-W47")
	if w.Slots.Missed != 1 || w.Slots.CarryOut != 1 || w.Slots.Forfeited != 2 {
		t.Errorf("%+v", w)
	}
	outcomes(t, a, map[string]contract.Outcome{"trading/P1/2026-W47": contract.Broken})
	if !slices.Contains(booked(a), "refund A +1") {
		t.Errorf("%v", booked(a))
	}
	later := fold(setting(terms()), "trading", "11-30 00:00", strings.ReplaceAll(lines, "11-19", "11-26"))
	if w := statement(t, later, "2026-W48"); w.Slots.Offered != 4 || w.Slots.Missed != 1 {
		t.Errorf("given back a week later: %+v", w)
	}
	business := fold(setting(terms()), "trading", "11-20 00:00", strings.ReplaceAll(lines, "by=it", "by=business"))
	if business.Free != 2 || !business.Holders[0].Consumed {
		t.Errorf("taken back by the business after the start: %+v", business.Holders)
	}
	unknown := fold(setting(terms()), "trading", "11-20 00:00", strings.ReplaceAll(lines, "by=it", ""))
	if unknown.Free != 3 {
		t.Error("sent back by nobody knows whom while IT had the turn: it was not IT")
	}
}

func TestReopenedWithinTheWarranty(t *testing.T) {
	t.Parallel()
	lines := `
11-02 09:00 created A to=committed unit=trading
11-03 09:00 moved A to=doing
11-05 09:00 moved A to=done
11-12 18:00 moved A to=doing
11-30 09:00 moved A to=done`
	a := fold(setting(terms()), "trading", "12-01 00:00", lines)
	if n := strings.Count(strings.Join(booked(a), "\n"), "commit A"); n != 1 {
		t.Errorf("it took %d slots", n)
	}
	if f := verdict(t, a, "trading/P2/2026-W48").Facts; f.Of != 1 || f.Met != 1 {
		t.Errorf("delivered on the fourth day first: %+v", f)
	}
	late := fold(setting(terms()), "trading", "12-01 00:00", strings.ReplaceAll(lines, "11-12 18:00", "11-13 00:00"))
	if n := strings.Count(strings.Join(booked(late), "\n"), "commit A"); n != 2 {
		t.Errorf("on the sixth working day: it took %d slots", n)
	}
	by := fold(setting(terms()), "trading", "12-01 00:00", strings.ReplaceAll(lines, "11-12 18:00 moved A to=doing", "11-12 18:00 moved A to=requests\n11-12 19:00 moved A to=doing"))
	if n := strings.Count(strings.Join(booked(by), "\n"), "commit A"); n != 1 {
		t.Errorf("by way of the requests: it took %d slots", n)
	}
}

func TestAPriorityLoweredAfterwards(t *testing.T) {
	t.Parallel()
	s := setting(terms())
	s.Contracts[0].Versions[0].Priorities = append(s.Contracts[0].Versions[0].Priorities, "high")
	a := fold(s, "trading", "11-20 00:00", `
11-16 09:00 created A to=requests unit=trading prio=high
11-16 10:00 moved A to=committed
11-17 10:00 described A prio=low
11-18 10:00 created B to=committed unit=trading prio=low`)
	if a.Free != 2 || len(a.Holders) != 1 || a.Holders[0].Card != "A" {
		t.Errorf("%d free, %+v", a.Free, a.Holders)
	}
}

func TestTheBallBounces(t *testing.T) {
	t.Parallel()
	a := fold(setting(terms()), "trading", "11-19 18:00", `
11-16 09:00 created A to=doing unit=trading
11-17 09:00 moved A to=waiting
11-17 09:30 asked A
11-17 09:40 blocked A by=business
11-17 10:00 unblocked A
11-17 10:30 answered A
11-17 11:00 moved A to=doing
11-17 12:00 moved A to=waiting
11-17 13:00 described A prio=high`)
	outcomes(t, a, map[string]contract.Outcome{"trading/R1/A/1": contract.Kept, "trading/R1/A/2": contract.Pending})
	for _, v := range a.Verdicts {
		if v.ID == "trading/R1/A/3" {
			t.Error("a question of the same turn counts again")
		}
	}
}

// clockChange is a week in which clocks change on Sunday, with a request that IT had from
// Monday morning to its end.
func clockChange(t *testing.T, monday calendar.Day) contract.Account {
	t.Helper()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Skip(err)
	}
	s := setting(terms())
	s.Calendar = calendar.New(paris)
	s.Contracts[0].Versions[0].From = monday - 7
	lines := fmt.Sprintf("%[1]s 00:00 created A to=doing unit=trading\n%[2]s 23:59 moved A to=done\n%[3]s 00:00 created B to=committed unit=trading",
		monday.Format("2006-01-02"), (monday + 6).Format("2006-01-02"), (monday + 7).Format("2006-01-02"))
	a := fold(s, "trading", (monday+13).Format("2006-01-02")+" 00:00", lines)
	if f := verdict(t, a, "trading/P2/"+contract.PeriodOf(monday).String()).Facts; f.Of != 1 || f.Met != 1 {
		t.Errorf("delivered within the week: %+v", f)
	}
	if n := a.Statements[1].Slots.Charge; n != 1 {
		t.Errorf("%d slots used in the week", n)
	}
	return a
}

func TestAWeekOf167Hours(t *testing.T) {
	t.Parallel()
	a := clockChange(t, calendar.On(2026, time.March, 23))
	if c := a.Clocks[0]; c.IT != 167*time.Hour-time.Minute {
		t.Errorf("on IT's clock: %v", c.IT)
	}
}

func TestAWeekOf169Hours(t *testing.T) {
	t.Parallel()
	a := clockChange(t, calendar.On(2026, time.October, 19))
	if c := a.Clocks[0]; c.IT != 169*time.Hour-time.Minute {
		t.Errorf("on IT's clock: %v", c.IT)
	}
}

func TestAWeekWithoutSlots(t *testing.T) {
	t.Parallel()
	none := terms()
	none.Slots = 0
	a := fold(setting(none), "trading", "11-23 00:00", `
11-16 09:00 created A to=requests unit=trading ready
11-18 09:00 created B to=doing unit=trading expedite`)
	outcomes(t, a, map[string]contract.Outcome{"trading/P1/2026-W47": contract.NotApplicable})
	if a.Free != -1 {
		t.Errorf("%d free after an expedite", a.Free)
	}
	if w := statement(t, fold(setting(none), "trading", "12-07 00:00", `11-18 09:00 created B to=doing unit=trading expedite`), "2026-W49"); w.Slots.Owed != 1 {
		t.Errorf("a debt that no slot paid is forgotten: %+v", w)
	}
}

func TestAWeekOfHolidays(t *testing.T) {
	t.Parallel()
	s := setting(terms())
	monday := calendar.On(2026, time.November, 16)
	for d := range calendar.Day(5) {
		s.Contracts[0].Versions[0].Holidays = append(s.Contracts[0].Versions[0].Holidays, monday+d)
	}
	a := fold(s, "trading", "11-24 00:00", `
11-09 09:00 created A to=requests unit=trading ready rank=1
11-09 09:00 created B to=requests unit=trading ready rank=2`)
	idle, next := statement(t, a, "2026-W47"), statement(t, a, "2026-W48")
	if idle.Count.CarryIn != 2 || !idle.Cutoff.IsZero() || next.Count.CarryIn != 2 || next.Slots.Offered != 5 {
		t.Errorf("%+v, then %+v", idle, next)
	}
	for _, p := range []string{"P1", "P2", "P4", "R4", "R5"} {
		outcomes(t, a, map[string]contract.Outcome{"trading/" + p + "/2026-W47": contract.NotApplicable})
	}
}

func TestAnExpediteWithoutAnApprover(t *testing.T) {
	t.Parallel()
	lines := `
11-16 09:00 created A to=doing unit=trading expedite
11-17 09:00 created B to=doing unit=trading expedite
11-17 10:00 approved B who=desk-head`
	a := fold(setting(terms()), "trading", "11-23 00:00", lines)
	v := verdict(t, a, "trading/R4/2026-W47")
	if v.Outcome != contract.Broken || v.Facts.Used != 2 || len(v.Facts.Cards) != 1 || v.Facts.Cards[0] != "A" {
		t.Errorf("%+v", v)
	}
	if w := statement(t, a, "2026-W47"); w.Count.Expedites != 2 {
		t.Errorf("%+v", w)
	}
	both := fold(setting(terms()), "trading", "11-23 00:00", lines+"\n11-18 10:00 approved A who=desk-head")
	outcomes(t, both, map[string]contract.Outcome{"trading/R4/2026-W47": contract.Kept})
}

func TestSundayThereAndMondayHere(t *testing.T) {
	t.Parallel()
	tokyo := time.FixedZone("Tokyo", 9*60*60)
	s := setting(terms())
	s.Calendar = calendar.New(tokyo)
	lines := diary(time.UTC, `11-15 23:59 created A to=committed unit=trading`) // Monday 08:59 in Tokyo
	a := contract.Fold(s, lines, nil, moment("11-16 00:30", time.UTC))[1]
	if w := statement(t, a, "2026-W47"); w.Count.Taken != 1 {
		t.Errorf("%+v", w)
	}
}

func TestWhatWasBeforeTheContract(t *testing.T) {
	t.Parallel()
	late := terms()
	late.From = calendar.On(2026, time.November, 12) // a Thursday: it begins on Monday, 16
	a := fold(setting(late), "trading", "11-24 00:00", `
11-02 09:00 created A to=committed unit=trading
11-03 09:00 created B to=requests unit=trading ready
11-12 09:00 moved A to=waiting
11-12 09:00 created C to=committed unit=trading
11-16 10:00 described A ready
11-17 09:00 moved A to=doing
11-17 09:00 moved C to=doing
11-18 09:00 moved B to=committed`)
	if diff := cmp.Diff([]string{"grant +3", "commit B -1", "forfeit -2", "grant +3"}, booked(a)); diff != "" {
		t.Error(diff)
	}
	for _, v := range a.Verdicts {
		if v.Card == "A" || v.Period.String() < "2026-W47" {
			t.Errorf("%s is about what was before", v.ID)
		}
	}
}

func TestUnplannedWorkOfITsOwn(t *testing.T) {
	t.Parallel()
	a := fold(setting(terms()), "trading", "11-30 00:00", `
11-16 09:00 created A to=doing unit=trading internal unplanned
11-16 09:00 created B to=doing internal unplanned
11-16 10:00 created C to=doing unit=trading
11-18 10:00 noted - from=trading ref=2026-W48 note=a_quiet_week`)
	if w := statement(t, a, "2026-W47"); w.Slots.Charge != 1 {
		t.Errorf("%+v", w)
	}
	v := verdict(t, a, "trading/P4/2026-W47")
	if v.Outcome != contract.Broken || v.Facts.Met != 2 || v.Facts.Of != 3 {
		t.Errorf("%+v", v)
	}
}

func TestATrackerThatWasNotRead(t *testing.T) {
	t.Parallel()
	lines := `
11-09 09:00 created A to=requests unit=trading ready
11-16 09:00 created B to=doing unit=trading
11-17 10:00 moved B to=waiting
11-18 10:00 moved A to=committed
11-20 10:00 moved B to=doing`
	now := "11-24 00:00"
	outcomes(t, fold(setting(terms()), "trading", now, lines), map[string]contract.Outcome{
		"trading/P1/2026-W46": contract.Broken, "trading/P1/2026-W47": contract.Kept, "trading/R1/B/1": contract.Broken, "trading/P3/A/1": contract.Broken})
	a := fold(setting(terms()), "trading", now, lines,
		contract.Gap{Tracker: "jira", From: moment("11-11 08:00", time.UTC), To: moment("11-16 08:00", time.UTC)},
		contract.Gap{Tracker: "github", From: moment("11-19 23:00", time.UTC), To: moment("11-23 08:00", time.UTC)})
	outcomes(t, a, map[string]contract.Outcome{
		"trading/P1/2026-W46": contract.Unknown, "trading/P1/2026-W47": contract.Kept, "trading/R1/B/1": contract.Unknown, "trading/P3/A/1": contract.Unknown})
}
