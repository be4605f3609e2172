package flow

import (
	"fmt"
	"strings"
)

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
