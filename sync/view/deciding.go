package view

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/store"
)

// DecisionID is the id under which the decision that somebody took by an op is recorded. It
// is kept apart from those of trackers' events.
func DecisionID(op string) string { return "decided/" + op }

// AgreedID is likewise that of the other side's word, where one person gives both.
func AgreedID(op string) string { return "agreed/" + op }

// SwapID is that of the swap that somebody began by an op, and of the decision that it ends
// with. Whatever else is decided by the same op meanwhile, that one is recorded.
func SwapID(op string) string { return "swapped/" + op }

// tradeSource is what is kept of swaps.
type tradeSource interface {
	Trade(ctx context.Context, id string) (store.Trade, error)
	OpenTrades(ctx context.Context) ([]store.Trade, error)
}

// Deciding is what people can decide about a contract now, and what is under way of it. Who
// may decide it is another matter.
type Deciding struct {
	Unit      kanban.UnitKey
	Name      string
	Stopped   bool          // something that was decided cannot be read: nothing can be decided until it can
	Free      int           // slots; below zero: taken in advance
	Choices   []Choosing    // one for each request over the contract, in the order of their turn
	Swaps     []Swap        // that are not at their end
	Contested []VerdictCase // verdicts that count for nobody until both sides agree
	Loans     []SlotLoan    // that one side has named, the latest first
	Expedites []NamedCard   // that nobody has approved of, by id
	Weeks     []string      // whose unplanned work wants a cause, as 2026-W47
	Pledges   []Pledge      // requests that one unit pays for once both have said so, by key
	Others    []Named       // units that slots can be lent to, or taken from
}

// NamedCard is a card by what the reader may know of it.
type NamedCard struct {
	Card   kanban.CardID
	Called string
	Title  string
}

// Choosing is what can be chosen for a request that waits for a slot.
type Choosing struct {
	NamedCard

	Place    int
	Waits    bool // somebody has chosen that already
	Swapping bool // it is in a swap that is not at its end
	Down     []StepDown
}

// StepDown is a request that can give its slot, and what becomes of its priority.
type StepDown struct {
	NamedCard

	From, To string // as people call them
}

// SlotLoan is slots that one unit lends to another once both have named it.
type SlotLoan struct {
	Ref      string
	From, To Named
	Slots    int
	Ours     bool // the unit of the contract has named it, and the other one has not
	Both     bool // both have, but not with the same number, or too few slots were free
	Rests    bool // the other unit's contract is stopped
	At       time.Time
}

// Pledge is a request that one unit pays for instead of another, which one of them has said.
type Pledge struct {
	NamedCard

	From, To Named // who would pay, and who pays by it
	Ours     bool  // the unit of the contract has said so, and the other one has not
	Rests    bool  // the other unit's contract is stopped
}

// loanDays is how long a loan that only one side has named is told of.
const loanDays = 14

// Deciding tells what can be decided about a unit's contract; of one that is not for the
// viewer nothing. ErrUnknown where there is none.
func (v *Sight) Deciding(ctx context.Context, unit kanban.UnitKey) (Deciding, error) {
	t, err := v.teller(ctx, unit)
	if err != nil || t == nil {
		return Deciding{Unit: unit}, err
	}
	trades, err := v.Source.OpenTrades(ctx)
	if err != nil {
		return Deciding{}, err
	}
	out := Deciding{Unit: unit, Name: t.account.Name, Stopped: t.state.problem(unit) != "", Free: t.account.Free, Loans: t.loans(), Pledges: t.pledges(), Expedites: t.unapproved()}
	for _, trade := range trades {
		if trade.Unit == unit {
			out.Swaps = append(out.Swaps, t.swap(trade))
		}
	}
	for _, o := range t.account.Over {
		out.Choices = append(out.Choices, t.choosing(o, trades))
	}
	for _, d := range t.account.Disputes {
		if c, ok := t.caseOf(d.Verdict); ok && c.Contested {
			out.Contested = append(out.Contested, c)
		}
	}
	for _, w := range t.account.Unexplained() {
		out.Weeks = append(out.Weeks, w.Period.String())
	}
	for _, a := range t.state.accounts {
		if a.Unit != unit && t.state.problem(a.Unit) == "" {
			out.Others = append(out.Others, Named{Key: string(a.Unit), Name: a.Name})
		}
	}
	return out, nil
}

