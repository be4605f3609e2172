package contract_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/kanban/contract"
)

// TestSlotsGoTheRightWay walks what may become of a slot; each diary ends before the week
// does, and want is what was booked in it.
func TestSlotsGoTheRightWay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ lines, want string }{
		"stepped down and taken on again: it takes another slot when it is begun": {
			"11-16 08:00 created A to=committed unit=trading\n11-16 08:00 created B to=requests unit=trading\n11-16 09:00 swapped B other=A\n11-16 10:00 described A ready\n11-16 11:00 moved A to=doing",
			"grant +3, commit A -1, swap B A +0, commit A -1"},
		"stepped down: it takes none before": {
			"11-16 08:00 created A to=committed unit=trading\n11-16 08:00 created B to=requests unit=trading\n11-16 09:00 swapped B other=A\n11-16 10:00 described A ready",
			"grant +3, commit A -1, swap B A +0"},
		"a swap for what is begun, over, of another unit, or has a slot already is told and not booked": {
			"11-16 08:00 created A to=doing unit=trading\n11-16 08:00 created B to=requests unit=trading\n11-16 08:00 created C to=committed unit=trading\n11-16 08:00 created D to=withdrawn unit=trading\n" +
				"11-16 08:00 created E to=requests unit=risk\n11-16 08:00 created F to=committed unit=trading\n11-16 09:00 swapped B other=A\n11-16 09:00 swapped D other=C\n11-16 09:00 swapped E other=C\n" +
				"11-16 09:00 swapped F other=C\n11-16 09:00 swapped C other=C\n11-16 09:00 swapped B other=X",
			"grant +3, commit A -1, commit C -1, commit F -1, void B A +0, void D C +0, void E C +0, void F C +0, void C" + " C +0, void B X +0"},
		"a slot of an earlier week is not swapped": {
			"11-09 08:00 created A to=committed unit=trading\n11-16 08:00 created B to=requests unit=trading\n11-16 09:00 swapped B other=A", "grant +3, void B A +0"},
		"an expedite that is swapped costs no second slot": {
			"11-16 08:00 created A to=committed unit=trading expedite\n11-16 08:00 created B to=requests unit=trading\n11-16 09:00 swapped B other=A\n11-16 10:00 moved B to=withdrawn by=business",
			"grant +3, commit A -1, swap B A +0, release B +1"},
		"becoming an expedite costs no second slot": {
			"11-16 08:00 created A to=committed unit=trading\n11-17 08:00 described A expedite\n11-17 09:00 moved A to=withdrawn by=business", "grant +3, commit A -1, release A +1"},
		"given up after the start and taken up again: the same slot": {
			"11-16 08:00 created A to=doing unit=trading\n11-17 08:00 moved A to=withdrawn\n11-18 08:00 moved A to=doing\n11-18 09:00 moved A to=requests by=it", "grant +3, commit A -1, refund A +1"},
		"given up before the start and taken up again: a slot again": {
			"11-16 08:00 created A to=committed unit=trading\n11-17 08:00 moved A to=withdrawn\n11-18 08:00 moved A to=committed", "grant +3, commit A -1, release A +1, commit A -1"},
		"given back and taken on again: a slot again": {
			"11-16 08:00 created A to=committed unit=trading\n11-17 08:00 moved A to=requests by=it\n11-18 08:00 moved A to=doing", "grant +3, commit A -1, refund A +1, commit A -1"},
		"declined by IT: refunded": {
			"11-16 08:00 created A to=doing unit=trading\n11-17 08:00 moved A to=withdrawn by=it", "grant +3, commit A -1, refund A +1"},
		"a loan that is told twice is one": {
			"11-16 08:00 lends - from=risk with=trading n=1 ref=l\n11-16 09:00 borrows - from=trading with=risk n=1 ref=l\n11-16 10:00 borrows - from=trading with=risk n=1 ref=l\n" +
				"11-16 11:00 lends - from=risk with=trading n=1 ref=l\n11-16 11:00 lends - from=trading with=trading n=1 ref=m", "grant +3, lend +1"},
		"what nobody can place means nothing": {
			"11-16 08:00 created A to=nowhere unit=trading\n11-16 09:00 moved A to=elsewhere\n11-16 10:00 moved A to=committed\n11-16 11:00 moved A to=nowhere", "grant +3, commit A -1"},
	} {
		a := fold(setting(terms()), "trading", "11-20 00:00", c.lines)
		if diff := cmp.Diff(c.want, strings.Join(lastWeek(a), ", ")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if n := a.Statements[len(a.Statements)-1].Count; contract.Balance(a.Entries) != a.Free || n.Taken < 0 || n.Expedites < 0 || n.Taken+n.Expedites != len(a.Holders) {
			t.Errorf("%s: %d free, %+v, held by %+v", name, a.Free, n, a.Holders)
		}
	}
}

