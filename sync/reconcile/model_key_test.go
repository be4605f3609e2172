package reconcile

import (
	"slices"
	"time"

	"parley/kanban"
)

// Two worlds that can do the same from now on, and go wrong in the same ways, are
// followed only once. The key of a world leaves out, or puts in a common form, what
// cannot make a difference any more:
//
//   - An edit that is safe stays safe, so which one it was, and where it still shows,
//     is nothing. The others are renumbered in the order in which they were made.
//   - Versions are compared, and lowered by one at most, so only their order counts
//     and whether two are neighbours.
//   - Moments are compared with each other and with ε, so a gap wider than ε and than
//     the clocks lie apart is as good as one a tick wider than that.
//   - Histories count from what was read; a write is known by its place in the journal.
//
// What was spent is kept apart, see dominance.
type keyer struct {
	sc    *scope
	b     []byte
	names [16]int8 // of edits, by number; -1 where safe
	vs    [12]int64
	ts    [24]int64
}

// key describes everything but the budgets and the count of writes.
func (k *keyer) key(w *world) []byte {
	k.b = k.b[:0]
	k.edits(w)
	k.versions(w)
	k.moments(w)
	st := &w.state
	k.str(string(st.Agreed))
	k.str(string(st.Frozen))
	k.str(string(st.Before))
	k.set(w.support())
	onBoards := len(st.Support) > 0 && st.Support[len(st.Support)-1].Side == SideBoard
	k.num(bit(onBoards) | bit(len(st.Support) > 0)<<1 | bit(w.asked)<<2)
	for _, s := range kanban.Sides {
		k.side(w, s)
	}
	for i := range w.ops {
		k.write(&w.ops[i])
	}
	return k.b
}

func (k *keyer) num(n int) { k.b = append(k.b, byte(n)) }

func (k *keyer) str(s string) { k.b = append(append(k.b, byte(len(s))), s...) }

// set writes the edits of a set that may still get lost.
func (k *keyer) set(s set) {
	out := 0
	for i := 0; s != 0; i, s = i+1, s>>1 {
		if s&1 != 0 && k.names[i] >= 0 {
			out |= 1 << k.names[i]
		}
	}
	k.num(out)
}

func (k *keyer) edits(w *world) {
	k.num(len(w.edits))
	n := int8(0)
	for i, e := range w.edits {
		k.names[i] = -1
		if w.safe.has(i) {
			continue
		}
		k.names[i] = n
		n++
		k.num(int(e.side))
		k.str(string(e.native) + string(e.value))
	}
	k.num(0xff)
}

// versions writes the versions of everything, ranked.
func (k *keyer) versions(w *world) {
	st := &w.state
	v := append(k.vs[:0], st.Version, st.Changed, st.Sides[0].Seen, st.Sides[1].Seen)
	for i := range w.ops {
		v = append(v, w.ops[i].version)
	}
	k.ranks(v, 3)
}

// moments writes the times that can still be compared: of the agreement, of what was
// read ahead, of now by every clock, and of what was not read.
func (k *keyer) moments(w *world) {
	st := &w.state
	v := append(k.ts[:0], ticks(st.At))
	for c := range k.sc.clock {
		v = append(v, ticks(k.sc.time(int8(c), w.now)))
	}
	for _, s := range kanban.Sides {
		sd := &st.Sides[s]
		if sd.Ahead.IsZero() {
			v = append(v, 0)
		} else {
			v = append(v, ticks(sd.Ahead))
		}
		if sd.Alone != nil {
			v = append(v, ticks(sd.Alone.At))
		}
		from := w.folded(s)
		if w.sending(s) {
			from = min(from, len(w.log[s])-1) // a look-up is as of the last update
		}
		for _, e := range w.log[s][from:] {
			v = append(v, ticks(k.sc.time(int8(s), e.at)))
		}
	}
	spread := slices.Max(k.sc.clock[:]) - slices.Min(k.sc.clock[:])
	k.ranks(v, int64(max(int(k.sc.skew/time.Second), spread))+1)
}

func (w *world) sending(s kanban.Side) bool {
	i := w.open(s)
	return i >= 0 && w.ops[i].state.Sent()
}

func ticks(t time.Time) int64 { return int64(t.Sub(epoch) / time.Second) }

// ranks writes numbers so that their order is kept, and gaps up to a width.
func (k *keyer) ranks(v []int64, gap int64) {
	k.num(len(v))
	var sorted [24]int64
	s := append(sorted[:0], v...)
	slices.Sort(s)
	for _, x := range v {
		rank, last := int64(0), s[0]
		for _, y := range s {
			if y > x {
				break
			}
			rank += min(y-last, gap)
			last = y
		}
		k.num(int(rank))
	}
}

func (k *keyer) side(w *world, s kanban.Side) {
	sd := &w.state.Sides[s]
	k.str(string(sd.Native))
	k.num(bit(sd.Half) | bit(sd.Ours)<<1 | bit(sd.Refused != nil)<<2 | bit(sd.Refused != nil && sd.Refused.Version == w.state.Version)<<3 |
		bit(sd.Alone != nil)<<4 | bit(sd.Ahead.IsZero())<<5 | bit(sd.Unshown)<<6)
	if a := sd.Alone; a != nil {
		k.str(string(a.Native))
		k.str(string(a.Value))
		if a.Source != "" {
			k.set(number(a.Source))
		} else {
			k.num(0xfe)
		}
	}
	log := w.log[s]
	k.str(string(log[len(log)-1].native))
	k.set(log[len(log)-1].shows)
	k.set(log[w.folded(s)-1].shows)
	k.str(string(log[w.folded(s)-1].native))
	k.num(len(log) - w.folded(s))
	for _, e := range log[w.folded(s):] {
		k.str(string(e.native))
		k.num(w.place(e.op))
		k.set(e.shows)
	}
}

// place is where a write stands in the journal.
func (w *world) place(id int) int {
	if id == person {
		return 0xfd
	}
	for i := range w.ops {
		if w.ops[i].id == id {
			return i
		}
	}
	return 0xfc
}

func (k *keyer) write(o *write) {
	k.str(string(o.state))
	k.str(string(o.to))
	if !o.state.Sent() || k.sc.steps {
		k.str(string(o.from)) // else what was sent is not held against a plan any more
	}
	k.num(int(o.side)<<6 | bit(o.flying) | bit(o.proved)<<1 | bit(o.lost)<<2 | bit(o.left)<<3 | bit(o.half)<<4 | bit(o.final)<<5)
	k.set(o.carries)
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// spending is what a world may still afford. A world with the same key that may
// afford no more, and has written no more, can do nothing that the other cannot.
type spending struct {
	place int  // which faults are left
	over  int8 // writes beyond what they may cost
}

const places = 2 * 3 * 2 * 2

func (w *world) spending(limit int) spending {
	return spending{place: min(w.used.drops, 1) + 2*min(w.used.doubts, 2) + 6*min(w.used.glimpses, 1) + 12*min(w.used.remaps, 1), over: int8(w.sent - limit)}
}

// dominance is the spendings of the worlds with one key that were followed: per
// faults left, how far over the limit they were, and unmet where there was none.
type dominance [places]int8

const unmet = -128

// follows reports whether some world with the same key could do all this one can.
func (d *dominance) follows(s spending) bool {
	drops, doubts, glimpses, remaps := s.place%2, s.place/2%3, s.place/6%2, s.place/12
	for i, over := range d {
		if over >= s.over && i%2 >= drops && i/2%3 >= doubts && i/6%2 >= glimpses && i/12 >= remaps {
			return true
		}
	}
	return false
}
