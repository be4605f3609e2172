package contract_test

import (
	stdcmp "cmp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/contract"
)

func TestTermsAreChecked(t *testing.T) {
	t.Parallel()
	if err := (contract.Contract{Unit: "trading", Versions: []contract.Terms{terms()}}).Check(); err != nil {
		t.Error(err)
	}
	for why, change := range map[string]func(*contract.Terms){
		"after 2000":   func(t *contract.Terms) { t.From = calendar.On(202, time.November, 2) },
		"negative":     func(t *contract.Terms) { t.Slots = -1 },
		"a share is":   func(t *contract.Terms) { t.Unplanned = 101 },
		"tue 12:00":    func(t *contract.Terms) { t.Cutoff.Hour = 24 },
		"show, ask or": func(t *contract.Terms) { t.Over = "shout" },
		"who agreed":   func(t *contract.Terms) { t.Agreed.IT = "" },
	} {
		wrong := terms()
		change(&wrong)
		err := contract.Contract{Unit: "trading", Versions: []contract.Terms{terms(), wrong}}.Check()
		if err == nil || !strings.Contains(err.Error(), why) || !strings.Contains(err.Error(), "trading, version 2") {
			t.Errorf("%v, want %q", err, why)
		}
	}
	if got := terms().Cutoff.String(); got != "tue 12:00" {
		t.Error(got)
	}
}

func TestTheLastVersionOfAPeriodCounts(t *testing.T) {
	t.Parallel()
	from := func(day int, slots int) contract.Terms {
		return contract.Terms{From: calendar.On(2026, time.November, day), Slots: slots}
	}
	c := contract.Contract{Versions: []contract.Terms{from(17, 2), from(9, 1), from(18, 3)}} // 17 and 18 both mean the 23rd
	for day, want := range map[int]int{2: 0, 9: 1, 16: 1, 23: 3, 30: 3} {
		got, version := c.Version(contract.PeriodOf(calendar.On(2026, time.November, day)))
		if got.Slots != want || version == 0 != (want == 0) {
			t.Errorf("in the week of the %d.: %d slots by version %d, want %d", day, got.Slots, version, want)
		}
	}
	if p, ok := c.Begins(); !ok || p.String() != "2026-W46" {
		t.Errorf("it begins in %v, %v", p, ok)
	}
	if _, ok := (contract.Contract{}).Begins(); ok {
		t.Error("nothing was agreed on")
	}
}

func TestCutoffsAreOnWorkingDays(t *testing.T) {
	t.Parallel()
	monday := calendar.On(2026, time.November, 16)
	tuesday := contract.Cutoff{Day: time.Tuesday, Hour: 12, Minute: 30}
	for _, c := range []struct {
		off  []calendar.Day
		cut  contract.Cutoff
		want string
	}{
		{nil, tuesday, "11-17 12:30"},
		{nil, contract.Cutoff{}, "11-20 00:00"}, // a Sunday: the last working day
		{[]calendar.Day{monday + 1}, tuesday, "11-18 12:30"},
		{[]calendar.Day{monday + 1, monday + 2, monday + 3, monday + 4}, tuesday, "11-16 12:30"},
		{[]calendar.Day{monday, monday + 1, monday + 2, monday + 3, monday + 4}, tuesday, ""},
	} {
		at, ok := c.cut.Moment(contract.PeriodOf(monday), calendar.New(time.UTC, c.off...))
		if ok != (c.want != "") || ok && !at.Equal(moment(c.want, time.UTC)) {
			t.Errorf("without %v: %v, want %q", c.off, at, c.want)
		}
	}
}

