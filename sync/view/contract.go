package view

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
)

// Contract is how what was agreed on with a unit stands, as one audience may know it. What
// is not for the reader is left out: of another unit's contract all but that there is one.
type Contract struct {
	Unit kanban.UnitKey `json:"unit"`
	Name string         `json:"name"`
	Seq  int64          `json:"seq,omitempty"` // data sequence it was taken at
	At   time.Time      `json:"at"`
	// Masked says that all the rest is not for this reader.
	Masked bool `json:"masked,omitempty"`
	// Problem says that something that was decided cannot be read, so that the rest may be wrong.
	Problem string `json:"problem,omitempty"`
	// Unheard tells what cannot be read of the past, and what waits for what is still to be
	// read, in sentences.
	Unheard []string `json:"unheard,omitempty"`
	// Line sums it up: "Trading · last 8 weeks · IT 13 of 14 kept · Trading 9 of 11 kept".
	Line     string           `json:"line,omitempty"`
	AtRisk   []Promised       `json:"at_risk,omitempty"` // what the next three days decide, the first due first
	Period   *ContractPeriod  `json:"period,omitempty"`  // the present one; nil before the contract begins
	Cutoff   time.Time        `json:"-"`                 // the next one at which requests are counted; zero: none is known
	Past     []ContractPeriod `json:"past,omitempty"`    // those before it, the latest first
	Free     int              `json:"free"`              // slots; below zero: taken in advance
	Holders  []SlotHolder     `json:"holders,omitempty"` // of the slots of the period, in the order in which they were taken
	Over     []OverCard       `json:"over,omitempty"`    // raised without a free slot, in the order of their turn
	Verdicts []Promised       `json:"verdicts,omitempty"`
	// Of the verdicts of eight weeks only some are listed, see VerdictQuery; everything else
	// counts all of them.
	AllVerdicts  int             `json:"verdicts_all"`            // that the list is a part of
	MoreVerdicts int             `json:"verdicts_more,omitempty"` // behind the last one of the list
	NextVerdicts string          `json:"verdicts_next,omitempty"` // the After that the list goes on with
	Tally        []PromiseTally  `json:"tally,omitempty"`         // by week, the latest first, and promise
	Scores       []SideScore     `json:"scores,omitempty"`        // IT's, then the unit's
	Clock        []ClockShare    `json:"clock,omitempty"`         // whose time the work in progress was: IT's, the unit's, others'
	Terms        *ContractTerms  `json:"terms,omitempty"`
	Versions     []ContractTerms `json:"versions,omitempty"` // all that were agreed on, the latest first, those to come with them
	Ledger       *LedgerState    `json:"ledger,omitempty"`
	Digest       *SentDigest     `json:"digest,omitempty"` // that of the last period; nil where it was not made
}

// ContractPeriod is what came of the slots of a period.
type ContractPeriod struct {
	Period    string    `json:"period"` // 2026-W47
	From      string    `json:"from"`   // its first day
	To        string    `json:"to"`     // its last one
	Cutoff    time.Time `json:"cutoff,omitzero"`
	Slots     int       `json:"slots"`   // agreed on
	Offered   int       `json:"offered"` // with what was carried over, lent and taken in advance
	Due       int       `json:"due"`     // that IT has to take on
	Taken     int       `json:"taken"`
	Used      int       `json:"-"` // taken, or for expedites
	Expedites int       `json:"expedites"`
	Missed    int       `json:"missed"`
	Forfeited int       `json:"forfeited"`
	Overdrawn int       `json:"overdrawn"`
	CarryOut  int       `json:"carry_out"`
	Borrowed  int       `json:"borrowed"` // from other units
	Lent      int       `json:"lent"`     // to them
	Back      int       `json:"back"`     // given back for requests taken on before
	Facts     string    `json:"facts"`    // why as many are offered as there are, in words
	Closed    bool      `json:"closed"`
}

// Promised is one promise and how it turned out.
type Promised struct {
	ID        string           `json:"id"`
	Promise   contract.Promise `json:"promise"` // P1 to P4 are IT's, R1 to R5 the unit's
	By        kanban.Party     `json:"by"`
	Period    string           `json:"period"`
	Card      kanban.CardID    `json:"card,omitempty"`
	Called    string           `json:"called,omitempty"` // the card, as the reader may know it
	Title     string           `json:"title,omitempty"`
	Outcome   contract.Outcome `json:"outcome"`
	Failing   bool             `json:"failing,omitempty"` // pending, and broken as things stand
	Contested bool             `json:"contested,omitempty"`
	Due       time.Time        `json:"due,omitzero"`
	Clock     string           `json:"clock"` // which one decides
	Sentence  string           `json:"sentence"`
}

