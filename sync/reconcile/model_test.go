package reconcile

import (
	"math/bits"
	"slices"
	"strconv"
	"time"

	"parley/kanban"
)

// The model: two trackers that each keep a true history, people who edit both and
// the board, and Parley, which is the code under test plus the journal as the engine
// keeps it. Everything that can go wrong on the way is an action of the world.

// set is a set of people's edits, by their number.
type set uint16

func (s set) with(i int) set   { return s | 1<<i }
func (s set) has(i int) bool   { return s&(1<<i) != 0 }
func (s set) less(t set) set   { return s &^ t }
func (s set) plus(t set) set   { return s | t }
func (s set) empty() bool      { return s == 0 }
func one(i int) set            { return set(0).with(i) }
func number(source string) set { return one(int(source[0] - '0')) } // there are never ten

// logged is one entry of a tracker's true history.
type logged struct {
	native kanban.Native
	at     int // true time, in ticks
	op     int // the write that made it; person if a person did
	shows  set // the edits whose value one reads there from now on
}

const person = -1

// edit is what a person did.
type edit struct {
	side   int8          // 0 Jira, 1 GitHub, 2 the board
	native kanban.Native // in a tracker
	value  kanban.Value  // on the board
}

const onBoard int8 = 2

// write is an op of the journal, as far as the rules look at it, and what became of
// its request in the world.
type write struct {
	id      int
	side    kanban.Side
	value   kanban.Value
	from    kanban.Native
	to      kanban.Native
	version int64
	state   OpState
	sentAt  int  // in ticks
	carries set  // the edits that stood behind the value
	flying  bool // the request is under way and will still take effect
	lost    bool // it will never take effect
	left    bool // a request has left
	half    bool // the first of two requests was answered
	final   bool // the request sent last was the second of two
	proved  bool
}

// world is one state of everything.
type world struct {
	state State
	log   [2][]logged
	ops   []write
	edits []edit
	safe  set // edits that cannot get lost: overwritten by a person who saw them, or on record
	asked bool
	now   int
	ids   int
	sent  int // writes
	spent int // faults so far
	used  budget
	wrong string // a property that broke on the way
}

// budget bounds what people and misfortune may do.
type budget struct {
	edits    int // in a tracker or on the board
	drops    int // requests that vanish
	doubts   int // requests whose outcome nobody hears of: timeouts, crashes
	glimpses int // reads that show a state before its history does
	remaps   int // changes of the mapping while history is unread
}

// scope is one check: the rules, the world they run in and how much may happen.
type scope struct {
	name    string
	lens    tables
	plain   bool // the lens knows nothing but its values: b and c can be exchanged
	policy  Policy
	skew    time.Duration // ε, what Parley believes
	clock   [3]int        // what the clocks of Jira, GitHub and the board are really off, in ticks
	start   [2]kanban.Native
	edits   [2]string // natives that people set
	board   string    // values that people choose on the board
	regret  string    // values that they choose there and take back
	noIDs   bool      // history carries no operation ids
	shared  bool      // people use Parley's own account
	steps   bool      // what is written to GitHub takes two requests: a label on, another off
	born    bool      // GitHub's issue was created by Parley, and nothing of it was read yet
	allowed budget
	excuse  set // sides whose edits need not survive: those that are not carried
}

func (sc *scope) machine() Machine {
	return Machine{Field: kanban.FieldStatus, Lens: sc.lens, Policy: sc.policy, Skew: sc.skew}
}

// time is a moment as a clock shows it.
func (sc *scope) time(of int8, at int) time.Time { return tick(at + sc.clock[of]) }

// begin is the world after first contact.
func (sc *scope) begin() *world {
	w := &world{used: sc.allowed, now: 10}
	m := sc.machine()
	for _, s := range kanban.Sides {
		w.log[s] = []logged{{native: sc.start[s], op: person}}
		if sc.born && s == kanban.GitHub {
			w.state = m.Adopt(w.state, s, sc.start[s], tick(0))
			w.state.Sides[s].Seq = 1 // it was created so: no entry tells of that
			sc.settle(w)
		} else {
			w.state, _ = m.Meet(w.state, s, sc.start[s], 1, tick(0))
		}
	}
	return w
}

