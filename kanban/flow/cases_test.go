package flow_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/kanban/flow"
)

// june is a Monday at nine; the cases count days and hours from there.
var june = time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)

// way writes a card's events as "2.5 doing": two days and a half later it enters doing.
// "block" and "unblock" are what they say.
func way(card string, steps ...string) []flow.Event {
	var out []flow.Event
	for n, s := range steps {
		var days float64
		var to string
		if _, err := fmt.Sscanf(s, "%f %s", &days, &to); err != nil {
			panic(err)
		}
		e := flow.Event{Card: kanban.CardID(card), At: june.Add(time.Duration(days * 24 * float64(time.Hour))), Kind: flow.Moved, To: kanban.ColumnKey(to), Source: fmt.Sprintf("%s %03d", card, n)}
		switch {
		case to == "block":
			e.Kind, e.To, e.Party, e.Reason = flow.Blocked, "", kanban.Third, "vendor"
		case to == "unblock":
			e.Kind, e.To = flow.Unblocked, ""
		case n == 0:
			e.Kind = flow.Created
		}
		out = append(out, e)
	}
	return out
}

// at is the clock so many days after june.
func at(days int) flow.Clock {
	return flow.Clock{Now: june.AddDate(0, 0, days), Zone: time.UTC}
}

// told is a card's times in short: days of cycle, lead, customer lead, age and committed
// age, hours active, waiting and blocked, reopenings and steps back; "-" does not apply.
func told(i flow.Item, c flow.Clock) string {
	t := i.Times(c)
	n := func(p *int) string {
		if p == nil {
			return "-"
		}
		return fmt.Sprint(*p)
	}
	worked := "- - -"
	if t.Worked {
		worked = fmt.Sprintf("%g %g %g", t.Active.Hours(), t.Wait.Hours(), t.Blocked.Hours())
	}
	return fmt.Sprintf("%s %s %s %s %s | %s | %d %d", n(t.CycleDays), n(t.LeadDays), n(t.CustomerLead), n(t.AgeDays), n(t.CommittedAge), worked, t.Reopened, t.Backflow)
}

