package reconcile

import (
	"fmt"
	"hash/maphash"
	"os"
	"strings"
	"testing"
	"time"

	"parley/kanban"
)

// search walks every state of a scope, breadth first, so that the first violation
// found has the shortest way to it.
type search struct {
	*scope
	from  []int32 // per state: the one it was first reached from
	by    []action
	known map[uint64]dominance // by a hash of the key: 64 bits, and 10 million states, are a chance of 1 in 300,000
	seed  maphash.Seed
	calm  int // states in which nothing is left to happen by itself
	most  int // writes sent
	depth int // steps from first contact, all of whose states were seen
	left  int // states that were not followed when time was up
	keyer keyer
}

// explore walks a scope to its end, or until a moment if there is one.
func explore(sc *scope, until time.Time) (*search, error) {
	x := &search{scope: sc, known: map[uint64]dominance{}, seed: maphash.MakeSeed(), keyer: keyer{sc: sc}}
	first := sc.begin()
	x.fresh(first)
	x.from, x.by = []int32{-1}, []action{{}}
	level, ids := []*world{first}, []int32{0}
	var acts []action
	var to world
	for ; len(level) > 0; x.depth++ {
		var next []*world
		var nextIDs []int32
		for i, w := range level {
			if i%1000 == 0 && !until.IsZero() && time.Now().After(until) {
				x.left = len(level) - i + len(next)
				return x, nil
			}
			acts = sc.actions(w, acts)
			if err := x.verify(w, acts); err != nil {
				return x, x.trace(ids[i], err)
			}
			for _, a := range acts {
				sc.into(&to, w, a)
				if !x.fresh(&to) {
					continue
				}
				id := int32(len(x.from))
				x.from, x.by = append(x.from, ids[i]), append(x.by, a)
				if to.wrong != "" {
					return x, x.trace(id, fmt.Errorf("%s", to.wrong))
				}
				kept := &world{}
				to.copyTo(kept)
				next, nextIDs = append(next, kept), append(nextIDs, id)
			}
			level[i] = nil
		}
		level, ids = next, nextIDs
	}
	return x, nil
}

// fresh reports whether no world was met before that could do all this one can.
func (x *search) fresh(w *world) bool {
	k := maphash.Bytes(x.seed, x.keyer.key(w))
	met, ok := x.known[k]
	if !ok {
		for i := range met {
			met[i] = unmet
		}
	}
	s := w.spending(x.limit(w))
	if met.follows(s) {
		return false
	}
	met[s.place] = s.over
	x.known[k] = met
	return true
}

// verify checks a state: how much was written (P3) always, and what must hold at
// rest (P1, P2) where nothing but people's wishes is left to happen.
func (x *search) verify(w *world, acts []action) error {
	x.most = max(x.most, w.sent)
	if limit := x.limit(w); w.sent > limit {
		return fmt.Errorf("P3: %d writes were sent, %d would do", w.sent, limit)
	}
	for _, a := range acts {
		if a.verb != doPut && a.verb != doChoose && a.verb != doRegret && a.verb != doRemap {
			return nil
		}
	}
	x.calm++
	if err := x.settled(w); err != nil {
		return err
	}
	return x.nothingLost(w)
}

// limit is P3: what a person's edit may cost, and what a fault may. A read that is
// ahead of its history counts as a fault, and a twin that was created as an edit of
// whoever it is told.
func (x *search) limit(w *world) int {
	limit := max(2*(len(w.edits)+bit(x.born))-1, 0) + w.spent
	for _, e := range w.edits {
		if e.side == onBoard {
			limit++
		}
	}
	return limit
}

// settled is P2: both sides show the agreed value, or have nothing to say and have
// been told, or the field is left alone for a reason that one can see.
func (x *search) settled(w *world) error {
	if len(w.ops) > 0 {
		return fmt.Errorf("P2: write %d is stuck in state %s", w.ops[0].id, w.ops[0].state)
	}
	m := x.machine()
	switch w.state.Frozen {
	case FrozenAsk:
		if !w.asked {
			return fmt.Errorf("P2: the field waits for a person, and no conflict is open")
		}
		return nil
	case FrozenUnmapped, FrozenAmbiguous:
		if m.worst(w.state) == Thawed {
			return fmt.Errorf("P2: the field is frozen as %s, and nothing of that kind is left", w.state.Frozen)
		}
		return nil
	}
	for _, s := range kanban.Sides {
		sd := w.state.Sides[s]
		if sd.Native != w.native(s) {
			return fmt.Errorf("P2: %s holds %s, Parley believes %s", s, w.native(s), sd.Native)
		}
		_, opinion := x.lens.Back(s, kanban.FieldStatus, sd.Native, w.state.Agreed)
		told := sd.Seen >= w.state.Changed || sd.Refused != nil
		if !m.Shows(w.state, s) && !(opinion == kanban.Silent && told) && !x.leftAlone(w, s) {
			return fmt.Errorf("P2: %s rests at %s, agreed is %s", s, sd.Native, w.state.Agreed)
		}
	}
	return nil
}

