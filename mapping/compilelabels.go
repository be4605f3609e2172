package mapping

import (
	"fmt"
	"slices"
	"strings"

	"parley/kanban"
)

// compileLabels makes the GitHub scales. They are the same for all repositories:
// labels have no ids, and what a repository lacks is created on first use.
func (b *builder) compileLabels() {
	b.rules.paired, b.rules.alone = map[kanban.Field]scale{}, map[kanban.Field]scale{}
	places := labelPlaces{}
	for _, f := range kanban.Fields {
		s := b.labelScale(f, places)
		alone := *s
		alone.alone = true
		s.remember()
		alone.remember()
		b.rules.paired[f], b.rules.alone[f] = s, &alone
	}
	b.warnNewLabels()
}

// labelPlaces remembers which value of which field first named a label.
type labelPlaces map[string]labelPlace

type labelPlace struct {
	field kanban.Field
	entry entry
}

func (b *builder) labelScale(f kanban.Field, places labelPlaces) *labelScale {
	own, shared, shares := b.partition(kanban.GitHub, f)
	s := &labelScale{field: f, family: map[string]string{}, shared: shared}
	wants := map[kanban.Value][]selector{}
	for _, e := range own {
		sel, spelling, err := parseSelector(e.text, f)
		if err != nil {
			b.errorf(e.path, selectorHelp(f), "%v", err)
			continue
		}
		sel.value, sel.path = e.value, e.path
		b.takeLabels(f, e, spelling, places)
		b.takeSelector(s, sel)
		for _, name := range spelling {
			if _, known := s.family[fold(name)]; !known {
				s.family[fold(name)] = name
			}
		}
		s.selectors, wants[e.value] = append(s.selectors, sel), append(wants[e.value], sel)
	}
	s.wants = wanted(wants, shares)
	return s
}

// takeLabels refuses a label that another value names already: a write of one would
// undo the other.
func (b *builder) takeLabels(f kanban.Field, e entry, spelling []string, places labelPlaces) {
	for _, name := range spelling {
		at, taken := places[fold(name)]
		day, due := strings.CutPrefix(fold(name), dueTag)
		switch {
		case due && isDate(day):
			b.errorf(e.path, "choose another name", "label %s means %s %s and is also how GitHub shows the due date %s",
				quote(name), noun(f), quote(string(e.value)), quote(day))
		case !taken:
			places[fold(name)] = labelPlace{f, e}
		case at.field != f || at.entry.value != e.value:
			b.twicef(e.path, at.entry.path, "keep it in one of them",
				"label %s is in %s %s and in %s %s", quote(name),
				noun(at.field), quote(string(at.entry.value)), noun(f), quote(string(e.value)))
		}
	}
}

// takeSelector refuses a selector without labels that another value has already;
// those with labels are caught by their labels.
func (b *builder) takeSelector(s *labelScale, sel selector) {
	at := slices.IndexFunc(s.selectors, func(o selector) bool { return o.same(sel) && o.value != sel.value })
	if at < 0 || len(sel.labels) > 0 {
		return
	}
	first := s.selectors[at]
	b.twicef(sel.path, first.path, "keep it in one of them, or narrow one by a label or a close reason",
		"%s is in column %s and in column %s", quote(sel.state), quote(string(first.value)), quote(string(sel.value)))
}

func selectorHelp(f kanban.Field) string {
	if f == kanban.FieldPriority {
		return `write "label:NAME"; several labels are joined by " + "`
	}
	return `write open, closed, closed:completed, closed:not_planned or closed:duplicate, then any " + label:NAME"`
}

// warnNewLabels names the labels that a repository lacks.
func (b *builder) warnNewLabels() {
	for _, t := range b.github {
		if t.dir == nil {
			continue
		}
		for k, repo := range t.Containers {
			have, known := t.dir.Labels[repo]
			if lacks := b.lacking(have); known && len(lacks) > 0 {
				b.warnf(fmt.Sprintf("%s.repos[%d]", t.path, k), "nothing to do, unless a name is mistyped",
					"%s has no label %s; what is needed will be created", repo, list(lacks))
			}
		}
	}
}

// lacking lists the configured labels that are not among have.
func (b *builder) lacking(have []string) []string {
	folded := make(map[string]bool, len(have))
	for _, name := range have {
		folded[fold(name)] = true
	}
	var lacks []string
	for _, f := range kanban.Fields {
		s, _ := b.rules.paired[f].(*labelScale)
		for key, name := range s.family {
			if !folded[key] {
				lacks = append(lacks, name)
			}
		}
	}
	slices.Sort(lacks)
	return lacks
}
