package flow_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/flow"
)

// history draws what may have happened to some cards: any column after any other.
func history(t *rapid.T) []flow.Event {
	var out []flow.Event
	for card := range rapid.IntRange(1, 5).Draw(t, "cards") {
		at := june
		for n := range rapid.IntRange(1, 12).Draw(t, "events") {
			at = at.Add(time.Duration(rapid.IntRange(0, 60).Draw(t, "hours")) * time.Hour)
			e := flow.Event{Card: kanban.CardID(fmt.Sprint("c", card)), At: at, Kind: flow.Moved, Source: fmt.Sprint(n)}
			switch kind := rapid.IntRange(0, 9).Draw(t, "kind"); {
			case n > 0 && kind == 0:
				e.Kind, e.Party = flow.Blocked, kanban.Third
			case n > 0 && kind == 1:
				e.Kind = flow.Unblocked
			default:
				e.To = rapid.SampledFrom(columns.Columns).Draw(t, "to").Key
			}
			if n == 0 {
				e.Kind = flow.Created
			}
			out = append(out, e)
		}
	}
	return out
}

// sorted puts the items of two folds into one order.
func sorted(all []flow.Item) []flow.Item {
	return slices.SortedFunc(slices.Values(all), func(a, b flow.Item) int { return compare(a.Card, b.Card) })
}

func compare(a, b kanban.CardID) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func TestTheOrderOfArrivalDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events := history(t)
		again := append(slices.Clone(events), events[:rapid.IntRange(0, len(events)).Draw(t, "told twice")]...)
		again = rapid.Permutation(again).Draw(t, "arrival")
		now := at(60).Now
		if diff := cmp.Diff(sorted(items(events, nil, now)), sorted(items(again, nil, now))); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestAFoldGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events := flow.Order(history(t))
		b, cut := flow.NewBoard(columns), rapid.IntRange(0, len(events)).Draw(t, "cut")
		whole, part := map[kanban.CardID]*flow.Track{}, map[kanban.CardID]*flow.Track{}
		apply := func(to map[kanban.CardID]*flow.Track, e flow.Event) {
			if to[e.Card] == nil {
				to[e.Card] = &flow.Track{}
			}
			to[e.Card].Apply(b, e)
		}
		for i, e := range events {
			if apply(whole, e); i < cut {
				apply(part, e)
			}
		}
		early := map[kanban.CardID]*flow.Track{}
		for id, track := range part { // to look at it in between changes nothing
			_ = track.At(b, at(30).Now)
			early[id] = track.Clone()
		}
		for _, e := range events[cut:] {
			apply(part, e)
		}
		if diff := cmp.Diff(whole, part); diff != "" {
			t.Fatal(diff)
		}
		for id, track := range early {
			if track.Since.After(whole[id].Since) {
				t.Fatal("a clone changed")
			}
		}
	})
}

// The days counted day by day are those counted stint by stint, also where a tracker's clock
// is ahead, and those of what is under way are its ages.
func TestDaysUnderWayAreConserved(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := at(rapid.IntRange(0, 60).Draw(t, "days"))
		all := items(history(t), nil, c.Now)
		sum, days := 0, 0
		for _, n := range flow.PerDay(all, c, flow.Extent(all, c)) {
			sum += n
		}
		by := flow.StintDays(all, c)
		for _, n := range by {
			days += n
		}
		if open, ages := flow.WIP(all, c); ages != by[flow.Open] || ages < len(open) {
			t.Fatalf("%d cards are under way, %d days old; %v", len(open), ages, by)
		}
		if sum != days {
			t.Fatalf("%d by day, %d by stint", sum, days)
		}
		net := 0
		for _, w := range flow.Weekly(all, c, flow.Extent(all, c)) {
			net += w.Net()
		}
		if open, _ := flow.WIP(all, c); net != len(open) {
			t.Fatalf("net flow adds up to %d, %d are under way", net, len(open))
		}
	})
}

// No line of the cumulative diagram falls or crosses the one above it, and what lies between
// two is what stands in the upper one's column, also where work is given up, given back or
// taken up again. A card that went back within the work is drawn where it had come to.
func TestTheSpaceInTheCumulativeDiagramIsTheWork(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := at(60)
		for _, i := range items(history(t), nil, c.Now) {
			lines := flow.Cumulative([]flow.Item{i}, columns, c, flow.Extent([]flow.Item{i}, c))
			for n, line := range lines {
				last := len(line.Cards) - 1
				for d := range line.Cards {
					if d > 0 && line.Cards[d] < line.Cards[d-1] || n > 0 && line.Cards[d] > lines[n-1].Cards[d] {
						t.Fatalf("%s on day %d: %v", line.Column, d, lines)
					}
				}
				l, _ := columns.Column(line.Column)
				if l.Category != kanban.Queue && !l.Category.Started() {
					continue
				}
				if height := line.Cards[last] - lines[n+1].Cards[last]; height != farthest(i, line.Column) {
					t.Fatalf("%d between the lines of %s: %v, and %v", height, line.Column, i.Steps, lines)
				}
			}
		}
	})
}

// farthest is 1 where a column of work is the farthest that a card has come to since it was
// no work, 0 where it is another.
func farthest(i flow.Item, key kanban.ColumnKey) int {
	place := func(key kanban.ColumnKey) int {
		return slices.IndexFunc(columns.Columns, func(c kanban.Column) bool { return c.Key == key })
	}
	far := -1
	for _, s := range i.Steps {
		if l, _ := columns.Column(s.Column); l.Category == kanban.Option || l.Category.Ended() {
			far = -1
		} else {
			far = max(far, place(s.Column))
		}
	}
	if far == place(key) {
		return 1
	}
	return 0
}

