package view

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/store"
)

// contractSource is what is kept of contracts.
type contractSource interface {
	dispatchSource
	tradeSource
	DecisionsAfter(ctx context.Context, seq int64) ([]store.DecisionRow, error)
	Ledger(ctx context.Context, unit kanban.UnitKey, after int64) ([]store.LedgerEntry, error)
	Outages(ctx context.Context) ([]store.Outage, error)
}

// accounts keeps how the contracts stand, and what each card tells of them: a change makes
// the events of the cards that it is about anew, and nothing happens while nothing changes.
type accounts struct {
	mu    sync.Mutex
	rules string
	cards []*store.Face
	row   contract.Row // of cards: to sort and to copy their events each time would cost the most
	book  *contract.Book
	last  *contractState

	decided []store.DecisionRow // all that was decided until the last look
	seen    int64               // data sequence of that
}

// contractState is how all contracts stand at a moment. It is never changed, but that what few
// ask for is counted when it is asked for.
type contractState struct {
	seq      int64
	now      time.Time
	gaps     []contract.Gap
	accounts []contract.Account
	faces    map[kanban.CardID]*store.Face // of the cards that accounts name
	approved []kanban.CardID               // expedites that somebody has approved of
	stopped  map[kanban.UnitKey]string     // why a contract is not as it should be; "" is all of them
	unheard  unheard
}

// problem is why a unit's contract is not as it should be, "" where it is.
func (s *contractState) problem(unit kanban.UnitKey) string {
	return cmp.Or(s.stopped[unit], s.stopped[""])
}

// quietDays is how long before the first contract begins a card can have ended that still
// says something to it: whatever comes back later has begun anew.
const quietDays = 30

// standing brings the accounts of all contracts up to date: at once after a change, which
// was made before now, and else by the minute.
func (v *Views) standing(ctx context.Context) (*contractState, error) {
	seq, faces, err := v.picture.latest(ctx, v.Source)
	if err != nil {
		return nil, err
	}
	now := v.Now().In(v.zone())
	a := &v.accounts
	a.mu.Lock()
	defer a.mu.Unlock()
	if s := a.last; s != nil && s.seq == seq && s.now.Truncate(time.Minute).Equal(now.Truncate(time.Minute)) && a.rules == v.rules().Fingerprint() {
		return s, nil
	}
	if seq < a.seen {
		a.decided = nil // the store was replaced by an older one
	}
	rows, err := a.decisions(ctx, v.Source)
	if err != nil {
		return nil, err
	}
	a.seen = seq
	as, err := v.aliases(ctx)
	if err != nil {
		return nil, err
	}
	decisions := renamed(store.Readable(rows), as)
	gaps, err := v.gaps(ctx)
	if err != nil {
		return nil, err
	}
	a.follow(v, faces)
	s := &contractState{seq: seq, now: now, gaps: gaps, faces: map[kanban.CardID]*store.Face{}}
	s.accounts = a.book.Fold(a.row.With(contract.RowOf(decisions)), gaps, now)
	for n := range s.accounts {
		s.accounts[n].As = as
	}
	for _, f := range faces {
		s.faces[f.Card.ID] = f
	}
	s.stopped = s.stops(rows)
	for _, e := range decisions {
		if e.Kind == contract.Approved {
			s.approved = append(s.approved, e.Card)
		}
	}
	a.last = s
	return s, nil
}

// decisions are what was decided, of which only what is new is read. While one cannot be
// read, all are: somebody may have mended it.
func (a *accounts) decisions(ctx context.Context, from Source) ([]store.DecisionRow, error) {
	if slices.ContainsFunc(a.decided, func(r store.DecisionRow) bool { return r.Odd }) {
		a.decided = nil
	}
	seq := int64(0)
	if n := len(a.decided); n > 0 {
		seq = a.decided[n-1].Seq
	}
	more, err := from.DecisionsAfter(ctx, seq)
	if err == nil {
		a.decided = append(a.decided, more...)
	}
	return a.decided, err
}

// stoppedWords say what follows for a contract about which something cannot be read.
const stoppedWords = "these figures may be wrong. Until it can be, nothing is decided or added to the ledger, and swaps and priorities that are being set back wait as they are. Restore a backup, or see parley fsck."

// problem is why a unit's contract is not as it should be, "" where it is. What names no unit may
// be another one's, and its id tell of that: only who may read all contracts is told it.
func (v *Sight) problem(s *contractState, unit kanban.UnitKey) string {
	if own := s.stopped[unit]; own != "" || v.Viewer.inside() || s.stopped[""] == "" {
		return s.problem(unit)
	}
	return "A decision that was recorded cannot be read any more, and may be about this contract: " + stoppedWords
}

