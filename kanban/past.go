package kanban

import "parley/kanban/calendar"

// Past is what is remembered of a card's way over the board, oldest first: the record that
// ages, flow and contract are folded from. It is bounded: of what happens without end the
// middle is forgotten, see MaxSteps.
type Past struct {
	Steps   []Step         `json:"steps,omitempty"`   // columns entered
	Blocks  []Hindrance    `json:"blocks,omitempty"`  // in which it could not go on; the last one may last
	Touched []calendar.Day `json:"touched,omitempty"` // on which somebody did anything to it, ascending
}

// How much is remembered of one card. A card that an automation sends to and fro for years
// keeps its beginning and what happened last.
const (
	MaxSteps   = 1000
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
