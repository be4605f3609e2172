package kanban

import (
	"slices"
	"time"

	"parley/kanban/calendar"
)

// Past is what is remembered of a card's way over the board, oldest first: the record that
// ages, flow and contract are folded from. It is bounded: of what happens without end the
// middle is forgotten, see MaxSteps.
type Past struct {
	Steps   []Step         `json:"steps,omitempty"`   // columns entered
	Ranks   []Ranking      `json:"ranks,omitempty"`   // priorities; the first is the one that it was created with, as far as that is known
	Blocks  []Hindrance    `json:"blocks,omitempty"`  // in which it could not go on; the last one may last
	Touched []calendar.Day `json:"touched,omitempty"` // on which somebody did anything to it, ascending
}

// By is the past as it was at a moment.
func (p Past) By(at time.Time) Past {
	var out Past
	for _, s := range p.Steps {
		if !s.At.After(at) {
			out.Steps = append(out.Steps, s)
		}
	}
	for _, r := range p.Ranks {
		if !r.At.After(at) {
			out.Ranks = append(out.Ranks, r)
		}
	}
	for _, h := range p.Blocks {
		if h.From.After(at) {
			continue
		}
		if h.To.After(at) {
			h.To = time.Time{}
		}
		out.Blocks = append(out.Blocks, h)
	}
	today := calendar.Of(at, at.Location())
	out.Touched = slices.DeleteFunc(slices.Clone(p.Touched), func(d calendar.Day) bool { return d > today })
	return out
}

// How much is remembered of one card. A card that an automation sends to and fro for years
// keeps its beginning and what happened last.
const (
	MaxSteps   = 1000
	MaxRanks   = 200
	MaxBlocks  = 200
	MaxTouched = 1000
)

// Bounded drops from the middle of a list what exceeds most entries: its first eighth and
// the newest stay.
func Bounded[T any](list []T, most int) []T {
	if len(list) <= most {
		return list
	}
	head := most / 8
	return append(list[:head:head], list[len(list)-(most-head):]...)
}