// stops tells which contracts cannot be told as they are, since something that was decided
// about them cannot be read. What does not name them for certain may be about any: what
// is left of a row can be damaged too, and who pays for a card another than whose it is.
func (s *contractState) stops(rows []store.DecisionRow) map[kanban.UnitKey]string {
	out := map[kanban.UnitKey]string{}
	for _, r := range rows {
		if !r.Odd {
			continue
		}
		for _, u := range s.named(r.Event) {
			out[u] = fmt.Sprintf("A decision that was recorded, %.80q, cannot be read any more: ", r.Event.ID) + stoppedWords
		}
	}
	return out
}

// named are the units that a decision is about, where it names them: units with a contract,
// both where it has two. Else it is the one without a name, which stands for all.
func (s *contractState) named(e contract.Event) []kanban.UnitKey {
	has := func(u kanban.UnitKey) bool {
		return slices.ContainsFunc(s.accounts, func(a contract.Account) bool { return a.Unit == u })
	}
	switch {
	case !has(e.Unit) || e.With != "" && !has(e.With):
		return []kanban.UnitKey{""}
	case e.With == "":
		return []kanban.UnitKey{e.Unit}
	}
	return []kanban.UnitKey{e.Unit, e.With}
}

// aliases tell what cards are called now by what they were called before they became a part
// of another one.
func (v *Views) aliases(ctx context.Context) (map[kanban.CardID]kanban.CardID, error) {
	gone, err := v.Source.Gone(ctx, 0)
	if err != nil {
		return nil, err
	}
	as := make(map[kanban.CardID]kanban.CardID, len(gone))
	for _, g := range gone {
		as[g.Old] = g.New
	}
	return as, nil
}

// renamed are decisions about the cards as they are called now.
func renamed(all []contract.Event, as map[kanban.CardID]kanban.CardID) []contract.Event {
	for n := range all {
		e := &all[n]
		e.Card, e.Other = cmp.Or(as[e.Card], e.Card), cmp.Or(as[e.Other], e.Other)
		if e.Kind == contract.Contested || e.Kind == contract.Settled {
			e.Ref = contract.Renamed(e.Ref, as)
		}
	}
	return all
}

// follow makes the events of the cards that have changed since.
func (a *accounts) follow(v *Views, faces []*store.Face) {
	if now := v.rules().Fingerprint(); a.rules != now {
		a.rules, a.cards, a.row, a.last = now, nil, nil, nil
		a.book = contract.NewBook(contract.Setting{Layout: v.rules().Layout(), Calendar: v.Calendar, Contracts: v.Agreements, Rules: a.rules})
	}
	if same(faces, a.cards) {
		return
	}
	who, l := v.actors(), v.rules().Layout()
	began := v.contractsBegin()
	old, gone := 0, map[kanban.CardID]bool{}
	pass := func(until kanban.CardID) {
		for ; old < len(a.cards) && (until == "" || a.cards[old].Card.ID < until); old++ {
			gone[a.cards[old].Card.ID] = true
		}
	}
	var fresh [][]contract.Event
	for _, f := range faces {
		pass(f.Card.ID)
		if old < len(a.cards) && a.cards[old].Card.ID == f.Card.ID {
			if old++; a.cards[old-1] == f {
				continue
			}
			gone[f.Card.ID] = true
		}
		if !passed(&f.Card, l, began) {
			fresh = append(fresh, contractEvents(&f.Card, l, who))
		}
	}
	pass("")
	kept := make(contract.Row, 0, len(a.row))
	for _, e := range a.row {
		if !gone[e.Card] {
			kept = append(kept, e)
		}
	}
	a.cards, a.row = faces, kept.With(contract.RowOf(fresh...))
}

// passed reports whether a card had ended long before there was a contract.
func passed(c *kanban.Card, l kanban.Layout, began time.Time) bool {
	to, _ := l.Column(c.Column)
	n := len(c.Past.Steps)
	return to.Category.Ended() && n > 0 && c.Past.Steps[n-1].At.Before(began.AddDate(0, 0, -quietDays))
}

// toldByContracts says of which cards contracts tell anything. A card that had ended too long
// ago is stored anew when it comes back.
func (v *Views) toldByContracts() func(*kanban.Card) bool {
	l, began := v.rules().Layout(), v.contractsBegin()
	return func(c *kanban.Card) bool { return len(v.Agreements) > 0 && !passed(c, l, began) }
}

// contractsBegin is the beginning of the first contract; now where there is none.
func (v *Views) contractsBegin() time.Time {
	began := v.Now()
	for _, c := range v.Agreements {
		if p, ok := c.Begins(); ok {
			if at := p.Monday().Start(v.zone()); at.Before(began) {
				began = at
			}
		}
	}
	return began
}

