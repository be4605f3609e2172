package simulate

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"parley/kanban"
)

// What a breaker lets through, said once more and not taken from the code: twenty cards
// of a pair rule within a cycle or a share of its linked ones, five of them to an end.
const (
	freeChanges = 20
	freeCloses  = 5
)

// leave is the first request of a write that nobody asked for by hand.
type leave struct {
	at   int64
	card kanban.CardID
	ends bool
	op   string
}

// checkP22 holds "a batch over the breaker writes 0 items before approval". A breaker
// sees what is planned and what has left within the cycle, so that within no cycle more
// cards of a rule are written than it allows. What it holds it does not let go by itself:
// a rule is tripped for as long as one of its writes waits.
func checkP22(v *verdicts) error {
	for _, w := range v.journal.order {
		if n := len(w.sent); n > 0 && w.tripped > 0 && !w.Approved && w.sent[n-1] > w.tripped {
			return fmt.Errorf("P22: a breaker held write %s, and it left without leave", w.ID)
		}
	}
	limits := v.script.Setup.limits()
	linked := 0
	for _, c := range v.cards {
		if c.Paired() {
			linked++
		}
	}
	for rule, leaves := range v.leaves() {
		if err := v.within(rule, leaves, allowed(linked, limits.Change, freeChanges), func(leave) bool { return true }); err != nil {
			return err
		}
		if err := v.within(rule, leaves, allowed(linked, limits.Close, freeCloses), func(l leave) bool { return l.ends }); err != nil {
			return err
		}
	}
	return nil
}

func allowed(linked int, share float64, free int) int {
	if share >= 1 {
		return math.MaxInt
	}
	return max(free, int(share*float64(linked)))
}

// leaves lists by rule the writes that a breaker counts, in the order in which they left.
func (v *verdicts) leaves() map[string][]leave {
	out := map[string][]leave{}
	for _, w := range v.journal.order {
		if w.Rule == "" || w.Asked || w.Told || w.Approved || len(w.sent) == 0 {
			continue
		}
		out[w.Rule] = append(out[w.Rule], leave{at: w.sent[0], card: w.Card, op: w.ID, ends: w.Field == kanban.FieldStatus && v.ends(w.Value)})
	}
	for _, l := range out {
		slices.SortStableFunc(l, func(a, b leave) int { return cmp.Compare(a.at, b.at) })
	}
	return out
}

func (v *verdicts) ends(to kanban.Value) bool {
	col, ok := v.engine.Rules.Layout().Column(kanban.ColumnKey(to))
	return ok && col.Category.Ended()
}

// within fails where more cards are written in a cycle than are allowed.
func (v *verdicts) within(rule string, all []leave, limit int, counts func(leave) bool) error {
	for i, last := range all {
		cards := map[kanban.CardID]bool{}
		for _, l := range all[:i+1] {
			if counts(l) && last.at-l.at < int64(v.pace.poll) {
				cards[l.card] = true
			}
		}
		if len(cards) > limit {
			return fmt.Errorf("P22: with write %s %d cards of %s were written within a cycle of %s, %d are allowed", last.op, len(cards), rule, v.pace.poll, limit)
		}
	}
	return nil
}
