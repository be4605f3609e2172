package engine

import (
	"fmt"

	"parley/kanban"
)

// Reach says whether an issue can be led to a status, as far as its workflow is known.
type Reach string

// Reaches.
const (
	ReachYes     Reach = "yes"     // it is there, or a way is known
	ReachNo      Reach = "no"      // all exits on the way are known, and none leads there
	ReachUnknown Reach = "unknown" // nobody has seen all exits yet
)

// Target is a column that a card could be moved to, or not.
type Target struct {
	Column kanban.ColumnKey
	OK     bool   // some tracker of the card can be led to show it, or may be
	Reach  Reach  // in Jira; ReachYes where the card has no issue there
	Reason string // why it cannot be moved there; where it can, which tracker will not follow
}

// Targets tells of every column but the present one whether a card could be moved there.
// known is what was seen of the workflow of its Jira issue.
func (e *Engine) Targets(c *Card, known []Edge) []Target {
	t := &turn{Engine: e, card: *c}
	var out []Target
	for _, col := range e.Rules.Layout().Columns {
		if col.Key != e.column(c) {
			out = append(out, t.target(col, known))
		}
	}
	return out
}

func (t *turn) target(col kanban.Column, known []Edge) Target {
	out := Target{Column: col.Key, Reach: ReachYes}
	if r := t.vet(Intent{Field: kanban.FieldStatus, To: kanban.Value(col.Key)}); r != nil {
		out.Reason = r.Reason
		return out
	}
	jira, github := t.holds(kanban.Jira, col.Key), t.holds(kanban.GitHub, col.Key)
	if len(jira) > 0 {
		out.Reach = t.reach(jira, known)
	}
	switch out.OK = len(github) > 0 || out.Reach != ReachNo; {
	case out.Reach == ReachNo:
		out.Reason = fmt.Sprintf("Jira's workflow has no way to %s from here", col.Name)
	case t.card.Paired() && len(jira) == 0:
		out.Reason = fmt.Sprintf("Jira cannot show %s; GitHub alone would", col.Name)
	case t.card.Paired() && len(github) == 0:
		out.Reason = fmt.Sprintf("GitHub cannot show %s; Jira alone would", col.Name)
	}
	if out.OK && out.Reach == ReachNo {
		out.Reason += "; GitHub alone would show it"
	}
	return out
}

// holds gives the native statuses by which a side of the card can show a column.
func (t *turn) holds(s kanban.Side, col kanban.ColumnKey) []kanban.Native {
	if t.card.Sides[s] == nil {
		return nil
	}
	return t.lens(&t.card).Forward(s, kanban.FieldStatus, kanban.Value(col), t.card.Status.Sides[s].Native)
}

// reach follows the known steps of a workflow from where the issue is, as far as a write
// would go.
func (t *turn) reach(targets []kanban.Native, known []Edge) Reach {
	wanted := map[string]bool{}
	for _, n := range targets {
		status, _ := t.Rules.JiraTarget(n)
		wanted[status] = true
	}
	exits, whole := map[string][]string{}, map[string]bool{}
	for _, e := range known {
		exits[e.From] = append(exits[e.From], e.To)
		whole[e.From] = whole[e.From] || e.Offered
	}
	met := map[string]bool{"": true} // an exit that nobody can take
	out := ReachNo
	front := []string{t.card.Sides[kanban.Jira].Issue.Status.ID}
	for range maxHops + 1 {
		var next []string
		for _, status := range front {
			switch {
			case wanted[status]:
				return ReachYes
			case met[status]:
				continue
			case !whole[status]:
				out = ReachUnknown
			}
			met[status] = true
			next = append(next, exits[status]...)
		}
		front = next
	}
	return out
}