// SlotHolder is a card that holds a slot.
type SlotHolder struct {
	Card      kanban.CardID `json:"card"`
	Called    string        `json:"called"`
	Title     string        `json:"title,omitempty"`
	Column    string        `json:"column"`
	Taken     time.Time     `json:"taken"`
	Started   bool          `json:"started"` // it can be given back or swapped no more
	Expedite  bool          `json:"expedite,omitempty"`
	Delivered time.Time     `json:"delivered,omitzero"`
	Days      int           `json:"it_days,omitempty"` // on IT's clock, once it is delivered
}

// OverCard is a card whose priority was raised without a free slot.
type OverCard struct {
	Card     kanban.CardID      `json:"card"`
	Called   string             `json:"called"`
	Title    string             `json:"title,omitempty"`
	Raised   time.Time          `json:"raised"`
	From     kanban.PriorityKey `json:"from,omitempty"`
	Place    int                `json:"place"` // in the row of those that wait
	Choice   contract.Choice    `json:"choice,omitempty"`
	Sentence string             `json:"sentence"`
}

// SideScore is what one side kept of its promises.
type SideScore struct {
	By      kanban.Party `json:"by"`
	Name    string       `json:"name"`
	Kept    int          `json:"kept"`
	Decided int          `json:"decided"`
	Text    string       `json:"text"`
	Missed  []Promised   `json:"missed,omitempty"` // the latest that were not kept, are contested, or that nobody can know
	More    int          `json:"missed_more,omitempty"`
}

// ClockShare is one party's part of the time in progress.
type ClockShare struct {
	Party   kanban.Party `json:"party"`
	Hours   int          `json:"hours"`
	Percent int          `json:"percent"`
}

// ContractTerms are one version of the terms.
type ContractTerms struct {
	Version     int                  `json:"version"`
	From        string               `json:"from"`
	Slots       int                  `json:"slots"`
	Carry       int                  `json:"carry"`
	Cutoff      string               `json:"cutoff"`
	CutoffWords string               `json:"cutoff_words"` // as people are told it
	Expedites   int                  `json:"expedite"`
	SLEDays     int                  `json:"sle_days,omitempty"`
	SLEShare    int                  `json:"sle_share,omitempty"` // percent
	AnswerDays  int                  `json:"answer_days,omitempty"`
	AcceptDays  int                  `json:"accept_days,omitempty"`
	Unplanned   int                  `json:"unplanned,omitempty"` // percent
	Priorities  []kanban.PriorityKey `json:"priorities,omitempty"`
	Asking      string               `json:"-"` // the names of these, "" where every request asks for a slot
	Over        contract.Answer      `json:"over"`
	Business    string               `json:"agreed_business"`
	IT          string               `json:"agreed_it"`
}

// LedgerState is what is recorded of a contract.
type LedgerState struct {
	Entries  int64  `json:"entries"`
	Verdicts int64  `json:"verdicts"`          // of the entries: those about verdicts
	Head     string `json:"head"`              // to be kept elsewhere, and compared later: parley contract verify
	Problem  string `json:"problem,omitempty"` // it is not as it was written
}

// shownPeriods is over how many periods scores are told, and how many are listed.
const shownPeriods = 8

// Contracts lists the contracts there are, by their units: each in a line, and to those who made
// it with the slots of the present week, what both sides kept and what the next days decide.
func (v *Sight) Contracts(ctx context.Context) ([]Contract, error) {
	s, err := v.standing(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Contract, 0, len(s.accounts))
	for _, a := range s.accounts {
		c := v.inLine(s, a)
		if v.whole(a.Unit) {
			contractTeller{v, s, a}.glance(&c)
		}
		out = append(out, c)
	}
	return out, nil
}

// glance adds to a contract in a line what whoever made it looks for first.
func (t contractTeller) glance(c *Contract) {
	c.Masked, c.Seq, c.Free, c.Problem = false, t.state.seq, t.account.Free, t.problem(t.state, c.Unit)
	var all Contract
	t.slots(&all)
	c.Period = all.Period
	for _, v := range t.account.AtRisk {
		c.AtRisk = append(c.AtRisk, t.promised(v))
	}
	for _, agreed := range t.Agreements {
		if at, ok := agreed.NextCutoff(t.Calendar, t.state.now); ok && agreed.Unit == c.Unit {
			c.Cutoff = at.In(t.zone())
		}
	}
}

