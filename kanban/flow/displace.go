package flow

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"parley/kanban"
	"parley/kanban/calendar"
)

// Fire is one piece of unplanned work and what it held up.
type Fire struct {
	Card kanban.CardID
	Days int // working days on which it burned
	Held []Held
}

// Held is a planned card that stood still while a fire burned.
type Held struct {
	Card kanban.CardID
	Unit kanban.UnitKey
	Days int // working days
}

// Bill is what the fire cost the planned work, in working days.
func (f Fire) Bill() int {
	sum := 0
	for _, h := range f.Held {
		sum += h.Days
	}
	return sum
}

// Fires makes out the bill of every fire that burned within a span, the dearest first. A
// planned card is held up on a working day on which the fire and the card were both under
// way, in the hands of the same person or team, and nothing happened to the card. Two
// fires of the same day are both billed for it: which of them was the cause nobody knows.
func Fires(items []Item, c Clock, cal calendar.Calendar, span Span) []Fire {
	works := working(cal, span)
	hands := planned(items, c, works, span)
	var out []Fire
	for n := range items {
		f := &items[n]
		if !f.Unplanned {
			continue
		}
		burning := underWayOn(f, c, span).and(works)
		if days := burning.count(); days > 0 {
			out = append(out, Fire{Card: f.Card, Days: days, Held: hands.held(f, burning)})
		}
	}
	slices.SortFunc(out, func(a, b Fire) int {
		return cmp.Or(cmp.Compare(b.Bill(), a.Bill()), cmp.Compare(b.Days, a.Days), cmp.Compare(a.Card, b.Card))
	})
	return out
}

// waiting is a planned card and the working days on which it stood still.
type waiting struct {
	*Item
	still  dayset
	billed *Item // the last fire on whose bill it is
}

// hands are the planned cards by the person and by the team that has them.
type hands struct{ persons, teams map[string][]*waiting }

func planned(items []Item, c Clock, works dayset, span Span) hands {
	h := hands{map[string][]*waiting{}, map[string][]*waiting{}}
	for n := range items {
		i := &items[n]
		if i.Unplanned || i.Assignee == "" && i.Team == "" {
			continue
		}
		w := &waiting{Item: i, still: underWayOn(i, c, span).and(works)}
		for _, d := range i.Touched {
			if span.Has(d) {
				w.still.drop(int(d - span.From))
			}
		}
		if w.still.count() == 0 {
			continue
		}
		h.persons[i.Assignee] = append(h.persons[i.Assignee], w)
		h.teams[i.Team] = append(h.teams[i.Team], w)
	}
	return h
}

// held are the planned cards in the same hands as a fire that stood still while it burned.
func (h hands) held(f *Item, burning dayset) []Held {
	var out []Held
	for _, same := range [][]*waiting{h.of(h.persons, f.Assignee), h.of(h.teams, f.Team)} {
		for _, w := range same {
			if n := w.still.common(burning); n > 0 && w.billed != f {
				w.billed = f // one person's cards are the team's, too
				out = append(out, Held{Card: w.Card, Unit: w.Unit, Days: n})
			}
		}
	}
	slices.SortFunc(out, func(a, b Held) int { return cmp.Or(cmp.Compare(b.Days, a.Days), cmp.Compare(a.Card, b.Card)) })
	return out
}

// of are the cards in somebody's hands; nobody's hands are not the same ones.
func (hands) of(by map[string][]*waiting, who string) []*waiting {
	if who == "" {
		return nil
	}
	return by[who]
}

// Sentence tells a requester, in one sentence that can stand on the ticket, what held a
// card up. promised and forecast are dates as people write them, "" where there is none;
// fires are the keys of the unplanned work with the days it cost, held the days lost in
// all. It is "" where nothing held the card up.
func Sentence(promised, forecast string, held int, fires []string) string {
	if held == 0 || len(fires) == 0 {
		return ""
	}
	var b strings.Builder
	switch {
	case promised != "" && forecast != "":
		fmt.Fprintf(&b, "Promised for %s, now expected by %s: ", promised, forecast)
	case promised != "":
		fmt.Fprintf(&b, "Promised for %s: ", promised)
	}
	days := "1 working day"
	if held != 1 {
		days = fmt.Sprintf("%d working days", held)
	}
	fmt.Fprintf(&b, "it stood still on %s because of unplanned work: %s.", days, listed(fires))
	text := b.String()
	return strings.ToUpper(text[:1]) + text[1:]
}

// listed joins words as a sentence does.
func listed(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return words[0]
}
