package mapping

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"parley/kanban"
)

// Evidence is a way in which one issue points at its twin.
type Evidence string

// Evidence, in the order in which it is believed unless configured otherwise.
const (
	RemoteLink       Evidence = "remote-link"        // a remote link of the Jira issue
	KeyInTitle       Evidence = "key-in-title"       // a Jira key in the GitHub title
	URLInDescription Evidence = "url-in-description" // an issue's address in a text, either side
)

// Direction says whose changes of a field are carried to the other side.
type Direction string

// Directions. With one side named, the other side's edits stay where they are.
const (
	DirectionBoth   Direction = "both"
	DirectionJira   Direction = "jira"
	DirectionGitHub Direction = "github"
	DirectionOff    Direction = "off"
)

// Carries reports whether changes made on this side go to the other.
func (d Direction) Carries(side kanban.Side) bool {
	return d == DirectionBoth || string(d) == side.String()
}

// Policy says who wins when both sides changed a field to different values.
type Policy string

// Policies.
const (
	PolicyJira   Policy = "jira"
	PolicyGitHub Policy = "github"
	PolicyNewest Policy = "newest" // the later by the trackers' clocks
	PolicyAsk    Policy = "ask"    // nobody, until a person chooses
)

// Mirror says for which issues a twin is created.
type Mirror string

// Mirrors.
const (
	MirrorNone         Mirror = "none"
	MirrorJiraToGitHub Mirror = "jira-to-github"
	MirrorGitHubToJira Mirror = "github-to-jira"
	MirrorBoth         Mirror = "both"
)

// MirrorText says how much text goes into a created twin.
type MirrorText string

// Texts of a created twin.
const (
	MirrorTitle     MirrorText = "title"
	MirrorTitleBody MirrorText = "title+body"
	MirrorNoText    MirrorText = "none"
)

// PairRule is a compiled PairConfig with its defaults filled in: all evidence is
// believed, nothing is mirrored, status and priority are carried both ways and
// nothing else is. GitHub wins a conflict about the status, Jira one about the
// priority or the due date, and the later change one about anything else.
type PairRule struct {
	Index      int // place in the configuration
	Jira       string
	GitHub     string
	Match      []Evidence
	Mirror     Mirror
	MirrorText MirrorText
	fields     map[kanban.Field]Direction
	conflict   map[kanban.Field]Policy
}

// Direction says whose changes of f are carried; of an element, those of its set.
func (p PairRule) Direction(f kanban.Field) Direction {
	set, _, _ := f.Element()
	if d, ok := p.fields[set]; ok {
		return d
	}
	return DirectionOff
}

// Policy says who wins a conflict about f; about an element, what holds for its set.
func (p PairRule) Policy(f kanban.Field) Policy {
	set, _, _ := f.Element()
	switch policy := p.conflict[set]; {
	case policy != "":
		return policy
	case set == kanban.FieldStatus:
		return PolicyGitHub
	case set == kanban.FieldPriority, set == kanban.FieldDue:
		return PolicyJira
	default:
		return PolicyNewest
	}
}

// Pair finds the rule for issues of a project and a repository, in any letter case.
func (r *Rules) Pair(jiraProject, repo string) (PairRule, bool) {
	for _, p := range r.pairs {
		if strings.EqualFold(p.Jira, jiraProject) && strings.EqualFold(p.GitHub, repo) {
			return p, true
		}
	}
	return PairRule{}, false
}

// Pairs lists all pair rules in the order of the configuration.
func (r *Rules) Pairs() []PairRule { return slices.Clone(r.pairs) }

func (b *builder) compilePairs() {
	for i, c := range b.config.Pairs {
		path := fmt.Sprintf("pair[%d]", i)
		b.refuseContainer(path+".jira", c.Jira, b.jira)
		b.refuseContainer(path+".github", c.GitHub, b.github)
		if first, twice := b.rules.Pair(c.Jira, c.GitHub); twice {
			b.twicef(path, fmt.Sprintf("pair[%d]", first.Index), "keep one", "%s and %s are paired twice", c.Jira, c.GitHub)
		}
		b.checkPair(path, c)
		b.rules.pairs = append(b.rules.pairs, newPairRule(i, c))
	}
}

func newPairRule(i int, c PairConfig) PairRule {
	p := PairRule{Index: i, Jira: c.Jira, GitHub: c.GitHub, Match: slices.Clone(c.Match),
		Mirror: c.Mirror, MirrorText: c.MirrorText, fields: maps.Clone(c.Fields), conflict: maps.Clone(c.Conflict)}
	if c.Match == nil {
		p.Match = []Evidence{RemoteLink, KeyInTitle, URLInDescription}
	}
	if p.Mirror == "" {
		p.Mirror = MirrorNone
	}
	if p.MirrorText == "" {
		p.MirrorText = MirrorTitle
	}
	if c.Fields == nil {
		p.fields = map[kanban.Field]Direction{kanban.FieldStatus: DirectionBoth, kanban.FieldPriority: DirectionBoth}
	}
	return p
}

// refuseContainer reports a project or repository that no tracker reads.
func (b *builder) refuseContainer(path, name string, ts []tracker) {
	var known []string
	for _, t := range ts {
		known = append(known, t.Containers...)
	}
	if !slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, name) }) {
		b.errorf(path, or(meant(name, known), "add it there, or remove the pair"), "no tracker is configured to read %s", quote(name))
	}
}

func (b *builder) checkPair(path string, c PairConfig) {
	for i, e := range c.Match {
		checkWord(b, fmt.Sprintf("%s.match[%d]", path, i), e, RemoteLink, KeyInTitle, URLInDescription)
	}
	checkWord(b, path+".mirror", c.Mirror, "", MirrorNone, MirrorJiraToGitHub, MirrorGitHubToJira, MirrorBoth)
	checkWord(b, path+".mirror_text", c.MirrorText, "", MirrorTitle, MirrorTitleBody, MirrorNoText)
	for _, f := range slices.Sorted(maps.Keys(c.Fields)) {
		checkWord(b, path+".fields", f, carried()...)
		checkWord(b, path+".fields."+string(f), c.Fields[f], DirectionBoth, DirectionJira, DirectionGitHub, DirectionOff)
	}
	for _, f := range slices.Sorted(maps.Keys(c.Conflict)) {
		checkWord(b, path+".conflict", f, carried()...)
		checkWord(b, path+".conflict."+string(f), c.Conflict[f], PolicyJira, PolicyGitHub, PolicyNewest, PolicyAsk)
	}
}

// carried lists the fields that can be carried between the issues of a pair.
func carried() []kanban.Field {
	return slices.Concat(kanban.Fields[:], kanban.Texts[:], kanban.Sets[:])
}

// checkWord reports a word that is not one of a closed set.
func checkWord[T ~string](b *builder, path string, word T, set ...T) {
	if slices.Contains(set, word) {
		return
	}
	var names []string
	for _, s := range set {
		if s != "" {
			names = append(names, string(s))
		}
	}
	b.errorf(path, or(meant(string(word), names), "it is one of "+strings.Join(names, ", ")), "%s is not known here", quote(string(word)))
}
