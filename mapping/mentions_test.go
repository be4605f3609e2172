package mapping

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/kanban"
)

func issue(kind connectors.Kind, container, key string) connectors.Issue {
	return connectors.Issue{Kind: kind, Ref: connectors.Ref{Tracker: string(kind), Container: container, Key: key}}
}

func TestKeysInTitle(t *testing.T) {
	t.Parallel()
	for title, want := range map[string][]string{
		"OPS-12 Fix the feed":                         {"OPS-12"},
		"[OPS-12] and (OPS-13): both, OPS-12":         {"OPS-12", "OPS-13", "OPS-12"},
		"Fix OPS-12-slow-feed.":                       {"OPS-12"},
		"see https://acme.atlassian.net/browse/OPS-7": {"OPS-7"},
		"DEVOPS-12, XOPS-1, X-OPS-1, _OPS-1, éOPS-1":  nil,
		"OPS-12a OPS-1_2 OPS-1.5 OPS-1-2 OPS-012":     nil,
		"ops-12":          nil,
		"FIN-3":           nil,
		"OPS-12. Next":    {"OPS-12"},
		"OPS-99999999999": nil,
	} {
		if diff := cmp.Diff(want, keysIn(title, "OPS")); diff != "" {
			t.Errorf("%q: %s", title, diff)
		}
	}
}

func TestMentions(t *testing.T) {
	t.Parallel()
	c := company()
	c.Trackers[1].Containers = append(c.Trackers[1].Containers, "acme/infra")
	c.Pairs = append(c.Pairs, PairConfig{Jira: "OPS", GitHub: "acme/infra", Match: []Evidence{KeyInTitle}})
	r := compiled(t, c, nil)
	jira := issue(connectors.Jira, "OPS", "OPS-1")
	jira.Body = "See https://github.com/Acme/Payments/issues/7, <https://github.com/acme/payments/issues/8/> or " +
		"https://github.com/acme/payments/pull/9 https://github.com/acme/infra/issues/3 https://evil.example/acme/payments/issues/4 " +
		"https://github.com.evil.example/acme/payments/issues/5 (https://www.github.com/acme/payments/issues/7#issuecomment-1)"
	want := []Mention{
		{Jira: "OPS-1", GitHub: "acme/payments#2", By: RemoteLink},
		{Jira: "OPS-1", GitHub: "acme/payments#7", By: URLInDescription},
		{Jira: "OPS-1", GitHub: "acme/payments#8", By: URLInDescription},
	}
	links := []connectors.Link{{URL: "https://github.com/acme/payments/issues/2"}, {URL: "https://example.com"}, {URL: "::"}}
	if diff := cmp.Diff(want, r.Mentions(jira, links)); diff != "" {
		t.Error(diff)
	}
	git := issue(connectors.GitHub, "Acme/Payments", "Acme/Payments#7") // as the tracker spells it today
	git.Title = "OPS-1: feed is slow (OPS-1)"
	git.Body = "https://acme.atlassian.net/browse/OPS-2?focusedId=1 https://acme.atlassian.net/browse/FIN-2 http://acme.atlassian.net/browse/ops-3."
	want = []Mention{
		{Jira: "OPS-1", GitHub: "acme/payments#7", By: KeyInTitle},
		{Jira: "OPS-2", GitHub: "acme/payments#7", By: URLInDescription},
		{Jira: "OPS-3", GitHub: "acme/payments#7", By: URLInDescription},
	}
	if diff := cmp.Diff(want, r.Mentions(git, nil)); diff != "" {
		t.Error(diff)
	}
	infra := issue(connectors.GitHub, "acme/infra", "acme/infra#7")
	infra.Title, infra.Body = "OPS-5", git.Body
	want = []Mention{{Jira: "OPS-5", GitHub: "acme/infra#7", By: KeyInTitle, Rule: 1}}
	if diff := cmp.Diff(want, r.Mentions(infra, nil)); diff != "" {
		t.Error(diff)
	}
}

