package web

import (
	"fmt"

	"parley/kanban"
	"parley/sync/view"
)

// What is said of limits of work in progress.

// gauge is a limit as it is drawn: how many cards count against it, of how many.
type gauge struct{ view.Limit }

// gaugeOf is the limit of a column, nil where it has none.
func gaugeOf(c view.Column) *gauge {
	if c.WIP == 0 {
		return nil
	}
	return &gauge{view.Limit{Scope: kanban.ScopeColumn, Key: string(c.Key), Name: c.Name, WIP: c.WIP, Hard: c.WIPHard, Count: c.All}}
}

// limitGauge is any other limit, nil where there is none.
func limitGauge(l *view.Limit) *gauge {
	if l == nil {
		return nil
	}
	return &gauge{*l}
}

// ID names the limit on a page, and in the stream that keeps it true.
func (g gauge) ID() string { return kanban.Limit{Scope: g.Scope, Key: g.Key}.ID() }

// State is "", full or over.
func (g gauge) State() string { return loadOf(g.WIP, g.Count) }

// Kind is hard or soft.
func (g gauge) Kind() string {
	if g.Hard {
		return "hard"
	}
	return "soft"
}

// Words say how full it is, and what becomes of one more.
func (g gauge) Words() string {
	said := fmt.Sprintf("%d of %d", g.Count, g.WIP)
	if g.Scope != kanban.ScopeColumn {
		said += " in work"
	}
	switch g.State() {
	case "over":
		said += fmt.Sprintf(", %d over the %s limit", g.Count-g.WIP, g.Kind())
	case "full":
		said += ", the " + g.Kind() + " limit is reached"
	default:
		said += ", a " + g.Kind() + " limit"
	}
	if g.Hard {
		return said + ": moves on the board beyond it are refused"
	}
	return said + ": more is shown as over it, and not refused"
}
