package view

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/contract"
	"parley/kanban/flow"
)

// Replenishment is what a unit and IT have before them when free slots are filled.
type Replenishment struct {
	Unit     kanban.UnitKey
	Name     string
	Seq      int64
	At       time.Time
	Masked   bool           // it is not for the reader: all that follows is empty
	Period   ContractPeriod // the present one
	Began    bool           // the contract has begun; there is no period before
	Free     int            // slots; below zero: taken in advance
	ToTake   int            // requests that IT has to take on in the period yet, as things stand
	Ready    []ReadyRequest // in the order in which they are proposed: first those that have a slot
	Ranked   bool           // that is the unit's own order, as Jira's boards have it
	Unready  []ReadyRequest // that lack something, or whose priority asks for no slot
	Forecast KeepForecast
	Proposed *ProposedUnit // what was measured carries so many slots; nil: nothing was measured
	Carried  int           // requests a week, of all units
	Spared   int           // of these: kept for removing causes
	Unsure   bool          // what was measured is provisional
}

// ReadyRequest is a request that nobody has taken on.
type ReadyRequest struct {
	Card     kanban.CardID
	Called   string
	Title    string
	Priority string // as people call it
	Days     int    // since it was made, both days included
	Slotted  bool   // it has a slot already, or shares one: it takes none when it is taken on
	Kept     int    // its place among those for which the free slots are kept, since they asked first; 0: none is
	Over     int    // its place in the row of those raised beyond the slots, 0: in none
	Lacks    []string
	Rev      int64  // of the card, and
	Column   string // where it is: a commitment names both
	rank     int
	place    string // in Jira's order of work, "" where that is not known
	created  time.Time
}

// KeepForecast says how likely the service level holds once what is in work is delivered, and
// what fits into the free slots: on IT's clock, as the promise is judged. See contract.Outlook.
type KeepForecast struct {
	Refused string  // why nothing can be said
	Held    int     // requests that were taken on and are not delivered
	Late    int     // of them, longer on IT's clock already than was agreed on
	More    int     // ready ones for which there is a slot
	Met, Of int     // deliveries of thirteen weeks: in time, and all
	Days    int     // of the service level
	Share   int     // percent that were promised
	Chance  float64 // 0 to 1
	Words   string
}

// Replenishment tells what can be taken on for a unit now; ErrUnknown where there is no
// contract with it. First comes what was raised beyond the slots, then the unit's own order,
// as Jira's boards have it. Where not every ready request has a place in that order it goes
// by priority, and then by age.
func (v *Sight) Replenishment(ctx context.Context, unit kanban.UnitKey) (Replenishment, error) {
	s, err := v.standing(ctx)
	if err != nil {
		return Replenishment{}, err
	}
	i := slices.IndexFunc(s.accounts, func(a contract.Account) bool { return a.Unit == unit })
	if i < 0 {
		return Replenishment{}, fmt.Errorf("contract of %.60q: %w", string(unit), ErrUnknown)
	}
	a := s.accounts[i]
	out := Replenishment{Unit: a.Unit, Name: a.Name, Seq: s.seq, At: s.now, Masked: true}
	if !v.whole(unit) {
		return out, nil
	}
	out.Masked, out.Free = false, a.Free
	t := contractTeller{v, s, a}
	var c Contract
	if t.slots(&c); c.Period != nil {
		out.Period, out.Began = *c.Period, true
		out.ToTake = c.Period.Missed
	}
	t.requests(&out)
	t.keep(&out)
	p, err := v.Propose(ctx)
	if errors.Is(err, contract.ErrNoWeeks) {
		return out, nil
	}
	if n := slices.IndexFunc(p.Units, func(u ProposedUnit) bool { return u.Unit == unit }); n >= 0 {
		out.Proposed, out.Carried, out.Spared, out.Unsure = &p.Units[n], p.Slots, p.Improvement, p.Provisional
	}
	return out, err
}

