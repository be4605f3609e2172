package contract_test

import (
	"fmt"
	"strings"
	"testing"

	"parley/kanban"
	"parley/kanban/contract"
)

// TestADisputeKeepsTheWordsOfBothSides tells what was said since it was contested, by side.
func TestADisputeKeepsTheWordsOfBothSides(t *testing.T) {
	t.Parallel()
	lines := `
11-16 09:00 created A to=doing unit=trading
11-16 10:00 moved A to=waiting
11-20 10:00 moved A to=doing
11-21 09:00 contested - from=trading by=business ref=trading/R1/A/1 note=by_phone
11-21 10:00 settled - from=trading by=it ref=trading/R1/A/1 outcome=broken note=no_call_came
11-21 11:00 settled - from=trading by=business ref=trading/R1/A/1 outcome=lost note=no_outcome
11-21 12:00 settled - from=trading by=business ref=trading/R1/A/1 outcome=kept note=on_Thursday`
	ended := lines + "\n11-21 13:00 settled - from=trading by=it ref=trading/R1/A/1 outcome=kept note=found_it"
	again := ended + "\n11-21 14:00 contested - from=trading by=it ref=trading/R1/A/1 note=it_was_another_one"
	for name, c := range map[string]struct {
		lines, business, it string
		open                bool
		said                int
	}{
		"contested":     {lines, "by phone, on Thursday", "no call came", true, 3},
		"agreed on":     {ended, "by phone, on Thursday", "no call came, found it", false, 4},
		"once more":     {again, "", "it was another one", true, 5},
		"nobody's word": {strings.ReplaceAll(lines, "by=it", "by=third"), "by phone, on Thursday", "", true, 2},
	} {
		a := fold(setting(terms()), "trading", "11-23 00:00", c.lines)
		if len(a.Disputes) != 1 || a.Disputes[0].Verdict != verdict(t, a, "trading/R1/A/1").ID {
			t.Fatalf("%s: %+v", name, a.Disputes)
		}
		words := func(by kanban.Party) string {
			var out []string
			for _, e := range a.Disputes[0].Words(by) {
				out = append(out, e.Note)
			}
			return strings.Join(out, ", ")
		}
		d := a.Disputes[0]
		if words(kanban.Business) != c.business || words(kanban.IT) != c.it || d.Open != c.open || len(d.Said) != c.said {
			t.Errorf("%s: %q against %q, open %v, %d said", name, words(kanban.Business), words(kanban.IT), d.Open, len(d.Said))
		}
	}
	if a := fold(setting(terms()), "risk", "11-23 00:00", lines); len(a.Disputes) != 0 {
		t.Errorf("another unit has it: %+v", a.Disputes)
	}
}

// TestALoanIsToldUntilItIsBooked to both units, with who has named it.
func TestALoanIsToldUntilItIsBooked(t *testing.T) {
	t.Parallel()
	lends, borrows := "11-16 08:00 lends - from=risk with=trading n=1 ref=spring", "11-16 09:00 borrows - from=trading with=risk n=1 ref=spring"
	for lines, want := range map[string]string{
		lends:                  "spring risk>trading 1 true/false",
		borrows:                "spring risk>trading 1 false/true",
		lends + "\n" + borrows: "",
		lends + "\n" + strings.Replace(borrows, "n=1", "n=2", 1):                                    "spring risk>trading 1 true/true",
		strings.ReplaceAll(lends+"\n"+borrows, "n=1", "n=9"):                                        "spring risk>trading 9 true/true",
		lends + "\n11-16 10:00 lends - from=trading with=risk n=2 ref=spring":                       "spring trading>risk 2 true/false, spring risk>trading 1 true/false",
		lends + "\n" + borrows + "\n11-16 10:00 lends - from=risk with=trading n=1 ref=spring late": "",
	} {
		lines = strings.TrimSuffix(lines, " late")
		for _, unit := range []kanban.UnitKey{"trading", "risk"} {
			var got []string
			for _, l := range fold(setting(terms()), unit, "11-17 00:00", lines).Loans {
				got = append(got, fmt.Sprintf("%s %s>%s %d %v/%v", l.Ref, l.From, l.To, l.Amount, l.Lends, l.Borrows))
			}
			if strings.Join(got, ", ") != want {
				t.Errorf("%s of %q: %q, want %q", unit, lines, got, want)
			}
		}
	}
}

// TestOnlyWhatIsNotBegunIsSpare names the slots that could pass to another request.
func TestOnlyWhatIsNotBegunIsSpare(t *testing.T) {
	t.Parallel()
	a := fold(setting(terms()), "trading", "11-17 00:00", `
11-16 08:00 created A to=requests unit=trading ready
11-16 08:00 created B to=requests unit=trading ready
11-16 09:00 moved A to=committed
11-16 09:00 moved B to=committed
11-16 10:00 moved B to=doing`)
	if spare := a.Spare(); len(a.Holders) != 2 || len(spare) != 1 || spare[0].Card != "A" {
		t.Errorf("%+v of %+v", spare, a.Holders)
	}
}

// TestUnplannedWorkIsUnexplainedUntilItsCauseIsNoted, and only for as long as a note counts.
func TestUnplannedWorkIsUnexplainedUntilItsCauseIsNoted(t *testing.T) {
	t.Parallel()
	lines := "\n11-16 08:00 created A to=doing unit=trading unplanned"
	for now, more := range map[string]string{"11-17 00:00": "2026-W47", "11-24 12:00": "2026-W47", "11-25 01:00": ""} {
		var got []string
		for _, v := range fold(setting(terms()), "trading", now, lines).Unexplained() {
			got = append(got, v.Period.String())
		}
		if strings.Join(got, " ") != more {
			t.Errorf("on %s: %v, want %q", now, got, more)
		}
	}
	if noted := fold(setting(terms()), "trading", "11-17 00:00", lines+"\n11-16 09:00 noted - from=trading ref=2026-W47 note=the_bank"); len(noted.Unexplained()) != 0 {
		t.Errorf("noted: %+v", noted.Unexplained())
	}
}

// TestWhatARequestStepsDownTo is a priority that asks for no slot.
func TestWhatARequestStepsDownTo(t *testing.T) {
	t.Parallel()
	scale := []kanban.Priority{{Key: "urgent"}, {Key: "high"}, {Key: "medium"}, {Key: "low"}}
	for _, c := range []struct{ asks, own, before, want string }{
		{"urgent high", "high", "low", "low"}, {"urgent high", "urgent", "high", "medium"}, {"urgent high", "urgent", "", "medium"}, {"urgent high", "high", "gone", "medium"},
		{"urgent high", "medium", "low", "medium"}, {"urgent high medium low", "high", "low", ""}, {"high", "gone", "low", "gone"},
	} {
		var asking contract.Terms
		for p := range strings.FieldsSeq(c.asks) {
			asking.Priorities = append(asking.Priorities, kanban.PriorityKey(p))
		}
		if got := asking.StepsDown(kanban.PriorityKey(c.own), kanban.PriorityKey(c.before), scale); got != kanban.PriorityKey(c.want) {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
