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
	b.rules.options, b.optionsAlone = map[kanban.Field]scale{}, map[kanban.Field]scale{}
	places := labelPlaces{}
	for _, f := range kanban.Fields {
		own, shared, shares := b.partition(kanban.GitHub, f)
		read := b.selectors(f, own)
		for n, mark := range b.marks(f) {
			s := b.labelScale(f, mark, read, places)
			s.shared, s.wants = shared, wanted(s.wants, shares)
			alone := *s
			alone.alone = true
			s.remember()
			alone.remember()
			if n == 0 {
				b.rules.paired[f], b.rules.alone[f] = s, &alone
			} else {
				b.rules.options[f], b.optionsAlone[f] = s, &alone
			}
		}
	}
	b.warnNewLabels()
}

// labelPlaces remembers which value of which field first named a label.
type labelPlaces map[string]labelPlace

type labelPlace struct {
	field kanban.Field
	entry entry
}

// labelScale makes the scale of one mark, of the selectors that have it or none.
func (b *builder) labelScale(f kanban.Field, mark string, read []entrySelector, places labelPlaces) *labelScale {
	s := &labelScale{field: f, mark: mark, family: map[string]string{}, wants: map[kanban.Value][]selector{}}
	for _, sel := range read {
		if sel.mark != "" && sel.mark != mark {
			continue
		}
		if mark == labelPrefix {
			b.takeLabels(f, sel.entry, sel.spelling, places)
		}
		b.takeSelector(s, sel.selector)
		for _, name := range sel.spelling {
			if _, known := s.family[fold(name)]; !known {
				s.family[fold(name)] = name
			}
		}
		s.selectors, s.wants[sel.value] = append(s.selectors, sel.selector), append(s.wants[sel.value], sel.selector)
	}
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

// takeSelector refuses a selector that another value has already; those with labels are
// caught by their labels.
func (b *builder) takeSelector(s *labelScale, sel selector) {
	at := slices.IndexFunc(s.selectors, func(o selector) bool { return o.same(sel) && o.value != sel.value })
	if at < 0 || sel.mark == labelPrefix {
		return
	}
	first, what := s.selectors[at], quote(sel.state)
	if sel.mark == optionPrefix {
		what = strings.TrimPrefix(sel.state+plus, plus) + sel.mark + s.spelled(sel.labels[0])
	}
	b.twicef(sel.path, first.path, "keep it in one of them, or narrow one by "+s.narrower(),
		"%s is in %s %s and in %s %s", what, noun(s.field), quote(string(first.value)), noun(s.field), quote(string(sel.value)))
}

func selectorHelp(f kanban.Field) string {
	if f == kanban.FieldPriority {
		return `write "label:NAME"; several labels are joined by " + "; or "option:NAME" where the priority is held in a field`
	}
	return `write open, closed, closed:completed, closed:not_planned or closed:duplicate, then any " + label:NAME", or one " + option:NAME" where the status is held in a field`
}

// narrower is what tells two selectors of the same state apart.
func (s *labelScale) narrower() string {
	if s.mark == optionPrefix {
		return "an option or a close reason"
	}
	return "a label or a close reason"
}

// warnNewLabels names the labels that a repository lacks.
func (b *builder) warnNewLabels() {
	for _, t := range b.github {
		if t.dir == nil {
			continue
		}
		for k, repo := range t.Containers {
			have, known := t.dir.Labels[repo]
			if lacks := b.lacking(t, have); known && len(lacks) > 0 {
				b.warnf(fmt.Sprintf("%s.repos[%d]", t.path, k), "nothing to do, unless a name is mistyped",
					"%s has no label %s; what is needed will be created", repo, list(lacks))
			}
		}
	}
}

// lacking lists the configured labels that are not among have.
func (b *builder) lacking(t tracker, have []string) []string {
	folded := make(map[string]bool, len(have))
	for _, name := range have {
		folded[fold(name)] = true
	}
	var lacks []string
	for _, f := range kanban.Fields {
		s, _ := b.rules.paired[f].(*labelScale)
		if _, held := t.Fields[f]; held {
			continue
		}
		for key, name := range s.family {
			if !folded[key] {
				lacks = append(lacks, name)
			}
		}
	}
	slices.Sort(lacks)
	return lacks
}
