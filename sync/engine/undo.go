package engine

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"parley/kanban"
	"parley/sync/reconcile"
)

// UndoFor is how long a change made on the board can be taken back.
const UndoFor = 10 * time.Second

// maxDeeds is how many changes of a card are remembered so.
const maxDeeds = 8

// Deed is a change made on the board a moment ago, with what it was made to.
type Deed struct {
	Key    string           `json:"key"`
	Actor  string           `json:"actor,omitempty"`
	Side   kanban.Party     `json:"side,omitempty"` // for which the actor acted; "": not known
	Field  kanban.Field     `json:"field"`
	To     kanban.Value     `json:"to"`
	At     time.Time        `json:"at"`
	State  *reconcile.State `json:"was,omitempty"`    // of status or priority
	Asking []Question       `json:"asking,omitempty"` // that it answered
	Block  *Block           `json:"block,omitempty"`  // as it was before
	Sorted *Sorted          `json:"sorted,omitempty"` // likewise
	Met    bool             `json:"met,omitempty"`    // an edit in a tracker has met it
	// Counts tells of the hard limits that the card counted against no more afterwards how
	// many cards did, it among them, by kanban.Limit.ID.
	Counts map[string]int `json:"counts,omitempty"`
}

// Undo asks for a change made on the board to be taken back.
type Undo struct {
	Key     string        // of the change
	Card    kanban.CardID // on which it was made
	Rev     int64         // the revision the asker saw, 0: any
	Actor   string
	Side    kanban.Party // for which the actor acts, where it is not known for which the change was made
	Anybody bool         // the asker may take back what others did
	At      time.Time
}

// did remembers a change.
func (t *turn) did(d Deed) {
	d.At, d.Side = t.now, t.acting
	t.card.Deeds = append(t.card.Deeds, d)
	if n := len(t.card.Deeds); n > maxDeeds {
		t.card.Deeds = t.card.Deeds[n-maxDeeds:]
	}
}

// met notes that an edit in a tracker has met the changes of a field.
func (t *turn) met(f kanban.Field) {
	for i := range t.card.Deeds {
		if d := &t.card.Deeds[i]; d.Field == f {
			d.Met = true
		}
	}
}

// outlive ends what cannot be taken back any more. Deeds are in the order of their time.
func (t *turn) outlive() {
	for len(t.card.Deeds) > 0 && t.now.Sub(t.card.Deeds[0].At) >= UndoFor {
		t.card.Deeds = t.card.Deeds[1:]
	}
}

// Undo takes a change made on the board back: within ten seconds, and where nothing else
// has happened to the field since. What had not been sent of it is not sent; where a write
// had left, the card is set back as a person on the board would. It is for the side for which
// the change was made, whoever takes it back: else a request that its unit gave up would come
// back as one that IT has taken up again.
func (e *Engine) Undo(c Card, u Undo) (Step, IntentState, *Refusal) {
	t := e.turn(c, u.At)
	t.remap()
	t.widen()
	d, r := t.deed(u)
	if r != nil {
		return Step{}, "", r
	}
	t.acting = cmp.Or(d.Side, u.Side)
	t.card.Deeds = t.card.Deeds[:len(t.card.Deeds)-1]
	if d.Field == kanban.FieldBlocked {
		t.setBlock(d.Block, u.Actor, u.Key, DidUndo)
	} else if d.Field == kanban.FieldPlanned {
		t.setSorted(d.Sorted, u.Actor, u.Key, DidUndo)
	} else if r := t.revert(d, u); r != nil {
		return Step{}, "", r
	}
	t.settle()
	return t.done(c), t.progress(d.Field), nil
}

// deed finds the change to take back, the last one of the card as its own last, and says
// why it cannot be taken back.
func (t *turn) deed(u Undo) (Deed, *Refusal) {
	at := -1
	for i, d := range t.card.Deeds {
		if d.Key == u.Key {
			at = i
		}
	}
	late := fmt.Sprintf("it can be taken back for %d seconds only; they are over, or nothing was changed", int(UndoFor.Seconds()))
	if at < 0 || u.At.Sub(t.card.Deeds[at].At) >= UndoFor {
		return Deed{}, &Refusal{Reason: late}
	}
	d := t.card.Deeds[at]
	switch {
	case !u.Anybody && (u.Actor == "" || u.Actor != d.Actor):
		return d, &Refusal{Denied: true, Reason: "somebody else did it"}
	case u.Rev != 0 && u.Rev != t.card.Rev:
		return d, &Refusal{Stale: true, Reason: "the card has changed meanwhile"}
	case !t.stands(d, t.card.Deeds[at+1:]):
		return d, &Refusal{Stale: true, Reason: fmt.Sprintf("%s was changed again since", FieldName(d.Field))}
	}
	t.card.Deeds = append(append(t.card.Deeds[:at:at], t.card.Deeds[at+1:]...), d)
	return d, nil
}

