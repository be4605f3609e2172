package engine

import (
	"fmt"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/reconcile"
)

// take turns what a fold decided into the record: activity, conflicts, and the
// step of the card's journey.
func (t *turn) take(f kanban.Field, outcomes []reconcile.Outcome) {
	for _, o := range outcomes {
		switch o.Kind {
		case reconcile.Moved, reconcile.Settled:
			t.moved(f, o)
		case reconcile.Clashed:
			t.clashed(f, o)
		case reconcile.Confirmed:
			t.log(Activity{Kind: DidWrite, Side: o.Edit.Side, Field: f, Op: o.Op,
				Text: fmt.Sprintf("%s now shows %s", product(o.Side), t.Rules.Describe(o.Side, f, o.Edit.Native))})
		case reconcile.Froze:
			t.log(Activity{Kind: DidFreeze, Actor: o.Edit.Actor, Side: o.Edit.Side, Field: f, Text: t.frozen(f, o)})
		}
	}
}

func (t *turn) moved(f kanban.Field, o reconcile.Outcome) {
	if o.Was == o.Now && o.Kind == reconcile.Moved && o.Edit.Side != reconcile.SideBoard {
		return // another native value of the same meaning
	}
	kind, now := DidChange, stage{o.Now, o.Edit.At, o.Edit.Actor, t.told(o.Edit)}
	if o.Edit.Side == reconcile.SideBoard {
		kind = DidIntend
		now.event = t.decidedOn(f, o.Edit.At, o.Edit.Actor, o.Edit.Source)
	}
	t.enters(f, now)
	t.log(Activity{At: o.Edit.At, Kind: kind, Actor: o.Edit.Actor, Side: o.Edit.Side, Field: f,
		Text: fmt.Sprintf("%s: %s → %s", f, t.name(f, o.Was), t.name(f, o.Now))})
}

func (t *turn) clashed(f kanban.Field, o reconcile.Outcome) {
	t.met(f)
	t.decidedOn(f, o.Edit.At, "", "")
	c := *o.Conflict
	c.ID, c.Card, c.Field = t.NewID(), t.card.ID, f
	t.rec.Conflicts = append(t.rec.Conflicts, c)
	if c.State == reconcile.ConflictOpen {
		t.card.Asking = append(t.card.Asking, Question{Conflict: c.ID, Field: f})
	}
	text := fmt.Sprintf("%s was changed in two places: %s and %s", f, t.name(f, c.Winner.Value), t.name(f, c.Loser.Value))
	if c.State == reconcile.ConflictOpen {
		text = fmt.Sprintf("%s differs: %s in %s; a person has to choose", f, t.name(f, c.Loser.Value), placeName(c.Loser.Side))
	}
	t.log(Activity{Kind: DidClash, Actor: o.Edit.Actor, Side: o.Edit.Side, Field: f, Text: text})
}

func (t *turn) frozen(f kanban.Field, o reconcile.Outcome) string {
	native := t.Rules.Describe(o.Side, f, o.Edit.Native)
	switch o.Freeze {
	case reconcile.FrozenUnmapped:
		return fmt.Sprintf("%s %q in %s is not in the configuration; it is left alone", f, native, product(o.Side))
	case reconcile.FrozenAmbiguous:
		return fmt.Sprintf("%s in %s says two things at once (%s); it is left alone", f, product(o.Side), native)
	default:
		return fmt.Sprintf("%s is left alone until a person chooses", f)
	}
}

func (t *turn) log(a Activity) {
	if a.At.IsZero() {
		a.At = t.now
	}
	a.Card = t.card.ID
	t.rec.Activity = append(t.rec.Activity, a)
}

// name is a board value in the words of the configuration.
func (t *turn) name(f kanban.Field, v kanban.Value) string { return ValueName(t.Rules.Layout(), f, v) }

// ValueName gives the words that the configuration has for a board value.
func ValueName(l kanban.Layout, f kanban.Field, v kanban.Value) string {
	switch f {
	case kanban.FieldStatus:
		if c, ok := l.Column(kanban.ColumnKey(v)); ok {
			return c.Name
		}
	case kanban.FieldPriority:
		if p, ok := l.Priority(kanban.PriorityKey(v)); ok {
			return p.Name
		}
	}
	if v == "" {
		return "nothing"
	}
	return string(v)
}

// PersonName is who an account belongs to by the configuration, else the account.
func PersonName(r *mapping.Rules, side, account string) string {
	if p, ok := r.Person(connectors.Kind(side), connectors.Person{ID: account}); ok {
		return p.Name
	}
	return account
}

func product(s kanban.Side) string { return placeName(s.String()) }

// placeName is where an edit was made, as people call it.
func placeName(side string) string {
	switch side {
	case "jira":
		return "Jira"
	case "github":
		return "GitHub"
	case reconcile.SideBoard:
		return "the board"
	default:
		return side
	}
}
