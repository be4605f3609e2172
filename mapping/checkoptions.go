package mapping

import (
	"fmt"
	"slices"
	"strings"

	"parley/connectors"
	"parley/kanban"
)

// checkOptions holds the configured options of a field against those that the GitHubs
// have: unlike a label, an option is not made by being set.
func (b *builder) checkOptions(f kanban.Field) {
	s := b.optionsOf(f)
	if s == nil {
		return
	}
	var asked []connectors.OptionField
	for _, t := range b.github {
		if has, ok := t.options(f); ok {
			asked = append(asked, has)
			b.warnUnclaimedOptions(t, s, has)
		} else if _, held := t.Fields[f]; held {
			return // one that could not be asked may have them all
		}
	}
	if len(asked) == 0 {
		return
	}
	for _, sel := range s.selectors {
		if len(sel.labels) > 0 {
			b.refuseOption(s, sel, asked)
		}
	}
}

// optionsOf is the scale of a field that is held in options, nil where there is none.
func (b *builder) optionsOf(f kanban.Field) *labelScale {
	for _, s := range []scale{b.rules.paired[f], b.rules.options[f]} {
		if l, ok := s.(*labelScale); ok && l.mark == optionPrefix {
			return l
		}
	}
	return nil
}

// options is what a GitHub tells of the field that it holds f in; false where it holds f
// in labels or could not be asked.
func (t tracker) options(f kanban.Field) (connectors.OptionField, bool) {
	if t.dir == nil {
		return connectors.OptionField{}, false
	}
	if _, held := t.Fields[f]; !held {
		return connectors.OptionField{}, false
	}
	at := slices.IndexFunc(t.dir.Fields, func(o connectors.OptionField) bool { return o.Of == string(f) && o.Problem == "" })
	if at < 0 {
		return connectors.OptionField{}, false
	}
	return t.dir.Fields[at], true
}

func has(names []string, folded string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return fold(n) == folded })
}

// refuseOption reports an option that none of the fields has.
func (b *builder) refuseOption(s *labelScale, sel selector, asked []connectors.OptionField) {
	var all, parts []string
	for _, o := range asked {
		if has(o.Options, sel.labels[0]) {
			return
		}
		all = append(all, o.Options...)
		parts = append(parts, fmt.Sprintf("%s has in %s: %s", o.Holder, quote(o.Name), or(list(o.Options), "none")))
	}
	name := s.spelled(sel.labels[0])
	b.errorf(sel.path, or(meant(name, all), "write one of these, or add it there"), "there is no option %s; %s", quote(name), strings.Join(parts, "; "))
}

// warnUnclaimedOptions names what issues can have and nothing in the configuration claims.
func (b *builder) warnUnclaimedOptions(t tracker, s *labelScale, has connectors.OptionField) {
	var names []string
	for _, name := range has.Options {
		if _, claimed := s.family[fold(name)]; !claimed {
			names = append(names, quote(name))
		}
	}
	if len(names) > 0 && len(s.family) > 0 {
		b.warnf(t.path+"."+string(s.field), "add them to a "+noun(s.field)+" if they are used",
			"no %s lists the options %s of %s; such cards are shown as unmapped and left alone", noun(s.field), list(names), has.Holder)
	}
}