func TestTimesOfACard(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, want string
		steps      []string
	}{
		{"plain", "4 5 6 - - | 72 0 0 | 0 0", []string{"0 requested", "1 committed", "2 doing", "4 review", "5 done"}},
		{"same day, skips the queue", "1 1 1 - - | 6 0 0 | 0 0", []string{"0 requested", "0.125 doing", "0.375 done"}},
		{"committed and done at once", "1 1 1 - - | 0 0 0 | 0 0", []string{"0 done"}},
		{"waits for an answer", "6 6 7 - - | 72 48 0 | 0 1", []string{"0 requested", "1 doing", "2 waiting_business", "4 doing", "6 done"}},
		{"backwards", "5 5 5 - - | 96 0 0 | 0 1", []string{"0 doing", "1 review", "2 doing", "3 review", "4 done"}},
		{"reopened after two days", "6 6 6 - - | 72 0 0 | 1 1", []string{"0 doing", "2 done", "4 doing", "5 done"}},
		{"given back, committed again", "2 3 9 - - | 24 0 0 | 0 1", []string{"0 requested", "1 committed", "2 doing", "3 requested", "6 committed", "7 doing", "8 done"}},
		{"given back", "- - - - - | - - - | 0 1", []string{"0 requested", "1 doing", "3 requested"}},
		{"done, and an option again", "- - - - - | - - - | 0 1", []string{"0 requested", "1 doing", "3 done", "9 requested"}},
		{"done, an option again, done again", "2 2 10 - - | 24 0 0 | 0 1", []string{"0 requested", "1 doing", "3 done", "6 requested", "8 doing", "9 done"}},
		{"given up", "- - - - - | - - - | 0 0", []string{"0 requested", "1 doing", "3 cancelled"}},
		{"given up and taken up again", "- - - 10 10 | 192 0 0 | 1 1", []string{"0 requested", "1 doing", "3 cancelled", "4 doing"}},
		{"given up before any commitment", "- - - - - | - - - | 0 0", []string{"0 requested", "3 cancelled"}},
		{"blocked", "- - - 11 11 | 192 0 48 | 0 0", []string{"0 doing", "1 block", "3 unblock"}},
		{"blocked still", "- - - 11 11 | 24 0 216 | 0 0", []string{"0 doing", "1 block"}},
		{"blocked while it waits", "- - - 11 11 | 24 216 0 | 0 0", []string{"0 doing", "1 waiting_business", "1 block"}},
		{"unblocked when it was done", "2 2 2 - - | 0 0 24 | 0 0", []string{"0 doing", "0 block", "1 done", "5 unblock"}},
		{"blocked twice at once", "- - - 11 11 | 216 0 24 | 0 0", []string{"0 doing", "1 block", "1.5 block", "2 unblock", "3 unblock"}},
		{"committed only", "- - - - 10 | - - - | 0 0", []string{"0 requested", "1 committed"}},
		{"an option", "- - - - - | - - - | 0 0", []string{"0 requested"}},
		{"told to be where it is", "- - - 11 11 | 240 0 0 | 0 0", []string{"0 doing", "1 doing"}},
		{"in a column that nobody knows", "- - - 11 11 | 216 0 0 | 0 0", []string{"0 doing", "1 attic", "2 doing"}},
	} {
		got := told(items(way("a", c.steps...), nil, at(10).Now)[0], at(10))
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// What lay in Done and became an option again was under way until it was done, and no day
// longer: Jira's Reopened is such a column.
func TestWhatLayInDoneWasNoWork(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"done", "cancelled"} {
		c := at(20)
		all := items(way("a", "0 requested", "1 doing", "3 "+end, "9 requested", "12 doing"), nil, c.Now)
		if diff := cmp.Diff([]int{0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1}, flow.PerDay(all, c, flow.Extent(all, c))); diff != "" {
			t.Error(end, diff)
		}
		if diff := cmp.Diff(map[flow.Outcome]int{flow.Returned: 3, flow.Open: 9}, flow.StintDays(all, c)); diff != "" {
			t.Error(end, diff)
		}
		if s := all[0].Stints[0]; s.Reopened != 1 || !s.Ended.Equal(at(3).Now) || s.Active != 48*time.Hour {
			t.Errorf("%s: %+v", end, s)
		}
	}
}

func TestSummerTimeMakesNoDay(t *testing.T) {
	t.Parallel()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Skip(err)
	}
	from := time.Date(2026, 10, 24, 23, 30, 0, 0, paris) // the next day has 25 hours
	events := []flow.Event{{Card: "a", At: from, Kind: flow.Created, To: "doing"}, {Card: "a", At: from.Add(26 * time.Hour), Kind: flow.Moved, To: "done"}}
	c := flow.Clock{Now: from.Add(48 * time.Hour), Zone: paris}
	if got := *items(events, nil, c.Now)[0].Times(c).CycleDays; got != 3 {
		t.Errorf("%d days, want the 24th, the 25th and the 26th", got)
	}
}

