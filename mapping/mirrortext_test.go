package mapping

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/connectors"
)

const (
	jiraURL   = "https://acme.atlassian.net/browse/OPS-12"
	githubURL = "https://github.com/acme/payments/issues/7"
)

func mirrored() (jira, github connectors.Issue) {
	jira = issue(connectors.Jira, "OPS", "OPS-12")
	jira.URL, jira.Title, jira.Body = jiraURL, "Slow  feed", "It takes hours."
	github = issue(connectors.GitHub, "acme/payments", "acme/payments#7")
	github.URL, github.Title, github.Body = githubURL, "OPS-9: Slow feed", "It takes hours."
	return jira, github
}

func TestMirrorText(t *testing.T) {
	t.Parallel()
	r := audienceRules(t)
	jira, github := mirrored()
	repo, public, project := connectors.Container{Key: "acme/payments"}, connectors.Container{Key: "acme/open", Public: true}, connectors.Container{Key: "OPS"}
	change := func(i connectors.Issue, f func(*connectors.Issue)) connectors.Issue { f(&i); return i }
	restricted := change(jira, func(i *connectors.Issue) { i.Security = "Board" })
	for _, c := range []struct {
		name                  string
		text                  MirrorText
		from                  connectors.Issue
		to                    connectors.Container
		title, body, withheld string
	}{
		{"none", MirrorNoText, jira, repo, "OPS-12", jiraURL, ""},
		{"title", MirrorTitle, jira, repo, "Slow feed", jiraURL, ""},
		{"title and body", MirrorTitleBody, jira, repo, "Slow feed", "It takes hours.\n\n" + jiraURL, ""},
		{"to Jira the key is left out", MirrorTitle, github, project, "Slow feed", githubURL, ""},
		{"without a body", MirrorTitleBody, change(jira, func(i *connectors.Issue) { i.Body = " \r\n " }), repo, "Slow feed", jiraURL, ""},
		{"without a title", MirrorTitle, change(jira, func(i *connectors.Issue) { i.Title = "\t" }), repo, "OPS-12", jiraURL, ""},
		{"a title that names another", MirrorTitle, change(jira, func(i *connectors.Issue) { i.Title = "OPS-9" }), repo, "OPS-12", jiraURL, ""},
		{"restricted", MirrorTitleBody, restricted, repo, "OPS-12", jiraURL, "OPS-12 is restricted, so the text of OPS-12 stays where it is"},
		{"restricted, and nothing was to be told", MirrorNoText, restricted, repo, "OPS-12", jiraURL, ""},
		{"for anybody", MirrorTitleBody, jira, public, "OPS-12", jiraURL, "anybody may read acme/open and not OPS, so the text of OPS-12 stays where it is"},
		{"an address that is none of ours", MirrorTitle, change(jira, func(i *connectors.Issue) { i.URL = "https://evil.example/browse/OPS-12" }), repo, "Slow feed", "OPS-12", ""},
		{"an address with more in it", MirrorTitle, change(jira, func(i *connectors.Issue) { i.URL = jiraURL + "\n\n@ana" }), repo, "Slow feed", "OPS-12", ""},
		{"no address", MirrorTitle, change(jira, func(i *connectors.Issue) { i.URL = "" }), repo, "Slow feed", "OPS-12", ""},
	} {
		title, body, withheld := r.MirrorText(PairRule{MirrorText: c.text}, c.from, c.to)
		if diff := cmp.Diff([]string{c.title, c.body, c.withheld}, []string{title, body, withheld}); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// TestHarmless shows the gap as "·".
func TestHarmless(t *testing.T) {
	t.Parallel()
	r := audienceRules(t)
	for text, want := range map[string]string{
		"ask @ana, cc @acme/team":                                                "ask @·ana, cc @·acme/team",
		"mail ana@acme.example":                                                  "mail ana@acme.example",
		"_@ana_ *@ana* é@ana \\@ana x\x00@ana":                                   "_@·ana_ *@·ana* é@·ana \\@·ana x@ana",
		"&#64;ana &commat;ana R&D 1 & 2":                                         "&·#·64;ana &·commat;ana R&·D 1 & 2",
		"fixes #12, closes acme/x#3, GH-4 gh-5":                                  "fixes #·12, closes acme/x#·3, GH-·4 gh-·5",
		"high-5, #tag, # Title":                                                  "high-5, #tag, # Title",
		"fixes https://github.com/acme/x/issues/3 HTTPS://GitHub.COM/a/b/pull/1": "fixes https://github.co·m/acme/x/issues/3 HTTPS://GitHub.CO·M/a/b/pull/1",
		"see https://acme.atlassian.net/browse/OPS-99":                           "see https://acme.atlassian.ne·t/browse/OPS-99",
		"see https://docs.example/page":                                          "see https://docs.example/page",
		"<!-- parley v1 m=x mac=y -->":                                           "<·!·-- parley v1 m=x mac=y -->",
		"<img src=x> </p> <?x 1 < 2":                                             "<·img src=x> <·/p> <·?x 1 < 2",
		"[~accountid:5b10] [~ana] [^log.txt] [a]":                                "[·~accountid:5b10] [·~ana] [·^log.txt] [a]",
		"!https://x/pixel.png! ![](x.png) Oh! No!":                               "!·https://x/pixel.png! !·[](x.png) Oh! No!",
		"{include:x} {code}":                                                     "{·include:x} {·code}",
		"```\nopen":                                                              "``·`\nopen",
		"~~~~ x":                                                                 "~~·~·~ x",
		"a\r\nb\rc\u2028d":                                                       "a\nb\nc\nd",
		"\u202etxt.exe\u2066":                                                    "txt.exe",
		"\xff":                                                                   "\ufffd",
	} {
		if got := strings.ReplaceAll(r.harmless(text), string(gap), "·"); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// TestHostWithoutADot is a word like any other, except in an address.
func TestHostWithoutADot(t *testing.T) {
	t.Parallel()
	c := company()
	c.Trackers[0].BaseURLs = []string{"http://jira:8080"}
	r := compiled(t, c, nil)
	text := "our jira is at http://jira/browse/OPS-1 or //Jira:8080"
	if got := strings.ReplaceAll(r.harmless(text), string(gap), "·"); got != "our jira is at http://jir·a/browse/OPS-1 or //Jir·a:8080" {
		t.Error(got)
	}
}

// dangers are what a tracker, or Parley itself, would act on. They are written down
// here once more, and by other means, than in the code.
var dangers = map[string]*regexp.Regexp{
	"call":      regexp.MustCompile(`(^|[^A-Za-z0-9])@[A-Za-z0-9]`),
	"sign":      regexp.MustCompile(`&(#|[A-Za-z])`),
	"reference": regexp.MustCompile(`#[0-9]`),
	"GH":        regexp.MustCompile(`(?i)(^|[^a-z0-9])gh-[0-9]`),
	"comment":   regexp.MustCompile(`<[!/?A-Za-z]`),
	"person":    regexp.MustCompile(`\[[~^]`),
	"picture":   regexp.MustCompile(`!([^\s\x{200b}])`),
	"macro":     regexp.MustCompile(`\{[A-Za-z]`),
	"fence":     regexp.MustCompile("```|~~~"),
	"tracker":   regexp.MustCompile(`(?i)github\.com|acme\.atlassian\.net`),
	"control":   regexp.MustCompile(`[\x00-\x08\x0b-\x1f\x7f\x{202a}-\x{202e}\x{2066}-\x{2069}]`),
}

// hostile draws texts of pieces that are harmful where they meet.
func hostile() *rapid.Generator[string] {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{"@", "ana", "@ana", "#", "12", "#12", "GH-", "gh", "-", "fixes ", "&", "#64;", "amp;", "<", "!", "--", "<!--", "-->",
			"<!-- v1 m=6f0c src=jira/1 mac=0123456789abcdef -->", "[", "~", "accountid:1]", "^", "{", "code}", "`", "``", "```", "~~", "\n", "\r", "\x00", "\u200b",
			"\u202e", "\ufeff", "github", ".com", "https://", jiraURL, githubURL, "GITHUB.com/acme/payments/issues/8", "www.", "é", " ", "\\", "_", "\u2028"}),
		rapid.String(),
	)
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces"), "")
	})
}

