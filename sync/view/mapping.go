package view

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// Mapped is one value of a tracker and what it means to the board.
type Mapped struct {
	Side    string       // jira, github
	Tracker string       // "" of a value that no card has
	Field   kanban.Field // status, priority
	Native  string       // in the tracker's words
	Means   string       // the board's words, "" where it means nothing
	Opinion string       // says, no opinion, unmapped, ambiguous
	Cards   int
	Reach   string // of a Jira status: whether a workflow leads there, in words
}

// Mapping lists the values of status and priority that cards have, or could be given, and
// what they mean by the running rules: first those that mean nothing. It is for ops; to
// others there is none. Where the policy keeps a tracker's words from ops, the list does.
func (v *Sight) Mapping(ctx context.Context) ([]Mapped, error) {
	if v.Viewer.Audience != AudienceOps {
		return nil, nil
	}
	t := tabulation{Sight: v, eng: v.Engine(), rows: map[value]*Mapped{}, flows: map[[3]string]bool{}}
	if err := v.eachCard(ctx, t.add); err != nil {
		return nil, err
	}
	t.addWritten()
	if err := t.reach(ctx); err != nil {
		return nil, err
	}
	g := v.Policy.grant(v.Viewer, false, false)
	return slices.DeleteFunc(t.sorted(), func(m Mapped) bool { return !g.native(m.Side) }), nil
}

// ReadsTrackers reports whether the policy shows the viewer what both trackers say in their
// own words, as findings about a mapping quote them.
func (v *Sight) ReadsTrackers() bool {
	g := v.Policy.grant(v.Viewer, false, false)
	return g.jira && g.detail
}

// value names a row.
type value struct {
	side   kanban.Side
	field  kanban.Field
	native kanban.Native
}

// tabulation counts cards by what their issues show.
type tabulation struct {
	*Sight
	eng   *engine.Engine
	rows  map[value]*Mapped
	flows map[[3]string]bool // tracker, project, issue type
}

func (t *tabulation) add(c *engine.Card) {
	for _, s := range kanban.Sides {
		side := c.Sides[s]
		if side == nil {
			continue
		}
		if s == kanban.Jira {
			t.flows[[3]string{side.Issue.Tracker, side.Issue.Container, side.Issue.Type}] = true
		}
		for _, f := range kanban.Fields {
			native := t.eng.Rules.Native(side.Issue, f)
			m, opinion := t.eng.Machine(c, f).Lens.Back(s, f, native, "")
			row := t.row(value{s, f, native}, opinion, m)
			row.Cards++
			row.Tracker = side.Issue.Tracker
		}
	}
}

func (t *tabulation) row(of value, opinion kanban.Opinion, m kanban.Value) *Mapped {
	row := t.rows[of]
	if row == nil {
		row = &Mapped{Side: of.side.String(), Field: of.field, Native: t.eng.Rules.Describe(of.side, of.field, of.native), Opinion: opinion.String()}
		t.rows[of] = row
	}
	if opinion == kanban.Says {
		row.Means = t.value(of.field, m)
	}
	return row
}

// addWritten adds what would be written for a column or priority that no card shows.
func (t *tabulation) addWritten() {
	var names [2]string
	for _, tr := range t.Trackers {
		for _, s := range kanban.Sides {
			if tr.Kind == s.String() && names[s] == "" {
				names[s] = tr.Name
			}
		}
	}
	lens, l := t.eng.Rules.Lens(names[kanban.Jira], names[kanban.GitHub]), t.eng.Rules.Layout()
	add := func(f kanban.Field, m kanban.Value) {
		for _, s := range kanban.Sides {
			if to := lens.Forward(s, f, m, ""); len(to) > 0 && names[s] != "" {
				t.row(value{s, f, to[0]}, kanban.Says, m)
			}
		}
	}
	for _, c := range l.Columns {
		add(kanban.FieldStatus, kanban.Value(c.Key))
	}
	for _, p := range l.Priorities {
		add(kanban.FieldPriority, kanban.Value(p.Key))
	}
}

// reach tells of each Jira status how many of the workflows that are known lead there.
func (t *tabulation) reach(ctx context.Context) error {
	var known [][]store.Edge
	for flow := range t.flows {
		edges, err := t.Source.Edges(ctx, flow[0], flow[1], flow[2])
		if err != nil {
			return err
		}
		if len(edges) > 0 {
			known = append(known, edges)
		}
	}
	for of, row := range t.rows {
		if of.side != kanban.Jira || of.field != kanban.FieldStatus {
			continue
		}
		status, _ := t.eng.Rules.JiraTarget(of.native)
		n := 0
		for _, edges := range known {
			if slices.ContainsFunc(edges, func(e store.Edge) bool { return e.To == status }) {
				n++
			}
		}
		row.Reach = reachWords(n, len(known), len(t.flows))
	}
	return nil
}

// reachWords says in how many of the workflows that are known a status is led to.
func reachWords(n, known, all int) string {
	switch {
	case known == 0:
		return "no workflow was seen yet"
	case n == 0 && known == all:
		return "no workflow leads there"
	case n == 0:
		return fmt.Sprintf("none of %d workflows seen leads there", known)
	case n == known && known == all:
		return "yes"
	default:
		return fmt.Sprintf("in %d of %d workflows seen", n, known)
	}
}

// sorted puts what means nothing first, then the order of the board.
func (t *tabulation) sorted() []Mapped {
	l := t.eng.Rules.Layout()
	place := func(m Mapped) int {
		for i, c := range l.Columns {
			if m.Field == kanban.FieldStatus && c.Name == m.Means {
				return i
			}
		}
		for i, p := range l.Priorities {
			if m.Field == kanban.FieldPriority && p.Name == m.Means {
				return i
			}
		}
		return -1
	}
	trouble := func(m Mapped) int {
		return slices.Index([]string{kanban.Unmapped.String(), kanban.Ambiguous.String(), kanban.Says.String(), kanban.Silent.String()}, m.Opinion)
	}
	out := make([]Mapped, 0, len(t.rows))
	for _, m := range t.rows {
		out = append(out, *m)
	}
	slices.SortFunc(out, func(a, b Mapped) int {
		return cmp.Or(cmp.Compare(b.Field, a.Field), cmp.Compare(trouble(a), trouble(b)), cmp.Compare(place(a), place(b)), cmp.Compare(b.Side, a.Side), cmp.Compare(a.Native, b.Native))
	})
	return out
}