// TestWhatWasThereToBeTaken holds the number of requests that the due slots are measured by.
func TestWhatWasThereToBeTaken(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lines string
		want  int
	}{
		"ready":                              {"11-16 08:00 created A to=requests unit=trading ready", 1},
		"not ready":                          {"11-16 08:00 created A to=requests unit=trading", 0},
		"ready too late":                     {"11-17 13:00 created A to=requests unit=trading ready", 0},
		"IT's own":                           {"11-16 08:00 created A to=requests unit=trading ready internal", 0},
		"taken on before":                    {"11-16 08:00 created A to=committed unit=trading", 1},
		"an expedite before":                 {"11-16 08:00 created A to=doing unit=trading expedite", 0},
		"withdrawn after it was counted":     {"11-16 08:00 created A to=requests unit=trading ready\n11-18 08:00 moved A to=withdrawn by=business", 0},
		"declined by IT after that":          {"11-16 08:00 created A to=requests unit=trading ready\n11-18 08:00 moved A to=withdrawn by=it", 1},
		"taken on and given back before":     {"11-16 08:00 created A to=committed unit=trading\n11-16 09:00 moved A to=requests by=it", 1},
		"of an earlier week and given back":  {"11-09 08:00 created A to=committed unit=trading\n11-18 09:00 moved A to=requests by=it", 1},
		"given back in an earlier week":      {"11-09 08:00 created A to=committed unit=trading\n11-10 09:00 moved A to=requests by=it", 0},
		"taken back by the business, unseen": {"11-16 08:00 created A to=committed unit=trading\n11-16 09:00 moved A to=requests by=business", 0},
	} {
		if got := statement(t, fold(setting(terms()), "trading", "11-23 00:00", c.lines), "2026-W47").Count.Ready; got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// TestAQuestionIsTheBusinesssTurn holds a question that moves no card.
func TestAQuestionIsTheBusinesssTurn(t *testing.T) {
	t.Parallel()
	a := fold(setting(terms()), "trading", "11-20 00:00", `
11-16 08:00 created A to=doing unit=trading
11-16 10:00 asked A
11-17 10:00 answered A
11-17 12:00 moved A to=done`)
	outcomes(t, a, map[string]contract.Outcome{"trading/R1/A/1": contract.Kept})
	if c := a.Clocks[0]; c.Business != 24*time.Hour || c.IT != 4*time.Hour || !c.To.Equal(moment("11-17 12:00", time.UTC)) {
		t.Errorf("%+v", c)
	}
}

// TestDaysToAcceptAreOfTheirOwn holds the two numbers of days apart, and what was not agreed on.
func TestDaysToAcceptAreOfTheirOwn(t *testing.T) {
	t.Parallel()
	agreed := terms()
	agreed.AnswerDays, agreed.AcceptDays = 0, 4
	a := fold(setting(agreed), "trading", "11-20 00:00", "11-16 08:00 created A to=requests unit=trading\n11-16 09:00 moved A to=waiting\n11-16 10:00 moved A to=verify")
	if f := verdict(t, a, "trading/R2/A/1").Facts; f.Limit != 4 {
		t.Errorf("%d days to accept", f.Limit)
	}
	for _, v := range a.Verdicts {
		if v.Promise == contract.AnswerDuty || v.Promise == contract.Reply {
			t.Errorf("%s was not agreed on", v.ID)
		}
	}
	own := fold(setting(terms()), "trading", "11-20 00:00", "11-16 08:00 created A to=requests unit=trading internal")
	for _, v := range own.Verdicts {
		if v.Promise == contract.Reply {
			t.Errorf("%s: nobody asked for it", v.ID)
		}
	}
}

// TestHowFarBackIsLooked holds the windows of deliveries and expedites.
func TestHowFarBackIsLooked(t *testing.T) {
	t.Parallel()
	a := fold(setting(terms()), "trading", "2027-02-08 00:00", `
11-08 09:00 created A to=doing unit=trading
11-08 10:00 moved A to=done
11-09 09:00 created B to=doing unit=trading expedite
11-09 10:00 moved B to=done
11-11 09:00 created C to=committed unit=trading expedite
11-11 10:00 moved C to=requests by=it`)
	if f := verdict(t, a, "trading/P2/2027-W05").Facts; f.Of != 1 {
		t.Errorf("thirteen weeks reach back to %d deliveries", f.Of)
	}
	for week, want := range map[string]int{"2026-W45": 0, "2026-W46": 1, "2026-W49": 1, "2026-W50": 0} {
		if f := verdict(t, a, "trading/R4/"+week).Facts; f.Used != want {
			t.Errorf("%s: %d expedites, want %d", week, f.Used, want)
		}
	}
}

// TestASwapHidesNoExpedite holds that who has the slot decides whether it is used for an
// expedite, and who approves of it: what stepped down is one again when it is begun.
func TestASwapHidesNoExpedite(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lines     string
		expedites int
		blamed    []kanban.CardID
	}{
		"an expedite that steps down": {`
11-16 08:00 created A to=committed unit=trading expedite
11-16 08:30 approved A who=desk-head
11-16 08:00 created B to=requests unit=trading
11-16 09:00 swapped B other=A`, 0, nil},
		"and is begun": {`
11-16 08:00 created A to=committed unit=trading expedite
11-16 08:30 approved A who=desk-head
11-16 08:00 created B to=requests unit=trading
11-16 09:00 swapped B other=A
11-16 10:00 moved A to=doing`, 1, nil},
		"an expedite that has the slot": {`
11-16 08:00 created A to=committed unit=trading
11-16 08:30 approved A who=desk-head
11-16 08:00 created B to=requests unit=trading expedite
11-16 09:00 swapped B other=A`, 1, []kanban.CardID{"B"}},
		"one for another": {`
11-16 08:00 created A to=committed unit=trading expedite
11-16 08:30 approved A who=desk-head
11-16 08:00 created B to=requests unit=trading expedite
11-16 09:00 swapped B other=A`, 1, []kanban.CardID{"B"}},
	} {
		a := fold(setting(terms()), "trading", "11-23 00:00", c.lines)
		v := verdict(t, a, "trading/R4/2026-W47")
		if diff := cmp.Diff(c.blamed, v.Facts.Cards); v.Facts.Used != c.expedites || diff != "" {
			t.Errorf("%s: %d expedites, want %d: %s", name, v.Facts.Used, c.expedites, diff)
		}
		if got := statement(t, a, "2026-W47").Count.Expedites; got != c.expedites {
			t.Errorf("%s: %d counted, want %d", name, got, c.expedites)
		}
	}
}

