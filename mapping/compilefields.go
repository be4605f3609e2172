package mapping

import (
	"fmt"
	"maps"
	"slices"

	"parley/kanban"
)

// gitHubSide is how the issues of one GitHub are read: beside a Jira issue, and alone.
type gitHubSide struct{ paired, alone map[kanban.Field]scale }

// entrySelector is a selector as it was read from its entry.
type entrySelector struct {
	selector
	entry    entry
	spelling []string
}

// marks lists how the GitHubs hold a field: in labels, in options, or some in these and
// some in those. Where there is no GitHub it is labels.
func (b *builder) marks(f kanban.Field) []string {
	var marks []string
	for _, t := range b.github {
		mark := labelPrefix
		if _, held := t.Fields[f]; held {
			mark = optionPrefix
		}
		if !slices.Contains(marks, mark) {
			marks = append(marks, mark)
		}
	}
	slices.Sort(marks) // labels come first
	if marks == nil {
		marks = []string{labelPrefix}
	}
	return marks
}

// selectors reads the entries of a field. One that asks for what no GitHub holds the field
// in would never match.
func (b *builder) selectors(f kanban.Field, own []entry) []entrySelector {
	var read []entrySelector
	marks := b.marks(f)
	for _, e := range own {
		sel, spelling, err := parseSelector(e.text, f)
		if err != nil {
			b.errorf(e.path, selectorHelp(f), "%v", err)
			continue
		}
		if sel.mark != "" && !slices.Contains(marks, sel.mark) && len(b.github) > 0 {
			b.wrongMark(f, e, sel.mark)
			continue
		}
		sel.value, sel.path = e.value, e.path
		read = append(read, entrySelector{sel, e, spelling})
	}
	return read
}

func (b *builder) wrongMark(f kanban.Field, e entry, mark string) {
	key := fmt.Sprintf("%s.%s", b.github[0].path, f)
	if mark == labelPrefix {
		b.twicef(e.path, key, "write option:NAME, or "+string(f)+` = "labels" there`,
			"%s asks for a label, and GitHub's %s is held in a field", quote(e.text), f)
		return
	}
	b.errorf(e.path, "write label:NAME, or say where the field is: "+string(f)+` = "project" or "field" in [[github]]`,
		"%s asks for an option, and GitHub's %s is held in labels", quote(e.text), f)
}

// spread gives each GitHub the scales by which it holds its fields.
func (b *builder) spread() {
	b.rules.gitHub, b.rules.weak = map[string]gitHubSide{}, map[string]map[kanban.Field]FieldConfig{}
	for _, t := range b.github {
		side := gitHubSide{b.rules.paired, b.rules.alone}
		for f := range t.Fields {
			if b.rules.options[f] == nil {
				continue
			}
			side.paired, side.alone = maps.Clone(side.paired), maps.Clone(side.alone)
			side.paired[f], side.alone[f] = b.rules.options[f], b.optionsAlone[f]
		}
		b.rules.gitHub[t.Name], b.rules.weak[t.Name] = side, t.Fields
		b.warnWeak(t)
	}
	for _, f := range kanban.Fields {
		b.checkOptions(f)
	}
}

// holder is where a field of options is, in words.
func (c FieldConfig) holder() string {
	if c.Project == "" {
		return "the field " + quote(c.Name) + " of the organisation"
	}
	return "the field " + quote(c.Name) + " of the project " + c.Project
}

// warnWeak says of a field without a history what cannot be promised for it.
func (b *builder) warnWeak(t tracker) {
	for _, f := range kanban.Fields {
		if held, ok := t.Fields[f]; ok {
			b.warnf(t.path+"."+string(f), "nothing to do; labels have a history, if that matters more",
				"GitHub keeps no history of %s, so nobody is named as the author of a %s, and an edit that a write of Parley's goes over before it was read is lost without a conflict on record", held.holder(), f)
		}
	}
}
