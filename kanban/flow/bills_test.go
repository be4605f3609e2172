package flow_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/flow"
)

// held are the days on which a card stood still while a fire burned, counted day by day.
func held(card, fire *flow.Item, c flow.Clock, cal calendar.Calendar, span flow.Span) (days []calendar.Day) {
	same := card.Assignee == fire.Assignee && card.Person == fire.Person
	if card.Assignee == "" || fire.Assignee == "" {
		same = card.Team != "" && card.Team == fire.Team
	}
	if card.Unplanned || !fire.Unplanned || !same {
		return nil
	}
	on := func(i *flow.Item, d calendar.Day) bool { // hour by hour: nothing here happens in between
		for at, end := d.Start(c.Zone), (d + 1).Start(c.Zone); at.Before(end); at = at.Add(time.Hour) {
			if worked(i, at, c.Now) {
				return true
			}
		}
		return false
	}
	for d := span.From; d <= span.To && d < c.Today(); d++ {
		if cal.Works(d) && !slices.Contains(card.Touched, d) && on(card, d) && on(fire, d) {
			days = append(days, d)
		}
	}
	return days
}

// worked reports whether a card was IT's to work on in the hour after a moment.
func worked(i *flow.Item, at, now time.Time) bool {
	var in kanban.ColumnKey
	for _, s := range i.Steps {
		if !s.At.After(at) {
			in = s.Column
		}
	}
	return at.Before(now) && (in == "doing" || in == "review") && !slices.ContainsFunc(i.Blocks, func(b flow.Block) bool {
		return !b.From.After(at) && (b.To.IsZero() || b.To.After(at))
	})
}

// Bills that are added up by hand and day are those of every fire held against every card.
func TestBillsAreThoseOfEachFireAndCard(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := at(rapid.IntRange(5, 40).Draw(t, "now"))
		all := items(history(t), nil, c.Now)
		for n := range all {
			i := all[n].Traits
			i.Unplanned = rapid.Bool().Draw(t, "unplanned")
			i.Assignee = rapid.SampledFrom([]string{"", "ana", "ben"}).Draw(t, "person")
			if i.Assignee == "ana" && rapid.Bool().Draw(t, "known") { // or somebody who calls themselves so
				i.Person = "ana"
			}
			i.Team = rapid.SampledFrom([]string{"", "core"}).Draw(t, "team")
			if rapid.Bool().Draw(t, "touched") {
				i.Touched = []calendar.Day{day(rapid.IntRange(0, 30).Draw(t, "day"))}
			}
		}
		cal, span := calendar.New(c.Zone, day(4)), flow.Span{From: day(rapid.IntRange(0, 20).Draw(t, "from")), To: c.Today()}
		got := flow.NewBills(all, flow.NewBoard(columns), c, cal, span)
		bills, cards := map[kanban.CardID]int{}, map[kanban.CardID]map[calendar.Day]bool{}
		for n := range all {
			for k := range all {
				days := held(&all[n], &all[k], c, cal, span)
				if len(days) == 0 {
					continue
				}
				bills[all[k].Card] += len(days)
				if cards[all[n].Card] == nil {
					cards[all[n].Card] = map[calendar.Day]bool{}
				}
				for _, d := range days {
					cards[all[n].Card][d] = true
				}
			}
		}
		have := map[kanban.CardID]int{}
		for _, f := range got.Fires {
			sum := 0
			for _, h := range got.HeldBy(f.Card) {
				sum += h.Days
			}
			if have[f.Card] = f.Bill; sum != f.Bill || f.Days <= 0 {
				t.Fatalf("%+v, its cards add up to %d", f, sum)
			}
		}
		if diff := cmp.Diff(bills, have, cmpopts.IgnoreMapEntries(func(_ kanban.CardID, n int) bool { return n == 0 })); diff != "" {
			t.Fatal(diff)
		}
		for _, h := range got.Held {
			if len(cards[h.Card]) != h.Days || len(got.Over(h.Card)) == 0 {
				t.Fatalf("%+v, want %d days", h, len(cards[h.Card]))
			}
		}
		if len(got.Held) != len(cards) {
			t.Fatalf("%d cards were held up, want %d", len(got.Held), len(cards))
		}
	})
}
