package engine

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"parley/kanban"
	"parley/sync/reconcile"
)

// askFor changes the card on the board; it must work.
func (d *desk) askFor(f kanban.Field, to kanban.Value, key string) {
	d.t.Helper()
	st, _, refused := d.eng.Ask(d.card, Intent{Key: key, Card: d.card.ID, Field: f, To: to, Actor: "lea", At: d.now})
	if refused != nil {
		d.t.Fatalf("%s to %s: %v", f, to, refused)
	}
	d.keep(st)
}

// undo takes a change back.
func (d *desk) undo(key string) *Refusal {
	d.t.Helper()
	st, _, refused := d.eng.Undo(d.card, Undo{Key: key, Actor: "lea", At: d.now})
	if refused == nil {
		d.keep(st)
	}
	return refused
}

// begin works until a first write was sent, which takes some seconds of the ten.
func (d *desk) begin() {
	d.t.Helper()
	for sent := d.sent; d.sent == sent; {
		q := d.next()
		if q == nil {
			d.t.Fatalf("nothing is sent:\n%s", d.story())
		}
		now := d.now
		ev := d.perform(*q)
		d.soon(now)
		d.step(ev)
	}
}

// soon sets the clock to a second after now, and what was done since to the same time: on
// this desk an edit takes 20 seconds.
func (d *desk) soon(now time.Time) {
	d.now = now.Add(time.Second)
	for _, s := range kanban.Sides {
		for i := range d.entries[s] {
			if e := &d.entries[s][i]; e.At.After(d.now) {
				e.At, d.issue[s].Updated = d.now, d.now
			}
		}
	}
}

// open lists the writes that are under way or waited for.
func (d *desk) open() []reconcile.Op {
	var out []reconcile.Op
	for _, op := range d.card.Ops {
		if op.State.Open() {
			out = append(out, op)
		}
	}
	return out
}

func TestUndoOfWhatWasNotSentSendsNothing(t *testing.T) {
	t.Parallel()
	for _, write := range []bool{true, false} {
		d := paired(t)
		d.eng.Write = write
		before := d.eng.Face(&d.card)
		d.now = d.now.Add(time.Minute)
		d.askFor(kanban.FieldStatus, "doing", "one")
		if len(d.open()) != 2 {
			t.Fatalf("%d writes are planned, want 2", len(d.open()))
		}
		d.now = d.now.Add(9999 * time.Millisecond)
		d.record = Record{}
		rev := d.card.Rev
		if refused := d.undo("one"); refused != nil {
			t.Fatal(refused)
		}
		if d.work(); d.sent > 0 || len(d.open()) > 0 {
			t.Errorf("%d requests were sent, %d writes are open; want none", d.sent, len(d.open()))
		}
		if diff := cmp.Diff(before, d.eng.Face(&d.card), cmpopts.IgnoreFields(kanban.Card{}, "Rev", "Past.Touched")); diff != "" || d.card.Rev != rev+1 {
			t.Errorf("revision %d after %d, the card (-want +got):\n%s", d.card.Rev, rev, diff)
		}
		if a := d.record.Activity; len(a) != 1 || a[0].Kind != DidUndo || a[0].Actor != "lea" || a[0].Op != "one" || a[0].Text != "taken back: status: doing → todo" {
			t.Errorf("activity %+v", a)
		}
	}
}

func TestUndoOfWhatWasSentSetsItBack(t *testing.T) {
	t.Parallel()
	d := paired(t)
	d.askFor(kanban.FieldStatus, "doing", "one")
	d.begin()
	if refused := d.undo("one"); refused != nil {
		t.Fatal(refused)
	}
	d.work()
	d.expect(kanban.FieldStatus, "todo", "1", "open")
	if refused := d.undo("one"); refused == nil {
		t.Error("the same was taken back twice")
	}
}

func TestUndoOfAPriorityThatWasNotThere(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.card = d.lone(kanban.GitHub)
	d.askFor(kanban.FieldPriority, "high", "one")
	if refused := d.undo("one"); refused != nil || d.card.Priority.Agreed != "" || len(d.open()) > 0 {
		t.Fatalf("%v, priority %q, %d writes; want none again", refused, d.card.Priority.Agreed, len(d.open()))
	}
	d.askFor(kanban.FieldPriority, "high", "two")
	d.begin()
	if refused := d.undo("two"); refused == nil || refused.Stale || !strings.HasPrefix(refused.Reason, "it was written already, and cannot be set back: ") {
		t.Errorf("refusal %+v, want that no value stands for none", refused)
	}
}

