package mapping

import (
	"fmt"

	"parley/kanban"
)

// checkScales reports how the compiled scales break the laws: a selector that would
// be read back as something else with its own place, the rest with the tracker.
func (b *builder) checkScales() {
	for _, t := range b.jira {
		b.checkLens(b.rules.Lens(t.Name, ""), kanban.Jira, t.path)
	}
	if len(b.github) == 0 {
		return
	}
	if b.checkSelectors(); Failed(b.list) {
		return
	}
	for _, t := range b.github {
		side := b.rules.gitHub[t.Name]
		if b.checkedBefore(t) {
			continue
		}
		b.checkLens(githubLens(side.alone), kanban.GitHub, t.path)
		b.checkLens(githubLens(side.paired), kanban.GitHub, t.path)
		b.warnUnlisted(side.paired, t.path)
	}
}

// checkedBefore reports whether a GitHub before this one holds everything as it does.
func (b *builder) checkedBefore(t tracker) bool {
	for _, o := range b.github {
		if o.Name == t.Name {
			return false
		}
		same := true
		for _, f := range kanban.Fields {
			same = same && b.rules.gitHub[o.Name].paired[f] == b.rules.gitHub[t.Name].paired[f]
		}
		if same {
			return true
		}
	}
	return false
}

func githubLens(scales map[kanban.Field]scale) Lens {
	var l Lens
	l.sides[kanban.GitHub] = scales
	return l
}

// checkLens refuses what breaks a law. Totality is no reason to refuse: what nothing
// lists is left alone, and the warnings name it.
func (b *builder) checkLens(l Lens, side kanban.Side, path string) {
	for _, f := range kanban.Fields {
		for _, v := range CheckLaws(l, side, f, b.keys(f), l.sides[side][f].natives()) {
			if v.Law != LawTotal {
				b.errorf(path, "", "the %s mapping breaks law %s: with a card at %s and an issue at %s, %s",
					f, v.Law, quote(string(v.M)), quote(string(v.N)), v.What)
				break // one witness is enough, the others follow from it
			}
		}
	}
}

// checkSelectors refuses a selector whose own target is claimed by another value.
func (b *builder) checkSelectors() {
	for _, f := range kanban.Fields {
		for _, all := range []map[kanban.Field]scale{b.rules.alone, b.optionsAlone} {
			if s, ok := all[f].(*labelScale); ok {
				b.checkSelectorsOf(f, s)
			}
		}
	}
}

func (b *builder) checkSelectorsOf(f kanban.Field, s *labelScale) {
	for _, sel := range s.selectors {
		to := s.target(sel, labelled{}).native()
		vs, opinion := s.meaning(to)
		switch {
		case opinion == kanban.Says && vs[0] != sel.value:
			b.errorf(sel.path, "narrow it by "+s.narrower(), "to show %s %s Parley would write %s, which means %s (law C: written, it must be read back the same)",
				noun(f), quote(string(sel.value)), quote(string(to)), quote(string(vs[0])))
		case opinion != kanban.Says:
			b.errorf(sel.path, "narrow it by "+s.narrower(), "to show %s %s Parley would write %s, which is %s (law C: written, it must be read back the same)",
				noun(f), quote(string(sel.value)), quote(string(to)), opinion)
		}
	}
}

// warnUnlisted names the states, and the labels of open issues, that mean nothing.
func (b *builder) warnUnlisted(paired map[kanban.Field]scale, path string) {
	for _, f := range kanban.Fields {
		var names []string
		s := paired[f]
		for _, n := range s.natives() {
			l := parseLabelled(n)
			if l.option() == unlisted {
				continue
			}
			simple := len(l.labels) == 0 || len(l.labels) == 1 && (l.state == stateOpen || l.state == "")
			if _, opinion := s.meaning(n); simple && opinion == kanban.Unmapped {
				words, _ := s.describe(n)
				names = append(names, fmt.Sprintf("%q", words))
			}
		}
		if len(names) > 0 {
			b.warnf(path, "add them to a "+noun(f)+" if they are used",
				"no %s lists GitHub issues that are %s; such cards are shown as unmapped and left alone", noun(f), list(names))
		}
	}
}
