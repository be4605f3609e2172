package contract_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
)

// world is a tracker with two priorities, and what a swap of them was told so far.
type world struct {
	trade contract.Trade
	now   map[kanban.CardID]kanban.PriorityKey
	hands map[kanban.CardID]bool // somebody set another priority by hand
	path  []string
}

func (w world) copy() world {
	w.now, w.hands, w.path = maps.Clone(w.now), maps.Clone(w.hands), slices.Clone(w.path)
	return w
}

func (w world) told(r contract.Result) world {
	w.trade = w.trade.Heard(r, "the tracker said no")
	w.path = append(w.path, string(w.trade.Phase)+" after "+string(r))
	return w
}

// futures are all worlds that the next step can lead to: it works, is refused, takes effect
// or not and is lost, the process dies before or after it, a person is quicker.
func (w world) futures() (out []world) {
	s, ok := w.trade.Next()
	if !ok {
		return nil
	}
	if s.LookUp {
		return w.lookUp(s)
	}
	w = w.copy()
	w.trade = w.trade.Sending() // kept before it is sent; the process may die here
	out = append(out, w.copy())
	if w.now[s.Card] != s.From && w.now[s.Card] != s.To {
		return append(out, w.told(contract.Foreign))
	}
	wrote, lost, refused := w.copy(), w.copy(), w.copy()
	wrote.now[s.Card], lost.now[s.Card] = s.To, s.To
	out = append(out, wrote.told(contract.Wrote), lost.told(contract.Lost), w.copy().told(contract.Lost))
	if w.trade.Refused < 2 { // a refusal to write back ends some time
		out = append(out, refused.told(contract.Refused))
	}
	if !w.hands[s.Card] {
		hand := w.copy()
		hand.now[s.Card], hand.hands[s.Card] = "by hand", true
		out = append(out, hand.told(contract.Foreign))
	}
	return out
}

// lookUp tells a trade what became of its write, or that it has no sense any more.
func (w world) lookUp(s contract.Step) []world {
	w = w.copy()
	switch w.now[s.Card] {
	case s.To:
		return []world{w.copy().told(contract.Wrote), w.told(contract.Pointless)}
	case s.From:
		return []world{w.told(contract.Untouched)}
	}
	return []world{w.told(contract.Foreign)}
}

// TestBothOrNeither walks every way in which a swap can go, with a fault, a crash or a
// person at every step: in the end both priorities are written or neither is. Where a
// person set one, theirs stands, and the swap does not count.
func TestBothOrNeither(t *testing.T) {
	t.Parallel()
	begin := world{now: map[kanban.CardID]kanban.PriorityKey{"down": "high", "up": "low"}, hands: map[kanban.CardID]bool{}}
	begin.trade = contract.Trade{ID: "e1", Phase: contract.Lowering, Down: contract.Half{Card: "down", From: "high", To: "low"}, Up: contract.Half{Card: "up", From: "low", To: "high"}}
	ends, todo, seen := map[contract.Phase]int{}, []world{begin}, map[string]bool{}
	for len(todo) > 0 {
		w := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		key := strings.Join([]string{string(w.trade.Phase), w.trade.Problem, string(rune('0' + w.trade.Refused)), string(w.now["down"]), string(w.now["up"])}, "|")
		if w.trade.Sent {
			key += "|sent"
		}
		if w.trade.Both {
			key += "|both"
		}
		if seen[key] {
			continue
		}
		seen[key] = true
		next := w.futures()
		todo = append(todo, next...)
		if len(next) > 0 {
			continue
		}
		ends[w.trade.Phase]++
		e, counts := w.trade.Event(time.Time{}, "mia")
		both, neither := w.now["down"] == "low" && w.now["up"] == "high", w.now["down"] == "high" && w.now["up"] == "low"
		byHand := w.now["down"] == "by hand" || w.now["up"] == "by hand"
		switch {
		case !w.trade.Phase.Ended(), counts != (w.trade.Phase == contract.Traded), counts && !both, !counts && !neither && !byHand:
			t.Errorf("%s with %v: %v", w.trade.Phase, w.now, w.path)
		case counts && (e.Card != "up" || e.Other != "down" || e.ID != "e1"):
			t.Errorf("%+v", e)
		case w.now["down"] == "low" && !counts:
			t.Errorf("one stepped down for nothing: %v", w.path)
		}
	}
	if ends[contract.Traded] == 0 || ends[contract.Undone] < 3 || len(seen) < 20 {
		t.Errorf("too little was walked: %v in %d worlds", ends, len(seen))
	}
	over := contract.Trade{Phase: contract.Undone}
	if over.Heard(contract.Wrote, "") != over {
		t.Error("a late answer changes what is over")
	}
}

// TestWhoMayBeSwapped holds the beginning of a swap to the account.
func TestWhoMayBeSwapped(t *testing.T) {
	t.Parallel()
	s := setting(terms())
	s.Contracts[0].Versions[0].Slots, s.Contracts[0].Versions[0].Priorities = 2, []kanban.PriorityKey{"high"}
	lines := `
11-16 09:00 created A to=committed unit=trading prio=high
11-16 09:00 created B to=doing unit=trading prio=high
11-16 10:00 created C to=requests unit=trading prio=low
11-16 11:00 described C prio=high
11-16 11:00 created D to=requests unit=trading prio=low`
	a := fold(s, "trading", "11-17 09:00", lines)
	half := func(card kanban.CardID) contract.Half { return contract.Half{Card: card, From: "high", To: "low"} }
	if trade, err := a.Trade("t1", half("A"), half("C")); err != nil || trade.Phase != contract.Lowering {
		t.Errorf("%+v, %v", trade, err)
	}
	for _, c := range []struct {
		down, up kanban.CardID
		why      string
	}{{"B", "C", "not begun"}, {"D", "C", "holds no slot"}, {"A", "D", "does not wait"}, {"C", "C", "for itself"}} {
		if _, err := a.Trade("t1", half(c.down), half(c.up)); err == nil || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s for %s: %v, want %q", c.down, c.up, err, c.why)
		}
	}
	after := fold(s, "trading", "11-17 09:00", lines+`
11-16 12:00 described A prio=low
11-16 12:00 swapped C other=A
11-16 13:00 moved C to=committed
11-16 14:00 moved A to=requests by=business`)
	if after.Free != 0 || len(after.Over) != 0 || len(after.Holders) != 2 || after.Holders[1].Card != "C" {
		t.Errorf("%d free, %+v wait, held by %+v", after.Free, after.Over, after.Holders)
	}
	if last := after.Entries[len(after.Entries)-1]; last.Kind != contract.Swap || last.Card != "C" || last.Other != "A" {
		t.Errorf("%+v", last)
	}
}
