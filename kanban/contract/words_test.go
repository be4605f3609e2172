package contract_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/contract"
)

func names() contract.Names {
	return contract.Names{Unit: "Trading", Card: func(id kanban.CardID) string { return "OPS-" + string(id) }, Calendar: calendar.New(time.UTC)}
}

// TestVerdictsInWords holds one sentence for each way in which a promise can turn out.
func TestVerdictsInWords(t *testing.T) {
	t.Parallel()
	lines := `
11-16 09:00 created A to=doing unit=trading
11-17 09:00 moved A to=waiting
11-20 10:00 moved A to=verify
11-23 10:00 moved A to=done
11-17 09:00 created B to=requests unit=trading ready rank=1
11-17 09:00 created C to=requests unit=trading ready rank=1
11-18 09:00 triaged B
11-18 09:00 moved C to=withdrawn by=business
11-18 09:00 created X to=doing unit=trading expedite
11-18 10:00 described B -ready
11-24 09:00 contested - from=trading by=business ref=trading/R4/2026-W47
11-24 10:00 created D to=waiting unit=trading
11-30 08:00 noted - from=trading ref=2026-W48 note=a_vendor's_outage`
	a := fold(setting(terms()), "trading", "11-30 09:00", lines, contract.Gap{Tracker: "jira", From: moment("11-22 20:00", time.UTC), To: moment("11-23 01:00", time.UTC)})
	for id, want := range map[string]string{
		"trading/P1/2026-W45": "Does not apply: nothing was due in week 45, as no request was ready for a slot; unused: 3.",
		"trading/P1/2026-W47": "Kept by the end of the period: of 2 slots due in week 47, IT used 2.",
		"trading/P2/2026-W47": "Does not apply: 1 of the 5 deliveries that a share needs.",
		"trading/P3/B/1":      "Kept by IT's clock: OPS-B was handed in on Tue 2026-11-17 and was due by the end of Thu 2026-11-19; it was replied to on Wed 2026-11-18, after 1 working day of 2.",
		"trading/P3/C/1":      "Does not apply: OPS-C was withdrawn in time.",
		"trading/P4/2026-W46": "Does not apply: no work was begun, or no allowance was agreed on.",
		"trading/R1/A/1":      "Broken by Trading's clock: OPS-A was put to Trading on Tue 2026-11-17 and was due by the end of Thu 2026-11-19; it was answered on Fri 2026-11-20, after 3 working days of 2.",
		"trading/R1/D/1":      "Broken by Trading's clock: OPS-D was put to Trading on Tue 2026-11-24 and was due by the end of Thu 2026-11-26; it is not answered, after 4 working days of 2.",
		"trading/R2/A/1":      "Kept by Trading's clock: OPS-A was delivered on Fri 2026-11-20 and was due by the end of Tue 2026-11-24; it was accepted on Mon 2026-11-23, after 1 working day of 2.",
		"trading/R3/2026-W47": "Broken by the cut-off: 0 of the 2 requests that came next had a rank of their own; not so: OPS-B and OPS-C.",
		"trading/R3/2026-W45": "Does not apply: there were no two requests to be put in order.",
		"trading/R4/2026-W47": "Unknown: when the end of the period decided, jira had not been read since 2026-11-22 20:00:00, and nobody is blamed for that; 1 expedite in four weeks, and 2 agreed on; without an approver: OPS-X. It is contested and counts for nobody until both sides agree.",
		"trading/R4/2026-W45": "Does not apply: there was no expedite in four weeks.",
		"trading/R5/2026-W47": "Kept by the end of the period: 1 of 1 new requests were complete at the first reply, and 80 % are owed.",
		"trading/R5/2026-W45": "Does not apply: no new request was replied to.",
		"trading/P4/2026-W48": "Kept by the end of the period: of 1 card begun in week 48, 0 had not been planned, and 25 % may be; the cause was noted: a vendor's outage.",
		"trading/P1/2026-W49": "Open, to be decided by the end of the period: no slot is due in week 49 so far, and IT used 0.",
	} {
		if got := verdict(t, a, id).Sentence(names()); got != want {
			t.Errorf("%s: %q\nwant %q", id, got, want)
		}
	}
}

