package challenge

import (
	"strings"
	"unicode"
)

// Mark is what the first line of a comment asks for.
type Mark string

// Marks that a comment can begin with.
const (
	NoMark        Mark = ""
	MarkAsk       Mark = "/ask"
	MarkAnswer    Mark = "/answer"
	MarkKept      Mark = "/kept"
	MarkReshaped  Mark = "/reshaped"
	MarkWithdrawn Mark = "/withdrawn"
)

// Outcome is what a mark concludes a question with, "" for one that does not.
func (m Mark) Outcome() Outcome {
	switch m {
	case MarkKept, MarkReshaped, MarkWithdrawn:
		return Outcome(m[1:])
	}
	return ""
}

// MaxText bounds what is carried of one question or answer, in letters.
const MaxText = 2000

// Read finds the mark of a comment and the text that it gives to the other side. The mark is
// the very beginning: what is quoted, indented or in a block of code has something before it.
// A question or an answer without a text is none.
func Read(body string) (Mark, string) {
	first, _, _ := strings.Cut(strings.ReplaceAll(body, "\r", "\n"), "\n")
	word, _, _ := strings.Cut(strings.ReplaceAll(first, "\t", " "), " ")
	for _, m := range []Mark{MarkAsk, MarkAnswer, MarkKept, MarkReshaped, MarkWithdrawn} {
		if !strings.EqualFold(word, string(m)) {
			continue
		}
		text := Clean(body[len(word):])
		if m.Outcome() == "" && text == "" {
			return NoMark, ""
		}
		return m, text
	}
	return NoMark, ""
}

// Clean is a text without what is not seen, and not longer than MaxText: control characters
// go, and those that turn the direction of the text around it.
func Clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(s, "")))
	return clip(strings.TrimSpace(s), MaxText)
}

// clip shortens a text visibly.
func clip(s string, most int) string {
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	return strings.TrimSpace(string(runes[:most-1])) + "…"
}
