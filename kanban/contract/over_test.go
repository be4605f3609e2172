package contract_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/contract"
)

// byPriority is a contract in which a high priority asks for one of two slots.
func byPriority(answer contract.Answer) contract.Setting {
	t := terms()
	t.Slots, t.Priorities, t.Over = 2, []kanban.PriorityKey{"high"}, answer
	return setting(t)
}

const threeRaised = `
11-16 08:00 created A to=requests unit=trading prio=low ready
11-16 08:00 created B to=requests unit=trading prio=low ready
11-16 08:00 created C to=requests unit=trading prio=low ready
11-16 09:00 described B prio=high
11-16 10:00 described A prio=high
11-16 11:00 described C prio=high`

func over(a contract.Account) string {
	var out []string
	for _, o := range a.Over {
		out = append(out, string(o.Card))
	}
	return strings.Join(out, " ")
}

// TestWhoIsOverTheContract tells it of the ones raised last, whatever becomes of the others.
func TestWhoIsOverTheContract(t *testing.T) {
	t.Parallel()
	for more, want := range map[string]string{
		"11-16 12:00 triaged A": "C",
		"11-16 12:00 moved A to=committed\n11-16 12:30 moved B to=committed": "C",
		"11-16 12:00 moved C to=committed":                                   "A",
		"11-16 12:00 described B prio=low":                                   "",
		"11-16 12:00 moved B to=withdrawn by=business":                       "",
		"11-16 12:00 chose C choice=borrow":                                  "",
		"11-16 12:00 chose C choice=wait":                                    "C",
		"11-16 12:00 chose C choice=whatever":                                "C",
		"11-16 12:00 described A unit=risk":                                  "",
		"11-16 12:00 created X to=doing unit=trading expedite":               "A C",
		"11-16 12:00 lends - from=risk with=trading n=1 ref=l1":              "C",
		"11-16 12:00 lends - from=risk with=trading n=1 ref=l1\n11-16 12:00 borrows - from=trading with=risk n=1 ref=l1": "",
		"11-16 12:00 lends - from=risk with=trading n=1 ref=l1\n11-16 12:00 borrows - from=trading with=risk n=2 ref=l1": "C",
		"11-16 12:00 lends - from=risk with=trading n=9 ref=l1\n11-16 12:00 borrows - from=trading with=risk n=9 ref=l1": "C",
	} {
		if got := over(fold(byPriority(contract.Show), "trading", "11-17 00:00", threeRaised+"\n"+more)); got != want {
			t.Errorf("%s: over is %q, want %q", more, got, want)
		}
	}
}

// TestRaisedWhileUnderWay tells of cards that were taken on with a priority that needs no
// slot and are raised later.
func TestRaisedWhileUnderWay(t *testing.T) {
	t.Parallel()
	lines := `
11-16 08:00 created A to=committed unit=trading prio=low
11-16 08:00 created B to=doing unit=trading prio=low
11-16 08:00 created C to=doing unit=trading prio=low
11-16 09:00 described A prio=high
11-16 09:00 described B prio=high
11-16 10:00 described C prio=high`
	a := fold(byPriority(contract.Show), "trading", "11-17 00:00", lines)
	if over(a) != "C" || a.Free != 0 || len(a.Holders) != 2 {
		t.Errorf("over is %q, %d free", over(a), a.Free)
	}
	for more, want := range map[string]int{
		"11-16 12:00 chose C choice=borrow":            -1,
		"11-16 12:00 chose C choice=wait":              0,
		"11-16 12:00 moved A to=withdrawn by=business": 0,
		"11-16 12:00 described C expedite":             -1,
	} {
		got := fold(byPriority(contract.Show), "trading", "11-17 00:00", lines+"\n"+more)
		if holds := len(got.Holders) == 2 && got.Holders[1].Card == "C" || len(got.Holders) == 3; got.Free != want || holds != (over(got) == "") {
			t.Errorf("%s: %d free, want %d; over is %q, held by %+v", more, got.Free, want, over(got), got.Holders)
		}
	}
	first := fold(byPriority(contract.Show), "trading", "11-17 00:00", `
11-16 08:00 created A to=committed unit=trading prio=high
11-16 08:00 created B to=requests unit=trading prio=high
11-16 08:00 created C to=doing unit=trading prio=low
11-16 10:00 described C prio=high`)
	if over(first) != "C" || first.Free != 1 {
		t.Errorf("B asked first and waits to be taken on, but over is %q, %d free", over(first), first.Free)
	}
	next := fold(byPriority(contract.Show), "trading", "11-23 00:00", lines)
	if over(next) != "" || next.Free != 1 || next.Holders[0].Card != "C" {
		t.Errorf("in the next week: over is %q, %d free", over(next), next.Free)
	}
}

