package digest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
)

// Source is what a digest is made of.
type Source struct {
	Account contract.Account
	Agreed  contract.Contract // all versions of the terms
	Names   contract.Names    // what cards are called to the reader
	Gaps    []contract.Gap    // in which a tracker was not read
	Missing []string          // what was never read of the trackers, in words that begin in the middle of a sentence
	Ledger  Ledger
	Page    string // address of the contract's page, "" where it has none
	Now     time.Time
}

// most bounds what a digest lists: it is read on a Monday morning.
const (
	mostPromises = 12
	mostRisks    = 8
	mostLetters  = 400 // of a sentence: people's notes are part of some
)

// Of makes the digest of a period that is over; ok is false where the account knows none
// such.
func Of(s Source, p contract.Period) (d Digest, ok bool) {
	a := s.Account
	i := slices.IndexFunc(a.Statements, func(t contract.Statement) bool { return t.Period == p && t.Closed })
	if i < 0 {
		return Digest{}, false
	}
	d = Digest{Version: Version, ID: ID(a.Unit, p), Unit: a.Unit, Name: a.Name, Period: p.String(), From: p.Monday().String(), To: p.Last().String(),
		Made: s.Now.In(s.Names.Calendar.Zone()).Truncate(time.Second), Slots: slotsOf(a.Statements[i]), Page: s.Page, Ledger: s.Ledger,
		AtRisk: []Promise{}, Terms: changes(s.Agreed, p), Unread: s.unread()}
	for _, by := range []kanban.Party{kanban.IT, kanban.Business} {
		d.Sides = append(d.Sides, s.side(by, p))
	}
	if i == len(a.Statements)-2 { // what is at risk now belongs to the period that has just begun
		for _, v := range a.AtRisk[:min(len(a.AtRisk), mostRisks)] {
			d.AtRisk = append(d.AtRisk, s.promise(v))
		}
	}
	d.Line = strings.Join([]string{a.Name, d.Period, d.Sides[0].Name + " " + d.Sides[0].Score, d.Sides[1].Name + " " + d.Sides[1].Score}, " · ")
	return d, true
}

func slotsOf(t contract.Statement) Slots {
	return Slots{Offered: t.Slots.Offered, Due: t.Slots.Due, Used: t.Slots.Charge, Expedites: t.Count.Expedites, Missed: t.Slots.Missed,
		Carried: t.Slots.CarryOut, Forfeited: t.Slots.Forfeited, Advance: t.Slots.Overdrawn,
		Borrowed: t.Count.Borrowed, Lent: t.Count.Lent, Back: t.Count.Back}
}

// side sums up what one side promised for the period.
func (s Source) side(by kanban.Party, p contract.Period) Side {
	out := Side{By: by, Name: "IT", Score: contract.ScoreOf(s.Account.Verdicts, by, p, p).String(), Promises: []Promise{}}
	if by != kanban.IT {
		out.Name = s.Account.Name
	}
	count := map[State]int{}
	for _, v := range s.Account.Verdicts {
		if v.Period != p || v.Promise.By() != by || v.Outcome == contract.NotApplicable && !v.Contested {
			continue
		}
		told := s.promise(v)
		count[told.State]++
		out.Promises = append(out.Promises, told)
	}
	out.Kept, out.Broken, out.Contested, out.Unknown, out.Open = count[Kept], count[Broken], count[Contested], count[Unknown], count[Open]
	slices.SortStableFunc(out.Promises, func(x, y Promise) int { return cmp.Compare(x.State.urgency(), y.State.urgency()) })
	out.More = max(0, len(out.Promises)-mostPromises)
	out.Promises = out.Promises[:len(out.Promises)-out.More]
	return out
}

func (s State) urgency() int { return slices.Index([]State{Broken, Contested, Unknown, Open, Kept}, s) }

func (s Source) promise(v contract.Verdict) Promise {
	out := Promise{ID: v.ID, Promise: v.Promise, By: v.Promise.By(), State: stateOf(v), Sentence: short(v.Sentence(s.Names))}
	if !v.Due.IsZero() {
		out.Due = v.Due.In(s.Names.Calendar.Zone())
	}
	return out
}

func stateOf(v contract.Verdict) State {
	switch {
	case v.Contested:
		return Contested
	case v.Outcome == contract.Pending:
		return Open
	}
	return State(v.Outcome)
}

// short is a sentence without what would break its line, and not longer than is read.
func short(s string) string {
	letters := []rune(strings.Join(strings.Fields(s), " "))
	if len(letters) > mostLetters {
		return string(letters[:mostLetters-1]) + "…"
	}
	return string(letters)
}

// unread tells which trackers were not read when the digest was made.
func (s Source) unread() []string {
	out := []string{}
	for _, g := range s.Gaps {
		if g.To.IsZero() {
			out = append(out, fmt.Sprintf("%s has not been read since %s; what it tells later counts from when it happened.",
				g.Tracker, kanban.Moment(g.From, s.Names.Calendar.Zone())))
		}
	}
	for _, what := range s.Missing {
		if rest, is := strings.CutPrefix(what, "the "); is { // and no tracker's name
			what = "The " + rest
		}
		out = append(out, what+", and not all that is told here stands in the ledger; what it tells later counts from when it happened.")
	}
	return out
}

// Undecided reports whether a promise of the period is still open.
func Undecided(a contract.Account, p contract.Period) bool {
	return slices.ContainsFunc(a.Verdicts, func(v contract.Verdict) bool { return v.Period == p && v.Outcome == contract.Pending })
}

// Last is the last period that is over; ok is false before the first one is.
func Last(a contract.Account) (p contract.Period, ok bool) {
	for _, t := range slices.Backward(a.Statements) {
		if t.Closed {
			return t.Period, true
		}
	}
	return 0, false
}