// TestTheFirstDeliveryStands holds that coming back after the acceptance is no refusal.
func TestTheFirstDeliveryStands(t *testing.T) {
	t.Parallel()
	a := fold(setting(terms()), "trading", "11-20 00:00", `
11-09 09:00 created A to=doing unit=trading
11-10 09:00 moved A to=verify
11-11 09:00 moved A to=done
11-12 09:00 moved A to=verify
11-13 09:00 moved A to=doing`)
	if f := verdict(t, a, "trading/P2/2026-W47").Facts; f.Of != 1 || f.Met != 1 {
		t.Errorf("%+v", f)
	}
}

// TestADateCountsOnce holds a ball that goes to and fro within days: three dates on IT's clock,
// and the one on which IT never had it is none.
func TestADateCountsOnce(t *testing.T) {
	t.Parallel()
	agreed := terms()
	agreed.SLEDays = 3
	lines := `
11-09 09:00 created A to=doing unit=trading
11-09 10:00 moved A to=waiting
11-09 11:00 moved A to=doing
11-10 09:00 moved A to=waiting
11-12 09:00 moved A to=doing
11-12 10:00 moved A to=waiting
11-12 11:00 moved A to=doing
11-12 12:00 moved A to=done`
	if f := verdict(t, fold(setting(agreed), "trading", "11-20 00:00", lines), "trading/P2/2026-W46").Facts; f.Met != 1 {
		t.Errorf("%+v", f)
	}
	agreed.SLEDays = 2
	if f := verdict(t, fold(setting(agreed), "trading", "11-20 00:00", lines), "trading/P2/2026-W46").Facts; f.Met != 0 {
		t.Errorf("%+v", f)
	}
}