// leftAlone: a side that cannot show the value, or whose changes are not carried
// and that was changed since.
func (x *search) leftAlone(w *world, s kanban.Side) bool {
	if r := w.state.Sides[s].Refused; r != nil && r.Version == w.state.Version {
		return true
	}
	return !x.policy.Carry.From(s) && w.state.Sides[s].Seen == w.state.Version || x.policy.Carry == CarryOff
}

// nothingLost is P1: every edit is the final value, or was overwritten by a person
// who saw it, or is in a conflict record, or still stands where it was made.
func (x *search) nothingLost(w *world) error {
	for i, e := range w.edits {
		if w.safe.has(i) || x.means(e, w.state.Agreed) {
			continue
		}
		if e.side != onBoard && w.native(kanban.Side(e.side)) == e.native {
			continue // P2 has said that it may stand there
		}
		return fmt.Errorf("P1: edit %d is neither the final value, nor overwritten by a person who saw it, nor on record", i+1)
	}
	return nil
}

// trace tells the way to a violation as a table.
func (x *search) trace(id int32, err error) error {
	var way []action
	for ; x.from[id] >= 0; id = x.from[id] {
		way = append([]action{x.by[id]}, way...)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %v\n%-46s | %-7s %-7s | %-28s | %-22s | %s\n", x.name, err, "what happens", "Jira", "GitHub", "agreed", "sides as folded", "writes")
	w := x.begin()
	row := func(what string) {
		st := w.state
		fmt.Fprintf(&b, "%-46s | %-7s %-7s | %-28s | %-22s | ", what, w.native(0), w.native(1),
			fmt.Sprintf("%s v%d (new v%d) t%d %s", st.Agreed, st.Version, st.Changed, int(st.At.Sub(epoch)/time.Second), st.Frozen),
			fmt.Sprintf("%s seen %d, %s seen %d", st.Sides[0].Native, st.Sides[0].Seen, st.Sides[1].Native, st.Sides[1].Seen))
		for _, o := range w.ops {
			fmt.Fprintf(&b, "%d:%s:=%s v%d %s  ", o.id, o.side, o.to, o.version, o.state)
		}
		fmt.Fprintf(&b, "safe %b\n", w.safe)
	}
	row("first contact")
	for _, a := range way {
		what := w.describe(a)
		w = x.do(w, a)
		row(what)
	}
	return fmt.Errorf("%s", b.String())
}

// depth is how many edits people make: 2 in every run of the tests, more by
// PARLEY_EXHAUSTIVE=3 or 4.
func depth(t *testing.T) int {
	t.Helper()
	switch v := os.Getenv("PARLEY_EXHAUSTIVE"); v {
	case "":
		return 2
	case "2", "3", "4":
		return int(v[0] - '0')
	default:
		t.Fatalf("PARLEY_EXHAUSTIVE=%s: must be 2, 3 or 4", v)
		return 0
	}
}

// patience is how long one scope may take: PARLEY_EXHAUSTIVE_TIME, else for ever.
func patience(t *testing.T) time.Duration {
	t.Helper()
	v := os.Getenv("PARLEY_EXHAUSTIVE_TIME")
	if v == "" {
		return 0
	}
	d, err := time.ParseDuration(v)
	if err != nil || d <= 0 {
		t.Fatalf("PARLEY_EXHAUSTIVE_TIME=%s: must be a duration such as 20m", v)
	}
	return d
}

func TestNoScheduleLosesAnEdit(t *testing.T) {
	t.Parallel()
	n, limit := depth(t), patience(t)
	for _, sc := range scopes(n) {
		t.Run(sc.name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			var until time.Time
			if limit > 0 {
				until = began.Add(limit)
			}
			x, err := explore(&sc, until)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d states, %d at rest, at most %d writes, %.1f s", len(x.from), x.calm, x.most, time.Since(began).Seconds())
			if x.left > 0 {
				t.Logf("time is up: every schedule of %d steps was tried, %d states wait", x.depth, x.left)
			}
			if x.left == 0 && (x.calm < 10 || x.most == 0 && sc.policy.Carry != CarryOff) {
				t.Errorf("the scope is empty: %d states at rest, %d writes", x.calm, x.most)
			}
		})
	}
}
