package flow_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/flow"
)

// day is so many days after june.
func day(n int) calendar.Day { return calendar.Of(june, time.UTC) + calendar.Day(n) }

func TestTheBillOfAFire(t *testing.T) {
	t.Parallel()
	// The fire burns from Tuesday (1) to next Monday (7). Nobody works on 5 and 6, and 4 is a holiday.
	events := append(way("fire", "1 doing", "7 done"), way("mine", "0 doing")...)
	events = append(events, way("team", "0 doing")...)
	events = append(events, way("mate", "0 doing")...)
	events = append(events, way("namesake", "0 doing")...)
	events = append(events, way("other", "0 doing")...)
	events = append(events, way("later", "0 committed", "9 doing")...)
	traits := map[kanban.CardID]flow.Traits{
		"fire":     {Unplanned: true, Assignee: "ana", Team: "core"},
		"mine":     {Assignee: "ana", Unit: "risk", Touched: []calendar.Day{day(0), day(2)}},
		"team":     {Team: "core", Touched: []calendar.Day{day(0)}},
		"mate":     {Assignee: "ben", Team: "core"},
		"namesake": {Assignee: "ana", Person: "ana", Team: "web"},
		"other":    {Assignee: "cleo", Team: "web"},
		"later":    {Assignee: "ana"},
	}
	c := at(14)
	cal := calendar.New(time.UTC, day(4))
	got := flow.NewBills(items(events, traits, c.Now), flow.NewBoard(columns), c, cal, flow.Span{From: day(0), To: day(14)})
	fires, held := []flow.Fire{{Card: "fire", Days: 4, Bill: 7}}, []flow.Held{{Card: "team", Days: 4}, {Card: "mine", Unit: "risk", Days: 3}}
	for _, c := range []struct{ want, got any }{{fires, got.Fires}, {held, got.Held}, {held, got.HeldBy("fire")}, {fires, got.Over("mine")}} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Error(diff)
		}
	}
	if got.HeldBy("mine") != nil || got.Over("other") != nil {
		t.Errorf("%v on the bill of planned work, %v held up another's", got.HeldBy("mine"), got.Over("other"))
	}
	if got := flow.NewBills(items(events, traits, c.Now), flow.NewBoard(columns), c, cal, flow.Span{From: day(8), To: day(14)}); len(got.Fires) != 0 || len(got.Held) != 0 {
		t.Errorf("after it was out: %+v", got)
	}
}