func TestSeries(t *testing.T) {
	t.Parallel()
	events := append(way("a", "0 doing", "2 done"), way("b", "1 requested", "2 doing", "4 requested", "8 doing")...)
	events = append(events, way("c", "3 committed", "4 doing", "9 cancelled")...)
	c := at(10)
	all := items(events, map[kanban.CardID]flow.Traits{"a": {Unplanned: true}}, c.Now)
	span := flow.Extent(all, c)
	if diff := cmp.Diff([]int{1, 1, 2, 1, 2, 1, 1, 1, 2, 2, 1}, flow.PerDay(all, c, span)); diff != "" {
		t.Error("under way:", diff)
	}
	if diff := cmp.Diff(flow.Sample{0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0}, flow.Throughput(all, c, span)); diff != "" {
		t.Error("finished:", diff)
	}
	weeks := flow.Weekly(all, c, span)
	want := []flow.WeekFlow{
		{Monday: span.From, Arrived: 2, Departed: 1, Returned: 1, Started: 3, Finished: 1, Unplanned: 1, Fires: 1},
		{Monday: span.From + 7, Arrived: 1, Departed: 1, Started: 1},
	}
	if diff := cmp.Diff(want, weeks); diff != "" || weeks[0].Net() != 1 || weeks[1].Net() != 0 {
		t.Error("by week:", diff, weeks[0].Net(), weeks[1].Net())
	}
	var cfd []string
	for _, l := range flow.Cumulative(all, columns, c, span) {
		cfd = append(cfd, fmt.Sprint(l.Column, l.Cards))
	}
	wantCFD := `requested[1 2 2 3 4 4 4 4 4 4 4] committed[1 1 2 3 3 3 3 3 4 4 4] doing[1 1 2 2 3 3 3 3 4 4 4] ` +
		`review[0 0 1 1 2 2 2 2 2 3 3] waiting_business[0 0 1 1 2 2 2 2 2 3 3] verify[0 0 1 1 2 2 2 2 2 3 3] done[0 0 1 1 2 2 2 2 2 3 3] [0 0 0 0 1 1 1 1 1 2 2]`
	if diff := cmp.Diff(wantCFD, strings.Join(cfd, " ")); diff != "" {
		t.Error("cumulative:", diff)
	}
	open, age := flow.WIP(all, c)
	if len(open) != 1 || open[0].Card != "b" || age != 3 {
		t.Errorf("under way: %v, %d days", open, age)
	}
}

func TestSharesAndEfficiency(t *testing.T) {
	t.Parallel()
	events := append(way("a", "0 doing", "1 waiting_business", "2 done"), way("b", "0 doing", "1 done")...)
	c := at(10)
	all := items(events, map[kanban.CardID]flow.Traits{"b": {Unplanned: true}}, c.Now)
	s, e := flow.Unplanned(all, c, flow.Extent(all, c)), flow.Efficient(all, c, flow.Extent(all, c))
	if s.ByCount() != 0.5 || s.ByDays() != 0.4 || s.ByActive() != 0.5 {
		t.Errorf("unplanned: %v %v %v", s.ByCount(), s.ByDays(), s.ByActive())
	}
	if fmt.Sprintf("%.4f %.4f", e.Ratio(), e.Mean()) != "0.6667 0.7500" {
		t.Errorf("efficiency: %v %v", e.Ratio(), e.Mean())
	}
	none := flow.Span{From: 0, To: 1}
	if s := flow.Unplanned(all, c, none); s.ByCount() != 0 || flow.Efficient(all, c, none).Ratio() != 0 {
		t.Error("of nothing there are shares")
	}
}

// TestSumsOfManyOldCards adds up more time than a time.Duration holds.
func TestSumsOfManyOldCards(t *testing.T) {
	t.Parallel()
	var events []flow.Event
	for n := range 40 {
		events = append(events, way(fmt.Sprint("c", n), "0 doing", "3640 waiting_business", "7280 done")...)
	}
	c := at(8000)
	all := items(events, map[kanban.CardID]flow.Traits{"c0": {Unplanned: true}}, c.Now)
	s, e := flow.Unplanned(all, c, flow.Extent(all, c)), flow.Efficient(all, c, flow.Extent(all, c))
	if s.ByActive() != 1.0/40 || e.Ratio() != 0.5 || e.Elapsed.Hours() != 40*7280*24 {
		t.Errorf("%v unplanned, %v worked of %v h", s.ByActive(), e.Ratio(), e.Elapsed.Hours())
	}
}

func TestBlockedTimeByReason(t *testing.T) {
	t.Parallel()
	events := append(way("a", "0 doing", "1 block", "3 unblock", "5 block"), way("b", "0 doing", "1 block", "2 done")...)
	c := at(6)
	all := items(events, nil, c.Now)
	got := flow.Hindrances(all, c, flow.Extent(all, c))
	if len(got) != 1 || got[0] != (flow.Hindrance{Party: kanban.Third, Reason: "vendor", Time: 96 * 3_600_000, Times: 3}) {
		t.Errorf("%+v", got)
	}
}