// Where a Jira is asked for need not be where people look at it.
func TestMentionsByTheAddressThatTheTrackerTells(t *testing.T) {
	t.Parallel()
	c := company()
	c.Trackers[0].BaseURLs = []string{"https://api.atlassian.com/ex/jira/1122"}
	git := issue(connectors.GitHub, "acme/payments", "acme/payments#7")
	git.Body = "https://acme.atlassian.net/browse/OPS-2"
	if got := compiled(t, c, nil).Mentions(git, nil); len(got) != 0 {
		t.Errorf("mentions %+v by an address that nobody told of", got)
	}
	before := compiled(t, c, nil).Fingerprint()
	dirs := []connectors.Directory{{Tracker: "jira", Kind: connectors.Jira, Web: "https://acme.atlassian.net"}}
	b := builder{config: c, dirs: map[string]*connectors.Directory{"jira": &dirs[0]}}
	b.compileTrackers()
	want := []string{"OPS-2"}
	if diff := cmp.Diff(want, b.rules.jiraIssues(git.Body, "OPS")); diff != "" {
		t.Error(diff)
	}
	if fingerprint(c, dirs) == before {
		t.Error("another address leaves the fingerprint as it was")
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	r := companyRules(t)
	link := func(jira, github string) Mention { return Mention{Jira: jira, GitHub: github, By: RemoteLink} }
	title := func(jira, github string) Mention { return Mention{Jira: jira, GitHub: github, By: KeyInTitle} }
	for _, c := range []struct {
		name     string
		mentions []Mention
		twins    []Mention
		clashes  []Clash
	}{
		{"nobody", nil, nil, nil},
		{"one candidate", []Mention{title("OPS-1", "a#1")}, []Mention{title("OPS-1", "a#1")}, nil},
		{"both point at each other", []Mention{title("OPS-1", "a#1"), link("OPS-1", "a#1")}, []Mention{link("OPS-1", "a#1")}, nil},
		{"two candidates", []Mention{title("OPS-1", "a#2"), title("OPS-1", "a#1")}, nil,
			[]Clash{{"OPS-1", []string{"a#1", "a#2"}, KeyInTitle}}},
		{"two keys in a title", []Mention{title("OPS-1", "a#1"), title("OPS-2", "a#1")}, nil,
			[]Clash{{"a#1", []string{"OPS-1", "OPS-2"}, KeyInTitle}}},
		{"stronger evidence decides", []Mention{title("OPS-1", "a#1"), link("OPS-1", "a#2")}, []Mention{link("OPS-1", "a#2")}, nil},
		{"taken by stronger evidence", []Mention{title("OPS-1", "a#1"), link("OPS-2", "a#1")}, []Mention{link("OPS-2", "a#1")}, nil},
		{"a clash spoils only its own", []Mention{title("OPS-1", "a#1"), title("OPS-1", "a#2"), title("OPS-3", "a#3")},
			[]Mention{title("OPS-3", "a#3")}, []Clash{{"OPS-1", []string{"a#1", "a#2"}, KeyInTitle}}},
	} {
		twins, clashes := r.Match(c.mentions)
		if diff := cmp.Diff(c.twins, twins); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if diff := cmp.Diff(c.clashes, clashes); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestPairDefaults(t *testing.T) {
	t.Parallel()
	c := company()
	c.Pairs[0].Conflict = map[kanban.Field]Policy{"priority": PolicyAsk}
	r := compiled(t, c, nil)
	p, ok := r.Pair("ops", "ACME/payments")
	if !ok || p.Mirror != MirrorNone || p.MirrorText != MirrorTitle || len(p.Match) != 3 {
		t.Errorf("%v %+v", ok, p)
	}
	if p.Direction("status") != DirectionBoth || p.Direction("title") != DirectionOff || p.Policy("status") != PolicyGitHub || p.Policy("priority") != PolicyAsk {
		t.Errorf("%+v", p)
	}
	for f, want := range map[kanban.Field]Policy{"title": PolicyNewest, "due": PolicyJira, "labels": PolicyNewest, "assignees": PolicyNewest, "labels:bug": PolicyNewest} {
		if p.Direction(f) != DirectionOff || p.Policy(f) != want {
			t.Errorf("%s is carried %s, and %s wins", f, p.Direction(f), p.Policy(f))
		}
	}
	c.Pairs[0].Fields = map[kanban.Field]Direction{"labels": DirectionJira, "title": DirectionBoth}
	c.Pairs[0].Conflict = map[kanban.Field]Policy{"labels": PolicyAsk}
	if p := compiled(t, c, nil).Pairs()[0]; p.Direction("labels:bu:trading") != DirectionJira || p.Policy("labels:bu:trading") != PolicyAsk || p.Direction("status") != DirectionOff {
		t.Error("an element is carried as its set is, and what is not named is not")
	}
	if _, ok := r.Pair("OPS", "acme/other"); ok {
		t.Error("paired with what is not configured")
	}
	if !DirectionJira.Carries(kanban.Jira) || DirectionJira.Carries(kanban.GitHub) || !DirectionBoth.Carries(kanban.GitHub) || DirectionOff.Carries(kanban.Jira) {
		t.Error("directions carry the wrong way")
	}
}