func TestUndoOfABlock(t *testing.T) {
	t.Parallel()
	d := paired(t)
	_, _ = d.block("it", "hot", "one")
	_, _ = d.block("third", "hotter", "two")
	if refused := d.undo("one"); refused == nil || !refused.Stale {
		t.Errorf("refusal %+v, want that it was changed since", refused)
	}
	if refused := d.undo("two"); refused != nil || d.card.Block == nil || d.card.Block.Reason != "hot" {
		t.Errorf("%v, %+v, want the first block again", refused, d.card.Block)
	}
	if refused := d.undo("one"); refused != nil || d.card.Block != nil {
		t.Errorf("%v, %+v, want no block", refused, d.card.Block)
	}
	_, _ = d.block("it", "hot", "three")
	_, _ = d.block("", "", "four")
	d.record = Record{}
	if refused := d.undo("four"); refused != nil || d.card.Block == nil {
		t.Errorf("%v, %+v, want the block again", refused, d.card.Block)
	}
	if e := d.record.Events; len(e) != 1 || e[0].Changes[0].To != "it" || d.record.Activity[0].Kind != DidUndo {
		t.Errorf("events %+v, activity %+v", e, d.record.Activity)
	}
}

func TestUndosThatAreRefused(t *testing.T) {
	t.Parallel()
	status := kanban.FieldStatus
	move := func(d *desk) { d.askFor(status, "doing", "one") }
	for _, c := range []struct {
		name          string
		do            func(*desk)
		undo          Undo
		reason        string
		stale, denied bool
	}{
		{"nothing done", func(*desk) {}, Undo{Actor: "lea"}, "it can be taken back for 10 seconds only", false, false},
		{"idle", func(d *desk) { d.askFor(status, "todo", "one") }, Undo{Actor: "lea"}, "it can be taken back for 10 seconds only", false, false},
		{"too late", func(d *desk) { move(d); d.now = d.now.Add(UndoFor) }, Undo{Actor: "lea"}, "it can be taken back for 10 seconds only", false, false},
		{"somebody else's", move, Undo{Actor: "mia"}, "somebody else did it", false, true},
		{"nobody's", move, Undo{}, "somebody else did it", false, true},
		{"an old picture", move, Undo{Actor: "lea", Rev: 99}, "the card has changed meanwhile", true, false},
		{"moved again", func(d *desk) { move(d); d.askFor(status, "review", "two") }, Undo{Actor: "lea"}, "Status was changed again since", true, false},
		{"and back", func(d *desk) { move(d); d.askFor(status, "todo", "two"); d.askFor(status, "doing", "three") }, Undo{Actor: "lea"}, "Status was changed again since", true, false},
		{"changed in Jira", func(d *desk) {
			move(d)
			now := d.now
			d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "3"))
			d.soon(now)
			d.poll(kanban.Jira)
		}, Undo{Actor: "lea"}, "Status was changed again since", true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := paired(t)
			c.do(d)
			c.undo.Key, c.undo.At = "one", d.now
			_, _, refused := d.eng.Undo(d.card, c.undo)
			if refused == nil || !strings.HasPrefix(refused.Reason, c.reason) || refused.Stale != c.stale || refused.Denied != c.denied {
				t.Errorf("refusal %+v, want %q", refused, c.reason)
			}
		})
	}
	d := paired(t)
	move(d)
	if _, _, refused := d.eng.Undo(d.card, Undo{Key: "one", Anybody: true, At: d.now}); refused != nil {
		t.Errorf("an ops lead: %v", refused)
	}
}

// TestUndoAsksAgain: a move that ended a conflict for a person to decide leaves it open again.
func TestUndoAsksAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.issue[kanban.GitHub].Labels = []string{"review"}
	d.card = d.lone(kanban.Jira)
	step, _, err := d.eng.Pair(d.card, d.lone(kanban.GitHub), Pairing{}, d.now)
	if err != nil {
		t.Fatal(err)
	}
	d.keep(step)
	asked := d.card.Asking[0]
	d.askFor(kanban.FieldStatus, "done", "one")
	if len(d.card.Asking) > 0 {
		t.Fatal("the conflict is open still")
	}
	d.record = Record{}
	if refused := d.undo("one"); refused != nil {
		t.Fatal(refused)
	}
	if len(d.card.Asking) != 1 || d.card.Asking[0] != asked || d.card.Status.Frozen != reconcile.FrozenAsk {
		t.Errorf("asking %+v, frozen %q, want %+v and ask", d.card.Asking, d.card.Status.Frozen, asked)
	}
	if c := d.record.Conflicts; len(c) != 1 || c[0].ID != asked.Conflict || c[0].State != reconcile.ConflictOpen {
		t.Errorf("conflicts %+v, want it open", c)
	}
}

