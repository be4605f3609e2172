package stored

import (
	"strings"

	"parley/kanban"
)

// Haystack is the text that a search of the board looks into.
func Haystack(face kanban.Card) string {
	words := []string{face.Title}
	for _, side := range face.Sides {
		words = append(words, side.Key)
	}
	return strings.ToLower(Clean(strings.Join(words, "\n")))
}

// maxSearch is the longest search in bytes that is looked for; SQLite refuses
// very long patterns.
const maxSearch = 1000

// Needle is what a search for a text looks for in a haystack.
func Needle(text string) string {
	text = strings.ToLower(Clean(text))
	return strings.ToValidUTF8(text[:min(len(text), maxSearch)], "")
}
