package flow

import (
	"fmt"
	"slices"
	"strings"
)

// Sentence tells a requester, in one sentence that can stand on the ticket, what held a
// card up. promised and forecast are dates as people write them, "" where there is none;
// fires are the keys of the unplanned work, more how many pieces of it are not named, held
// the days lost in all. It is "" where nothing held the card up.
func Sentence(promised, forecast string, held int, fires []string, more int) string {
	if held == 0 || len(fires)+more == 0 {
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
	fmt.Fprintf(&b, "it stood still on %s because of %s.", days, unplannedWork(fires, more))
	text := b.String()
	return strings.ToUpper(text[:1]) + text[1:]
}

// unplannedWork names what can be named, and counts the rest.
func unplannedWork(fires []string, more int) string {
	switch {
	case len(fires) > 0 && more > 0:
		return "unplanned work: " + listed(append(slices.Clone(fires), fmt.Sprintf("%d more", more)))
	case len(fires) > 0:
		return "unplanned work: " + listed(fires)
	case more == 1:
		return "a piece of unplanned work"
	}
	return fmt.Sprintf("%d pieces of unplanned work", more)
}

// listed joins words as a sentence does.
func listed(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return words[0]
}
