package reconcile

import (
	"fmt"
	"slices"
	"strconv"

	"parley/kanban"
)

// settle is what the engine does after every step: it brings the journal in line
// with what the rules want.
func (sc *scope) settle(w *world) {
	wants := sc.machine().Plan(w.state)
	for _, s := range kanban.Sides {
		var want *Want
		for i := range wants {
			if wants[i].Side == s {
				want = &wants[i]
			}
		}
		sc.match(w, s, want)
	}
	w.prune()
}

func (sc *scope) match(w *world, s kanban.Side, want *Want) {
	if i := w.open(s); i >= 0 {
		op := &w.ops[i]
		if op.State.Sent() {
			return
		}
		if want != nil && op.Version == want.Version && op.From == want.From && slices.Contains(want.Targets, op.To) {
			return
		}
		w.ops = slices.Delete(w.ops, i, i+1) // cancelled, nothing was sent
	}
	switch {
	case want == nil:
	case len(want.Targets) == 0:
		w.state = Refuse(w.state, s, "cannot be shown", tick(0))
		if state, out, ok := sc.machine().Withdraw(w.state, tick(0)); ok {
			w.state = state
			sc.note(w, out, 0)
		}
	default:
		sc.plan(w, s, want)
	}
}

// plan journals a write. What it will overwrite has to be on record by then (P12),
// unless somebody saw it who chose otherwise.
func (sc *scope) plan(w *world, s kanban.Side, want *Want) {
	w.ids++
	w.ops = append(w.ops, write{
		Op: Op{ID: strconv.Itoa(w.ids), Field: kanban.FieldStatus, Side: s, Value: want.Value, From: want.From, To: want.Targets[0], Version: want.Version, State: Planned},
		id: w.ids, carries: w.support(),
	})
	last := w.log[s][w.folded(s)-1]
	if last.native != want.From {
		return // a later state is known than its history; what lies between is recorded with that
	}
	victims := last.shows.less(w.over).less(w.kept)
	for i, e := range w.edits {
		if victims.has(i) && !w.recorded(e) && !sc.excused(e) && !sc.means(e, want.Value) && sc.matters(e) {
			w.failf("P12: a write was planned over edit %d before its conflict was recorded", i+1)
		}
	}
}

// recorded reports whether the value that a person set on a side is on record, be it
// by another who set the same there.
func (w *world) recorded(e edit) bool {
	for i, other := range w.edits {
		if w.kept.has(i) && other == e {
			return true
		}
	}
	return false
}

// matters: an edit that names no value is nobody's choice that could get lost.
func (sc *scope) matters(e edit) bool {
	return e.side == onBoard || sc.lens[e.side].means[e.native].opinion != kanban.Silent
}

func (sc *scope) excused(e edit) bool { return sc.excuse.has(int(e.side)) }

func (w *world) failf(format string, args ...any) {
	if w.wrong == "" {
		w.wrong = fmt.Sprintf(format, args...)
	}
}

func (w *world) open(s kanban.Side) int {
	return slices.IndexFunc(w.ops, func(o write) bool { return o.Side == s && o.State.Open() })
}

// prune forgets closed writes that can leave no trace any more.
func (w *world) prune() {
	w.ops = slices.DeleteFunc(w.ops, func(o write) bool {
		return !o.State.Open() && !o.flying && !w.coming(o)
	})
}

// coming reports whether a write's trace is in the history and was not read yet.
func (w *world) coming(o write) bool {
	return slices.ContainsFunc(w.log[o.Side][w.folded(o.Side):], func(e logged) bool { return e.op == o.id })
}

// send lets a planned write's request leave. That it was checked a moment before
// only makes less happen than here, where the picture may be as old as it likes.
func (w *world) send(i int) {
	op := &w.ops[i]
	op.State, op.SentAt, op.flying = Sending, tick(w.now), true
	w.sent++
}

// land lets a request take effect, be it late.
func (sc *scope) land(w *world, i int) {
	op := &w.ops[i]
	op.flying = false
	if !op.State.Open() {
		w.spent++ // it was given up, and its late effect has to be mended once more
	}
	if w.native(op.Side) == op.To {
		w.prune() // a tracker records nothing where nothing changes
		return
	}
	w.now++
	w.append(op.Side, logged{native: op.To, at: w.now, op: op.id, shows: op.carries})
}

// drop lets a request vanish.
func (w *world) drop(i int) {
	w.used.drops--
	w.spent++
	w.ops[i].flying, w.ops[i].lost = false, true
	w.prune()
}

// doubt is a timeout: nobody hears what became of a request.
func (w *world) doubt(i int) {
	w.used.doubts--
	w.spent++
	w.ops[i].State = Uncertain
}

// crash forgets everything but the journal: what was being sent has an unknown fate.
func (w *world) crash() {
	w.used.doubts--
	for i := range w.ops {
		if w.ops[i].State == Sending {
			w.ops[i].State = Uncertain
			w.spent++
		}
	}
}

// look decides what became of a write by what was read of its side.
func (sc *scope) look(w *world, i int) {
	op := &w.ops[i]
	if w.state.Sides[op.Side].Native != op.To {
		op.State = Dead
	} else {
		sc.correct(w, op.Side, op.To, 0)
	}
	sc.settle(w)
}

// correct takes a value that was read into the state, as the engine does.
func (sc *scope) correct(w *world, s kanban.Side, n kanban.Native, by set) {
	ops := w.journal()
	at := sc.time(int8(s), w.log[s][len(w.log[s])-1].at)
	state, out := sc.machine().Correct(w.state, s, n, at, ops)
	w.state = state
	w.take(ops)
	sc.note(w, out, by)
}

// glimpse is a strong read of a tracker whose history lags behind its state.
func (sc *scope) glimpse(w *world, s kanban.Side) {
	w.used.glimpses--
	w.spent++ // what such a read gets wrong has to be mended
	last := w.log[s][len(w.log[s])-1]
	if i := w.open(s); i >= 0 && w.ops[i].State.Sent() && w.ops[i].To != last.native {
		return // our own write may be the explanation: its entry is waited for
	}
	sc.correct(w, s, last.native, last.shows)
	sc.settle(w)
}
