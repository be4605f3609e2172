package mapping

import (
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

// warnOneWay names the columns that one of the trackers cannot show. For priorities
// this is too common to be worth a word.
func (b *builder) warnOneWay() {
	for _, side := range kanban.Sides {
		if len(bySide(side, b.jira, b.github)) == 0 {
			continue
		}
		for i, c := range b.config.Columns {
			if len(bySide(side, c.Jira, c.GitHub)) == 0 && len(bySide(side, c.GitHub, c.Jira)) > 0 {
				b.warnf(columnPath(i), "list "+side.String()+` values, or "same:KEY", if it should`,
					"%s cannot show column %s: cards there keep their %s status", side, quote(c.Key), side)
			}
		}
	}
}
