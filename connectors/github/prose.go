package github

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"parley/connectors"
)

// stop is a space that takes no place. What begins a mention, a reference or a command
// does so no more with a stop behind it, and still reads the same.
const stop = "\u200b"

var (
	// Any address is a link, and that of an issue a reference to it, which shows in its history.
	address   = regexp.MustCompile(`(?i)((?:https?|ftp):|www)(//|\.)`)
	keyNumber = regexp.MustCompile(`(?i)(GH-)(\d)`)
	commit    = regexp.MustCompile(`(?i)\b([0-9a-f]{6})([0-9a-f]{1,34})\b`)
	command   = regexp.MustCompile(`(?m)^([ \t]*)([/>])`)
	ownLink   = regexp.MustCompile(`\[([^\[\]]*)\]\(<[^<>]*>\)`)
)

// inert writes a plain text in GitHub's Markdown so that it is no more than a text:
// nobody is told, nothing is linked or closed, and no image is fetched. References of
// characters are written out, for GitHub looks for mentions after it has read them.
func inert(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r':
			return '\n' // by itself it ends a line as well
		case unicode.IsControl(r) && unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.ReplaceAll(strings.ToValidUTF8(s, "�"), "\r\n", "\n"))
	s = strings.NewReplacer("@", "@"+stop, "#", "#"+stop).Replace(s)
	s = address.ReplaceAllString(s, "${1}"+stop+"${2}")
	s = keyNumber.ReplaceAllString(s, "${1}"+stop+"${2}")
	s = commit.ReplaceAllString(s, "${1}"+stop+"${2}")
	s = command.ReplaceAllString(s, "${1}"+stop+"${2}")
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", "`", "&#96;", "~", "&#126;", "[", "&#91;", "]", "&#93;", "\\", "&#92;").Replace(s)
}

// legible undoes inert, and shows of a link what is shown of it.
func legible(s string) string {
	s = ownLink.ReplaceAllString(s, "$1")
	s = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&#96;", "`", "&#126;", "~", "&#91;", "[", "&#93;", "]", "&#92;", "\\").Replace(s)
	return strings.ReplaceAll(s, stop, "")
}

// proseOf is the body of a draft, its mark as the last line.
func proseOf(d connectors.CommentDraft) string {
	s := d.Lines("  \n", func(s string) string { return strings.Trim(inert(s), "\n") },
		func(l connectors.Link) string { return fmt.Sprintf("[%s](<%s>)", inert(l.Title), l.URL) })
	return s + "\n\n" + markOpen + d.Marker + markClose
}

// readProse takes the body of a comment apart. A comment of Parley's reads as it was
// sent; others are shown as they were written.
func readProse(body string) (text, mark string) {
	mark = marker(body)
	if mark == "" {
		return body, ""
	}
	body = strings.TrimRight(body, " \t\r\n")
	return legible(strings.Trim(body[:strings.LastIndex(body, markOpen)], " \t\r\n")), mark
}
