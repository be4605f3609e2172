package view

import (
	"fmt"
	"slices"
	"strings"

	"parley/kanban"
	"parley/sync/engine"
)

// told joins what the trackers' histories tell and Parley's own account. What both tell is
// told once: by the tracker where somebody else did it, with what it came to on the board.
func (t teller) told(events []kanban.Event, account []engine.Activity) []Moment {
	kept := slices.Clone(account)
	var out []Moment
	for _, e := range events {
		side := t.sideOf(e)
		if side == "" || strings.HasPrefix(e.SourceID, kanban.SourceBoard) { // of the latter the account tells
			continue
		}
		var did *engine.Activity
		kept, did = t.same(kept, e, side)
		if m, ok := t.event(e, side, did); ok {
			out = append(out, m)
		}
	}
	for i, a := range kept {
		out = append(out, t.deed(a, i))
	}
	return out
}

// sideOf is the side of an event's tracker, "" where its issue is none of the card's now
// and nothing of it is for this viewer.
func (t teller) sideOf(e kanban.Event) string {
	for _, s := range t.face.Card.Sides {
		if s.Tracker == e.Tracker {
			return s.Side
		}
	}
	return ""
}

// same takes the line of the account that tells of the same as an event out of it: of a
// change the line of that moment, of our own write the one that says it arrived.
func (t teller) same(account []engine.Activity, e kanban.Event, side string) ([]engine.Activity, *engine.Activity) {
	i := slices.IndexFunc(account, func(a engine.Activity) bool {
		switch {
		case a.Side != side || !touches(e, a.Field):
			return false
		case a.Kind == engine.DidWrite && e.Op != "" && a.Op != "":
			return e.Op == a.Op
		case a.Kind == engine.DidWrite: // the tracker's clock may be a little ahead
			return e.Own && a.At.After(e.At.Add(-together))
		default:
			return a.Kind == engine.DidChange && a.At.Equal(e.At)
		}
	})
	if i < 0 {
		return account, nil
	}
	did := account[i]
	return slices.Delete(account, i, i+1), &did
}

// touches reports whether an event is about a field of the board.
func touches(e kanban.Event, f kanban.Field) bool {
	set, _, _ := f.Element()
	return slices.ContainsFunc(e.Changes, func(c kanban.Change) bool {
		switch strings.ToLower(c.Field) {
		case kanban.ChangeStatus, kanban.ChangeResolution, kanban.ChangeState:
			return set == kanban.FieldStatus
		case kanban.ChangePriority:
			return set == kanban.FieldPriority
		case kanban.ChangeLabel:
			return set == kanban.FieldStatus || set == kanban.FieldPriority || set == kanban.FieldLabels
		case kanban.ChangeAssignee:
			return set == kanban.FieldAssignees
		case kanban.ChangeTitle, "summary":
			return set == kanban.FieldTitle
		default:
			return strings.HasPrefix(strings.ToLower(c.Field), kanban.ChangeDue) && set == kanban.FieldDue
		}
	})
}

// event tells an entry of a tracker's history; false where nothing of it is for the
// viewer. A change that the board followed is told also to those who may not read it:
// where the card stands everybody knows.
func (t teller) event(e kanban.Event, side string, did *engine.Activity) (Moment, bool) {
	if !t.grant.side(side) {
		return Moment{}, false
	}
	m := Moment{ID: "e-" + e.Tracker + "-" + e.SourceID, At: e.At, Where: side, Kind: MomentChanged, Own: e.Own}
	if !e.Own {
		m.Who = t.grant.names(engine.PersonName(t.rules(), side, e.Actor), t.face.Card)
	}
	for _, c := range e.Changes {
		if text := t.change(side, c); text != "" && !slices.Contains(m.Parts, text) {
			m.Parts = append(m.Parts, text)
		}
	}
	if key, col, ok := t.entered(e.At); ok && (did != nil && did.Field == kanban.FieldStatus || did == nil && touches(e, kanban.FieldStatus)) {
		m.Column, m.Mark = key, string(col.Category)
	}
	if e.Own {
		m.Mark = "wrote"
	}
	t.sentence(&m)
	return m, m.Text != ""
}

// sentence makes the text of a moment of its parts, and of where the card went.
func (t teller) sentence(m *Moment) {
	m.Text = strings.Join(m.Parts, "; ")
	to := t.value(kanban.FieldStatus, kanban.Value(m.Column))
	switch said := strings.ToLower(m.Text); {
	case m.Column == "":
	case m.Text == "":
		m.Text = "To " + to + " on the board"
	case !strings.Contains(said+";", "→ "+strings.ToLower(to)+";"):
		m.Text += " (board: " + to + ")"
	}
}

// deed tells a line of Parley's account.
func (t teller) deed(a engine.Activity, i int) Moment {
	l := t.line(a, t.face)
	m := Moment{ID: fmt.Sprintf("a-%d-%d", a.Seq, i), At: l.At, Where: l.Where, Who: l.Who, Kind: l.Kind, Text: Capital(l.Text)}
	switch a.Kind {
	case engine.DidWrite:
		m.Mark, m.Own = "wrote", true
	case engine.DidChange, engine.DidIntend:
		if key, col, ok := t.entered(a.At); ok && a.Field == kanban.FieldStatus {
			m.Column, m.Mark = key, string(col.Category)
		}
	case engine.DidRefuse, engine.DidClash, engine.DidFreeze, engine.DidProblem, engine.DidLose:
		m.Mark = "attention"
	default:
		if strings.HasPrefix(a.Kind, "block") {
			m.Mark = "blocked"
		}
	}
	return m
}
