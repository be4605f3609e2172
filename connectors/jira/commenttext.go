package jira

import (
	"encoding/json"
	"regexp"
	"strings"

	"parley/connectors"
)

// remarked writes the text of a draft in the form of the product. Nothing in it is read
// as markup but its links.
func remarked(who identity, d connectors.CommentDraft) any {
	if who.cloud {
		doc := document(plainProse(d.Body))
		if len(d.Links) > 0 {
			doc.Content = append(doc.Content, linked(d.Links))
		}
		return doc
	}
	plain := func(s string) string { return wikiText(plainProse(s)) }
	return d.Lines("\n", plain, func(l connectors.Link) string { return "[" + plain(l.Title) + "|" + l.URL + "]" })
}

// linked is a paragraph with one link a line.
func linked(links []connectors.Link) docNode {
	p := docNode{Type: "paragraph"}
	for i, l := range links {
		if i > 0 {
			p.Content = append(p.Content, docNode{Type: "hardBreak"})
		}
		p.Content = append(p.Content, docNode{Type: "text", Text: plainProse(l.Title), Marks: []docMark{{"link", map[string]string{"href": l.URL}}}})
	}
	return p
}

// shownDoc is a node of a document as far as it is text.
type shownDoc struct {
	Type  text `json:"type"`
	Text  text `json:"text"`
	Attrs soft[struct {
		Text  text `json:"text"`      // mentions, emoji, states
		Short text `json:"shortName"` // emoji
		URL   text `json:"url"`       // cards
	}] `json:"attrs"`
	Marks soft[[]struct {
		Type text `json:"type"`
	}] `json:"marks"`
	Content soft[[]shownDoc] `json:"content"`
}

// code reports whether a text is shown as code.
func (n *shownDoc) code() bool {
	for _, m := range n.Marks.V {
		if m.Type == "code" {
			return true
		}
	}
	return false
}

// quoted is a text with a sign before each line that it is somebody else's.
func quoted(s string) string { return "> " + strings.ReplaceAll(s, "\n", "\n> ") }

// blocks are the nodes that hold others of their kind, one below the other.
func (n *shownDoc) block() bool {
	switch n.Type {
	case "doc", "blockquote", "panel", "bulletList", "orderedList", "listItem", "table", "tableRow", "tableCell", "tableHeader", "expand", "nestedExpand", "taskList", "decisionList", "layoutSection", "layoutColumn":
		return true
	}
	return false
}

// plain is a node's text as people read it: names for mentions, nothing for images. What is
// quoted, and what is code, is told apart from what the author says.
func (n *shownDoc) plain() string {
	switch n.Type {
	case "text":
		if n.code() {
			return "`" + string(n.Text) + "`"
		}
		return string(n.Text)
	case "hardBreak":
		return "\n"
	case "blockquote":
		return quoted(n.inside())
	case "codeBlock":
		return "```\n" + n.inside() + "\n```"
	}
	return n.inside()
}

func (n *shownDoc) inside() string {
	between := ""
	if n.block() {
		between = "\n"
	}
	if n.Type == "doc" {
		between = "\n\n"
	}
	var parts []string
	for i := range n.Content.V {
		parts = append(parts, n.Content.V[i].plain())
	}
	if len(parts) == 0 {
		return string(firstOf(n.Attrs.V.Text, n.Attrs.V.Short, n.Attrs.V.URL))
	}
	return strings.Join(parts, between)
}

func firstOf(texts ...text) text {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

var (
	wikiLink   = regexp.MustCompile(`(^|[^\\])\[((?:[^\[\]|\n\\]|\\.)*)\|[^\[\]|\s]*\]`)
	wikiEscape = regexp.MustCompile(`\\([{}\[\]!|~^*_])`)
)

// remarkText is a comment's text as people read it. Wiki text is shown as it was written,
// but for Parley's own, which is known to be plain.
func remarkText(raw json.RawMessage, own bool) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		if own {
			s = wikiLink.ReplaceAllString(s, "$1$2")
			s = strings.ReplaceAll(wikiEscape.ReplaceAllString(s, "$1"), "&#92;", `\`)
		}
		return s
	}
	var doc shownDoc
	if json.Unmarshal(raw, &doc) != nil {
		return ""
	}
	return doc.plain()
}