// TestTheOrderOfTheQueue looks at the cut-off whether the next requests can be told apart.
func TestTheOrderOfTheQueue(t *testing.T) {
	t.Parallel()
	line := func(card, rank string) string {
		return "\n11-16 09:00 created " + card + " to=requests unit=trading ready rank=" + rank
	}
	for name, c := range map[string]struct {
		lines string
		want  contract.Outcome
		cards []kanban.CardID
	}{
		"ranked":                      {line("A", "1") + line("B", "2") + line("C", "3") + line("D", "0"), contract.Kept, nil},
		"the rest may be unranked":    {line("A", "1") + line("B", "2") + line("C", "3") + line("D", "9") + line("E", "9"), contract.Kept, nil},
		"a tie":                       {line("A", "1") + line("B", "2") + line("C", "2"), contract.Broken, []kanban.CardID{"B", "C"}},
		"a tie across the line":       {line("A", "1") + line("B", "2") + line("C", "3") + line("D", "3"), contract.Broken, []kanban.CardID{"C"}},
		"no rank":                     {line("A", "1") + line("B", "0"), contract.Broken, []kanban.CardID{"B"}},
		"one alone":                   {line("A", "0"), contract.NotApplicable, nil},
		"none is free":                {line("A", "0") + line("B", "0") + taken("X", "Y", "Z"), contract.NotApplicable, nil},
		"who has a slot is in no row": {line("A", "2") + line("B", "2") + line("C", "3") + "\n11-16 09:30 created X to=committed unit=trading\n11-16 10:00 swapped A other=X", contract.Kept, nil},
		"a tie that is nobody's":      {line("A", "1 loose") + line("B", "2 loose") + line("C", "2 loose"), contract.NotApplicable, nil},
		"told apart by other things":  {line("A", "1 loose") + line("B", "2 loose") + line("C", "3 loose"), contract.Kept, nil},
		"two orders in one row":       {line("A", "1") + line("B", "2 loose") + line("C", "3"), contract.NotApplicable, nil},
		"ranked after the cut-off":    {line("A", "0") + line("B", "2") + "\n11-17 12:01 described A rank=1", contract.Broken, []kanban.CardID{"A"}},
		"ranked right at the cut-off": {line("A", "0") + line("B", "2") + "\n11-17 12:00 described A rank=1", contract.Kept, nil},
	} {
		a := fold(setting(terms()), "trading", "11-18 00:00", c.lines)
		v := verdict(t, a, "trading/R3/2026-W47")
		if v.Outcome != c.want || cmp.Diff(c.cards, v.Facts.Cards) != "" {
			t.Errorf("%s: %s, %v", name, v.Outcome, v.Facts.Cards)
		}
	}
}

func taken(cards ...string) string {
	var b strings.Builder
	for _, c := range cards {
		b.WriteString("\n11-16 10:00 created " + c + " to=committed unit=trading")
	}
	return b.String()
}

// TestDeliveriesOnITsClock counts the dates on which IT had the turn.
func TestDeliveriesOnITsClock(t *testing.T) {
	t.Parallel()
	s := setting(terms())
	for n := range s.Contracts {
		s.Contracts[n].Versions[0].SLEDays, s.Contracts[n].Versions[0].SLEShare = 3, 80
	}
	var lines strings.Builder
	for _, c := range []string{"A", "B", "C", "D"} { // the second to the fourth: three dates
		lines.WriteString("\n11-02 09:00 created " + c + " to=doing unit=trading\n11-04 09:00 moved " + c + " to=verify")
	}
	// E: 171 hours, of which the business had the turn from the 3rd to the 9th.
	lines.WriteString("\n11-02 09:00 created E to=doing unit=trading\n11-03 09:00 moved E to=waiting\n11-09 09:00 moved E to=doing\n11-09 12:00 moved E to=done")
	a := fold(s, "trading", "11-16 00:00", lines.String())
	if v := verdict(t, a, "trading/P2/2026-W46"); v.Outcome != contract.Kept || v.Facts.Met != 5 || v.Facts.Of != 5 {
		t.Errorf("%+v", v)
	}
	if c := a.Clocks[4]; c.IT != 27*time.Hour || c.Business != 144*time.Hour || c.Third != 0 {
		t.Errorf("E: %+v", c)
	}
	outcomes(t, a, map[string]contract.Outcome{"trading/P2/2026-W45": contract.NotApplicable}) // four deliveries are no share
	refused := lines.String() + "\n11-05 09:00 moved A to=doing\n11-08 09:00 moved A to=verify\n11-10 09:00 blocked B by=it\n11-10 10:00 moved C to=done"
	v := verdict(t, fold(s, "trading", "11-16 00:00", refused), "trading/P2/2026-W46")
	if v.Outcome != contract.Kept || v.Facts.Met != 4 || cmp.Diff([]kanban.CardID{"A"}, v.Facts.Cards) != "" {
		t.Errorf("A was refused and took longer: %+v", v)
	}
	third := strings.ReplaceAll(lines.String(), "moved E to=waiting\n11-09 09:00 moved E to=doing", "blocked E by=third\n11-09 09:00 unblocked E")
	if c := fold(s, "trading", "11-16 00:00", third).Clocks[4]; c.Third != 144*time.Hour || c.Business != 0 {
		t.Errorf("a third party had it: %+v", c)
	}
}

