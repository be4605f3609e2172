package reconcile

import (
	"fmt"
	"slices"
	"strings"

	"parley/kanban"
)

// verb names what happens in one step of the world.
type verb uint8

const (
	doPut verb = iota
	doChoose
	doRead
	doSend
	doLand
	doDrop
	doDoubt
	doCrash
	doLook
	doAck
	doRemap
	doGlimpse
	doRegret
)

// action is one step: who or what, and how far or which value.
type action struct {
	verb verb
	side kanban.Side
	n    int8 // entry, or write
	v    byte // native or value
}

// letters are the names of natives and values.
var letters = func() (names [128]string) {
	for i := range names {
		names[i] = string(rune(i))
	}
	return names
}()

// actions lists what can happen next, people first.
func (sc *scope) actions(w *world, out []action) []action {
	out = out[:0]
	if w.used.edits > 0 {
		out = sc.wishes(w, out)
	}
	out = sc.regrets(w, out)
	for _, s := range kanban.Sides {
		for k := w.folded(s) + 1; k <= len(w.log[s]); k++ {
			out = append(out, action{verb: doRead, side: s, n: int8(k)})
		}
		if w.used.glimpses > 0 && w.native(s) != w.state.Sides[s].Native && w.state.Sides[s].Seq < int64(len(w.log[s])) {
			out = append(out, action{verb: doGlimpse, side: s})
		}
	}
	if w.used.remaps > 0 {
		out = append(out, action{verb: doRemap})
	}
	crash := false
	for i := range w.ops {
		out = sc.fates(w, i, out)
		crash = crash || w.ops[i].state == Sending
	}
	if crash && w.used.doubts > 0 {
		out = append(out, action{verb: doCrash})
	}
	return out
}

// wishes lists what people may do. Where b and c are nothing but two names, whoever
// first sets one of them sets b: the rest is the same with the names exchanged.
func (sc *scope) wishes(w *world, out []action) []action {
	first := sc.exchangeable() && !slices.ContainsFunc(w.edits, func(e edit) bool { return e.native+kanban.Native(e.value) != "a" })
	for _, s := range kanban.Sides {
		for _, n := range []byte(sc.edits[s]) {
			if kanban.Native(letters[n]) != w.native(s) && !(first && n == 'c') {
				out = append(out, action{verb: doPut, side: s, v: n})
			}
		}
	}
	for _, v := range []byte(sc.board) {
		if (kanban.Value(letters[v]) != w.state.Agreed || w.state.Frozen != Thawed) && !(first && v == 'c') {
			out = append(out, action{verb: doChoose, v: v})
		}
	}
	return out
}

// regrets lists what people may choose on the board and take back before a write of it has
// left. It costs nothing, for it is to change nothing.
func (sc *scope) regrets(w *world, out []action) []action {
	for _, v := range []byte(sc.regret) {
		if kanban.Value(letters[v]) != w.state.Agreed {
			out = append(out, action{verb: doRegret, v: v})
		}
	}
	return out
}

// exchangeable: the lens treats b and c alike, and so may everybody.
func (sc *scope) exchangeable() bool {
	for _, may := range []string{sc.edits[0], sc.edits[1], sc.board} {
		if strings.Contains(may, "b") != strings.Contains(may, "c") {
			return false
		}
	}
	return sc.plain
}

// fates lists what can become of a write.
func (sc *scope) fates(w *world, i int, out []action) []action {
	op, n := &w.ops[i], int8(i)
	add := func(v verb) { out = append(out, action{verb: v, side: op.side, n: n}) }
	if op.state == Planned {
		add(doSend)
	}
	if op.flying {
		add(doLand)
		if w.used.drops > 0 {
			add(doDrop)
		}
	}
	if op.state == Sending && w.used.doubts > 0 {
		add(doDoubt)
	}
	if op.state == Sending && sc.stepwise(op.side) && !op.final && !op.flying && !op.lost {
		add(doAck)
	}
	over := !op.flying && w.folded(op.side) == len(w.log[op.side])
	if op.state == Uncertain || op.state == Sending && (op.lost || over) {
		add(doLook)
	}
	return out
}

// do makes a step into a new world.
func (sc *scope) do(w *world, a action) *world {
	to := &world{}
	sc.into(to, w, a)
	return to
}

// into makes a step into a world that is overwritten.
func (sc *scope) into(to, from *world, a action) {
	from.copyTo(to)
	w := to
	switch a.verb {
	case doPut:
		sc.put(w, a.side, kanban.Native(letters[a.v]))
	case doChoose:
		sc.choose(w, kanban.Value(letters[a.v]))
	case doRegret:
		sc.takeBack(w, kanban.Value(letters[a.v]))
	case doRead:
		sc.read(w, a.side, int(a.n))
	case doSend:
		sc.send(w, int(a.n))
	case doLand:
		sc.land(w, int(a.n))
	case doDrop:
		w.drop(int(a.n))
	case doDoubt:
		w.doubt(int(a.n))
	case doCrash:
		w.crash()
	case doLook:
		sc.look(w, int(a.n))
	case doAck:
		sc.ack(w, int(a.n))
	case doRemap:
		sc.remap(w)
	case doGlimpse:
		sc.glimpse(w, a.side)
	}
}

func (w *world) describe(a action) string {
	name := [...]string{"Jira", "GitHub"}[a.side]
	switch a.verb {
	case doPut:
		return fmt.Sprintf("a person sets %s to %c", name, a.v)
	case doChoose:
		return "a person sets the board to " + letters[a.v]
	case doRegret:
		return "a person sets the board to " + letters[a.v] + " and takes it back"
	case doRead:
		return fmt.Sprintf("Parley reads %s up to entry %d", name, a.n)
	case doCrash:
		return "Parley crashes"
	case doRemap:
		return "the mapping is written anew"
	case doGlimpse:
		return fmt.Sprintf("Parley reads the state of %s before its history", name)
	}
	op := &w.ops[a.n]
	what := map[verb]string{doSend: "leaves", doLand: "takes effect", doDrop: "is lost", doDoubt: "gets no answer", doLook: "is looked up", doAck: "is answered: one more request"}[a.verb]
	return fmt.Sprintf("write %d (%s := %s) %s", op.id, name, op.to, what)
}
