package flow_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/flow"
)

// held are the days on which a card stood still while a fire burned, counted day by day.
func held(card, fire *flow.Item, c flow.Clock, cal calendar.Calendar, span flow.Span) (days []calendar.Day) {
	if card.Unplanned || !fire.Unplanned || (card.Assignee == "" || card.Assignee != fire.Assignee) && (card.Team == "" || card.Team != fire.Team) {
		return nil
	}
	on := func(i *flow.Item, d calendar.Day) bool {
		return slices.ContainsFunc(i.Stints, func(s flow.Stint) bool {
			end := c.Now
			if !s.Ended.IsZero() {
				end = s.Ended
			}
			return !s.Started.IsZero() && calendar.Of(s.Started, c.Zone) <= d && d <= calendar.Of(end, c.Zone)
		})
	}
	for d := span.From; d <= span.To; d++ {
		if cal.Works(d) && !slices.Contains(card.Touched, d) && on(card, d) && on(fire, d) {
			days = append(days, d)
		}
	}
	return days
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
			i.Team = rapid.SampledFrom([]string{"", "core"}).Draw(t, "team")
			if rapid.Bool().Draw(t, "touched") {
				i.Touched = []calendar.Day{day(rapid.IntRange(0, 30).Draw(t, "day"))}
			}
		}
		cal, span := calendar.New(c.Zone, day(4)), flow.Span{From: day(rapid.IntRange(0, 20).Draw(t, "from")), To: c.Today()}
		got := flow.NewBills(all, c, cal, span)
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
