package jira

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/connectors"
)

// What is written as a plain text is read as the same text, on both products.
func TestACommentReadsAsItWasSent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("ab @[]{}|!*_~^\\&#;92<>\n-/:.éﬁ"))).Filter(func(s string) bool { return strings.TrimSpace(s) != "" }).Draw(rt, "text")
		d := connectors.CommentDraft{Body: text, Links: []connectors.Link{{URL: "https://acme.example/x", Title: "a] [b"}}}
		for _, cloud := range []bool{true, false} {
			raw, err := json.Marshal(remarked(identity{cloud: cloud}, d))
			if err != nil {
				rt.Fatal(err)
			}
			if got := remarkText(raw, true); !connectors.SameText(got, d.Text()) && !strings.Contains(text, "&#92;") {
				rt.Fatalf("cloud %v: %q reads as %q (%s)", cloud, d.Text(), got, raw)
			}
		}
	})
}

func TestADocumentOfAnothersReadsAsText(t *testing.T) {
	t.Parallel()
	doc := `{"type":"doc","version":1,"content":[
		{"type":"paragraph","content":[{"type":"mention","attrs":{"id":"1","text":"@Ana"}},{"type":"text","text":" see "},{"type":"inlineCard","attrs":{"url":"https://x.example"}},{"type":"hardBreak"},{"type":"emoji","attrs":{"shortName":":ok:"}}]},
		{"type":"bulletList","content":[{"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"one"}]}]},{"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"two"}]}]}]},
		{"type":"mediaSingle","content":[{"type":"media","attrs":{"id":7}}]},{"type":7,"content":"broken"}]}`
	if got, want := remarkText(json.RawMessage(doc), false), "@Ana see https://x.example\n:ok:\n\none\ntwo\n\n\n\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for kind, want := range map[string]string{"blockquote": "> /answer a\n> b", "codeBlock": "```\n/answer a\nb\n```", "paragraph": "/answer a\nb"} {
		said := `{"type":"doc","content":[{"type":"` + kind + `","content":[{"type":"text","text":"/answer a\nb"}]}]}`
		if got := remarkText(json.RawMessage(said), false); got != want {
			t.Errorf("%s: %q, want %q", kind, got, want)
		}
	}
	if got := remarkText(json.RawMessage(`{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"/answer a","marks":[{"type":"code"}]}]}]}`), false); got != "`/answer a`" {
		t.Errorf("code in a line: %q", got)
	}
	for _, raw := range []string{`"[~ana] *b*"`, `17`, `null`, `[]`} {
		if got := remarkText(json.RawMessage(raw), false); got != "" && got != "[~ana] *b*" {
			t.Errorf("%s: %q", raw, got)
		}
	}
}