// TestGivenBackItAsksAgain holds that a high priority keeps its place when IT gives the card back.
func TestGivenBackItAsksAgain(t *testing.T) {
	t.Parallel()
	a := fold(byPriority(contract.Show), "trading", "11-18 00:00", threeRaised+`
11-17 09:00 moved B to=committed
11-17 10:00 moved A to=committed
11-17 11:00 moved B to=requests by=it
11-17 12:00 created X to=doing unit=trading expedite`)
	if over(a) != "C B" {
		t.Errorf("over is %q", over(a))
	}
}

// TestWhereOutagesMatter walks the moments that decide the promises of a week.
func TestWhereOutagesMatter(t *testing.T) {
	t.Parallel()
	lines := `
11-16 08:00 created A to=requests unit=trading ready
11-16 08:00 created B to=requests unit=trading ready
11-16 08:00 created C to=doing unplanned internal`
	for at, want := range map[string]map[string]contract.Outcome{
		"11-17 12:00": {"P1": contract.Unknown, "R3": contract.Unknown, "P4": contract.Broken},
		"11-23 00:00": {"P1": contract.Unknown, "R3": contract.Broken, "P4": contract.Unknown},
		"11-25 00:00": {"P1": contract.Broken, "R3": contract.Broken, "P4": contract.Unknown},
		"11-18 00:00": {"P1": contract.Broken, "R3": contract.Broken, "P4": contract.Broken},
	} {
		from := moment(at, time.UTC).Add(-time.Minute)
		a := fold(setting(terms()), "trading", "11-26 00:00", lines, contract.Gap{Tracker: "jira", From: from, To: from.Add(2 * time.Minute)})
		for p, o := range want {
			if got := verdict(t, a, "trading/"+p+"/2026-W47"); got.Outcome != o {
				t.Errorf("not read on %s: %s is %s, want %s", at, p, got.Outcome, o)
			}
		}
	}
}

// TestNobodyIsLateBecauseOfAnother holds the list of risks to what IT has in its hands.
func TestNobodyIsLateBecauseOfAnother(t *testing.T) {
	t.Parallel()
	agreed := terms()
	agreed.SLEDays = 2
	a := fold(setting(agreed), "trading", "11-20 00:00", "11-16 08:00 created A to=doing unit=trading\n11-16 09:00 blocked A by=third")
	for _, v := range a.AtRisk {
		if v.Card == "A" {
			t.Errorf("%+v", v)
		}
	}
	contested := fold(setting(terms()), "trading", "11-20 00:00", "11-16 08:00 contested - from=trading by=it ref=trading/P1/2026-W47")
	if v := verdict(t, contested, "trading/P1/2026-W47"); v.Contested || v.Outcome != contract.Pending {
		t.Errorf("what is not decided is contested: %+v", v)
	}
	if got := contract.ScoreOf(contested.Verdicts, kanban.IT, 0, contract.PeriodOf(99999)); got.Decided != 0 {
		t.Errorf("%+v", got)
	}
}

// TestAProvisionalReserve holds that it is a tenth at least.
func TestAProvisionalReserve(t *testing.T) {
	t.Parallel()
	p, err := contract.Propose([]contract.Week{{Planned: 10, All: 10}}, nil)
	if err != nil || p.Slots != 9 || p.Reserve != 0.1 {
		t.Errorf("%+v, %v", p, err)
	}
}

// A question is put, answered and concluded by its own name: what is said of an earlier one
// ends no later one, and one that IT concludes itself was owed nothing more.
func TestQuestionsByName(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		events string
		want   contract.Outcome
	}{
		"answered in time":          {"11-18 09:00 answered A ref=q1", contract.Kept},
		"concluded in time":         {"11-18 09:00 concluded A ref=q1", contract.NotApplicable},
		"concluded too late":        {"11-23 09:00 concluded A ref=q1", contract.Broken},
		"answered, then concluded":  {"11-18 09:00 answered A ref=q1\n11-23 09:00 concluded A ref=q1", contract.Kept},
		"an answer to another one":  {"11-18 09:00 answered A ref=q0", contract.Broken},
		"nobody says to which":      {"11-18 09:00 answered A", contract.Kept},
		"the end of an earlier one": {"11-18 09:00 concluded A ref=q0", contract.Broken},
	} {
		a := fold(setting(terms()), "trading", "11-25 18:00", "11-16 09:00 created A to=doing unit=trading\n11-17 09:00 asked A ref=q1\n"+c.events)
		if v := verdict(t, a, "trading/R1/A/1"); v.Outcome != c.want {
			t.Errorf("%s: %s, want %s", name, v.Outcome, c.want)
		}
	}
}