// TestWhatIsDoneAboutIt walks the three answers and their deadlines.
func TestWhatIsDoneAboutIt(t *testing.T) {
	t.Parallel()
	cal := calendar.New(time.UTC)
	told := moment("11-20 15:00", time.UTC) // a Friday; one working day to choose in ends with Monday
	until := moment("11-24 00:00", time.UTC)
	gap := []contract.Gap{{Tracker: "jira", From: until.Add(-time.Hour), To: until.Add(2 * time.Hour)}}
	for name, c := range map[string]struct {
		answer contract.Answer
		over   contract.Over
		now    time.Time
		gaps   []contract.Gap
		move   contract.Move
	}{
		"show":                     {contract.Show, contract.Over{From: "low"}, told, nil, contract.Rest},
		"show by default":          {"", contract.Over{From: "low"}, told, nil, contract.Rest},
		"ask":                      {contract.Ask, contract.Over{From: "low"}, told, nil, contract.Tell},
		"ask once":                 {contract.Ask, contract.Over{From: "low", Told: told}, until.AddDate(1, 0, 0), nil, contract.Rest},
		"not while it is not read": {contract.Ask, contract.Over{From: "low"}, until, gap, contract.Rest},
		"enforce asks first":       {contract.Enforce, contract.Over{From: "low"}, until, nil, contract.Tell},
		"time to choose":           {contract.Enforce, contract.Over{From: "low", Told: told}, until.Add(-1), nil, contract.Rest},
		"nobody chose":             {contract.Enforce, contract.Over{From: "low", Told: told}, until, nil, contract.Restore},
		"once":                     {contract.Enforce, contract.Over{From: "low", Told: told, Back: 1}, until, nil, contract.Rest},
		"to no unknown priority":   {contract.Enforce, contract.Over{Told: told}, until, nil, contract.Rest},
		"the choice may be there":  {contract.Enforce, contract.Over{From: "low", Told: told}, until, gap, contract.Rest},
		"it is not read now": {contract.Enforce, contract.Over{From: "low", Told: told}, until.Add(90 * time.Minute),
			[]contract.Gap{{Tracker: "jira", From: until.Add(time.Hour), To: until.Add(2 * time.Hour)}}, contract.Rest},
		"it was not read at the end":     {contract.Enforce, contract.Over{From: "low", Told: told}, until.Add(3 * time.Hour), gap, contract.Rest},
		"waits":                          {contract.Enforce, contract.Over{From: "low", Told: told, Choice: contract.WaitFor}, until, nil, contract.Rest},
		"swaps":                          {contract.Enforce, contract.Over{From: "low", Told: told, Choice: contract.SwapOne}, until, nil, contract.Pick},
		"swaps, whatever the answer is":  {contract.Show, contract.Over{From: "low", Choice: contract.SwapOne}, told, nil, contract.Pick},
		"a holiday is no day to choose":  {contract.Enforce, contract.Over{From: "low", Told: told.AddDate(0, 0, -1)}, until, nil, contract.Restore},
		"still time because of holidays": {contract.Enforce, contract.Over{From: "low", Told: told.AddDate(0, 0, 3)}, until, nil, contract.Rest},
	} {
		terms := contract.Terms{Over: c.answer, ChooseDays: 1}
		d := terms.Decide(c.over, cal, c.gaps, c.now)
		if d.Move != c.move {
			t.Errorf("%s: %+v, want %s", name, d, c.move)
		}
		if !c.over.Told.IsZero() && c.over.Told.Equal(told) && c.over.Choice == "" && !d.Until.Equal(until) {
			t.Errorf("%s: until %v", name, d.Until)
		}
	}
	off := contract.Terms{Over: contract.Enforce, ChooseDays: 1, Holidays: []calendar.Day{calendar.On(2026, time.November, 23)}}
	if d := off.Decide(contract.Over{From: "low", Told: told}, cal, nil, until); d.Move != contract.Rest {
		t.Errorf("Monday is a holiday: %+v", d)
	}
}