func TestRepliesAndCompleteness(t *testing.T) {
	t.Parallel()
	a := fold(setting(terms()), "trading", "11-23 00:00", `
11-16 09:00 created A to=requests unit=trading ready
11-16 09:00 created B to=requests unit=trading
11-16 09:00 created C to=requests unit=trading ready
11-16 09:00 created D to=requests unit=trading ready
11-16 09:00 created E to=requests unit=trading ready
11-16 09:00 created F to=requests
11-17 09:00 triaged A
11-18 23:59 asked B
11-18 09:00 moved C to=committed
11-17 09:00 moved D to=withdrawn by=business
11-19 00:00 triaged E
11-19 09:00 described F unit=trading
11-20 09:00 triaged A`)
	outcomes(t, a, map[string]contract.Outcome{
		"trading/P3/A/1": contract.Kept, "trading/P3/B/1": contract.Kept, "trading/P3/C/1": contract.Kept, "trading/P3/D/1": contract.NotApplicable,
		"trading/P3/E/1": contract.Broken, "trading/P3/F/1": contract.Pending, "trading/R5/2026-W47": contract.Broken})
	if f := verdict(t, a, "trading/R5/2026-W47").Facts; f.Met != 3 || f.Of != 4 {
		t.Errorf("complete: %+v", f)
	}
}

func TestAcceptance(t *testing.T) {
	t.Parallel()
	a := fold(setting(terms()), "trading", "11-23 00:00", `
11-16 09:00 created A to=verify unit=trading
11-16 09:00 created B to=verify unit=trading
11-18 23:00 moved A to=doing
11-19 08:00 moved A to=verify
11-20 09:00 moved A to=done`)
	outcomes(t, a, map[string]contract.Outcome{"trading/R2/A/1": contract.Kept, "trading/R2/A/2": contract.Kept, "trading/R2/B/1": contract.Broken})
}

func TestWhatIsContestedCountsForNobody(t *testing.T) {
	t.Parallel()
	lines := `
11-16 09:00 created A to=doing unit=trading
11-16 10:00 moved A to=waiting
11-20 10:00 moved A to=doing
11-21 09:00 contested - from=trading by=business ref=trading/R1/A/1 note=we_answered_by_phone`
	period := contract.PeriodOf(calendar.On(2026, time.November, 16))
	count := func(more string) (contract.Verdict, contract.Score) {
		a := fold(setting(terms()), "trading", "11-23 00:00", lines+more)
		return verdict(t, a, "trading/R1/A/1"), contract.ScoreOf(a.Verdicts, kanban.Business, period, period)
	}
	agree := func(by, on string) string {
		return "\n11-22 09:00 settled - from=trading ref=trading/R1/A/1 by=" + by + " outcome=" + on
	}
	for name, c := range map[string]struct {
		more             string
		outcome          contract.Outcome
		contested        bool
		decided, settled int
	}{
		"contested":                    {"", contract.Broken, true, 0, 0},
		"one side alone":               {agree("business", "kept"), contract.Broken, true, 0, 0},
		"not the same":                 {agree("business", "kept") + agree("it", "broken"), contract.Broken, true, 0, 0},
		"nobody's word":                {agree("third", "kept") + agree("it", "kept"), contract.Broken, true, 0, 0},
		"no outcome":                   {agree("business", "pending") + agree("it", "pending"), contract.Broken, true, 0, 0},
		"both":                         {agree("business", "kept") + agree("it", "kept"), contract.Kept, false, 1, 1},
		"both that it does not apply":  {agree("business", "n/a") + agree("it", "n/a"), contract.NotApplicable, false, 0, 1},
		"in the end":                   {agree("business", "kept") + agree("it", "broken") + agree("business", "broken"), contract.Broken, false, 1, 1},
		"and contested again":          {agree("business", "kept") + agree("it", "kept") + "\n11-22 10:00 contested - from=trading by=it ref=trading/R1/A/1", contract.Broken, true, 0, 0},
		"another unit has no say here": {strings.ReplaceAll(agree("business", "kept")+agree("it", "kept"), "from=trading", "from=risk"), contract.Broken, true, 0, 0},
	} {
		v, s := count(c.more)
		if v.Outcome != c.outcome || v.Contested != c.contested || s.Decided != c.decided || v.Settled != (c.settled == 1) {
			t.Errorf("%s: %+v, %+v", name, v, s)
		}
	}
	a := fold(setting(terms()), "trading", "11-23 00:00", lines+agree("it", "kept"))
	var notes []string
	for _, e := range a.Entries {
		if e.Kind == contract.Contest {
			notes = append(notes, e.Note)
		}
	}
	if diff := cmp.Diff([]string{"trading/R1/A/1, for the unit: we answered by phone", "trading/R1/A/1 is kept, for IT"}, notes); diff != "" {
		t.Error(diff)
	}
}