// stands reports whether a field is as a change has left it.
func (t *turn) stands(d Deed, later []Deed) bool {
	for _, l := range later {
		if l.Field == d.Field {
			return false
		}
	}
	if d.Field == kanban.FieldBlocked {
		return d.To == "" && t.card.Block == nil || t.card.Block != nil && t.card.Block.Key == d.Key
	}
	if d.Field == kanban.FieldPlanned {
		return d.To == kanban.SortRules && t.card.Sorted == nil || t.card.Sorted != nil && t.card.Sorted.Key == d.Key
	}
	return !d.Met && t.card.Field(d.Field).Agreed == d.To && t.Machine(&t.card, d.Field).Standing(t.card.Field(d.Field), d.Key)
}

// revert gives a field the value that it had.
func (t *turn) revert(d Deed, u Undo) *Refusal {
	f, m, state := d.Field, t.Machine(&t.card, d.Field), t.card.Field(d.Field)
	text := fmt.Sprintf("taken back: %s: %s → %s", f, t.name(f, state.Agreed), t.name(f, d.State.Agreed))
	line := Activity{Kind: DidUndo, Actor: u.Actor, Side: reconcile.SideBoard, Field: f, Op: u.Key, Text: text}
	if back, ok := m.Revoke(state, *d.State, d.Key); ok && !t.left(f, state.Version) {
		t.card.put(f, back)
		t.unmove(d)
		t.decidedOn(f, t.now, u.Actor, undoKey(d.Key))
		t.reopen(d)
		t.log(line)
		return nil
	}
	if r := t.vet(Intent{Field: f, To: d.State.Agreed}); r != nil {
		return &Refusal{Reason: "it was written already, and cannot be set back: " + r.Reason}
	}
	back, out := m.Intend(state, d.State.Agreed, u.Actor, undoKey(u.Key), t.now)
	t.card.put(f, back)
	event := t.decidedOn(f, t.now, u.Actor, "")
	for _, o := range out {
		t.enters(f, stage{o.Now, o.Edit.At, u.Actor, event})
	}
	t.log(line)
	return nil
}

// undoKey names the taking back of a change.
func undoKey(key string) string { return "undo " + key }

// left reports whether a write of a version may have reached a tracker.
func (t *turn) left(f kanban.Field, version int64) bool {
	for i := range t.card.Ops {
		if op := &t.card.Ops[i]; op.Field == f && op.Version == version && !op.SentAt.IsZero() {
			return true
		}
	}
	return false
}

// unmove takes out of the card's past what a change has added to it.
func (t *turn) unmove(d Deed) {
	if d.State != nil && d.State.Agreed == d.To {
		return // it has added nothing
	}
	n := len(t.card.Steps)
	if d.Field == kanban.FieldStatus && n > 0 && t.card.Steps[n-1].Column == kanban.ColumnKey(d.To) && t.card.Steps[n-1].At.Equal(d.At) {
		t.card.Steps = t.card.Steps[:n-1]
	}
	n = len(t.card.Ranks)
	if d.Field == kanban.FieldPriority && n > 0 && t.card.Ranks[n-1].Priority == kanban.PriorityKey(d.To) && t.card.Ranks[n-1].At.Equal(d.At) {
		t.card.Ranks = slices.Delete(t.card.Ranks, n-1, n)
		if n == 1 {
			t.card.Ranks = nil
		}
	}
}

// reopen asks again what a change had answered.
func (t *turn) reopen(d Deed) {
	for _, q := range d.Asking {
		t.card.Asking = append(t.card.Asking, q)
		t.rec.Conflicts = append(t.rec.Conflicts, reconcile.Conflict{ID: q.Conflict, Card: t.card.ID, Field: q.Field, State: reconcile.ConflictOpen})
	}
}
