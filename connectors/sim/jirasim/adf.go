package jirasim

import (
	"encoding/json"
	"strings"
)

// richText shows a text as the API version does: wiki text in 2, a document
// with one paragraph per line in 3.
func (c *call) richText(text string) any {
	if c.version == 2 {
		return text
	}
	var paragraphs []obj
	for line := range strings.SplitSeq(text, "\n") {
		p := obj{"type": "paragraph"}
		if line != "" {
			p["content"] = []obj{{"type": "text", "text": line}}
		}
		paragraphs = append(paragraphs, p)
	}
	return obj{"type": "doc", "version": 1, "content": paragraphs}
}

func (c *call) richTextOrNull(text string) any {
	if text == "" {
		return nil
	}
	return c.richText(text)
}

// adfNode is as much of a document node as is needed to get at its text.
type adfNode struct {
	Type    string    `json:"type"`
	Text    string    `json:"text"`
	Content []adfNode `json:"content"`
}

// readText reads a rich text as the version takes it: a text in 2, a document
// in 3; null clears.
func readText(version int, raw json.RawMessage) (string, *Refusal) {
	if string(raw) == "null" {
		return "", nil
	}
	if version == 2 {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			return "", invalid("Operation value must be a string")
		}
		return text, nil
	}
	var doc adfNode
	if json.Unmarshal(raw, &doc) != nil || doc.Type != "doc" {
		return "", invalid("Operation value must be an Atlassian Document (see the Atlassian Document Format)")
	}
	var lines []string
	for _, block := range doc.Content {
		lines = append(lines, block.plain())
	}
	return strings.Join(lines, "\n"), nil
}

func (n adfNode) plain() string {
	if n.Type == "hardBreak" {
		return "\n"
	}
	var b strings.Builder
	b.WriteString(n.Text)
	for _, kid := range n.Content {
		b.WriteString(kid.plain())
	}
	return b.String()
}