// inLine is the least that is told of a contract.
func (v *Sight) inLine(s *contractState, a contract.Account) Contract {
	c := Contract{Unit: a.Unit, Name: a.Name, At: s.now, Masked: true}
	if v.lined(a.Unit) {
		c.Line = a.Line(shownPeriods)
		if n := len(a.Statements); n > 0 {
			to := a.Statements[n-1].Period
			c.Scores = contractTeller{v, s, a}.scores(to.Back(shownPeriods-1), to)
		}
	}
	return c
}

// lined reports whether at least the line that sums a contract up is told.
func (v *Sight) lined(unit kanban.UnitKey) bool {
	return v.whole(unit) || v.Viewer.Audience == AudienceWall || v.Viewer.Audience.Unit() != "" && slices.Contains(v.Policy.Other, FacetTitle)
}

// Parties are the units of whose contracts more than the name is told to the viewer, in the
// order of their keys. It reads nothing but what was agreed on, so that every page can ask.
func (v *Sight) Parties() []Named {
	out := []Named{}
	for _, c := range v.Agreements {
		if v.lined(c.Unit) {
			out = append(out, Named{Key: string(c.Unit), Name: c.Name})
		}
	}
	slices.SortFunc(out, func(a, b Named) int { return cmp.Compare(a.Key, b.Key) })
	return out
}

// whole reports whether a contract is told with all that is in it: to those who made it.
func (v *Sight) whole(unit kanban.UnitKey) bool { return v.Viewer.inside() || v.Viewer.Owns(unit) }

// Contract tells how a unit's contract stands, with the latest of its verdicts; ErrUnknown
// where there is none.
func (v *Sight) Contract(ctx context.Context, unit kanban.UnitKey) (Contract, error) {
	return v.ContractWith(ctx, unit, VerdictQuery{})
}

// ContractWith is Contract with other verdicts; ErrUnknown, too, where none is called as the
// query says.
func (v *Sight) ContractWith(ctx context.Context, unit kanban.UnitKey, q VerdictQuery) (Contract, error) {
	s, err := v.standing(ctx)
	if err != nil {
		return Contract{}, err
	}
	i := slices.IndexFunc(s.accounts, func(a contract.Account) bool { return a.Unit == unit })
	if i < 0 {
		return Contract{}, fmt.Errorf("contract of %.60q: %w", string(unit), ErrUnknown)
	}
	a := s.accounts[i]
	c := v.inLine(s, a)
	if !v.whole(unit) {
		return c, nil
	}
	c.Masked, c.Seq, c.Free, c.Problem = false, s.seq, a.Free, v.problem(s, unit)
	t := contractTeller{v, s, a}
	t.slots(&c)
	if err := t.promises(&c, q); err != nil {
		return c, err
	}
	t.clocks(&c)
	t.terms(&c)
	ledger, err := v.ledger(ctx, unit)
	if err != nil {
		return c, err
	}
	c.Ledger = ledger.state()
	if c.Unheard, err = v.unheard(ctx, s, a, ledger); err != nil {
		return c, err
	}
	c.Digest, err = v.digestWays(ctx, unit)
	return c, err
}

// contractTeller tells one account to one viewer.
type contractTeller struct {
	*Sight

	state   *contractState
	account contract.Account
}

// names are cards as the viewer may know them: by their keys, or that they are none of
// theirs.
func (t contractTeller) names() contract.Names {
	return contract.Names{Unit: t.account.Name, Card: t.called, Calendar: t.Calendar}
}

func (t contractTeller) called(id kanban.CardID) string {
	f := t.state.faces[id]
	if f == nil {
		return "a card that is gone"
	}
	g := t.grant(f.Card)
	for _, s := range f.Card.Sides {
		if g.side(s.Side) {
			return s.Key
		}
	}
	return "a card that is not for you to read"
}

// title is a card's, as far as the viewer may read it.
func (t contractTeller) title(id kanban.CardID) string {
	f := t.state.faces[id]
	if f == nil || !t.grant(f.Card).title {
		return ""
	}
	return f.Card.Title
}