// requests sorts the unit's requests that nobody has taken on.
func (t contractTeller) requests(out *Replenishment) {
	l := t.rules().Layout()
	for _, f := range t.state.faces {
		c := &f.Card
		in, _ := l.Column(c.Column)
		if c.Unit != t.account.Unit || !c.Planned || in.Category != kanban.Option || c.Column == "" {
			continue
		}
		if slices.ContainsFunc(c.Sides, func(s kanban.CardSide) bool { return s.Side == kanban.Jira.String() }) {
			t.request(out, c, l)
		}
	}
	unplaced := func(r ReadyRequest) bool { return r.place == "" }
	out.Ranked = len(out.Ready) > 0 && !slices.ContainsFunc(out.Ready, unplaced)
	for n, list := range [][]ReadyRequest{out.Ready, out.Unready} {
		slices.SortFunc(list, func(a, b ReadyRequest) int {
			byPlace := 0
			if n == 0 && out.Ranked {
				byPlace = cmp.Compare(a.place, b.place)
			}
			return cmp.Or(cmp.Compare(a.behind(), b.behind()), cmp.Compare(orLast(a.Kept), orLast(b.Kept)), cmp.Compare(orLast(a.Over), orLast(b.Over)), byPlace, cmp.Compare(a.rank, b.rank), a.created.Compare(b.created), cmp.Compare(a.Card, b.Card))
		})
	}
}

// Asking are the ready requests that take a slot once they are taken on.
func (r Replenishment) Asking() (n int) {
	for _, q := range r.Ready {
		n += q.behind()
	}
	return n
}

// behind is 1 for what comes behind those that have a slot.
func (r ReadyRequest) behind() int {
	if r.Slotted {
		return 0
	}
	return 1
}

// orLast is a place in a row, or one behind all of them.
func orLast(place int) int {
	if place == 0 {
		return 1 << 30
	}
	return place
}

func (t contractTeller) request(out *Replenishment, c *kanban.Card, l kanban.Layout) {
	zone := t.zone()
	r := ReadyRequest{Slotted: slices.Contains(t.account.Slotted, c.ID), Card: c.ID, Called: t.called(c.ID), Title: t.title(c.ID), Priority: string(c.Priority), rank: len(l.Priorities), created: c.Journey.Created, Rev: c.Rev, Column: columnKey(*c)}
	if n := len(c.Past.Profiles); n > 0 {
		r.place = c.Past.Profiles[n-1].Place
	}
	r.Days = int(calendar.Of(t.state.now, zone)-calendar.Of(c.Journey.Created, zone)) + 1
	if n := slices.IndexFunc(l.Priorities, func(p kanban.Priority) bool { return p.Key == c.Priority }); n >= 0 {
		r.Priority, r.rank = l.Priorities[n].Name, n
	}
	r.Kept = 1 + slices.Index(t.account.Kept, c.ID)
	if n := slices.IndexFunc(t.account.Over, func(o contract.Over) bool { return o.Card == c.ID }); n >= 0 {
		r.Over = t.account.Over[n].Place
	}
	for _, field := range t.account.Terms.Ready {
		if !filled(c, field) {
			r.Lacks = append(r.Lacks, field)
		}
	}
	asks := t.account.Terms.Priorities
	if len(asks) > 0 && !r.Slotted && !slices.Contains(asks, c.Priority) {
		r.Lacks = append(r.Lacks, "a priority that asks for a slot: "+t.asking(t.account.Terms))
	}
	if len(r.Lacks) > 0 {
		out.Unready = append(out.Unready, r)
		return
	}
	out.Ready = append(out.Ready, r)
}

// keep says how likely the service level holds with what was taken on and fits into the free slots.
func (t contractTeller) keep(out *Replenishment) {
	terms, fit := t.account.Terms, min(max(out.Free, 0), out.Asking())
	o := t.account.Pace.Outlook(terms, fit)
	k := KeepForecast{Held: o.Open, Late: o.Late, More: fit, Met: o.Met, Of: o.Of, Days: terms.SLEDays, Share: terms.SLEShare}
	switch {
	case terms.SLEDays == 0:
		k.Refused = "no days were agreed on"
	case !o.Known:
		k.Refused = fmt.Sprintf("%d of the %d deliveries that a share needs", o.Of, contract.LeastDeliveries)
	default:
		k.Chance = o.Chance
		k.Words = flow.Words(k.Chance)
	}
	out.Forecast = k
}
