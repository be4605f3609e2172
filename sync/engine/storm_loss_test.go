package engine

import (
	"time"

	"pgregory.net/rapid"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/reconcile"
)

// memory is every edit that was agreed at some time or is in a conflict record, by
// its history entry, or by side and value where a state was read before its history;
// and every value that was agreed, with the last moment at which it was.
type memory map[string]time.Time

func (m memory) note(es ...reconcile.Edit) {
	for _, e := range es {
		if e.Source != "" {
			m[e.Source] = e.At
		} else {
			m[e.Side+"="+string(e.Native)] = e.At
		}
	}
}

// remember notes what a step agreed on and recorded.
func (m memory) remember(st Step, now time.Time) {
	for _, f := range kanban.Fields {
		m[string(f)+":"+string(st.Card.Field(f).Agreed)] = now
		m.note(st.Card.Field(f).Support...)
	}
	for _, c := range st.Record.Conflicts {
		m.note(c.Loser, c.Winner)
		m.note(c.Support...)
	}
}

// nothingLost is P1 as far as the trackers alone show it: an edit that a write of
// ours went over was agreed before, or is on record.
func (w *storm) nothingLost(rt *rapid.T, f kanban.Field, s kanban.Side) {
	lens, issue := w.eng.lens(&w.card), w.issue[s]
	native := w.begun[f][s]
	var edit connectors.Entry
	var held kanban.Native
	for _, e := range w.entries[s] {
		next, touched := lens.Apply(s, f, native, w.eng.Rules.Event(issue.Tracker, issue.ID, e).Changes)
		if !touched || next == native {
			continue
		}
		native = next
		if !e.Own {
			edit, held = e, next
			continue
		}
		if _, opinion := lens.Back(s, f, held, ""); opinion == kanban.Ambiguous && w.card.Field(f).Frozen == reconcile.FrozenAmbiguous {
			continue // their two labels still stand there, and the card says so
		}
		if _, opinion := lens.Back(s, f, next, ""); opinion == kanban.Ambiguous {
			continue // a step that leaves the edit's labels beside ours has not gone over it yet
		}
		if edit.ID != "" && !w.known.keeps(lens, f, s, edit, held) {
			rt.Fatalf("%s of %s: %s (%q) went under our write, was never agreed and is on no record:\n%s", f, s, edit.ID, held, w.story())
		}
		edit = connectors.Entry{}
	}
}

// keeps reports whether an edit was taken in, or whoever went over it saw its value.
func (m memory) keeps(lens mapping.Lens, f kanban.Field, s kanban.Side, e connectors.Entry, n kanban.Native) bool {
	value, opinion := lens.Back(s, f, n, "")
	last, agreed := m[string(f)+":"+string(value)]
	_, byEntry := m[e.ID]
	_, byValue := m[s.String()+"="+string(n)]
	return opinion == kanban.Silent || byEntry || byValue || opinion == kanban.Says && agreed && !last.Before(e.At)
}