func TestDeedsAreForgotten(t *testing.T) {
	t.Parallel()
	d := paired(t)
	for i := range 20 {
		d.askFor(kanban.FieldPriority, []kanban.Value{"high", "low"}[i%2], string(rune('a'+i)))
	}
	if len(d.card.Deeds) != maxDeeds {
		t.Errorf("%d changes are remembered, want %d", len(d.card.Deeds), maxDeeds)
	}
	d.now = d.now.Add(UndoFor)
	d.step(Resumed{})
	if len(d.card.Deeds) > 0 {
		t.Errorf("%d changes are remembered after ten seconds", len(d.card.Deeds))
	}
}

// TestUndoRestores: whatever happened before, a change that is taken back at once leaves the
// card, what is asked and what is to be written as they were.
func TestUndoRestores(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := &storm{desk: paired(rt)}
		w.known, w.begun = memory{}, map[kanban.Field][2]kanban.Native{}
		w.ways["9"], w.ways["1"] = []string{"1", "2"}, []string{"2", "9"}
		for range rapid.IntRange(0, 12).Draw(rt, "steps") {
			w.something(rt)
		}
		w.lag, w.fail, w.deaf = 0, nil, nil
		w.step(Resumed{})
		before, face, wants := w.card, w.eng.Face(&w.card), planned(w.card)
		f := rapid.SampledFrom(kanban.Fields[:]).Draw(rt, "field")
		v := map[kanban.Field][]kanban.Value{kanban.FieldStatus: {"todo", "doing", "review", "done"}, kanban.FieldPriority: {"high", "medium", "low"}}[f]
		st, _, refused := w.eng.Ask(w.card, Intent{Key: "last", Field: f, To: rapid.SampledFrom(v).Draw(rt, "value"), Actor: "lea", At: w.now})
		if refused != nil || len(st.Card.Deeds) == 0 || st.Card.Deeds[len(st.Card.Deeds)-1].Key != "last" || st.Card.Field(f).Version != before.Field(f).Version+1 {
			return // refused, idle, or taken back at once because no tracker takes it
		}
		w.keep(st)
		if refused := w.undo("last"); refused != nil {
			rt.Fatalf("undo: %v\n%s", refused, w.story())
		}
		after := w.eng.Face(&w.card)
		ignore := cmpopts.IgnoreFields(kanban.Card{}, "Rev", "Pending", "Past.Touched")
		if diff := cmp.Diff(face, after, ignore); diff != "" {
			rt.Errorf("the card (-want +got):\n%s\n%s", diff, w.story())
		}
		if diff := cmp.Diff(wants, planned(w.card)); diff != "" {
			rt.Errorf("what is to be written (-want +got):\n%s\n%s", diff, w.story())
		}
		if diff := cmp.Diff(before.Asking, w.card.Asking, cmpopts.EquateEmpty()); diff != "" {
			rt.Errorf("what is asked (-want +got):\n%s", diff)
		}
	})
}

// planned is what the card's open writes are to bring, by field and side.
func planned(c Card) map[string]string {
	out := map[string]string{}
	for _, op := range c.Ops {
		if op.State.Open() {
			out[string(op.Field)+" "+op.Side.String()] = string(op.To)
		}
	}
	return out
}

// TestUndoIsForTheSideOfTheChange: what somebody did for a side is taken back for that side,
// whoever takes it back, before it was sent and afterwards. Of a change of which nobody knows
// for whom it was, it is for the side of who takes it back.
func TestUndoIsForTheSideOfTheChange(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ did, undoes, want kanban.Party }{
		{kanban.Business, kanban.IT, kanban.Business}, {kanban.IT, kanban.Business, kanban.IT}, {"", kanban.IT, kanban.IT}, {kanban.Business, "", kanban.Business}, {"", "", ""},
	} {
		for _, sent := range []bool{false, true} {
			d := paired(t)
			step, _, refused := d.eng.Ask(d.card, Intent{Key: "one", Card: d.card.ID, Field: kanban.FieldStatus, To: "doing", Actor: "olu", Side: c.did, At: d.now})
			if refused != nil {
				t.Fatal(refused)
			}
			d.keep(step)
			if sent {
				d.begin()
			}
			d.record = Record{}
			step, _, refused = d.eng.Undo(d.card, Undo{Key: "one", Actor: "ana", Side: c.undoes, Anybody: true, At: d.now})
			if refused != nil {
				t.Fatal(refused)
			}
			if e := step.Record.Events; len(e) != 1 || kanban.BoardSide(e[0].SourceID) != c.want {
				t.Errorf("done for %q and taken back for %q, sent %v: %+v, want it for %q", c.did, c.undoes, sent, e, c.want)
			}
		}
	}
}