// TestWhatWaitsIsNotHeldUpByAFire are planned cards beside a fire of the same team, which
// itself waits from the second day on: only that one day of the card in work is on the bill.
func TestWhatWaitsIsNotHeldUpByAFire(t *testing.T) {
	t.Parallel()
	c, traits := at(11), map[kanban.CardID]flow.Traits{"fire": {Team: "core", Unplanned: true}}
	events := way("fire", "0 doing", "0.5 waiting_business", "8 block", "8.1 doing")
	for id, steps := range map[string][]string{
		"work": {"0 doing"}, "asks": {"0 waiting_business"}, "accept": {"0 verify"}, "vendor": {"0 doing", "0 block"}, "queue": {"0 doing", "0 committed"},
		"later": {"0 doing", "0 waiting_business", "1.2 doing"},
	} {
		events = append(events, way(id, steps...)...)
		traits[kanban.CardID(id)] = flow.Traits{Team: "core"}
	}
	got := flow.NewBills(items(events, traits, c.Now), flow.NewBoard(columns), c, calendar.New(time.UTC), flow.Span{From: day(0), To: day(11)})
	want := []flow.Held{{Card: "work", Days: 1}}
	if diff := cmp.Diff(want, got.Held); diff != "" || got.Fires[0] != (flow.Fire{Card: "fire", Days: 1, Bill: 1}) {
		t.Error(got.Fires, diff)
	}
	// On the first day itself nothing has stood still yet.
	early := at(0)
	early.Now = early.Now.Add(6 * time.Hour)
	events = append(way("fire", "0 doing"), way("work", "0 doing")...)
	if got := flow.NewBills(items(events, traits, early.Now), flow.NewBoard(columns), early, calendar.New(time.UTC), flow.Span{From: day(0), To: day(0)}); len(got.Held) != 0 || len(got.Fires) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestSentences(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		promised, forecast string
		held               int
		fires              []string
		more               int
		want               string
	}{
		{"12 May", "19 May", 6, []string{"INC-42", "INC-57"}, 0, "Promised for 12 May, now expected by 19 May: it stood still on 6 working days because of unplanned work: INC-42 and INC-57."},
		{"12 May", "", 1, []string{"INC-42"}, 0, "Promised for 12 May: it stood still on 1 working day because of unplanned work: INC-42."},
		{"", "", 2, []string{"a", "b", "c"}, 0, "It stood still on 2 working days because of unplanned work: a, b and c."},
		{"12 May", "19 May", 0, nil, 0, ""},
		{"", "", 2, []string{"a"}, 2, "It stood still on 2 working days because of unplanned work: a and 2 more."},
		{"", "", 2, nil, 1, "It stood still on 2 working days because of a piece of unplanned work."},
		{"12 May", "", 2, nil, 3, "Promised for 12 May: it stood still on 2 working days because of 3 pieces of unplanned work."},
	} {
		if got := flow.Sentence(c.promised, c.forecast, c.held, c.fires, c.more); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestHowLongTheOpenWorkTakes(t *testing.T) {
	t.Parallel()
	var events []flow.Event
	traits := map[kanban.CardID]flow.Traits{}
	for n := range 8 {
		card := fmt.Sprint("r", n)
		steps := []string{"0 requested"}
		if n < 6 {
			steps = append(steps, "3 done")
		}
		events = append(events, way(card, steps...)...)
		traits[kanban.CardID(card)] = flow.Traits{Unit: "risk"}
	}
	events = append(events, way("t", "10 requested")...)
	traits["t"] = flow.Traits{Unit: "trading"}
	c, b := at(13), flow.NewBoard(columns)
	all := items(events, traits, c.Now)
	got := flow.Drains(all, b, c, flow.Span{From: day(1), To: day(14)})
	want := []flow.Drain{{Unit: "risk", Open: 2, Left: 6, Days: 14}, {Unit: "trading", Open: 1, Came: 1, Days: 7}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
	if weeks, ok := got[0].Weeks(); !ok || math.Abs(weeks-2.0/3) > 1e-9 {
		t.Errorf("risk: %v weeks, %v", weeks, ok)
	}
	if in, out := got[1].Arrivals(), got[0].Done(); in != 1 || out != 3 {
		t.Errorf("%v in and %v out per week", in, out)
	}
	if _, ok := got[1].Weeks(); ok {
		t.Error("what only grows is done some day")
	}
	if weeks, ok := (flow.Drain{Came: 1, Days: 7}).Weeks(); !ok || weeks != 0 {
		t.Error("nothing open takes time")
	}
}

func TestWhatNobodyTouched(t *testing.T) {
	t.Parallel()
	events := append(append(way("a", "0 doing"), way("b", "1 doing")...), way("c", "0 doing", "1 done")...)
	c := at(10)
	all := items(events, map[kanban.CardID]flow.Traits{"b": {Touched: []calendar.Day{day(1), day(4)}}}, c.Now)
	var got []kanban.CardID
	for _, i := range flow.Untouched(all, flow.NewBoard(columns), c, 6) {
		got = append(got, i.Card)
	}
	if diff := cmp.Diff([]kanban.CardID{"a", "b"}, got); diff != "" {
		t.Error(diff)
	}
	if more := flow.Untouched(all, flow.NewBoard(columns), c, 7); len(more) != 1 {
		t.Errorf("for seven days: %v", more)
	}
}

func TestWhatStarvesAndWhatIsInflated(t *testing.T) {
	t.Parallel()
	events := append(append(way("a", "0 doing", "1 done"), way("b", "0 doing", "1 done")...), way("c", "0 requested")...)
	events = append(events, way("d", "0 requested")...)
	traits := map[kanban.CardID]flow.Traits{
		"a": {Type: "business"}, "b": {Type: "internal"}, "c": {Type: "improvement", Unit: "risk", Rank: 2}, "d": {Type: "business", Unit: "risk", Rank: 3},
	}
	c, b := at(5), flow.NewBoard(columns)
	all := items(events, traits, c.Now)
	starved := flow.Starving(all, b, c, flow.Span{From: day(0), To: day(5)}, map[string]float64{"improvement": 0.1, "business": 0.6, "internal": 0.9})
	want := []flow.Starved{{Type: "business", Open: 1, Share: 0.5, Floor: 0.6}, {Type: "improvement", Open: 1, Floor: 0.1}}
	if diff := cmp.Diff(want, starved); diff != "" {
		t.Error(diff)
	}
	for priorities, top := range []int{1, 0, 0, 1, 1} { // the urgent one of the two has the second rank
		up := flow.Inflations(all, b, flow.UrgentRank(priorities))
		if diff := cmp.Diff([]flow.Inflation{{Unit: "risk", Top: top, Open: 2}}, up); diff != "" || up[0].Share() != float64(top)/2 {
			t.Errorf("on a scale of %d: %s", priorities, diff)
		}
	}
}

// TestAFireCostsNoMoreThanItsPartOfTheSpan burned for weeks and ended on the first day.
func TestAFireCostsNoMoreThanItsPartOfTheSpan(t *testing.T) {
	t.Parallel()
	var events []flow.Event
	traits := map[kanban.CardID]flow.Traits{}
	for n := range 3 {
		id := fmt.Sprint("disk", n)
		events = append(events, way(id, "0 doing", "20 done")...)
		traits[kanban.CardID(id)] = flow.Traits{Unplanned: true, Traces: []string{"component storage"}}
	}
	c := at(30)
	got := flow.Clusters(items(events, traits, c.Now), c, flow.Span{From: day(20), To: day(30)})
	want := 3 * june.AddDate(0, 0, 20).Sub(day(20).Start(c.Zone)).Hours()
	if len(got) != 1 || got[0].Worked.Hours() != want || want <= 0 || want > 3*24 {
		t.Errorf("%+v, want %v h", got, want)
	}
}

func TestWhatRecurs(t *testing.T) {
	t.Parallel()
	var events []flow.Event
	traits := map[kanban.CardID]flow.Traits{}
	for n := range 3 {
		disk, job := fmt.Sprint("disk", n), fmt.Sprint("job", n)
		events = append(append(events, way(disk, fmt.Sprint(n, " doing"), fmt.Sprint(n+1, " done"))...), way(job, "0 doing", "1 block", "3 unblock", "9 done")...)
		traits[kanban.CardID(disk)] = flow.Traits{Unplanned: true, Traces: flow.NewTraces(fmt.Sprintf("Disk full on db-%02d (2026-06-%02d)", n, n+1), "component storage")}
		traits[kanban.CardID(job)] = flow.Traits{Traces: flow.NewTraces(fmt.Sprintf("Job %d", n), "label batch")}
	}
	events = append(events, way("late", "20 requested")...)
	traits["late"] = flow.Traits{Traces: flow.NewTraces("Disk full on db-77"), Unplanned: true}
	c := at(30)
	all := items(events, traits, c.Now)
	got := flow.Clusters(all, c, flow.Span{From: day(0), To: day(30)})
	if len(got) != 3 || got[0].Trace != "label batch" || got[0].Cost().Hours() != 6*24 || got[1].Trace != "component storage" || got[2].Trace != "disk full on" || got[2].Worked.Hours() != 3*24 {
		t.Fatalf("%+v", got)
	}
	cards, settled := flow.CameBack(all, got[2], june.AddDate(0, 0, 10), c)
	if diff := cmp.Diff([]kanban.CardID{"late"}, cards); diff != "" || settled {
		t.Error(diff, settled)
	}
	if cards, settled := flow.CameBack(all, got[1], june.AddDate(0, 0, 10), at(101)); len(cards) != 0 || !settled {
		t.Error(cards, settled)
	}
	for title, want := range map[string]string{"Disk FULL on db-03: 99%!": "disk full on", "OPS-12": "", "Don't restart": "don't restart", "failed": "", "  ": ""} {
		if got := flow.Normalised(title); got != want {
			t.Errorf("%q is %q, want %q", title, got, want)
		}
	}
}