// The diagram of an earlier day is the beginning of the later one.
func TestTheCumulativeDiagramRewritesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events, c := history(t), at(60)
		all := items(events, nil, c.Now)
		span := flow.Extent(all, c)
		early := flow.Span{From: span.From, To: span.From + calendar.Day(rapid.IntRange(0, span.Len()-1).Draw(t, "day"))}
		then := flow.Clock{Now: (early.To + 1).Start(time.UTC).Add(-1), Zone: time.UTC}
		events = slices.DeleteFunc(events, func(e flow.Event) bool { return e.At.After(then.Now) })
		for n, line := range flow.Cumulative(items(events, nil, then.Now), columns, then, early) {
			if diff := cmp.Diff(flow.Cumulative(all, columns, c, span)[n].Cards[:early.Len()], line.Cards); diff != "" {
				t.Fatalf("%s by %s: %s", line.Column, early.To, diff)
			}
		}
	})
}

// Every hour after the start is active, waiting or blocked, or was spent done, given up,
// in a queue, an option or a column that nobody knows.
func TestNoHourIsCountedTwice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := at(60)
		for _, i := range items(history(t), nil, c.Now) {
			var in time.Duration
			for _, v := range i.Visits() {
				in += v.In
			}
			end := c.Now
			if s := i.Stint(); flow.NewBoard(columns).Category(i.Column).Ended() {
				end = i.Since
				if s != nil && s.Ended.After(end) {
					t.Fatalf("it stands in %s since %v and ended at %v", i.Column, i.Since, s.Ended)
				}
			}
			if in != end.Sub(i.Created) {
				t.Fatalf("%v in columns, %v old", in, end.Sub(i.Created))
			}
			for _, s := range i.Stints {
				if s.Elapsed() > s.Cycle(c.Now) || s.Active < 0 || s.Wait < 0 || s.Blocked < 0 {
					t.Fatalf("%+v", s)
				}
			}
		}
	})
}

// What is usual never falls from one column to the next, and in the last it is the cycle
// time, whoever passed which of them.
func TestTheLinesOfThePaceNeverFall(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		order, ages := columns.Started(), flow.Ages{}
		sample := rapid.SliceOfN(rapid.IntRange(1, 60), 0, 25)
		for _, column := range order {
			ages[column] = sample.Draw(t, string(column))
		}
		cycles := rapid.SliceOfN(rapid.IntRange(1, 60), flow.BaselineSize, 40).Draw(t, "cycles")
		pace, age := flow.NewPace(order, ages, cycles), rapid.IntRange(0, 70).Draw(t, "age")
		for n, column := range order[1:] {
			for _, p := range flow.Percents() {
				if pace[column][p] < pace[order[n]][p] {
					t.Fatalf("%d %% in %s: %v", p, column, pace)
				}
			}
			if ranks := []kanban.Band{kanban.BandCalm, kanban.BandWatch, kanban.BandRisk, kanban.BandLate}; slices.Index(ranks, pace.Band(column, age)) > slices.Index(ranks, pace.Band(order[n], age)) {
				t.Fatalf("%d days grow older by a move to %s: %v", age, column, pace)
			}
		}
		if diff := cmp.Diff(flow.LinesOf(cycles), pace[order[len(order)-1]]); diff != "" {
			t.Fatal(diff)
		}
	})
}

// A stint's time in each court is what the card's own page tells of it.
func TestOneCardAndAllTellTheSameOfCourts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := at(60)
		for _, i := range items(history(t), nil, c.Now) {
			var blocks []kanban.Hindrance
			for _, b := range i.Blocks {
				blocks = append(blocks, kanban.Hindrance{Party: b.Party, From: b.From, To: b.To})
			}
			for n := range i.Stints {
				s := &i.Stints[n]
				to := s.Ended
				if to.IsZero() {
					to = c.Now
				}
				want := kanban.Tally(kanban.Spells(i.Steps, blocks, columns, s.Committed, to))
				want.Nobody = 0 // it was done, before it came back
				if got, queue := s.Courts(columns); got != want || queue > got.IT {
					t.Fatalf("%+v of %v, %+v by spells", got, s, want)
				}
			}
		}
	})
}

func TestPercentilesCover(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sample := rapid.SliceOfN(rapid.IntRange(0, 50), 1, 40).Draw(t, "sample")
		for p, line := range flow.LinesOf(sample) {
			if flow.MetShare(sample, line)*100 < float64(p)-1e-9 {
				t.Fatalf("%d is the %dth percentile of %v", line, p, sample)
			}
			if line > 0 && flow.MetShare(sample, line-1)*100 >= float64(p)+1e-9 {
				t.Fatalf("%d is not the least %dth percentile of %v", line, p, sample)
			}
		}
	})
}

// A diagram that begins later is the end of the one that begins with the first event.
func TestTheCumulativeDiagramMayBeginLater(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := at(rapid.IntRange(1, 60).Draw(t, "now"))
		all := items(history(t), nil, c.Now)
		whole := flow.Extent(all, c)
		late := flow.Span{From: whole.From + calendar.Day(rapid.IntRange(0, whole.Len()-1).Draw(t, "later")), To: whole.To}
		for n, line := range flow.Cumulative(all, columns, c, late) {
			want := flow.Cumulative(all, columns, c, whole)[n]
			if diff := cmp.Diff(want.Cards[whole.Len()-late.Len():], line.Cards); diff != "" || want.Column != line.Column {
				t.Fatalf("%s from %s on: %s", line.Column, late.From, diff)
			}
		}
	})
}
