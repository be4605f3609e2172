package mapping

import (
	"fmt"
	"strings"

	"parley/kanban"
)

// partition splits the entries of a field into those that name tracker values and,
// per value, the owners whose values it shares through "same:KEY".
func (b *builder) partition(side kanban.Side, f kanban.Field) (own []entry, shared owners, shares map[kanban.Value][]kanban.Value) {
	shared, shares = owners{}, map[kanban.Value][]kanban.Value{}
	for _, v := range b.keys(f) {
		shared[v] = []kanban.Value{v}
	}
	owns := map[kanban.Value]bool{}
	var same []entry
	for _, e := range b.entries(side, f) {
		if key, ok := strings.CutPrefix(e.text, samePrefix); ok {
			e.text = strings.TrimSpace(key)
			same = append(same, e)
			continue
		}
		own, owns[e.value] = append(own, e), true
	}
	for _, e := range same {
		owner := kanban.Value(e.text)
		if !owns[owner] || owner == e.value {
			b.badSame(side, f, e, owns)
			continue
		}
		shared[owner] = append(shared[owner], e.value)
		shares[e.value] = append(shares[e.value], owner)
	}
	return own, shared, shares
}

func (b *builder) badSame(side kanban.Side, f kanban.Field, e entry, owns map[kanban.Value]bool) {
	var names []string
	for _, v := range b.keys(f) {
		if owns[v] && v != e.value {
			names = append(names, string(v))
		}
	}
	fix := or(meant(e.text, names), "name a "+noun(f)+" that lists values of its own")
	b.errorf(e.path, fix, "%s%s shares with no other %s that lists %s values", samePrefix, e.text, noun(f), side)
}

// wanted completes what each value writes: its own, then what it shares.
func wanted[T any](own map[kanban.Value][]T, shares map[kanban.Value][]kanban.Value) map[kanban.Value][]T {
	all := make(map[kanban.Value][]T, len(own))
	for v, ts := range own {
		all[v] = append(all[v], ts...)
	}
	for v, owners := range shares {
		for _, o := range owners {
			all[v] = append(all[v], own[o]...)
		}
	}
	return all
}

// warnOneWay declares what one of the trackers cannot show (law W).
func (b *builder) warnOneWay() {
	for _, f := range kanban.Fields {
		for _, side := range kanban.Sides {
			if len(bySide(side, b.jira, b.github)) > 0 {
				b.warnOneWayOf(f, side)
			}
		}
	}
}

// warnOneWayOf names the values that a side lists nothing for, and those of which one
// Jira among several has nothing that is listed.
func (b *builder) warnOneWayOf(f kanban.Field, side kanban.Side) {
	here, there := b.listed(side, f), b.listed(side.Other(), f)
	if len(here) == 0 && len(there) > 0 {
		b.warnf(noun(f)+"[0]", "list "+side.String()+" values, if it should", "%s cannot show any %s: cards keep their %s %s", side, noun(f), side, f)
		return
	}
	lacks := make([][]string, len(b.jira))
	for i, v := range b.keys(f) {
		if !here[v] && there[v] {
			b.warnf(fmt.Sprintf("%s[%d]", noun(f), i), "list "+side.String()+` values, or "same:KEY", if it should`,
				"%s cannot show %s %s: cards there keep their %s %s", side, noun(f), quote(string(v)), side, f)
		}
		for k, t := range b.jira {
			if s, _ := b.rules.jira[t.Name][f].(*optionScale); side == kanban.Jira && here[v] && !s.offline && len(s.wants[v]) == 0 {
				lacks[k] = append(lacks[k], quote(string(v)))
			}
		}
	}
	for k, names := range lacks {
		if len(names) > 0 {
			b.warnf(b.jira[k].path, "list one of its values, if it should", "%s cannot show %s %s: it has none of the values listed there, and cards keep theirs",
				b.jira[k].Name, noun(f), list(names))
		}
	}
}

// listed reports which values of a field have entries for a side.
func (b *builder) listed(side kanban.Side, f kanban.Field) map[kanban.Value]bool {
	in := map[kanban.Value]bool{}
	for _, e := range b.entries(side, f) {
		in[e.value] = true
	}
	return in
}
