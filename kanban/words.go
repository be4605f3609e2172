package kanban

import "strconv"

// Count is a number with its word: 1 card, 2 cards.
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