// A card that was given back is blocked as one that nobody ever committed to; one that left
// the board is not.
func TestWhatWasGivenBackIsStillBlocked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		steps []string
		hours float64
	}{
		"never committed to": {[]string{"0 requested", "5 block"}, 120},
		"given back":         {[]string{"0 requested", "1 doing", "2 requested", "5 block"}, 120},
		"done":               {[]string{"0 requested", "1 block", "3 done"}, 48},
		"turned down":        {[]string{"0 requested", "1 block", "3 cancelled"}, 48},
	} {
		all := items(way("a", c.steps...), nil, at(10).Now)
		got := flow.Hindrances(all, at(10), flow.Extent(all, at(10)))
		if len(got) != 1 || got[0].Time.Hours() != c.hours || got[0].Times != 1 {
			t.Errorf("%s: %+v, want %v h", name, got, c.hours)
		}
	}
}

func TestPaceIsToldByColumn(t *testing.T) {
	t.Parallel()
	doing, review := []int{1, 2, 2, 3, 3, 4, 4, 5, 6, 8}, []int{2, 3, 4, 5, 5, 6, 7, 8, 10, 13}
	cycles := []int{3, 4, 5, 6, 7, 8, 9, 10, 12, 15}
	order := []kanban.ColumnKey{"doing", "review", "verify"}
	p := flow.NewPace(order, flow.Ages{"doing": doing, "review": review}, cycles)
	for column, want := range map[kanban.ColumnKey]flow.Lines{
		"doing": {50: 3, 70: 4, 85: 6, 95: 8}, "review": {50: 5, 70: 7, 85: 10, 95: 13}, "verify": {50: 7, 70: 9, 85: 12, 95: 15},
	} {
		if diff := cmp.Diff(want, p[column]); diff != "" {
			t.Error(column, diff)
		}
	}
	for age, want := range map[int]kanban.Band{4: kanban.BandCalm, 5: kanban.BandWatch, 9: kanban.BandWatch, 11: kanban.BandRisk, 10: kanban.BandRisk, 13: kanban.BandLate} {
		if got := p.Band("review", age); got != want {
			t.Errorf("%d days in review: %q, want %q", age, got, want)
		}
	}
	if got := flow.LinesOf(cycles).Band(11); got != kanban.BandWatch {
		t.Errorf("by the whole process 11 days are %q", got)
	}
	if flow.NewPace(order, flow.Ages{"doing": doing[1:]}, cycles[1:]) != nil || flow.Pace(nil).Band("doing", 50) != kanban.BandNone {
		t.Error("nine items tell what is usual")
	}
}

func TestPercentilesOfSmallSamples(t *testing.T) {
	t.Parallel()
	cycles := []int{1, 3, 3, 8, 8, 8, 10}
	var got []string
	for _, p := range flow.Percents() {
		got = append(got, fmt.Sprintf("%d/%.1f/%d", kanban.Percentile(cycles, p), flow.Linear(cycles, p), flow.FloorRank(cycles, p)))
	}
	if diff := cmp.Diff([]string{"8/8.0/3", "8/8.0/8", "8/8.2/8", "10/9.4/8"}, got); diff != "" {
		t.Error(diff)
	}
	if kanban.Percentile(nil, 50) != 0 || flow.Linear(nil, 50) != 0 || flow.FloorRank(nil, 50) != 0 || kanban.Percentile([]int{4}, 50) != 4 {
		t.Error("none and one")
	}
	if s := flow.MetShare(cycles, 8); fmt.Sprintf("%.3f", s) != "0.857" || flow.MetShare(nil, 8) != 0 {
		t.Error("within 8 days:", s)
	}
}