func (t contractTeller) slots(c *Contract) {
	for _, s := range t.account.Statements {
		p := ContractPeriod{Period: s.Period.String(), From: s.Period.Monday().String(), To: s.Period.Last().String(), Slots: s.Count.Slots, Offered: s.Slots.Offered,
			Due: s.Slots.Due, Taken: s.Count.Taken, Used: s.Slots.Charge, Expedites: s.Count.Expedites, Missed: s.Slots.Missed, Forfeited: s.Slots.Forfeited, Overdrawn: s.Slots.Overdrawn,
			CarryOut: s.Slots.CarryOut, Borrowed: s.Count.Borrowed, Lent: s.Count.Lent, Back: s.Count.Back, Facts: s.Count.Facts(), Closed: s.Closed}
		if !s.Cutoff.IsZero() {
			p.Cutoff = s.Cutoff.In(t.zone())
		}
		c.Past = append(c.Past, p)
	}
	if n := len(c.Past); n > 0 {
		c.Period, c.Past = &c.Past[n-1], c.Past[max(0, n-1-shownPeriods):n-1]
		present := *c.Period
		c.Period = &present
	}
	slices.Reverse(c.Past)
	for _, h := range t.account.Holders {
		c.Holders = append(c.Holders, t.slotHolder(h))
	}
	for _, o := range t.account.Over {
		c.Over = append(c.Over, OverCard{Card: o.Card, Called: t.called(o.Card), Title: t.title(o.Card), Raised: o.Raised.In(t.zone()), From: o.From, Place: o.Place,
			Choice: o.Choice, Sentence: o.Sentence(t.account, t.names())})
	}
}

func (t contractTeller) slotHolder(h contract.Holding) SlotHolder {
	out := SlotHolder{Card: h.Card, Called: t.called(h.Card), Title: t.title(h.Card), Taken: h.Taken.In(t.zone()), Started: !h.Started.IsZero(), Expedite: !h.Expedited.IsZero(), Days: h.ITDays}
	if f := t.state.faces[h.Card]; f != nil {
		out.Column = columnKey(f.Card)
	}
	if !h.Delivered.IsZero() {
		out.Delivered = h.Delivered.In(t.zone())
	}
	return out
}

func (t contractTeller) promised(v contract.Verdict) Promised {
	out := Promised{ID: v.ID, Promise: v.Promise, By: v.Promise.By(), Period: v.Period.String(), Card: v.Card, Outcome: v.Outcome, Failing: v.Facts.Failing,
		Contested: v.Contested, Clock: v.Promise.Clock(t.account.Name), Sentence: v.Sentence(t.names())}
	if v.Card != "" {
		out.Called, out.Title = t.called(v.Card), t.title(v.Card)
	}
	if !v.Due.IsZero() {
		out.Due = v.Due.In(t.zone())
	}
	return out
}

func (t contractTeller) clocks(c *Contract) {
	sum := contract.Sum(t.account.Clocks)
	if sum.All() == 0 {
		return
	}
	for _, p := range []kanban.Party{kanban.IT, kanban.Business, kanban.Third} {
		c.Clock = append(c.Clock, ClockShare{Party: p, Hours: int(sum.Of(p).Hours()), Percent: int(math.Round(100 * sum.Share(p)))})
	}
}

func (t contractTeller) terms(c *Contract) {
	for _, agreed := range t.Agreements {
		if agreed.Unit != t.account.Unit {
			continue
		}
		for n, of := range agreed.Versions {
			c.Versions = append(c.Versions, t.termsOf(of, n+1))
		}
	}
	slices.Reverse(c.Versions)
	if t.account.Version > 0 {
		inForce := t.termsOf(t.account.Terms, t.account.Version)
		c.Terms = &inForce
	}
}

// asking names the priorities that ask for a slot, "" where every request does.
func (t contractTeller) asking(of contract.Terms) string {
	var names []string
	for _, p := range of.Priorities {
		names = append(names, t.priorityName(p))
	}
	return strings.Join(names, " or ")
}

func (t contractTeller) termsOf(of contract.Terms, version int) ContractTerms {
	return ContractTerms{Version: version, From: of.From.String(), Slots: of.Slots, Carry: of.Carry, Cutoff: of.Cutoff.String(), CutoffWords: of.Cutoff.Words(), Expedites: of.Expedites,
		SLEDays: of.SLEDays, SLEShare: of.SLEShare, AnswerDays: of.AnswerDays, AcceptDays: of.AcceptDays, Unplanned: of.Unplanned, Priorities: of.Priorities, Asking: t.asking(of),
		Over: cmp.Or(of.Over, contract.Show), Business: of.Agreed.Business, IT: of.Agreed.IT}
}
