package mapping

import (
	"cmp"
	"maps"
	"slices"
)

// Clash is an issue whose strongest evidence names several twins, or a twin that
// another issue names as well. None of them is linked until a person decides.
type Clash struct {
	Issue      string   // Jira key or "owner/repo#n"
	Candidates []string // sorted
	By         Evidence
}

// Match decides who is whose twin. An issue follows only its strongest evidence, and
// two issues are twins only if each is the single candidate of the other. Everything
// that names an issue belongs into the call: mentions by it, and of it.
// Twins and clashes are sorted by Jira key and by issue.
func (r *Rules) Match(mentions []Mention) (twins []Mention, clashes []Clash) {
	strongest := r.strongest(mentions)
	for _, issue := range slices.Sorted(maps.Keys(strongest)) {
		best := strongest[issue]
		if len(best) > 1 {
			clashes = append(clashes, newClash(issue, best))
		}
	}
	for _, m := range mentions {
		mine, theirs := strongest[m.Jira], strongest[m.GitHub]
		if len(mine) == 1 && len(theirs) == 1 && mine[0] == m && theirs[0] == m && !slices.Contains(twins, m) {
			twins = append(twins, m)
		}
	}
	slices.SortFunc(twins, func(a, b Mention) int { return cmp.Compare(a.Jira, b.Jira) })
	return twins, clashes
}

// strongest keeps, for each issue, the strongest mention of each of the candidates
// that tie for being its twin.
func (r *Rules) strongest(mentions []Mention) map[string][]Mention {
	best := map[string][]Mention{}
	for _, m := range mentions {
		for _, issue := range []string{m.Jira, m.GitHub} {
			best[issue] = r.keepStrongest(best[issue], m)
		}
	}
	return best
}

func (r *Rules) keepStrongest(best []Mention, m Mention) []Mention {
	switch {
	case len(best) == 0 || r.rank(m) < r.rank(best[0]):
		return []Mention{m}
	case r.rank(m) > r.rank(best[0]) || slices.Contains(best, m):
		return best
	}
	return append(slices.Clone(best), m)
}

func newClash(issue string, best []Mention) Clash {
	c := Clash{Issue: issue, By: best[0].By}
	for _, m := range best {
		other := m.Jira
		if issue == m.Jira {
			other = m.GitHub
		}
		c.Candidates = append(c.Candidates, other)
	}
	slices.Sort(c.Candidates)
	return c
}