// TestWhatBecameOfADelivery: the sentence says whether it was accepted, refused or given up.
func TestWhatBecameOfADelivery(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]string{
		"done":      "it was accepted on Mon 2026-11-23, after 1 working day of 2.",
		"doing":     "it was refused on Mon 2026-11-23, after 1 working day of 2.",
		"committed": "it was refused on Mon 2026-11-23, after 1 working day of 2.",
		"waiting":   "it was moved on, neither accepted nor refused, on Mon 2026-11-23, after 1 working day of 2.",
	} {
		a := fold(setting(terms()), "trading", "11-24 09:00", "\n11-16 09:00 created A to=doing unit=trading\n11-20 10:00 moved A to=verify\n11-23 10:00 moved A to="+to)
		if got := verdict(t, a, "trading/R2/A/1").Sentence(names()); !strings.HasSuffix(got, want) {
			t.Errorf("to %s: %q, want %q", to, got, want)
		}
	}
	late := fold(setting(terms()), "trading", "11-30 09:00", "\n11-16 09:00 created A to=doing unit=trading\n11-18 10:00 moved A to=verify\n11-27 10:00 moved A to=withdrawn")
	if got := verdict(t, late, "trading/R2/A/1").Sentence(names()); !strings.Contains(got, "it was withdrawn on Fri 2026-11-27") {
		t.Errorf("withdrawn too late: %q", got)
	}
}

// TestWhatIsOpenCountsNoNothing: where nothing is there yet that could be counted the sentence
// says that, in the place of 0 of 0.
func TestWhatIsOpenCountsNoNothing(t *testing.T) {
	t.Parallel()
	a := fold(setting(terms()), "trading", "11-16 09:00", "\n11-09 09:00 created A to=doing unit=trading")
	for promise, want := range map[string]string{
		"P1": "Open, to be decided by the end of the period: no slot is due in week 47 so far, and IT used 0.",
		"P4": "Open, to be decided by the end of the period: no work was begun in week 47 so far, of which 25 % may be unplanned.",
		"R3": "Open, to be decided by the cut-off: no two requests are ready so far, so that there is nothing to be put in order.",
		"R5": "Open, to be decided by the end of the period: no new request was replied to so far, and 80 % of them are to be complete then.",
	} {
		if got := verdict(t, a, "trading/"+promise+"/2026-W47").Sentence(names()); got != want {
			t.Errorf("%s: %q, want %q", promise, got, want)
		}
	}
	b := fold(setting(terms()), "trading", "11-16 10:00", "\n11-16 09:00 created A to=requests unit=trading ready rank=1\n11-16 09:00 created B to=requests unit=trading ready rank=1")
	if got, want := verdict(t, b, "trading/R3/2026-W47").Sentence(names()), "0 of the 2 requests that come next have a rank of their own"; !strings.Contains(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// Whatever happens there is a sentence for it, and it names no card but by its name.
func TestEveryVerdictHasASentence(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := names()
		n.Card = func(kanban.CardID) string { return "a card" }
		for _, a := range contract.Fold(anySetting(t), happening(t), outages(t), end()) {
			for _, v := range slices.Concat(a.Verdicts, a.AtRisk) {
				text := v.Sentence(n)
				if len(text) < 20 || strings.Contains(text, "%!") || strings.Contains(text, "0001-01-01") || strings.Contains(text, "1970-01-01") || !strings.HasSuffix(text, ".") {
					t.Fatalf("%s: %q", v.ID, text)
				}
				for _, id := range append(slices.Clone(v.Facts.Cards), v.Card) {
					if id != "" && strings.Contains(text, fmt.Sprintf(" %s ", id)) {
						t.Fatalf("%s names a card: %q", v.ID, text)
					}
				}
			}
		}
	})
}

func TestScoresInWords(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]contract.Score{
		"13 of 14 kept":          {Kept: 13, Decided: 14},
		"5 of 5 kept":            {Kept: 5, Decided: 5},
		"three kept, one broken": {Kept: 3, Decided: 4},
		"four kept":              {Kept: 4, Decided: 4},
		"two broken":             {Decided: 2},
		"nothing decided yet":    {},
	} {
		if got := s.String(); got != want {
			t.Errorf("%+v: %q, want %q", s, got, want)
		}
	}
	a := fold(setting(terms()), "trading", "11-23 09:00", `
11-09 10:00 created A to=committed unit=trading
11-16 10:00 created B to=waiting unit=trading
11-16 11:00 moved B to=doing`)
	for periods, want := range map[int]string{
		8: "Trading · last 8 weeks · IT three kept · Trading one kept",
		1: "Trading · this week · IT nothing decided yet · Trading nothing decided yet",
		0: "Trading · not begun",
	} {
		if got := a.Line(periods); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	early := fold(setting(terms()), "trading", "10-30 09:00", `10-29 10:00 created A to=committed unit=trading`)
	if got := early.Line(8); got != "Trading · not begun" {
		t.Errorf("%q", got)
	}
}

func TestPromisesHaveSides(t *testing.T) {
	t.Parallel()
	sides := map[kanban.Party]int{}
	for _, p := range contract.Promises() {
		sides[p.By()]++
		if p.Clock("Trading") == "" {
			t.Errorf("%s has no clock", p)
		}
	}
	if sides[kanban.IT] != 4 || sides[kanban.Business] != 5 {
		t.Errorf("%v", sides)
	}
}