// TestPutBackOnlyOnce holds that raising it again is not answered by writing again.
func TestPutBackOnlyOnce(t *testing.T) {
	t.Parallel()
	lines := threeRaised + `
11-16 12:00 told C
11-16 12:30 told C
11-18 00:00 described C prio=low
11-18 00:01 put-back C
11-18 09:00 described C prio=high
11-18 10:00 told C`
	s := byPriority(contract.Enforce)
	a := fold(s, "trading", "11-22 00:00", lines)
	if len(a.Over) != 1 || a.Over[0].Back != 1 || a.Over[0].From != "low" || !a.Over[0].Told.Equal(moment("11-18 10:00", time.UTC)) {
		t.Fatalf("%+v", a.Over)
	}
	if d := a.Terms.Decide(a.Over[0], s.Calendar, nil, moment("11-22 00:00", time.UTC)); d.Move != contract.Rest {
		t.Errorf("%+v", d)
	}
	if a := fold(s, "trading", "11-17 00:00", strings.Join(strings.Split(lines, "\n")[:9], "\n")); !a.Over[0].Told.Equal(moment("11-16 12:00", time.UTC)) {
		t.Errorf("told first %v", a.Over[0].Told)
	}
}

// TestARaiseGoesWithTheCard holds that a unit's row is of its own cards.
func TestARaiseGoesWithTheCard(t *testing.T) {
	t.Parallel()
	s := byPriority(contract.Show)
	s.Contracts[1].Versions = slices.Clone(s.Contracts[1].Versions)
	s.Contracts[1].Versions[0].Slots = 0
	for how, want := range map[string][2]string{
		"11-16 12:00 triaged C":             {"C", ""},
		"11-16 12:00 described C unit=risk": {"", "C"},
		"11-16 12:00 sponsored C from=risk": {"C", ""},
		"11-16 12:00 sponsored C from=trading with=risk\n11-16 12:01 sponsored C from=risk": {"", "C"},
		"11-16 12:00 described C unit=": {"", ""},
	} {
		lines := threeRaised + "\n" + how
		trading, risk := fold(s, "trading", "11-17 00:00", lines), fold(s, "risk", "11-17 00:00", lines)
		if over(trading) != want[0] || over(risk) != want[1] {
			t.Errorf("%s: trading's is %q, risk's %q", how, over(trading), over(risk))
		}
	}
}

// TestOnlyWhatAsksForASlotIsDue holds that low priorities are neither owed nor ordered.
func TestOnlyWhatAsksForASlotIsDue(t *testing.T) {
	t.Parallel()
	a := fold(byPriority(contract.Show), "trading", "11-23 00:00", threeRaised+"\n11-16 12:00 described A prio=low\n11-16 12:00 described B prio=low\n11-18 09:00 moved C to=committed")
	outcomes(t, a, map[string]contract.Outcome{"trading/P1/2026-W47": contract.Kept, "trading/R3/2026-W47": contract.NotApplicable})
	if w := statement(t, a, "2026-W47"); w.Slots.Due != 1 || w.Slots.Forfeited != 1 {
		t.Errorf("%+v", w)
	}
}

// TestOverInWords holds what stands on the ticket.
func TestOverInWords(t *testing.T) {
	t.Parallel()
	n := contract.Names{Unit: "Trading", Card: func(id kanban.CardID) string { return "OPS-" + string(id) }}
	a := fold(byPriority(contract.Ask), "trading", "11-17 00:00", threeRaised+"\n11-16 12:00 moved A to=committed\n11-16 12:00 moved B to=committed")
	o := a.Over[0]
	for choice, want := range map[contract.Choice]string{
		"":               "OPS-C asks for a slot of Trading, and none is free this week: they are held by OPS-A and OPS-B. You can swap: one of these that is not begun steps down for it; borrow: take a slot of the next week in advance; or wait, as number 1 in the row. Nothing was changed.",
		contract.WaitFor: "OPS-C asks for a slot of Trading, and none is free this week: they are held by OPS-A and OPS-B. It waits, as number 1 in the row.",
		contract.SwapOne: "OPS-C asks for a slot of Trading, and none is free this week: they are held by OPS-A and OPS-B. One of these steps down for it; choose which.",
	} {
		o.Choice = choice
		if got := o.Sentence(a, n); got != want {
			t.Errorf("%q\nwant %q", got, want)
		}
	}
	for lines, want := range map[string]string{
		"":                                   "OPS-C asks for a slot of Trading; what is free this week goes to requests that asked before it. It waits, as number 1 in the row.",
		"\n11-16 12:00 moved A to=committed": "OPS-C asks for a slot of Trading; what is free this week goes to requests that asked before it, and the others are held by OPS-A. It waits, as number 1 in the row.",
	} {
		a := fold(byPriority(contract.Ask), "trading", "11-17 00:00", threeRaised+lines)
		o := a.Over[0]
		if first := a.Kept[0]; len(a.Kept) != a.Free || first != "B" {
			t.Errorf("%d slots are free, and kept for %v; B asked first", a.Free, a.Kept)
		}
		o.Choice = contract.WaitFor
		if got := o.Sentence(a, n); got != want {
			t.Errorf("%q\nwant %q", got, want)
		}
	}
}
