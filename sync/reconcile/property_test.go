package reconcile

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/kanban"
)

// anyMachine draws a lens and a policy.
func anyMachine(t *rapid.T) Machine {
	return Machine{
		Field: kanban.FieldStatus,
		Lens:  rapid.SampledFrom([]tables{identity(), lossy(), partial()}).Draw(t, "lens"),
		Policy: Policy{
			Carry:    rapid.SampledFrom([]Carry{CarryBoth, CarryBoth, CarryJira, CarryGitHub, CarryOff}).Draw(t, "carry"),
			Conflict: rapid.SampledFrom([]Verdict{JiraWins, GitHubWins, NewestWins, Ask}).Draw(t, "conflict"),
		},
		Skew: time.Duration(rapid.IntRange(0, 3).Draw(t, "skew")) * time.Second,
	}
}

// natives lists what a side of the lens can hold, and what it does not know.
func natives(m Machine, s kanban.Side) []kanban.Native {
	ns := []kanban.Native{"unheard of"}
	for n := range m.Lens.(tables)[s].means { //nolint:forcetypeassert // every machine here has one
		ns = append(ns, n)
	}
	slices.Sort(ns)
	return ns
}

// story is a random past of a field: sides met, edits folded, intents, writes sent.
type story struct {
	m     Machine
	state State
	ops   []Op
	seq   [2]int64
	now   int
}

func anyStory(t *rapid.T) *story {
	y := &story{m: anyMachine(t), now: 100}
	y.meet(t, kanban.Jira)
	if rapid.Bool().Draw(t, "paired") {
		y.meet(t, kanban.GitHub)
	}
	for range rapid.IntRange(0, 8).Draw(t, "steps") {
		y.step(t)
	}
	return y
}

func (y *story) meet(t *rapid.T, s kanban.Side) {
	n := rapid.SampledFrom(natives(y.m, s)).Draw(t, "first native")
	y.state, _ = y.m.Meet(y.state, s, n, 0, tick(y.now))
}

func (y *story) step(t *rapid.T) {
	y.now += rapid.IntRange(0, 3).Draw(t, "ticks")
	s := y.side(t)
	switch rapid.IntRange(0, 4).Draw(t, "step") {
	case 0:
		v := rapid.SampledFrom(allValues[:3]).Draw(t, "intent")
		y.state, _ = y.m.Intend(y.state, v, "lea", "k", tick(y.now))
	case 1:
		for _, w := range y.m.Plan(y.state) {
			if len(w.Targets) > 0 {
				y.ops = append(y.ops, Op{ID: strconv.Itoa(len(y.ops)), Field: y.m.Field, Side: w.Side, Value: w.Value, From: w.From, To: w.Targets[0],
					Version: w.Version, State: rapid.SampledFrom([]OpState{Sending, Acked, Uncertain, Dead}).Draw(t, "op state"), SentAt: tick(y.now)})
			}
		}
	case 2:
		y.state, _ = y.m.Correct(y.state, s, rapid.SampledFrom(natives(y.m, s)).Draw(t, "state read"), tick(y.now), y.ops)
	default:
		y.state, _ = y.m.Fold(y.state, s, y.events(t, s, 3), y.ops)
	}
}

func (y *story) side(t *rapid.T) kanban.Side {
	if !y.state.Sides[kanban.GitHub].Known {
		return kanban.Jira
	}
	return rapid.SampledFrom(kanban.Sides[:]).Draw(t, "side")
}

// events draws the next entries of a side: people's and the traces of writes.
func (y *story) events(t *rapid.T, s kanban.Side, most int) []kanban.Event {
	var out []kanban.Event
	for range rapid.IntRange(0, most).Draw(t, "events") {
		y.seq[s]++
		at := y.now + rapid.IntRange(-4, 4).Draw(t, "at")
		e := kanban.Event{Seq: y.seq[s], SourceID: strconv.Itoa(int(y.seq[s])), Actor: "ana", At: tick(at)}
		to := rapid.SampledFrom(natives(y.m, s)).Draw(t, "to")
		if i := rapid.IntRange(-2, len(y.ops)-1).Draw(t, "write"); i >= 0 && y.ops[i].Side == s {
			e.Own, to = true, y.ops[i].To
			if rapid.Bool().Draw(t, "id") {
				e.Op = y.ops[i].ID
			}
		}
		e.Changes = []kanban.Change{{Field: rapid.SampledFrom([]string{"status", "status", "status", "assignee"}).Draw(t, "field"), To: string(to)}}
		out = append(out, e)
	}
	return out
}

func (y *story) fold(s State, ops []Op, side kanban.Side, parts ...[]kanban.Event) (State, []Op, []Outcome) {
	ops = slices.Clone(ops)
	var out []Outcome
	for _, p := range parts {
		var more []Outcome
		s, more = y.m.Fold(s, side, p, ops)
		out = append(out, more...)
	}
	return s, ops, out
}

// result is what is compared of two ways to fold the same.
type result struct {
	State State
	Ops   []Op
	Out   []Outcome
}

func same(t *rapid.T, what string, want, got result) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("%s (-want +got):\n%s", what, d)
	}
}

func TestFoldingInPartsIsFoldingAtOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		y := anyStory(t)
		side := y.side(t)
		all := y.events(t, side, 6)
		cut := rapid.IntRange(0, len(all)).Draw(t, "cut")
		s1, o1, out1 := y.fold(y.state, y.ops, side, all)
		s2, o2, out2 := y.fold(y.state, y.ops, side, all[:cut], all[cut:])
		same(t, "in two parts", result{s1, o1, out1}, result{s2, o2, out2})
	})
}

// TestOverlapsChangeNothing is P15: what was folded before is folded no second time,
// in whatever overlap it is read again.
func TestOverlapsChangeNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		y := anyStory(t)
		side := y.side(t)
		all := y.events(t, side, 6)
		s1, o1, out1 := y.fold(y.state, y.ops, side, all)
		from := rapid.IntRange(0, len(all)).Draw(t, "overlap from")
		to := rapid.IntRange(from, len(all)).Draw(t, "first read up to")
		s2, o2, out2 := y.fold(y.state, y.ops, side, all[:to], all[from:], all, all[from:to])
		same(t, "with overlaps", result{s1, o1, out1}, result{s2, o2, out2})
	})
}

// TestFoldLeavesItsInputAlone: states that were branched off earlier stay what they
// were.
func TestFoldLeavesItsInputAlone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		y := anyStory(t)
		side := y.side(t)
		before := deep(y.state)
		one, two := y.events(t, side, 4), y.events(t, side, 4)
		a, _, _ := y.fold(y.state, y.ops, side, one)
		kept := deep(a)
		_, _, _ = y.fold(y.state, y.ops, side, two)
		_, _, _ = y.m.Withdraw(a, tick(y.now))
		_, _ = y.m.Intend(a, "a", "lea", "k", tick(y.now))
		if d := cmp.Diff(before, y.state); d != "" {
			t.Fatalf("the state given was changed (-was +is):\n%s", d)
		}
		if d := cmp.Diff(kept, a); d != "" {
			t.Fatalf("another branch of the past was changed (-was +is):\n%s", d)
		}
	})
}

// deep copies a state so that nothing is shared.
func deep(s State) State {
	s.Support = slices.Clone(s.Support)
	for i := range s.Sides {
		if r := s.Sides[i].Refused; r != nil {
			c := *r
			s.Sides[i].Refused = &c
		}
		if e := s.Sides[i].Alone; e != nil {
			c := *e
			s.Sides[i].Alone = &c
		}
	}
	return s
}

// TestVersionsNeverDecrease also holds the order of the other counters.
func TestVersionsNeverDecrease(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		y := anyStory(t)
		for range rapid.IntRange(1, 6).Draw(t, "more") {
			was := y.state
			y.step(t)
			is := y.state
			if is.Version < was.Version || is.Changed < was.Changed || is.Changed > is.Version {
				t.Fatalf("version %d, changed %d became %d, %d", was.Version, was.Changed, is.Version, is.Changed)
			}
			if is.Agreed != was.Agreed && is.Changed != is.Version && is.Changed == was.Changed {
				t.Fatalf("%q became %q without a version: %+v", was.Agreed, is.Agreed, is)
			}
			for _, s := range kanban.Sides {
				if is.Sides[s].Seq < was.Sides[s].Seq || is.Sides[s].Seen > is.Version {
					t.Fatalf("%s went from %+v to %+v at version %d", s, was.Sides[s], is.Sides[s], is.Version)
				}
			}
		}
	})
}

// TestWritesComeToRest is P14 from any past: once every write that is wanted has
// arrived and was read back, nothing is wanted any more. Where one went over an edit that
// nobody had read, and that wins, there is one round more.
func TestWritesComeToRest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		y := anyStory(t)
		last := 1
		for round := 0; round <= last; round++ {
			for _, w := range y.m.Plan(y.state) {
				if round == last {
					t.Fatalf("still wanted after everything has arrived: %+v in %+v", w, y.state)
				}
				if len(w.Targets) == 0 {
					y.state = Refuse(y.state, w.Side, "cannot be shown", tick(y.now))
					continue
				}
				y.now += 10
				op := Op{ID: "last" + w.Side.String(), Field: y.m.Field, Side: w.Side, Value: w.Value, From: w.From, To: w.Targets[0], Version: w.Version, State: Sending, SentAt: tick(y.now)}
				y.seq[w.Side]++
				e := sets(y.seq[w.Side], y.now, op.To)
				e.Own, e.Op = true, op.ID
				var ops []Op
				var out []Outcome
				y.state, ops, out = y.fold(y.state, []Op{op}, w.Side, []kanban.Event{e})
				if ops[0].State != Finished {
					t.Fatalf("the write was not recognised: %+v", ops[0])
				}
				if round == 0 && slices.ContainsFunc(out, func(o Outcome) bool { return o.Kind == Clashed && o.Conflict.Winner == o.Edit }) {
					last = 2
				}
			}
		}
	})
}

// TestFirstContactWritesNothing: whatever two issues hold when they meet.
func TestFirstContactWritesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		y := &story{m: anyMachine(t), now: 100}
		first := rapid.SampledFrom(kanban.Sides[:]).Draw(t, "first")
		y.meet(t, first)
		y.meet(t, first.Other())
		if w := y.m.Plan(y.state); len(w) > 0 {
			t.Fatalf("first contact wants %+v in %+v", w, y.state)
		}
	})
}