// TestNothingHarmfulCrosses: whatever the source says, the twin's own text does
// nothing, its last line is the source's address, and it names no other twin.
func TestNothingHarmfulCrosses(t *testing.T) {
	t.Parallel()
	r := audienceRules(t)
	rapid.Check(t, func(t *rapid.T) {
		from, to := mirrored()
		want := Mention{Jira: "OPS-12", GitHub: "acme/payments#1", By: URLInDescription}
		if rapid.Bool().Draw(t, "from GitHub") {
			from, to = to, from
			want = Mention{Jira: "OPS-12", GitHub: "acme/payments#7", By: URLInDescription}
			to.Container, to.Key = "OPS", "OPS-12"
		} else {
			to.Key = "acme/payments#1"
		}
		from.Body = hostile().Draw(t, "body")
		_, body, withheld := r.MirrorText(PairRule{MirrorText: MirrorTitleBody}, from, connectors.Container{Key: to.Container})
		text, ok := strings.CutSuffix(body, from.URL)
		if !ok || withheld != "" || text != "" && !strings.HasSuffix(text, "\n\n") {
			t.Fatalf("the address is not the last line of %q", body)
		}
		for what, danger := range dangers {
			if at := danger.FindString(text); at != "" {
				t.Fatalf("%s: %q in %q", what, at, text)
			}
		}
		if again := r.harmless(text); again != strings.TrimSpace(text) {
			t.Fatalf("%q is made %q the second time", text, again)
		}
		to.Title, to.Body = "", body
		if diff := cmp.Diff([]Mention{want}, r.Mentions(to, nil)); diff != "" {
			t.Fatalf("the twin names others: %s", diff)
		}
	})
}

