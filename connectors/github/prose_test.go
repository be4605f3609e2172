package github

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/connectors"
)

// Whatever a text holds, nothing in it is live, and it reads as it was sent.
func TestAnInertTextReadsAsItWasSent(t *testing.T) {
	t.Parallel()
	live := regexp.MustCompile("@[A-Za-z0-9]|#[0-9]|(?i)gh-[0-9]|<|`|~|\\[|\\]|\\\\|(?m)^[ \t]*/|https?://|ftp://|www\\.|\r")
	entity := regexp.MustCompile(`&(amp|lt|#96|#126|#91|#93|#92);`)
	pieces := []string{"@", "ana", "#", "12", "GH-", "<", "!--", "-->", "`", "```", "~~~", "[", "](", ")", "\\", "&", "lt;", "#64;", "\n", "\r\n", " ", "/close", "https://h/a/b/issues/", "FTP://h", "www.", "\r", "\v", "\u0085", "0123456789abcdef", "é", "\x00", "\u200b", ">"}
	rapid.Check(t, func(rt *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 12).Draw(rt, "pieces"), "")
		body := proseOf(connectors.CommentDraft{Body: text, Marker: "v1 m=1", Links: []connectors.Link{{URL: "https://h/a/b/issues/1", Title: "a ] @ana"}}})
		got, mark := readProse(body)
		if mark != "v1 m=1" {
			rt.Fatalf("the mark is %q in %q", mark, body)
		}
		if want := text + "\n\na ] @ana"; !connectors.SameText(got, want) {
			rt.Fatalf("%q reads as %q", want, got)
		}
		if bare := entity.ReplaceAllString(inert(text), "·"); live.MatchString(bare) {
			rt.Fatalf("%q is live in %q", live.FindString(bare), bare)
		}
	})
}

func TestACommentOfOthersIsShownAsItStands(t *testing.T) {
	t.Parallel()
	for body, want := range map[string][2]string{
		"@ana &lt;b&gt;\n":                      {"@ana &lt;b&gt;\n", ""},
		"x\n\n<!-- parley:v1 m=1 -->":           {"x", "v1 m=1"},
		"x\n\n<!-- parley:v1 m=1 -->\nand more": {"x\n\n<!-- parley:v1 m=1 -->\nand more", ""},
		"":                                      {"", ""},
	} {
		if text, mark := readProse(body); text != want[0] || mark != want[1] {
			t.Errorf("%q reads as %q with %q", body, text, mark)
		}
	}
}
