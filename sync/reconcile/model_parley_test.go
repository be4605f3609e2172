package reconcile

import (
	"fmt"
	"slices"
	"time"

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
		if op.state.Sent() {
			return
		}
		if o := op.op(); want != nil && o.Follows(*want) {
			op.from = o.From
			return
		}
		op.state = Cancelled // and forgotten, unless its first step was taken
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
		id: w.ids, side: s, value: want.Value, from: want.From, to: want.Targets[0],
		version: want.Version, state: Planned, carries: w.support(),
	})
	last := w.log[s][w.folded(s)-1]
	if last.native != want.From {
		return // a later state is known than its history; what lies between is recorded with that
	}
	victims := last.shows.less(w.safe)
	for i, e := range w.edits {
		if victims.has(i) && !sc.means(e, want.Value) {
			w.failf("P12: a write was planned over edit %d before its conflict was recorded", i+1)
		}
	}
}

func (w *world) failf(format string, args ...any) {
	if w.wrong == "" {
		w.wrong = fmt.Sprintf(format, args...)
	}
}

func (w *world) open(s kanban.Side) int {
	return slices.IndexFunc(w.ops, func(o write) bool { return o.side == s && o.state.Open() })
}

// prune forgets closed writes that can leave no trace any more.
func (w *world) prune() {
	w.ops = slices.DeleteFunc(w.ops, func(o write) bool {
		return !o.state.Open() && !o.flying && !w.coming(o)
	})
}

// coming reports whether a write's trace is in the history and was not read yet.
func (w *world) coming(o write) bool {
	return slices.ContainsFunc(w.log[o.side][w.folded(o.side):], func(e logged) bool { return e.op == o.id })
}

// send lets a planned write's next request leave. That it was checked a moment before
// only makes less happen than here, where the picture may be as old as it likes.
func (sc *scope) send(w *world, i int) {
	op := &w.ops[i]
	if !op.left && !(sc.stepwise(op.side) && op.from == halfway(op.to)) {
		w.sent++ // two requests on one way are one write
	}
	op.final = op.half || !sc.stepwise(op.side) || op.from == halfway(op.to)
	op.state, op.sentAt, op.flying, op.left = Sending, w.now, true, true
}

// stepwise reports whether a write to a side takes two requests: a label is put on,
// then another taken off.
func (sc *scope) stepwise(s kanban.Side) bool { return sc.steps && s == kanban.GitHub }

// halfway is what a side holds between the two: both labels.
func halfway(to kanban.Native) kanban.Native {
	switch to {
	case "a":
		return "x>a"
	case "b":
		return "x>b"
	default:
		return "x>c"
	}
}

// land lets a request take effect, be it late.
func (sc *scope) land(w *world, i int) {
	op := &w.ops[i]
	op.flying = false
	if !op.state.Open() {
		w.spent++ // it was given up, and its late effect has to be mended once more
	}
	last := w.log[op.side][len(w.log[op.side])-1]
	to, shows := sc.effect(op, last)
	if last.native == to {
		w.prune() // a tracker records nothing where nothing changes
		return
	}
	w.now++
	w.append(op.side, logged{native: to, at: w.now, op: op.id, shows: shows})
}

// effect is what a request makes of what stands there, and whose edits one reads then.
func (sc *scope) effect(op *write, last logged) (kanban.Native, set) {
	half := halfway(op.to)
	switch {
	case !sc.stepwise(op.side):
		return op.to, op.carries
	case !op.final && last.native != op.to:
		return half, last.shows
	case op.final && last.native == half:
		return op.to, op.carries
	case op.final && last.native == op.from:
		return silent, 0 // somebody took the new label off again, and the old one goes with it
	default:
		return last.native, last.shows
	}
}

// ack is the answer to the first of two requests: the second may follow.
func (sc *scope) ack(w *world, i int) {
	w.ops[i].state, w.ops[i].half = Planned, true
	sc.settle(w)
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
	w.ops[i].state = Uncertain
}

// crash forgets everything but the journal: what was being sent has an unknown fate.
func (w *world) crash() {
	w.used.doubts--
	for i := range w.ops {
		if w.ops[i].state == Sending {
			w.ops[i].state = Uncertain
			w.spent++
		}
	}
}

// look decides what became of a write by what was read of its side.
func (sc *scope) look(w *world, i int) {
	op := &w.ops[i]
	if there := w.state.Sides[op.side].Native; sc.machine().Reached(op.op(), there) {
		sc.correct(w, op.side, there, 0)
	} else {
		op.state = Dead
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
	if i := w.open(s); i >= 0 && w.ops[i].state.Sent() && w.ops[i].to != last.native {
		return // our own write may be the explanation: its entry is waited for
	}
	sc.correct(w, s, last.native, last.shows)
	sc.settle(w)
}

// remap is a change of the mapping that changes nothing, at a moment when the issues
// were seen and their histories were not.
func (sc *scope) remap(w *world) {
	w.used.remaps--
	w.spent += 2 // on each side somebody's edit may be taken for one that had not seen the other
	var natives [2]kanban.Native
	var ahead [2]time.Time
	for _, s := range kanban.Sides {
		natives[s] = w.native(s)
		if w.folded(s) < len(w.log[s]) {
			ahead[s] = sc.time(int8(s), w.log[s][len(w.log[s])-1].at)
		}
	}
	var begun [2]bool
	for _, op := range w.ops {
		begun[op.side] = begun[op.side] || op.state.Sent() || op.state.Open() && op.half
	}
	state, out := sc.machine().Remap(w.state, natives, ahead, begun, func(kanban.Value) bool { return true })
	w.state = state
	sc.note(w, out, 0)
	sc.settle(w)
}