// Items 1–3, 2–5, 4–8 and 7–10 in ten days: average work in progress is throughput times
// average cycle time (Little's law, where all that starts ends within the window).
func TestLittlesLawHoldsWhereItsAssumptionsDo(t *testing.T) {
	t.Parallel()
	events := append(way("a", "0 doing", "2 done"), way("b", "1 doing", "4 done")...)
	events = append(append(events, way("c", "3 doing", "7 done")...), way("d", "6 doing", "9 done")...)
	c := at(9)
	all := items(events, nil, c.Now)
	span := flow.Extent(all, c)
	perDay, sum := flow.PerDay(all, c, span), 0
	for _, n := range perDay {
		sum += n
	}
	if diff := cmp.Diff([]int{1, 2, 2, 2, 2, 1, 2, 2, 1, 1}, perDay); diff != "" || sum != 16 {
		t.Error(diff)
	}
	cycle := 0
	for _, d := range flow.Finished(all, c, span) {
		cycle += d
	}
	if cycle != sum {
		t.Errorf("%d days under way, %d of cycle time", sum, cycle)
	}
}

func TestWhatCannotBePromisedIsRefused(t *testing.T) {
	t.Parallel()
	if err := (flow.Sample{1, 1, 1, 1, 0, 0}).Check(); err == nil || !strings.Contains(err.Error(), "4 days") {
		t.Errorf("four days: %v", err)
	}
	if err := (flow.Sample{1, 1, 1, 1, 0, 2}).Check(); err != nil {
		t.Error(err)
	}
	if _, err := (flow.Sample{0, 0}).When(1); err == nil {
		t.Error("something is promised by those who finish nothing")
	}
	for p, want := range map[float64]string{1: ">95 %", 0.951: ">95 %", 0.95: "95 %", 0.633: "63 %", 0.001: "<1 %", 0: "0 %"} {
		if got := flow.Words(p); got != want {
			t.Errorf("%v is told as %q", p, got)
		}
	}
}

func TestEventFiles(t *testing.T) {
	t.Parallel()
	const head = "card,at,kind,from,to,side,note\n"
	for _, c := range []struct{ text, want string }{
		{"card,at\n", `there is no column "kind"`},
		{head + "a,2026-11-02,created,,doing,jira,\n", "line 2: at:"},
		{head + "a,2026-11-02T09:00:00Z,made,,doing,jira,\n", "line 2: kind:"},
		{head + "a,2026-11-02T09:00:00Z,move,,,jira,\n", "line 2: to:"},
		{head + ",2026-11-02T09:00:00Z,move,,doing,jira,\n", "line 2: card:"},
		{head + "a,\"2026\n", "read the events"},
		{"", "read the heading"},
	} {
		if _, _, err := flow.ReadCSV(strings.NewReader(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.text, err, c.want)
		}
	}
	events, traits, err := flow.ReadCSV(strings.NewReader(head + "a,2026-11-02T09:00:00Z,created,,doing,jira,unplanned fixed_date bu=risk\n"))
	if err != nil || len(events) != 1 || cmp.Diff(flow.Traits{Unit: "risk", Class: "fixed-date", Unplanned: true}, traits["a"]) != "" {
		t.Errorf("%v %v %v", events, traits, err)
	}
}

// A card counts with its age at the last exit from a column, and only once it is done.
func TestAgesAtTheLastExit(t *testing.T) {
	t.Parallel()
	events := append(way("a", "0 requested", "1 doing", "2 review", "4 doing", "6 review", "9 done"), way("b", "0 doing", "3 review")...)
	events = append(events, way("c", "0 doing", "2 requested", "5 doing", "6 done")...)
	ages := flow.Ages{}
	for _, i := range items(events, nil, at(20).Now) {
		ages.ExitAges(i.Track, time.UTC)
	}
	for _, sample := range ages {
		slices.Sort(sample)
	}
	if diff := cmp.Diff(flow.Ages{"doing": {2, 6}, "review": {9}}, ages); diff != "" {
		t.Error(diff)
	}
}
