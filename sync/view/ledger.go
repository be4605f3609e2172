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
		recorded, err := v.Source.Ledger(ctx, a.Unit)
		if err != nil {
			return nil, err
		}
		t := contractTeller{v, s, a}
		for _, l := range recorded {
			out = append(out, t.line(l.Entry, l.Link))
		}
	}
	if unit != "" && !slices.ContainsFunc(s.accounts, func(a contract.Account) bool { return a.Unit == unit }) {
		return nil, ErrUnknown
	}
	return out, nil
}

// line is an entry in the viewer's terms. Who did it is for those who read people's names.
func (t contractTeller) line(e contract.Entry, link contract.Link) LedgerLine {
	out := LedgerLine{Unit: e.Unit, Seq: e.Seq, Period: e.Period.String(), At: e.At.In(t.zone()), Kind: e.Kind, Amount: e.Amount, With: e.With, Cause: e.Cause,
		Terms: e.Terms, Note: e.Note, Reverses: e.Reverses, Link: hex.EncodeToString(link[:])}
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
