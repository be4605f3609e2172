package mapping

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"parley/connectors"
)

// Mention is one issue pointing at another, of a project and a repository that a
// pair rule joins and in a way that the rule believes.
type Mention struct {
	Jira   string // key of the Jira issue, "OPS-12"
	GitHub string // the GitHub issue, "acme/payments#7", with the repository as configured
	By     Evidence
	Rule   int // index of the pair rule
}

// Mentions lists what an issue says about its twin, strongest first, each twin once
// for each kind of evidence. Links are the remote links of a Jira issue.
func (r *Rules) Mentions(i connectors.Issue, links []connectors.Link) []Mention {
	var ms []Mention
	add := func(m Mention, rule PairRule) {
		if m.Rule = rule.Index; slices.Contains(rule.Match, m.By) && !slices.Contains(ms, m) {
			ms = append(ms, m)
		}
	}
	for _, p := range r.pairs {
		switch {
		case i.Kind == connectors.Jira && strings.EqualFold(p.Jira, i.Container):
			for _, l := range links {
				for _, repo := range r.gitHubIssues(l.URL, p.GitHub) {
					add(Mention{Jira: i.Key, GitHub: repo, By: RemoteLink}, p)
				}
			}
			for _, repo := range r.gitHubIssues(i.Body, p.GitHub) {
				add(Mention{Jira: i.Key, GitHub: repo, By: URLInDescription}, p)
			}
		case i.Kind == connectors.GitHub && strings.EqualFold(p.GitHub, i.Container):
			_, number, _ := strings.Cut(i.Key, "#")
			self := p.GitHub + "#" + number // spelled as in the addresses found by others
			for _, key := range keysIn(i.Title, p.Jira) {
				add(Mention{Jira: key, GitHub: self, By: KeyInTitle}, p)
			}
			for _, key := range r.jiraIssues(i.Body, p.Jira) {
				add(Mention{Jira: key, GitHub: self, By: URLInDescription}, p)
			}
		}
	}
	slices.SortStableFunc(ms, func(a, b Mention) int { return cmp.Compare(r.rank(a), r.rank(b)) })
	return ms
}

// rank is the place of the evidence in its rule's order; less is stronger.
func (r *Rules) rank(m Mention) int { return slices.Index(r.pairs[m.Rule].Match, m.By) }

// jiraKey finds what looks like a key. The neighbours are checked separately, for
// they may belong to the next key as well.
var jiraKey = regexp.MustCompile(`[A-Z][A-Z0-9_]*-[1-9][0-9]{0,9}`)

// keysIn finds the keys of one project that stand in a text as words of their own.
func keysIn(text, project string) []string {
	var keys []string
	for _, at := range jiraKey.FindAllStringIndex(text, -1) {
		key := text[at[0]:at[1]]
		if strings.HasPrefix(key, project+"-") && wordStart(text[:at[0]]) && wordEnd(text[at[1]:]) {
			keys = append(keys, key)
		}
	}
	return keys
}

func wordStart(before string) bool { return !wordTail.MatchString(before) }

func wordEnd(after string) bool { return !wordHead.MatchString(after) }

// A key goes on where a letter or digit follows, also behind a hyphen or a dot
// before a digit: UTF-8-1, OPS-1.2.
var (
	wordTail = regexp.MustCompile(`[\pL\pN_-]$`)
	wordHead = regexp.MustCompile(`^([\pL\pN_]|[-.][0-9])`)
)

var address = regexp.MustCompile(`https?://[^\s<>"'\])|}]+`)

// addresses lists the web addresses in a text, without the punctuation after them.
func addresses(text string) []*url.URL {
	var us []*url.URL
	for _, a := range address.FindAllString(text, -1) {
		if u, err := url.Parse(strings.TrimRight(a, ".,;:!?*_")); err == nil {
			us = append(us, u)
		}
	}
	return us
}

// gitHubIssues finds the issues of one repository that a text gives the address of.
func (r *Rules) gitHubIssues(text, repo string) []string {
	return r.issues(text, connectors.GitHub, func(path string) string {
		parts := strings.Split(strings.TrimSuffix(path, "/"), "/")
		if len(parts) != 4 || parts[2] != "issues" || !isNumber(parts[3]) || !strings.EqualFold(parts[0]+"/"+parts[1], repo) {
			return ""
		}
		return fmt.Sprintf("%s#%s", repo, parts[3])
	})
}

// jiraIssues finds the issues of one project that a text gives the address of.
func (r *Rules) jiraIssues(text, project string) []string {
	return r.issues(text, connectors.Jira, func(path string) string {
		key, ok := strings.CutPrefix(strings.TrimSuffix(path, "/"), "browse/")
		number, inProject := strings.CutPrefix(strings.ToUpper(key), project+"-")
		if !ok || !inProject || !isNumber(number) {
			return ""
		}
		return project + "-" + number
	})
}

func (r *Rules) issues(text string, kind connectors.Kind, key func(path string) string) []string {
	var keys []string
	for _, u := range addresses(text) {
		for _, s := range r.sites {
			path, ok := s.within(u)
			if s.kind != kind || !ok {
				continue
			}
			if k := key(path); k != "" && !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
	}
	return keys
}

func isNumber(s string) bool {
	return len(s) > 0 && len(s) <= 10 && s[0] != '0' && isID(s)
}
