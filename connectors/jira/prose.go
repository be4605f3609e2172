package jira

import (
	"strings"
	"unicode"
)

// maxProse bounds a description, in characters, below the 32,767 that Jira takes:
// its own form of a text is longer than the text.
const maxProse = 30_000

// cutProse is how much longer a text that was cut may be.
const cutProse = 10

// plainProse leaves of a text what every version of Jira stores: no control characters
// but the ends of lines, and no more than it takes.
func plainProse(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "�"), "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r != '\n' && r != '\t' && unicode.IsControl(r):
			return -1
		}
		return r
	}, s)
	s = strings.Trim(s, "\n")
	if r := []rune(s); len(r) > maxProse {
		s = string(r[:maxProse]) + "\n\n…"
	}
	return s
}

// docNode is a node of the Atlassian Document Format.
type docNode struct {
	Type    string    `json:"type"`
	Version int       `json:"version,omitempty"`
	Text    string    `json:"text,omitempty"`
	Marks   []docMark `json:"marks,omitempty"`
	Content []docNode `json:"content,omitempty"`
}

// docMark is how a text shows; here it is always a link.
type docMark struct {
	Type  string            `json:"type"`
	Attrs map[string]string `json:"attrs"`
}

// document writes a plain text for version 3 of the API. Nothing in it is read as
// markup there: a mention or a link would be a node of its own.
func document(s string) docNode {
	doc := docNode{Type: "doc", Version: 1, Content: []docNode{}}
	for block := range strings.SplitSeq(s, "\n\n") {
		p := docNode{Type: "paragraph"}
		for n, line := range strings.Split(strings.Trim(block, "\n"), "\n") {
			if n > 0 {
				p.Content = append(p.Content, docNode{Type: "hardBreak"})
			}
			if line != "" {
				p.Content = append(p.Content, docNode{Type: "text", Text: line})
			}
		}
		if len(p.Content) > 0 {
			doc.Content = append(doc.Content, p)
		}
	}
	return doc
}

// wikiText writes a plain text in the wiki notation of version 2, so that it shows as
// it is: what opens a macro, a link, a mention, an image, a table or an emphasis there
// is escaped. A backslash cannot escape itself: two of them break the line.
func wikiText(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		piece := string(r)
		switch {
		case r == '\\':
			piece = "&#92;"
		case strings.ContainsRune("{}[]!|~^*_", r):
			piece = `\` + piece
		}
		if n += len([]rune(piece)); n > maxProse+cutProse {
			return b.String() + "\n\n…"
		}
		b.WriteString(piece)
	}
	return b.String()
}