// copyTo makes a copy that shares nothing that a step changes. Histories, edits and
// what the rules hold by pointer or slice are only ever replaced or appended to.
func (w *world) copyTo(c *world) {
	room := c.ops[:0]
	*c = *w
	c.ops = room
	c.ops = append(c.ops, w.ops...)
}

func (w *world) native(s kanban.Side) kanban.Native { return w.log[s][len(w.log[s])-1].native }

// folded is how much of a side's history Parley has.
func (w *world) folded(s kanban.Side) int { return int(w.state.Sides[s].Seq) }

// append adds an entry to a tracker's history without touching other worlds' copies.
func (w *world) append(s kanban.Side, e logged) { w.log[s] = append(slices.Clip(w.log[s]), e) }

// put lets a person set a value in a tracker. They overwrite what they see there.
func (sc *scope) put(w *world, s kanban.Side, n kanban.Native) {
	w.now++
	w.used.edits--
	before := w.log[s][len(w.log[s])-1]
	w.safe = w.safe.plus(before.shows).plus(sc.alike(w, s, before.native))
	w.append(s, logged{native: n, at: w.now, op: person, shows: one(len(w.edits))})
	sc.made(w, edit{side: int8(s), native: n})
}

// made adds a person's edit. One that names no value is nobody's choice that could
// get lost, and one on a side that is not carried need not survive.
func (sc *scope) made(w *world, e edit) {
	idle := e.side != onBoard && sc.lens[e.side].means[e.native].opinion == kanban.Silent
	if idle || sc.excuse.has(int(e.side)) {
		w.safe = w.safe.with(len(w.edits))
	}
	w.edits = append(slices.Clip(w.edits), e)
}

// alike are the edits whose value a person reads from a native, whoever wrote it.
func (sc *scope) alike(w *world, s kanban.Side, n kanban.Native) set {
	var out set
	for _, v := range allValues {
		if !sc.fits(s, v, n) {
			continue
		}
		for i, e := range w.edits {
			if !w.safe.has(i) && sc.means(e, v) {
				out = out.with(i)
			}
		}
	}
	return out
}

// allValues are the values of the model's boards.
var allValues = [...]kanban.Value{"a", "b", "c", "d", "e", "f"}

// fits is the lens' own relation: one reads v in n on this side. No opinion is read
// as the value that is written by having none.
func (sc *scope) fits(s kanban.Side, v kanban.Value, n kanban.Native) bool {
	at := sc.lens[s].means[n]
	if at.opinion == kanban.Silent {
		to, ok := sc.lens[s].writes[v]
		return ok && to == n
	}
	return at.opinion == kanban.Says && slices.Contains(at.values, v)
}

// means reports whether an edit is to be read as v.
func (sc *scope) means(e edit, v kanban.Value) bool {
	if e.side == onBoard {
		return e.value == v
	}
	return sc.fits(kanban.Side(e.side), v, e.native)
}

// choose lets a person set a value on the board, having seen its present revision:
// the agreed value and what both sides were last read to hold.
func (sc *scope) choose(w *world, v kanban.Value) {
	w.now++
	w.used.edits--
	saw := w.support()
	for _, s := range kanban.Sides {
		saw = saw.plus(w.log[s][w.folded(s)-1].shows)
	}
	for i, e := range w.edits {
		if sc.means(e, w.state.Agreed) && (e.side == onBoard || w.wasFolded(i)) {
			saw = saw.with(i)
		}
	}
	w.safe = w.safe.plus(saw)
	i := len(w.edits)
	sc.made(w, edit{side: onBoard, value: v})
	state, out := sc.machine().Intend(w.state, v, "p", names[i], sc.time(onBoard, w.now))
	w.state = state
	sc.note(w, out, 0)
	sc.settle(w)
}

// takeBack lets a person choose a value on the board and take it back at once: nobody has
// edited anything.
func (sc *scope) takeBack(w *world, v kanban.Value) {
	m, was, asked, safe := sc.machine(), w.state, w.asked, w.safe
	for i := range w.edits {
		w.safe = w.safe.with(i) // what is planned for the moment does not leave
	}
	w.state, _ = m.Intend(was, v, "p", "", sc.time(onBoard, w.now))
	sc.settle(w)
	w.safe = safe
	if w.state.Version != was.Version+1 {
		return // no side can show it, and it was taken back for that
	}
	back, ok := m.Revoke(w.state, was, "")
	if !ok {
		w.failf("what was just chosen cannot be taken back")
	}
	w.state, w.asked = back, asked
	sc.settle(w)
}

