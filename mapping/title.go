package mapping

import (
	"regexp"
	"slices"
	"strings"

	"parley/connectors"
	"parley/kanban"
)

// titleScale is the title of an issue. Its native value is the normalised title, its
// board value the same without the keys that people put before it: "OPS-12 Slow
// feed" on GitHub and "Slow feed" in Jira say the same. A write keeps those keys.
//
// A title may be read with or without each of its leading keys, so that one that
// begins with a key in Jira as well can be written to GitHub and is read back as
// what it is. A title of nothing but keys says nothing: it is what a mirror is
// called whose source must not tell its title.
type titleScale struct {
	limit    int
	leading  *regexp.Regexp // one key before a title; nil: keys are part of this side's titles
	projects []string       // whose keys those are
	keys     *regexp.Regexp // a title of nothing but keys or the other issue's name; nil: none is
}

func (s *titleScale) read(i connectors.Issue) kanban.Native { return kanban.Native(norm(i.Title)) }

// reading is a title without some of the keys before it.
type reading struct{ before, rest string }

// readings takes the keys off a title, one after the other; the whole title comes
// first.
func (s *titleScale) readings(title string) []reading {
	rs := []reading{{"", title}}
	for s.leading != nil {
		last := rs[len(rs)-1]
		if !s.mayLead(last.rest) {
			break
		}
		at := s.leading.FindStringIndex(last.rest)
		if at == nil {
			break
		}
		rs = append(rs, reading{last.before + last.rest[:at[1]], last.rest[at[1]:]})
	}
	return rs
}

func (s *titleScale) meaning(n kanban.Native) ([]kanban.Value, kanban.Opinion) {
	title := norm(string(n))
	if s.bare(title) {
		return nil, kanban.Silent
	}
	rs := s.readings(title)
	return []kanban.Value{kanban.Value(rs[len(rs)-1].rest)}, kanban.Says
}

// bare reports whether a title names no more than an issue.
func (s *titleScale) bare(title string) bool {
	if title == "" || s.keys == nil {
		return title == ""
	}
	last := title[len(title)-1] // nothing else ends a key, whatever stands behind it
	return (digit(rune(last)) || strings.IndexByte("]:-", last) >= 0) && s.keys.MatchString(title)
}

// mayLead spares most titles the search for a key.
func (s *titleScale) mayLead(title string) bool {
	return strings.HasPrefix(title, "[") || slices.ContainsFunc(s.projects, func(p string) bool { return strings.HasPrefix(title, p) })
}

// agrees holds for any reading of the title, and where this side had to clip m.
func (s *titleScale) agrees(m kanban.Value, n kanban.Native) bool {
	want := norm(string(m))
	return slices.ContainsFunc(s.readings(norm(string(n))), func(r reading) bool {
		return r.rest == want || r.rest == clip(want, s.limit-length(r.before))
	})
}

// targets writes m behind the keys that stand there, unless it begins with them.
func (s *titleScale) targets(m kanban.Value, n kanban.Native) []kanban.Native {
	want := norm(string(m))
	if s.bare(want) {
		return nil
	}
	rs := s.readings(norm(string(n)))
	before := rs[len(rs)-1].before
	if before != "" && !strings.HasSuffix(before, " ") {
		before += " " // nothing but keys stood there
	}
	for _, keys := range []string{before, ""} {
		if strings.HasPrefix(want, keys) {
			keys = ""
		}
		to := kanban.Native(keys + clip(want, s.limit-length(keys)))
		if !s.bare(string(to)) && s.agrees(m, to) {
			return []kanban.Native{to}
		}
	}
	return nil
}

// apply leaves the title alone where the event keeps no text: no title is empty.
func (s *titleScale) apply(n kanban.Native, changes []kanban.Change) (kanban.Native, bool) {
	touched := false
	for _, c := range changes {
		if to := norm(or(c.To, c.ToName)); c.Field == kanban.ChangeTitle && to != "" {
			n, touched = kanban.Native(to), true
		}
	}
	return n, touched
}

func (s *titleScale) explains(to kanban.Native, c kanban.Change) bool {
	return c.Field == kanban.ChangeTitle && norm(or(c.To, c.ToName)) == norm(string(to))
}

func (s *titleScale) describe(n kanban.Native) (string, bool) {
	if n == "" {
		return "no title", true
	}
	return quote(string(n)), true
}

func (s *titleScale) steps(_, to kanban.Native) []connectors.Write {
	return []connectors.Write{{Title: string(to)}}
}

// natives lists a title with each kind of beginning; any text may follow.
func (s *titleScale) natives() []kanban.Native {
	return []kanban.Native{"", "Slow feed", kanban.Native(strings.Repeat("x", s.limit))}
}

// compileTitles makes the scales of titles. Which keys are taken for a name of the
// card, and not for words of the title, follows from the pairs.
func (b *builder) compileTitles() {
	var projects, repos, plain []string
	for _, p := range b.config.Pairs {
		plain = append(plain, p.Jira)
		projects = append(projects, regexp.QuoteMeta(p.Jira))
		repos = append(repos, regexp.QuoteMeta(p.GitHub))
	}
	jira, github := &titleScale{limit: jiraTitle}, &titleScale{limit: githubTitle, projects: plain}
	if len(projects) > 0 {
		key := `(?:` + strings.Join(projects, "|") + `)-[1-9][0-9]{0,9}`
		first := `(?:\[` + key + `\]|` + key + `)(?: -|:)?`
		github.leading = regexp.MustCompile(`^` + first + `(?: |$)`)
		github.keys = regexp.MustCompile(`^(?:` + first + `(?: ` + first + `)*|(?i:` + strings.Join(repos, "|") + `)#[0-9]+)$`)
		jira.keys = github.keys
	}
	b.rules.paired[kanban.FieldTitle], b.rules.alone[kanban.FieldTitle] = github, github
	for _, t := range b.jira {
		b.rules.jira[t.Name][kanban.FieldTitle] = jira
	}
}
