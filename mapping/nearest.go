package mapping

import "strings"

// Nearest gives the candidate that word was probably meant to be: the closest in
// typing mistakes, at most one in three letters, letter case aside. "" means that
// none is close.
func Nearest(word string, candidates []string) string {
	best, limit := "", max(1, len([]rune(word))/3)+1
	for _, c := range candidates {
		if d := distance(fold(word), fold(c)); d < limit {
			best, limit = c, d
		}
	}
	return best
}

// meant is a suggestion for people, "" where there is none.
func meant(word string, candidates []string) string {
	if n := Nearest(word, candidates); n != "" {
		return "did you mean " + quote(n) + "?"
	}
	return ""
}

// distance counts insertions, deletions, replacements and swaps of neighbours.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range y {
		rows[0][j+1] = j + 1
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(x)][len(y)]
}

// fold is the form in which names are compared: letter case and outer blanks never
// make two names different in either tracker.
func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

func quote(s string) string { return `"` + s + `"` }
