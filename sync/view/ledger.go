package view

import (
	"context"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/engine"
)

// LedgerLine is an entry of a ledger as an audience may know it.
type LedgerLine struct {
	Unit     kanban.UnitKey     `json:"unit"`
	Seq      int64              `json:"seq"`
	Period   string             `json:"period"`
	At       time.Time          `json:"at"`
	Kind     contract.EntryKind `json:"kind"`
	Amount   int                `json:"amount"`
	Card     string             `json:"card,omitempty"`  // its key, as far as that may be known
	Other    string             `json:"other,omitempty"` // whose slot it has
	With     kanban.UnitKey     `json:"with,omitempty"`
	Who      string             `json:"who,omitempty"`
	Name     string             `json:"name,omitempty"` // of that account's person, where somebody named it
	Cause    string             `json:"cause,omitempty"`
	Terms    int                `json:"terms"`
	Note     string             `json:"note,omitempty"`
	Reverses int64              `json:"reverses,omitempty"`
	Link     string             `json:"link"`
	// Of a line about a verdict, or of one that contests it: which it is, in which week it
	// counts, by which promise and clock. How it turned out by the record, what it was told
	// to be before, and the names of what it goes by.
	Ref     string           `json:"ref,omitempty"`
	Of      string           `json:"of,omitempty"`
	Promise contract.Promise `json:"promise,omitempty"`
	Clock   string           `json:"clock,omitempty"`
	Outcome contract.Outcome `json:"outcome,omitempty"`
	Was     contract.Outcome `json:"was,omitempty"`
	Basis   string           `json:"basis,omitempty"`
}

// Ledger lists what is recorded of the contracts that the viewer has a part in, unit by
// unit in the order of the entries. "" is all of them.
func (v *Sight) Ledger(ctx context.Context, unit kanban.UnitKey) ([]LedgerLine, error) {
	s, err := v.standing(ctx)
	if err != nil {
		return nil, err
	}
	out := []LedgerLine{}
	for _, a := range s.accounts {
		if unit != "" && a.Unit != unit || !v.whole(a.Unit) {
			continue
		}
		book, err := v.ledger(ctx, a.Unit)
		if err != nil {
			return nil, err
		}
		t := contractTeller{v, s, a}
		for n, e := range book.entries {
			out = append(out, t.line(e, book.links[n]))
		}
	}
	if unit != "" && !slices.ContainsFunc(s.accounts, func(a contract.Account) bool { return a.Unit == unit }) {
		return nil, ErrUnknown
	}
	return out, nil
}

// LedgerSheet is the part of a ledger that a page has room for.
type LedgerSheet struct {
	// Booked are the lines about slots, and those that take a verdict back: these nobody
	// should overlook. Judged are the other lines about verdicts.
	Booked, Judged LedgerRows
}

// LedgerRows are lines of a ledger, the latest first.
type LedgerRows struct {
	Lines []LedgerRow
	More  int // earlier ones that are left out
}

// LedgerRow is a line of a ledger with the slots that are free after it.
type LedgerRow struct {
	LedgerLine

	Free int
}

// LedgerSheet tells the latest lines of a unit's ledger, most of each sort: of a period,
// "2026-W47", or with "" of all.
func (v *Sight) LedgerSheet(ctx context.Context, unit kanban.UnitKey, period string, most int) (LedgerSheet, error) {
	var out LedgerSheet
	t, err := v.teller(ctx, unit)
	if err != nil || t == nil {
		return out, err
	}
	book, err := v.ledger(ctx, unit)
	if err != nil {
		return out, err
	}
	free := contract.Balance(book.entries)
	for n, e := range slices.Backward(book.entries) {
		if period == "" || e.Period.String() == period {
			rows := &out.Booked
			if e.Kind == contract.Judged && e.Reverses == 0 {
				rows = &out.Judged
			}
			if len(rows.Lines) < most {
				rows.Lines = append(rows.Lines, LedgerRow{t.line(e, book.links[n]), free})
			} else {
				rows.More++
			}
		}
		free -= e.Amount
	}
	return out, nil
}

// line is an entry in the viewer's terms. Who did it is for those who read people's names.
func (t contractTeller) line(e contract.Entry, link contract.Link) LedgerLine {
	out := LedgerLine{Unit: e.Unit, Seq: e.Seq, Period: e.Period.String(), At: e.At.In(t.zone()), Kind: e.Kind, Amount: e.Amount, With: e.With, Cause: e.Cause,
		Terms: e.Terms, Note: e.Note, Reverses: e.Reverses, Link: hex.EncodeToString(link[:]),
		Ref: e.Ref, Outcome: e.Outcome, Was: e.Was, Basis: e.Basis}
	t.about(&out, e)
	if e.Card != "" {
		out.Card = t.called(e.Card)
	}
	if e.Other != "" {
		out.Other = t.called(e.Other)
	}
	f := t.state.faces[e.Card]
	if t.Viewer.inside() && (f == nil || t.grant(f.Card).people) {
		out.Who = e.Who
		if name := engine.PersonName(t.rules(), t.sideOf(e.Cause), e.Who); name != e.Who {
			out.Name = name
		}
	}
	return out
}

// about says which verdict a line is about.
func (t contractTeller) about(out *LedgerLine, e contract.Entry) {
	switch e.Kind {
	case contract.Judged:
		out.Of = out.Period
	case contract.Contest:
		id, _, _ := strings.Cut(e.Note, " ")
		out.Ref = strings.TrimRight(id, ",:")
		v := t.account.VerdictOf(out.Ref)
		if v == nil {
			out.Ref = "" // of a time that is told otherwise
			return
		}
		if out.Of = v.Period.String(); v.Card != "" {
			out.Card = t.called(v.Card)
		}
	default:
		return
	}
	out.Promise = contract.PromiseOf(out.Ref)
	out.Clock = out.Promise.Clock(t.account.Name)
}

// sideOf is the side of the tracker that told an event, "" of decisions.
func (t contractTeller) sideOf(event string) string {
	name, _, _ := strings.Cut(event, "/")
	for _, tracker := range t.Trackers {
		if tracker.Name == name {
			return tracker.Kind
		}
	}
	return ""
}
