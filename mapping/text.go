package mapping

import (
	"strings"
	"unicode"
	"unicode/utf16"
)

// The longest titles that the trackers take, in UTF-16 units: Jira counts those,
// GitHub characters, of which there are never more.
const (
	jiraTitle   = 255
	githubTitle = 256
)

// norm is the form in which titles are compared and carried: one line, one blank
// between words and none around them, without characters that only control how a
// line is shown. It is idempotent.
func norm(title string) string {
	if isNorm(title) {
		return title // as most are, and they are compared often
	}
	return strings.Join(strings.Fields(strings.Map(visible, title)), " ")
}

// isNorm knows the usual case: ASCII with single blanks inside.
func isNorm(s string) bool {
	blank := true // one more would be one too many
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f || c == ' ' && blank {
			return false
		}
		blank = s[i] == ' '
	}
	return !blank || s == ""
}

// visible drops a control character or one that turns the direction of writing,
// and keeps blanks of any kind.
func visible(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return r
	case unicode.IsControl(r), r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0xFEFF:
		return -1
	}
	return r
}

// clip shortens a text to at most so many UTF-16 units, without a blank at its end.
func clip(text string, units int) string {
	for at, r := range text {
		if units -= utf16.RuneLen(r); units < 0 {
			return strings.TrimRightFunc(text[:at], unicode.IsSpace)
		}
	}
	return text
}

// length counts the UTF-16 units of a text.
func length(text string) int {
	n := 0
	for _, r := range text {
		n += utf16.RuneLen(r)
	}
	return n
}
