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
	Steps    []Step         `json:"steps,omitempty"`    // columns entered
	Ranks    []Ranking      `json:"ranks,omitempty"`    // priorities; the first is the one that it was created with, as far as that is known
	Blocks   []Hindrance    `json:"blocks,omitempty"`   // in which it could not go on; the last one may last
	Profiles []Profile      `json:"profiles,omitempty"` // whose it was and what it lacked; the first is what it was from its beginning on, as far as that is known
	Touched  []calendar.Day `json:"touched,omitempty"`  // on which somebody did anything to it, ascending
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
	for _, f := range p.Profiles {
		if !f.At.After(at) {
			out.Profiles = append(out.Profiles, f)
		}
	}
	today := calendar.Of(at, at.Location())
	out.Touched = slices.DeleteFunc(slices.Clone(p.Touched), func(d calendar.Day) bool { return d > today })
	return out
}

// Over reports whether the past was the same already at a moment: nothing that it tells of has
// happened since.
func (p Past) Over(at time.Time) bool {
	today := calendar.Of(at, at.Location())
	return !slices.ContainsFunc(p.Steps, func(s Step) bool { return s.At.After(at) }) &&
		!slices.ContainsFunc(p.Ranks, func(r Ranking) bool { return r.At.After(at) }) &&
		!slices.ContainsFunc(p.Blocks, func(h Hindrance) bool { return h.From.After(at) || h.To.After(at) }) &&
		!slices.ContainsFunc(p.Profiles, func(f Profile) bool { return f.At.After(at) }) &&
		!slices.ContainsFunc(p.Touched, func(d calendar.Day) bool { return d > today })
}

// How much is remembered of one card. A card that an automation sends to and fro for years
// keeps its beginning and what happened last.
const (
	MaxSteps    = 1000
	MaxRanks    = 200
	MaxBlocks   = 200
	MaxProfiles = 200
	MaxTouched  = 1000
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

// Profile is what a card was from a moment on, beside its column and its priority.
type Profile struct {
	At    time.Time `json:"at"` // when a tracker was changed so, or Parley first saw it
	Unit  UnitKey   `json:"unit,omitempty"`
	Class string    `json:"class,omitempty"` // of service
	Due   string    `json:"due,omitempty"`   // YYYY-MM-DD
	// Has names the fields of ProfileFields that something stood in, in that order, joined by
	// commas.
	Has string `json:"has,omitempty"`
	// Place is where the tracker's own order of work had it: texts that sort as the work does,
	// within one Jira. "" where the tracker knows no such order.
	Place string `json:"place,omitempty"`
}

// ProfileFields lists the fields of which a profile tells whether something stood in them.
func ProfileFields() []string {
	return []string{"requester", "assignee", "labels", "components", "epic"}
}

// Same reports whether a card was the same by two profiles, whenever that was.
func (p Profile) Same(o Profile) bool {
	p.At, o.At = time.Time{}, time.Time{}
	return p == o
}