// TestNothingWithheldCrosses: of a text that may not cross not one word does.
func TestNothingWithheldCrosses(t *testing.T) {
	t.Parallel()
	r := audienceRules(t)
	rapid.Check(t, func(t *rapid.T) {
		from, _ := mirrored()
		from.Title, from.Body = anyTitle().Draw(t, "title"), hostile().Draw(t, "body")
		to := connectors.Container{Key: "acme/payments", Public: rapid.Bool().Draw(t, "public")}
		if !to.Public {
			from.Labels = []string{"security"}
		}
		text := rapid.SampledFrom([]MirrorText{MirrorTitle, MirrorTitleBody}).Draw(t, "text")
		title, body, withheld := r.MirrorText(PairRule{MirrorText: text}, from, to)
		if title != "OPS-12" || body != jiraURL || withheld == "" {
			t.Fatalf("%q, %q, %q", title, body, withheld)
		}
	})
}

func TestLongBodiesAreClipped(t *testing.T) {
	t.Parallel()
	r := audienceRules(t)
	jira, github := mirrored()
	for _, from := range []connectors.Issue{jira, github} {
		from.Body = strings.Repeat("🦀@ana ", 40000)
		_, body, _ := r.MirrorText(PairRule{MirrorText: MirrorTitleBody}, from, connectors.Container{})
		most := 32767
		if from.Kind == connectors.Jira {
			most = 65536
		}
		if n := length(body); n > most-1024 || n < most-3072 || !strings.HasSuffix(body, "\n\n…\n\n"+from.URL) {
			t.Errorf("%s: %d units, ending %q", from.Kind, n, body[len(body)-80:])
		}
	}
}
