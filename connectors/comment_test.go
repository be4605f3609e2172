package connectors

import (
	"strings"
	"testing"
)

func TestWhatACommentDraftMayBe(t *testing.T) {
	t.Parallel()
	change := func(do func(*CommentDraft)) CommentDraft {
		d := CommentDraft{Body: "Which week?", Marker: "v1 m=1", Links: []Link{{URL: "https://acme.example/browse/OPS-1?x=1#c", Title: "OPS-1"}}}
		do(&d)
		return d
	}
	link := func(l Link) CommentDraft { return change(func(d *CommentDraft) { d.Links[0] = l }) }
	for name, c := range map[string]struct {
		draft CommentDraft
		says  string
	}{
		"sound":                   {change(func(*CommentDraft) {}), ""},
		"for a role by its id":    {change(func(d *CommentDraft) { d.Audience = Audience{Role: "Developers", ID: "10001"} }), ""},
		"empty":                   {change(func(d *CommentDraft) { d.Body = " \n" }), "a text"},
		"too long":                {change(func(d *CommentDraft) { d.Body = strings.Repeat("é", MaxComment) }), "at most"},
		"no mark":                 {change(func(d *CommentDraft) { d.Marker = "" }), "no mark"},
		"a mark that ends itself": {change(func(d *CommentDraft) { d.Marker = "x -->" }), "no mark"},
		"role and group":          {change(func(d *CommentDraft) { d.Audience = Audience{Role: "a", Group: "b"} }), "not for both"},
		"an id of nothing":        {change(func(d *CommentDraft) { d.Audience.ID = "1" }), "neither"},
		"script":                  {link(Link{URL: "javascript:alert(1)", Title: "x"}), "web address"},
		"a secret in the address": {link(Link{URL: "https://u:p@acme.example", Title: "x"}), "web address"},
		"an address that ends":    {link(Link{URL: "https://acme.example/a]b", Title: "x"}), "%XX"},
		"no title":                {link(Link{URL: "https://acme.example"}), "title"},
		"two lines of a title":    {link(Link{URL: "https://acme.example", Title: "a\nb"}), "title"},
	} {
		err := c.draft.Check()
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}

func TestSameText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"a\r\nb ", "a b", true}, {"a\u200b@b", "a@b", true}, {"a\x07b", "ab", true}, {"ab", "a b", false}, {"A", "a", false}, {"", " ", true},
	} {
		if SameText(c.a, c.b) != c.same {
			t.Errorf("%q and %q: same is %v", c.a, c.b, !c.same)
		}
	}
}

func TestAudiencesAreNamed(t *testing.T) {
	t.Parallel()
	for a, want := range map[Audience]string{{}: "everybody who sees the issue", {Internal: true}: "agents only", {Role: "Developers", ID: "1"}: "role Developers", {Group: "staff"}: "group staff"} {
		if a.String() != want || a.Public() != (a == Audience{}) {
			t.Errorf("%+v is %q, public %v", a, a, a.Public())
		}
	}
}