// wasFolded reports whether Parley has read a tracker's edit: it is not in what is
// still unread.
func (w *world) wasFolded(i int) bool {
	for _, s := range kanban.Sides {
		for _, e := range w.log[s][w.folded(s):] {
			if e.op == person && e.shows.has(i) {
				return false
			}
		}
	}
	return true
}

// support is the edits that stand behind the agreed value.
func (w *world) support() set {
	var out set
	for _, e := range w.state.Support {
		if e.Source != "" {
			out = out.plus(number(e.Source))
		}
	}
	return out
}

// event is an entry as the connector delivers it.
func (sc *scope) event(w *world, s kanban.Side, k int) kanban.Event {
	e := w.log[s][k]
	ev := kanban.Event{Seq: int64(k + 1), At: sc.time(int8(s), e.at), Changes: []kanban.Change{{Field: string(kanban.FieldStatus), To: string(e.native)}}}
	if e.op == person {
		ev.SourceID, ev.Own = sourceOf(e.shows), sc.shared
		return ev
	}
	ev.Own = true
	if !sc.noIDs {
		ev.Op = names[e.op]
	}
	return ev
}

// names are the names of edits and writes.
var names = func() (names [256]string) {
	for i := range names {
		names[i] = strconv.Itoa(i)
	}
	return names
}()

// sourceOf is the number of the only edit in a set.
func sourceOf(s set) string { return names[bits.TrailingZeros16(uint16(s))] }

// read folds a side's history up to its k-th entry: a read may well be stale.
func (sc *scope) read(w *world, s kanban.Side, k int) {
	var events []kanban.Event
	for i := w.folded(s); i < k; i++ {
		events = append(events, sc.event(w, s, i))
	}
	ops := w.journal()
	state, out := sc.machine().Fold(w.state, s, events, ops)
	w.state = state
	w.take(ops)
	sc.note(w, out, 0)
	sc.settle(w)
}

// journal is the writes as the rules take them.
func (w *world) journal() []Op {
	ops := make([]Op, len(w.ops))
	for i := range w.ops {
		ops[i] = w.ops[i].op()
	}
	return ops
}

func (o *write) op() Op {
	op := Op{ID: names[o.id], Field: kanban.FieldStatus, Side: o.side, Value: o.value, From: o.from, To: o.to, Version: o.version, State: o.state, Proved: o.proved}
	if o.left {
		op.SentAt = tick(o.sentAt)
	}
	return op
}

// take brings back what the rules have closed.
func (w *world) take(ops []Op) {
	for i := range ops {
		w.ops[i].state, w.ops[i].proved = ops[i].State, ops[i].Proved
	}
}

// note keeps what the rules recorded. An edit read off a state has no number in the
// record; it is the one that made the state.
func (sc *scope) note(w *world, out []Outcome, glimpsed set) {
	for _, o := range out {
		if o.Kind != Clashed {
			continue
		}
		c := o.Conflict
		w.asked = w.asked || c.State == ConflictOpen
		w.keep(glimpsed, c.Loser)
		if c.State == ConflictOpen || c.Winner == o.Edit {
			w.keep(glimpsed, c.Support...)
		}
	}
	for i := range w.state.Support {
		if e := &w.state.Support[i]; e.Source == "" && !glimpsed.empty() && e.Side != SideBoard {
			w.state.Support = slices.Clone(w.state.Support)
			w.state.Support[i].Source = sourceOf(glimpsed)
		}
	}
}

// keep takes note of edits that are on record. What was read off a state stands for
// everybody who has set the same there by then: which of them it was, no history tells.
func (w *world) keep(glimpsed set, edits ...Edit) {
	for _, e := range edits {
		if e.Source != "" {
			w.safe = w.safe.plus(number(e.Source))
		} else if e.Side != SideBoard && !glimpsed.empty() {
			w.safe = w.safe.plus(glimpsed)
			for i, same := range w.edits {
				if same.side != onBoard && kanban.Side(same.side).String() == e.Side && same.native == e.Native {
					w.safe = w.safe.with(i)
				}
			}
		}
	}
}
