package jira

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// words are the texts of a document in order, a line break for each break.
func (n docNode) words() string {
	if n.Type == "hardBreak" {
		return "\n"
	}
	var b strings.Builder
	b.WriteString(n.Text)
	for i, kid := range n.Content {
		if n.Type == "doc" && i > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(kid.words())
	}
	return b.String()
}

// A document says what the text says, in nodes that Jira takes: none that is empty,
// none that is anything but text.
func TestADocumentIsThePlainText(t *testing.T) {
	t.Parallel()
	piece := rapid.SampledFrom([]string{"a", "*b*", "[~c]", "@d", "\n", "\n\n", "\r\n", "\x00", "\x07", "\t", " ", "é", "\xff", "{code}"})
	rapid.Check(t, func(t *rapid.T) {
		text := plainProse(strings.Join(rapid.SliceOf(piece).Draw(t, "text"), ""))
		doc := document(text)
		check(t, doc)
		squeeze := func(s string) string {
			return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' }), "\n")
		}
		if got := squeeze(doc.words()); got != squeeze(text) {
			t.Fatalf("%q became %q", text, got)
		}
		if strings.ContainsAny(text, "\x00\x07\r") || !utf8.ValidString(text) {
			t.Fatalf("%q holds what Jira refuses", text)
		}
	})
}

func check(t *rapid.T, n docNode) {
	switch n.Type {
	case "text":
		if n.Text == "" || len(n.Content) > 0 {
			t.Fatalf("an empty text in %+v", n)
		}
	case "doc", "paragraph", "hardBreak":
		if n.Text != "" {
			t.Fatalf("a text outside of a text node: %+v", n)
		}
	default:
		t.Fatalf("a node of type %q", n.Type)
	}
	for _, kid := range n.Content {
		check(t, kid)
	}
}

func TestWikiTextOpensNothing(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"[~ana] !x.png! {code}": `\[\~ana\] \!x.png\! \{code\}`,
		`a\b`:                   `a&#92;b`,
		"|a|_b_*c*^d^":          `\|a\|\_b\_\*c\*\^d\^`,
		"plain, 1 - 2 + 3":      "plain, 1 - 2 + 3",
	} {
		if got := wikiText(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestProseIsCutBelowTheLimit(t *testing.T) {
	t.Parallel()
	const limit = 32_767
	long := plainProse(strings.Repeat("é{", 50_000))
	if n := utf8.RuneCountInString(long); n > limit || n < maxProse {
		t.Errorf("cut to %d characters", n)
	}
	for _, text := range []string{long, plainProse(strings.Repeat(`\`, 50_000)), plainProse(strings.Repeat("a", 50_000))} {
		if n := utf8.RuneCountInString(wikiText(text)); n > limit || n < maxProse-10 {
			t.Errorf("%d characters in the wiki notation", n)
		}
	}
	raw, err := json.Marshal(document(""))
	if err != nil || string(raw) != `{"type":"doc","version":1}` {
		t.Errorf("%s, %v", raw, err)
	}
}
