package view

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/store"
)

// Swap tells how far two priorities are that are written as one unit.
type Swap struct {
	Up, Down NamedCard // the one that has the slot, and the one that steps down
	Phase    contract.Phase
	Ended    time.Time // zero: it is under way
	Problem  string    // why it did not come about, in words
	Steps    []SwapStep
}

// SwapStep is one change of a Swap.
type SwapStep struct {
	Text   string
	State  string // done, now, next, failed
	Detail string // where it is, or why it failed
}

// States of a SwapStep.
const (
	StepDone   = "done"
	StepNow    = "now"
	StepNext   = "next"
	StepFailed = "failed"
)

// swap tells a swap as the viewer may know it.
func (t contractTeller) swap(s store.Trade) Swap {
	out := Swap{Up: t.named(s.Up.Card), Down: t.named(s.Down.Card), Phase: s.Phase, Problem: s.Problem}
	if !s.Ended.IsZero() {
		out.Ended = s.Ended.In(t.zone())
	}
	low, high := t.half(s.Down, "steps down"), t.half(s.Up, "has the slot")
	last := SwapStep{Text: "The ledger books it", State: StepNext}
	switch s.Phase {
	case contract.Lowering:
		low.State, low.Detail = StepNow, t.whereabouts(s, s.Down)
	case contract.Raising:
		low.State = StepDone
		high.State, high.Detail = StepNow, t.whereabouts(s, s.Up)
	case contract.Traded:
		low.State, high.State, last.State = StepDone, StepDone, StepDone
	default:
		out.Steps = t.undone(s, low, high)
		t.rests(s, out.Steps)
		return out
	}
	out.Steps = []SwapStep{low, high, last}
	t.rests(s, out.Steps)
	return out
}

// rests says of the step under way of a swap of a stopped contract that it waits.
func (t contractTeller) rests(s store.Trade, steps []SwapStep) {
	if s.Phase.Ended() || t.state.problem(s.Unit) == "" {
		return
	}
	for n := range slices.Backward(steps) {
		if steps[n].State == StepNow || steps[n].State == StepFailed {
			steps[n].State, steps[n].Detail = StepNow, "waits until what was decided about this contract can be read again; it goes on then"
			return
		}
	}
}

// half is one of the two changes, before it is made.
func (t contractTeller) half(h contract.Half, words string) SwapStep {
	step := SwapStep{Text: fmt.Sprintf("%s %s: %s to %s", t.called(h.Card), words, t.priorityName(h.From), t.priorityName(h.To)), State: StepNext}
	if h.From == h.To {
		step.Text = fmt.Sprintf("%s %s: %s stays", t.called(h.Card), words, t.priorityName(h.To))
	}
	return step
}

// undone are the steps of a swap that does not come about.
func (t contractTeller) undone(s store.Trade, low, high SwapStep) []SwapStep {
	back := SwapStep{Text: fmt.Sprintf("%s is written back: %s", t.called(s.Down.Card), t.priorityName(s.Down.From)), State: StepNow}
	switch {
	case s.Phase == contract.Undone:
		return []SwapStep{{Text: "Both are as they were, or as somebody set them meanwhile", State: StepFailed, Detail: s.Problem}}
	case s.Refused > 0 && !s.Sent:
		back.State, back.Detail = StepFailed, fmt.Sprintf("refused %s; it is tried again at %s, and a person has to look", times(s.Refused), s.NextAt.In(t.zone()).Format("15:04"))
	default:
		back.Detail = t.whereabouts(s, contract.Half{Card: s.Down.Card, From: s.Down.To, To: s.Down.From})
	}
	low.State = StepDone
	high.State, high.Detail = StepFailed, s.Problem
	return []SwapStep{low, high, back}
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// whereabouts says where the change is that is under way: which tracker is written, and what
// keeps it.
func (t contractTeller) whereabouts(s store.Trade, h contract.Half) string {
	if !s.Sent {
		return "not begun yet"
	}
	f := t.state.faces[h.Card]
	if f == nil {
		return "the card is gone from the board"
	}
	g := t.grant(f.Card)
	var open []string
	for _, p := range f.Card.Pending {
		if p.Field == kanban.FieldPriority && g.side(p.Side) {
			open = append(open, pendingWords(g.pending(p)))
		}
	}
	for _, side := range f.Card.Sides {
		known := slices.ContainsFunc(f.Card.Pending, func(p kanban.Pending) bool { return p.Field == kanban.FieldPriority && p.Side == side.Side })
		if !known && g.side(side.Side) {
			open = append(open, productName(side.Side)+" has it")
		}
	}
	if len(open) == 0 {
		return "waits for the trackers to show it"
	}
	return strings.Join(open, "; ")
}

// pendingWords says in which state a write is.
func pendingWords(p kanban.Pending) string {
	tracker := productName(p.Side)
	switch {
	case p.Problem != "":
		return fmt.Sprintf("%s: %s", tracker, p.Problem)
	case p.State == "held":
		return tracker + ": held, it waits for permission"
	case p.State == "acked":
		return tracker + " took it and has to show it yet"
	case p.State == "unknown":
		return tracker + " gave no answer; it is looked up"
	}
	return "being saved to " + tracker
}
