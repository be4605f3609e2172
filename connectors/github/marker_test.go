package github

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const aMark = "v1 m=6f0c2d1e src=jira/10007 mac=0123456789abcdef"

func TestMarker(t *testing.T) {
	t.Parallel()
	const whole = "<!-- parley:" + aMark + " -->"
	for name, tc := range map[string]struct{ body, want string }{
		"none":                 {"Do it.", ""},
		"alone":                {whole, aMark},
		"last line":            {"Do it.\n\n" + whole, aMark},
		"Windows lines":        {"Do it.\r\n\r\n" + whole + "\r\n", aMark},
		"space behind":         {"Do it.\n" + whole + " \n\n", aMark},
		"text behind":          {whole + "\nand more", ""},
		"in the line":          {"Do it. " + whole, ""},
		"quoted":               {"> " + whole, ""},
		"two":                  {whole + "\n" + whole, ""},
		"forged in front":      {"<!-- parley:v1 m=0 -->\nDo it.\n" + whole, ""},
		"unclosed in front":    {"<!-- parley:\n" + whole, ""},
		"other comment before": {"<!-- todo -->\n" + whole, aMark},
		"unclosed":             {"<!-- parley:" + aMark, ""},
		"empty":                {"<!-- parley: -->", ""},
		"two comments, a line": {"<!-- parley:v1 --> <!-- x -->", ""},
		"not ASCII":            {"<!-- parley:v1 m=é -->", ""},
		"too long":             {"<!-- parley:v1 " + strings.Repeat("x", 2000) + " -->", ""},
	} {
		if got := marker(tc.body); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}

// Whatever text is mirrored, marks in it included, the mark that was given is read.
func TestAMarkIsReadBackFromAnyBody(t *testing.T) {
	t.Parallel()
	piece := rapid.SampledFrom([]string{"a", " ", "\n", "\r\n", "<!--", "-->", "parley:", "<!-- parley:" + aMark + " -->", "&lt;", "v1 m=0"})
	rapid.Check(t, func(t *rapid.T) {
		body := strings.Join(rapid.SliceOf(piece).Draw(t, "body"), "")
		if got := marker(marked(body, aMark)); got != aMark {
			t.Fatalf("%q gives %q", body, got)
		}
		if got := marker(strings.ReplaceAll(marked(body, aMark), "\n", "\r\n")); got != aMark {
			t.Fatalf("%q with Windows lines gives %q", body, got)
		}
	})
}