// teller tells a unit's contract to the viewer; it is nil where that is not theirs to read.
func (v *Sight) teller(ctx context.Context, unit kanban.UnitKey) (*contractTeller, error) {
	s, err := v.standing(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(s.accounts, func(a contract.Account) bool { return a.Unit == unit })
	switch {
	case i < 0:
		return nil, fmt.Errorf("contract of %.60q: %w", string(unit), ErrUnknown)
	case !v.whole(unit):
		return nil, nil
	}
	return &contractTeller{v, s, s.accounts[i]}, nil
}

func (t contractTeller) named(id kanban.CardID) NamedCard {
	return NamedCard{Card: id, Called: t.called(id), Title: t.title(id)}
}

// priorityName is what people call a priority.
func (t contractTeller) priorityName(key kanban.PriorityKey) string {
	if p, ok := t.rules().Layout().Priority(key); ok {
		return p.Name
	}
	return orNothing(string(key))
}

// choosing tells what can be chosen for a request, and which of its unit's own requests could
// step down for it: another unit's are that unit's to give.
func (t contractTeller) choosing(o contract.Over, trades []store.Trade) Choosing {
	in := func(card kanban.CardID) bool {
		return slices.ContainsFunc(trades, func(s store.Trade) bool { return s.Up.Card == card || s.Down.Card == card })
	}
	out := Choosing{NamedCard: t.named(o.Card), Place: o.Place, Waits: o.Choice == contract.WaitFor, Swapping: in(o.Card)}
	for _, h := range t.account.Spare() {
		f := t.state.faces[h.Card]
		if f == nil || in(h.Card) || t.Viewer.Role != kanban.Ops && (f.Card.Unit != t.account.Unit || !t.grant(f.Card).title) {
			continue
		}
		to := t.account.Terms.StepsDown(f.Card.Priority, o.From, t.rules().Layout().Priorities)
		if to != "" {
			out.Down = append(out.Down, StepDown{t.named(h.Card), t.priorityName(f.Card.Priority), t.priorityName(to)})
		}
	}
	return out
}

// loans are those that are not booked, as the unit sees them.
func (t contractTeller) loans() (out []SlotLoan) {
	for _, l := range t.account.Loans {
		if t.state.now.Sub(l.At) > loanDays*24*time.Hour {
			continue
		}
		s := SlotLoan{Ref: l.Ref, From: t.unitOf(l.From), To: t.unitOf(l.To), Slots: l.Amount, Both: l.Lends && l.Borrows, At: l.At.In(t.zone())}
		s.Ours = !s.Both && l.Lends == (l.From == t.account.Unit)
		s.Rests = t.state.problem(l.From) != "" || t.state.problem(l.To) != ""
		out = append(out, s)
	}
	return out
}

// pledges are those that still have an effect: nobody has taken the request on, only one of
// the units has said so, and an ops lead or who may read its title is asked.
func (t contractTeller) pledges() (out []Pledge) {
	for _, p := range t.account.Pledges {
		f := t.state.faces[p.Card]
		if f == nil || p.Pays == p.Agrees || t.Viewer.Role != kanban.Ops && !t.grant(f.Card).title {
			continue
		}
		in, known := t.rules().Layout().Column(f.Card.Column)
		if known && in.Category != kanban.Option {
			continue
		}
		out = append(out, Pledge{NamedCard: t.named(p.Card), From: t.unitOf(p.From), To: t.unitOf(p.To), Ours: p.Pays == (p.To == t.account.Unit),
			Rests: t.state.problem(p.From) != "" || t.state.problem(p.To) != ""})
	}
	slices.SortFunc(out, func(a, b Pledge) int { return compareKeys(a.Called, b.Called) })
	return out
}

// unitOf is a unit that has a contract, as people call it.
func (t contractTeller) unitOf(key kanban.UnitKey) Named {
	for _, a := range t.state.accounts {
		if a.Unit == key {
			return Named{Key: string(key), Name: a.Name}
		}
	}
	return Named{Key: string(key), Name: string(key)}
}

// unapproved are the unit's expedites that nobody has approved of, as far as they may be
// read.
func (t contractTeller) unapproved() (out []NamedCard) {
	for id, f := range t.state.faces {
		in, _ := t.rules().Layout().Column(f.Card.Column)
		if f.Card.Unit != t.account.Unit || f.Card.Class != kanban.ClassExpedite || in.Category.Ended() || f.Card.Column == "" {
			continue
		}
		if !slices.Contains(t.state.approved, id) && (t.Viewer.Role == kanban.Ops || t.grant(f.Card).title) {
			out = append(out, t.named(id))
		}
	}
	slices.SortFunc(out, func(a, b NamedCard) int { return compareKeys(a.Called, b.Called) })
	return out
}

// Swap tells how far the swap is that somebody began by an op; ErrUnknown where there is
// none that the viewer may know of.
func (v *Sight) Swap(ctx context.Context, unit kanban.UnitKey, op string) (Swap, error) {
	t, err := v.teller(ctx, unit)
	if err != nil {
		return Swap{}, err
	}
	trade, err := v.Source.Trade(ctx, SwapID(op))
	if errors.Is(err, store.ErrUnknown) || err == nil && (t == nil || trade.Unit != unit) {
		return Swap{}, fmt.Errorf("swap %.60q: %w", op, ErrUnknown)
	}
	if err != nil {
		return Swap{}, err
	}
	return t.swap(trade), nil
}
