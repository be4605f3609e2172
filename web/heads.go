package web

import (
	"fmt"
	"strings"

	"parley/kanban"
	"parley/sync/view"
)

// What the head of a column says.

// load says how full a column is: "", full or over.
func load(c view.Column) string { return loadOf(c.WIP, c.All) }

func loadOf(limit, count int) string {
	switch {
	case limit == 0 || count < limit:
		return ""
	case count == limit:
		return "full"
	default:
		return "over"
	}
}

// loadWords are those words on the board.
func loadWords(c view.Column) string {
	switch load(c) {
	case "over":
		return fmt.Sprintf("%d over", c.All-c.WIP)
	case "full":
		return "full"
	}
	return ""
}

// mostPlaces is how many places are drawn one by one.
const mostPlaces = 60

// places draws a limit as one mark per place: planned work, unplanned, free, and what is
// beyond.
func places(c view.Column) []string { return placesOf(c.WIP, c.All, c.Unplanned) }

func placesOf(limit, count, unplanned int) []string {
	n := max(limit, count)
	if limit == 0 || n > mostPlaces {
		return nil
	}
	out := make([]string, 0, n)
	for i := range n {
		switch {
		case i >= limit:
			out = append(out, "beyond")
		case i >= count:
			out = append(out, "empty")
		case i >= min(count, limit)-unplanned:
			out = append(out, "unplanned")
		default:
			out = append(out, "filled")
		}
	}
	return out
}

// columnFacts is the line of a column whose limit is not drawn.
func columnFacts(c view.Column) string {
	var parts []string
	switch {
	case c.Category.Ended():
		parts = append(parts, "last 14 days")
	case c.Ready > 0:
		parts = append(parts, fmt.Sprintf("%d ready", c.Ready))
	}
	if c.Oldest > 0 {
		parts = append(parts, "oldest "+days(c.Oldest))
	}
	if c.Longest > 0 && c.Longest < c.Oldest && c.Category == kanban.Wait {
		parts = append(parts, "longest here "+days(c.Longest))
	}
	return strings.Join(parts, " · ")
}

// emptyWords is a fact about a column that nothing is in.
func emptyWords(c view.Column) string {
	switch {
	case c.Count == 0 && c.All > 0:
		return "Nothing here matches."
	case c.WIP == 1:
		return "Nothing here. 1 free place."
	case c.WIP > 0:
		return fmt.Sprintf("Nothing here. %d free places.", c.WIP)
	case c.Category.Ended():
		return "Nothing in the last 14 days."
	case c.Category == kanban.Option:
		return "Nothing is asked for."
	case c.Category == kanban.Wait:
		return "Nothing waits."
	}
	return "Nothing here."
}

// left is how many cards of a column are not on show.
func left(c view.Column) int { return c.Count - len(c.Cards) }
