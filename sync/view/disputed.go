package view

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
)

// VerdictCase is a verdict with what decided it, and what both sides say of it.
type VerdictCase struct {
	Promised

	Unit     kanban.UnitKey
	Name     string // of the unit
	Masked   bool   // it is not for the reader: all the rest is empty
	Settled  bool   // both sides agreed on the outcome
	Settling bool   // one of them has named an outcome, and the other one another or none
	// From and To are since when something was owed for a card, and when it was done; zero
	// where it was not, or where the verdict is about the week.
	From, To time.Time
	Cards    []NamedCard // that were in the way
	Words    [2]SideWords
}

// SideWords are what one side says of a verdict: IT's, then the unit's.
type SideWords struct {
	By   kanban.Party
	Name string
	Said []Word // since it was contested
}

// Word is what a side said at once.
type Word struct {
	At      time.Time
	Who     string           // "" where that is not for the reader
	Outcome contract.Outcome // that it agrees on; "": it contests
	Note    string
}

// Verdict tells the case of one verdict of a unit's contract; ErrUnknown where there is none.
func (v *Sight) Verdict(ctx context.Context, unit kanban.UnitKey, id string) (VerdictCase, error) {
	t, err := v.teller(ctx, unit)
	if err != nil {
		return VerdictCase{}, err
	}
	if t == nil {
		return VerdictCase{Unit: unit, Masked: true}, nil
	}
	c, ok := t.caseOf(id)
	if !ok {
		return c, fmt.Errorf("verdict %.60q: %w", id, ErrUnknown)
	}
	return c, nil
}

// caseOf tells a verdict with all that is said of it.
func (t contractTeller) caseOf(id string) (VerdictCase, bool) {
	v := t.account.VerdictOf(id)
	if v == nil {
		return VerdictCase{}, false
	}
	c := VerdictCase{Promised: t.promised(*v), Unit: t.account.Unit, Name: t.account.Name, Settled: v.Settled}
	if v.Card != "" && !v.Facts.From.IsZero() {
		c.From = v.Facts.From.In(t.zone())
		if !v.Facts.To.IsZero() {
			c.To = v.Facts.To.In(t.zone())
		}
	}
	for _, card := range v.Facts.Cards {
		c.Cards = append(c.Cards, t.named(card))
	}
	c.Words = [2]SideWords{{By: kanban.IT, Name: "IT"}, {By: kanban.Business, Name: t.account.Name}}
	for _, d := range t.account.Disputes {
		if d.Verdict == v.ID {
			t.heard(&c, d)
		}
	}
	return c, true
}

// heard adds what was said. Who said it is for those who read people's names.
func (t contractTeller) heard(c *VerdictCase, d contract.Dispute) {
	for n := range c.Words {
		side := &c.Words[n]
		for _, e := range d.Words(side.By) {
			w := Word{At: e.At.In(t.zone()), Outcome: e.Outcome, Note: e.Note}
			if t.Viewer.inside() {
				w.Who = e.Who
			}
			side.Said = append(side.Said, w)
			c.Settling = c.Settling || c.Contested && e.Outcome != ""
		}
	}
}

// compareKeys sorts keys as people count: OPS-9 before OPS-10.
func compareKeys(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) }
