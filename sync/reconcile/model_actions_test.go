package reconcile

import (
	"encoding/binary"
	"fmt"
	"slices"

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
	doGlimpse
)

// action is one step: who or what, and how far or which value.
type action struct {
	verb verb
	side kanban.Side
	n    int8   // entry, or write
	v    string // native or value
}

// actions lists what can happen next, people first.
func (sc *scope) actions(w *world, out []action) []action {
	out = out[:0]
	if w.used.edits > 0 {
		out = sc.wishes(w, out)
	}
	for _, s := range kanban.Sides {
		for k := w.folded(s) + 1; k <= len(w.log[s]); k++ {
			out = append(out, action{verb: doRead, side: s, n: int8(k)})
		}
		if w.used.glimpses > 0 && w.native(s) != w.state.Sides[s].Native && w.state.Sides[s].Seq < int64(len(w.log[s])) {
			out = append(out, action{verb: doGlimpse, side: s})
		}
	}
	crash := false
	for i := range w.ops {
		out = sc.fates(w, i, out)
		crash = crash || w.ops[i].State == Sending
	}
	if crash && w.used.doubts > 0 {
		out = append(out, action{verb: doCrash})
	}
	return out
}

// wishes lists what people may do.
func (sc *scope) wishes(w *world, out []action) []action {
	for _, s := range kanban.Sides {
		for _, n := range sc.edits[s] {
			if kanban.Native(n) != w.native(s) {
				out = append(out, action{verb: doPut, side: s, v: string(n)})
			}
		}
	}
	for _, v := range sc.board {
		if kanban.Value(v) != w.state.Agreed || w.state.Frozen != Thawed {
			out = append(out, action{verb: doChoose, v: string(v)})
		}
	}
	return out
}

// fates lists what can become of a write.
func (sc *scope) fates(w *world, i int, out []action) []action {
	op, n := &w.ops[i], int8(i)
	add := func(v verb) { out = append(out, action{verb: v, side: op.Side, n: n}) }
	if op.State == Planned {
		add(doSend)
	}
	if op.flying {
		add(doLand)
		if w.used.drops > 0 {
			add(doDrop)
		}
	}
	if op.State == Sending && w.used.doubts > 0 {
		add(doDoubt)
	}
	over := !op.flying && w.folded(op.Side) == len(w.log[op.Side])
	if op.State == Uncertain || op.State == Sending && (op.lost || over) {
		add(doLook)
	}
	return out
}

// do makes a step into a new world.
func (sc *scope) do(w *world, a action) *world {
	w = w.clone()
	switch a.verb {
	case doPut:
		sc.put(w, a.side, kanban.Native(a.v))
	case doChoose:
		sc.choose(w, kanban.Value(a.v))
	case doRead:
		sc.read(w, a.side, int(a.n))
	case doSend:
		w.send(int(a.n))
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
	case doGlimpse:
		sc.glimpse(w, a.side)
	}
	return w
}

func (w *world) describe(a action) string {
	name := [...]string{"Jira", "GitHub"}[a.side]
	switch a.verb {
	case doPut:
		return fmt.Sprintf("a person sets %s to %s", name, a.v)
	case doChoose:
		return "a person sets the board to " + a.v
	case doRead:
		return fmt.Sprintf("Parley reads %s up to entry %d", name, a.n)
	case doCrash:
		return "Parley crashes"
	case doGlimpse:
		return fmt.Sprintf("Parley reads the state of %s before its history", name)
	}
	op := &w.ops[a.n]
	what := map[verb]string{doSend: "leaves", doLand: "takes effect", doDrop: "is lost", doDoubt: "gets no answer", doLook: "is looked up"}[a.verb]
	return fmt.Sprintf("write %d (%s := %s) %s", op.id, name, op.To, what)
}

// key is everything that can still make a difference, so that two worlds with the
// same key need to be followed only once.
func (sc *scope) key(w *world, b []byte) []byte {
	num := func(n int) { b = binary.AppendVarint(b, int64(n)) }
	str := func(s string) { b = append(append(b, s...), 0) }
	when := func(s int8, at int) int { return int(sc.time(s, at).Sub(w.state.At).Seconds()) }
	st := &w.state
	str(string(st.Agreed))
	str(string(st.Frozen))
	num(when(0, w.now))
	num(int(st.Version - st.Changed))
	num(int(w.support()))
	for _, s := range kanban.Sides {
		sd := &st.Sides[s]
		str(string(sd.Native))
		num(int(st.Version - sd.Seen))
		num(int(sd.Ahead.Sub(st.At).Seconds()) * bit(!sd.Ahead.IsZero()))
		num(bit(sd.Half) | bit(sd.Ours)<<1)
		if sd.Alone != nil {
			str(string(sd.Alone.Native) + sd.Alone.Source)
		}
		num(bit(sd.Refused != nil && sd.Refused.Version == st.Version))
		for _, e := range w.log[s][w.folded(s):] {
			str(string(e.native))
			num(when(int8(s), e.at))
			num(slices.IndexFunc(w.ops, func(o write) bool { return o.id == e.op }))
			num(int(e.shows))
		}
		num(int(w.log[s][len(w.log[s])-1].shows))
		num(int(w.log[s][w.folded(s)-1].shows))
		str(string(w.native(s)))
	}
	for i := range w.ops {
		o := &w.ops[i]
		str(string(o.State))
		str(string(o.To))
		str(string(o.From))
		num(int(o.Side)<<4 | bit(o.flying) | bit(o.Proved)<<1 | bit(o.lost)<<2)
		num(int(st.Version - o.Version))
		num(int(o.carries))
	}
	for i, e := range w.edits {
		num(int(e.side))
		if gone := w.over.has(i) && !w.kept.has(i); !gone {
			str(string(e.native))
			str(string(e.value))
		}
	}
	num(int(w.over)<<8 | int(w.kept))
	num(bit(w.asked) | w.sent<<1)
	num(w.used.edits<<12 | w.used.drops<<8 | w.used.doubts<<4 | w.used.glimpses)
	num(w.spent)
	return b
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