func (v *Views) actors() actors {
	out := actors{rules: v.rules(), kinds: map[string]connectors.Kind{}, units: map[string]bool{}, known: v.rules().NamesPeople()}
	for _, u := range v.Units {
		out.units[strings.ToLower(u.Key)], out.units[strings.ToLower(u.Name)] = true, true
	}
	for _, t := range v.Trackers {
		out.kinds[t.Name] = connectors.Kind(t.Kind)
	}
	return out
}

// gaps are the times in which a tracker was not read for more than two polls: those that
// are over, and those that last.
func (v *Views) gaps(ctx context.Context) ([]contract.Gap, error) {
	outages, err := v.Source.Outages(ctx)
	if err != nil {
		return nil, err
	}
	var out []contract.Gap
	for _, o := range outages {
		out = append(out, contract.Gap{Tracker: o.Tracker, From: o.From, To: o.To})
	}
	states, err := v.Source.Sources(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range states {
		if !s.OKAt.IsZero() && s.Tier == store.TierFast && v.Now().Sub(s.OKAt) > store.OutageAfter(v.Poll) && v.reads(s) {
			out = append(out, contract.Gap{Tracker: s.Tracker, From: s.OKAt})
		}
	}
	return out, nil
}

// reads reports whether a source is one of the configuration's.
func (v *Views) reads(s store.SourceState) bool {
	return slices.ContainsFunc(v.Trackers, func(t TrackerName) bool { return t.Name == s.Tracker && slices.Contains(t.Sources, s.Source) })
}

// Standing are the accounts of all contracts as they are, of everybody's cards: what the
// ledgers are written from. It is for no page.
func (v *Views) Standing(ctx context.Context) ([]contract.Account, error) {
	s, err := v.standing(ctx)
	if err != nil {
		return nil, err
	}
	return s.accounts, nil
}

// Judging is Standing, and Known of what the accounts were judged by: no account is from before
// it became known that a tracker had not been read.
func (v *Views) Judging(ctx context.Context) ([]contract.Account, time.Time, error) {
	s, known, err := v.judging(ctx)
	if err != nil {
		return nil, time.Time{}, err
	}
	return s.accounts, known, nil
}

// judging is standing with Known. That a tracker had not been read is no change of the data,
// and becomes known at the reading by which all is known up to later: so the accounts that
// are kept are looked at again.
func (v *Views) judging(ctx context.Context) (*contractState, time.Time, error) {
	known, err := v.Known(ctx)
	if err != nil {
		return nil, known, err
	}
	gaps, err := v.gaps(ctx)
	if err != nil {
		return nil, known, err
	}
	v.accounts.forget(gaps)
	s, err := v.standing(ctx)
	return s, known, err
}

// forget lets the accounts go where they were judged by other gaps.
func (a *accounts) forget(gaps []contract.Gap) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.last != nil && !slices.Equal(a.last.gaps, gaps) {
		a.last = nil
	}
}

// Known is up to when all is known that the trackers tell of: each source was read a while
// after it. It is the zero moment where one was not read from end to end yet, or a history
// is still imported.
func (v *Views) Known(ctx context.Context) (time.Time, error) {
	fresh, err := v.wholly(ctx)
	if err != nil || fresh == nil {
		return time.Time{}, err
	}
	var known time.Time
	for _, f := range fresh {
		if at := f.OKAt.Add(-readAfter); known.IsZero() || at.Before(known) {
			known = at
		}
	}
	return known, nil
}

// Stopped says of contracts that are not as they should be, by their units, why: to their
// ledgers nothing is added, and nothing is decided, sent, swapped or written back for them.
func (v *Views) Stopped(ctx context.Context) (map[kanban.UnitKey]string, error) {
	s, err := v.standing(ctx)
	if err != nil {
		return nil, err
	}
	out := map[kanban.UnitKey]string{}
	for _, a := range s.accounts {
		if why := s.problem(a.Unit); why != "" {
			out[a.Unit] = why
		}
	}
	return out, nil
}

// Complete reports whether all that the trackers tell was read once, with its history: until
// then nothing that follows from it is final.
func (v *Views) Complete(ctx context.Context) (bool, error) { return v.ReadSince(ctx, time.Time{}) }

// ReadSince is Complete, and that every source was read at a moment or after it: what
// happened before that moment is known then.
func (v *Views) ReadSince(ctx context.Context, at time.Time) (bool, error) {
	fresh, err := v.wholly(ctx)
	if err != nil || fresh == nil {
		return false, err
	}
	return !slices.ContainsFunc(fresh, func(f Fresh) bool { return f.OKAt.Before(at) }), nil
}

// wholly tells how fresh what was read of the trackers is, nil where something is missing.
func (v *Views) wholly(ctx context.Context) ([]Fresh, error) {
	fresh, missing, err := v.readings(ctx)
	if err != nil || len(missing) > 0 {
		return nil, err
	}
	if fresh == nil {
		fresh = []Fresh{}
	}
	return fresh, nil
}