// TestTheCauseOfUnplannedWorkCanBeNoted walks when it helps.
func TestTheCauseOfUnplannedWorkCanBeNoted(t *testing.T) {
	t.Parallel()
	lines := "11-16 09:00 created A to=doing unplanned"
	note := "\n%s noted - from=trading ref=2026-W47 note=the_vendor's_outage"
	for at, c := range map[string]struct {
		now  string
		want contract.Outcome
	}{
		"11-18 09:00": {"11-23 00:00", contract.Kept},
		"11-24 23:59": {"11-25 00:00", contract.Kept},
		"11-25 00:00": {"11-25 00:00", contract.Broken}, // two working days after Sunday are over
		"11-25 08:00": {"11-24 00:00", contract.Pending},
	} {
		a := fold(setting(terms()), "trading", c.now, lines+strings.ReplaceAll(note, "%s", at))
		outcomes(t, a, map[string]contract.Outcome{"trading/P4/2026-W47": c.want})
	}
	a := fold(setting(terms()), "trading", "11-24 00:00", lines+strings.ReplaceAll(note, "%s", "11-23 08:00"))
	if got := verdict(t, a, "trading/P4/2026-W47").Facts.Noted; got != "the vendor's outage" {
		t.Errorf("noted: %q", got)
	}
}

// TestWhatIsAtRisk is the list before the break.
func TestWhatIsAtRisk(t *testing.T) {
	t.Parallel()
	s := setting(terms())
	s.Contracts[0].Versions[0].SLEDays, s.Contracts[0].Versions[0].Slots = 5, 5
	ids := func(now, lines string) []string {
		var out []string
		for _, v := range fold(s, "trading", now, lines).AtRisk {
			out = append(out, stdcmp.Or(v.Former, v.ID))
		}
		return out
	}
	lines := `
11-16 09:00 created A to=requests unit=trading ready rank=1
11-16 09:00 created B to=requests unit=trading ready rank=1
11-16 09:00 created C to=doing unit=trading
11-16 10:00 created D to=waiting unit=trading
11-16 11:00 created E to=doing unit=trading expedite
11-16 12:00 triaged A`
	if diff := cmp.Diff([]string{"trading/R3/2026-W47", "trading/P3/B/1", "trading/R1/D/1"}, ids("11-16 13:00", lines)); diff != "" {
		t.Error(diff)
	}
	for now, want := range map[string][]string{
		"11-19 13:00": {"trading/P2/C", "trading/P2/E", "trading/P1/2026-W47", "trading/R4/2026-W47"},
		"11-23 13:00": {"trading/P4/2026-W47"},
	} {
		got := slices.DeleteFunc(ids(now, lines+"\n11-16 12:00 triaged B\n11-16 12:00 moved D to=verify\n11-16 12:30 moved D to=done"),
			func(id string) bool { return strings.Contains(id, "W48") })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("on %s: %s", now, diff)
		}
	}
	if got := ids("11-21 00:00", lines); strings.Contains(strings.Join(got, " "), "P2/C") {
		t.Errorf("what is late already is no risk: %v", got)
	}
}
