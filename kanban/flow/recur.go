package flow

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"parley/kanban"
)

// Cluster is incidents, or blocked cards, that have something in common and may have one
// cause.
type Cluster struct {
	Trace   string // what they share: a component, a label, words of their titles
	Cards   []kanban.CardID
	Blocked Sum // time that was blocked
	Worked  Sum // time spent on unplanned cards
}

// Cost is what clusters are ranked by: blocked time and unplanned work together. What
// happens often and costs little comes after what hurts.
func (c Cluster) Cost() Sum { return c.Blocked + c.Worked }

// Recurrences are the least cards of a cluster for which a problem card is proposed.
const Recurrences = 3

// Clusters finds what recurs within a span: unplanned and blocked cards that share a
// trace, or whose titles say the same, ranked by cost.
func Clusters(items []Item, c Clock, span Span) []Cluster {
	found := map[string]*Cluster{}
	from, to := span.moments(c)
	for _, i := range items {
		blocked, worked := i.cost(c, from, to)
		if blocked+worked <= 0 {
			continue
		}
		for _, trace := range i.Traces {
			x := found[trace]
			if x == nil {
				x = &Cluster{Trace: trace}
				found[trace] = x
			}
			x.Cards = append(x.Cards, i.Card)
			x.Blocked += SumOf(blocked)
			x.Worked += SumOf(worked)
		}
	}
	var out []Cluster
	for _, x := range found {
		if len(x.Cards) >= Recurrences {
			slices.Sort(x.Cards)
			out = append(out, *x)
		}
	}
	slices.SortFunc(out, func(a, b Cluster) int {
		return cmp.Or(cmp.Compare(b.Cost(), a.Cost()), cmp.Compare(len(b.Cards), len(a.Cards)), cmp.Compare(a.Trace, b.Trace))
	})
	return out
}

// cost is how long a card was blocked within a span and, of unplanned ones, worked on. When
// within a stint it was worked on is not known: it was no longer than the stint's part of
// the span.
func (i Item) cost(c Clock, from, to time.Time) (blocked, worked time.Duration) {
	for _, b := range i.Blocks {
		blocked += max(b.During(i.Track, from, to), 0)
	}
	if !i.Unplanned {
		return blocked, 0
	}
	for _, s := range i.Stints {
		if !s.Started.IsZero() {
			worked += min(s.Active, max(overlap(s.Started, s.end(c.Now), from, to), 0))
		}
	}
	return blocked, worked
}

// overlap is how long two stretches of time have in common; it is negative where they have
// nothing.
func overlap(from, to, since, until time.Time) time.Duration {
	if from.Before(since) {
		from = since
	}
	if to.After(until) {
		to = until
	}
	return to.Sub(from)
}

// NewTraces are what a card may have in common with others, each once: components, labels,
// and what its title says of more than this card.
func NewTraces(title string, others ...string) []string {
	out := append(make([]string, 0, len(others)+1), others...) // they are kept for every card
	if t := Normalised(title); t != "" {
		out = append(out, t)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Normalised is a title without what differs from one incident to the next: numbers,
// dates, keys and hosts, punctuation and case.
func Normalised(title string) string {
	var words []string
	for word := range strings.FieldsFuncSeq(strings.ToLower(title), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) && r != '-' && r != '\'' }) {
		if word = strings.Trim(word, "-'"); word != "" && !strings.ContainsFunc(word, unicode.IsDigit) {
			words = append(words, word)
		}
	}
	if len(words) < 2 { // one word is too little to say the same
		return ""
	}
	return strings.Join(words, " ")
}

// Watched is for how many days after a problem was solved its incidents count as having
// come back.
const Watched = 90

// CameBack lists the cards of a cluster that were created within 90 days after its problem
// card was done. settled tells whether the 90 days have passed.
func CameBack(items []Item, x Cluster, solved time.Time, c Clock) (cards []kanban.CardID, settled bool) {
	until := c.Day(solved) + Watched
	for _, i := range items {
		if i.Created.After(solved) && slices.Contains(i.Traces, x.Trace) && c.Day(i.Created) <= until {
			cards = append(cards, i.Card)
		}
	}
	slices.Sort(cards)
	return cards, c.Today() > until
}
