package memory

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/store"
	"parley/sync/store/internal/stored"
)

// outageKey is what an outage is known by.
type outageKey struct {
	tracker, source string
	from            int64
}

// extends reports why entries do not follow the ones that are there.
func (t *tables) extends(entries []store.LedgerEntry) error {
	last := map[kanban.UnitKey]int64{}
	for _, l := range entries {
		unit := l.Entry.Unit
		if _, known := last[unit]; !known {
			last[unit] = int64(len(t.ledgers[unit]))
		}
		if l.Entry.Seq != last[unit]+1 {
			return fmt.Errorf("ledger of %s, entry %d: %w", unit, l.Entry.Seq, store.ErrStale)
		}
		last[unit]++
	}
	return nil
}

func (t *tables) writeContracts(seq int64, c store.Commit) {
	for _, e := range c.Decisions {
		if !t.decided[e.ID] {
			t.decided[e.ID] = true
			e.At, e.Began, e.Rank, e.To, e.Traits = e.At.UTC(), e.Began.UTC(), 0, "", contract.Traits{}
			t.decisions = append(t.decisions, store.DecisionRow{Seq: seq, Event: e})
		}
	}
	for _, l := range c.Ledger {
		l.Entry.At = l.Entry.At.UTC()
		t.ledgers[l.Entry.Unit] = append(t.ledgers[l.Entry.Unit], l)
	}
	for _, o := range c.Outages {
		key := outageKey{stored.Brief(o.Tracker), stored.Brief(o.Source), stored.Micros(o.From)}
		if _, there := t.outages[key]; !there {
			t.outages[key] = stored.Micros(o.To)
		}
	}
}

// cloneContracts gives a copy rows of its own to add to.
func (t *tables) cloneContracts() {
	t.decided, t.decisions = maps.Clone(t.decided), slices.Clip(t.decisions)
	t.ledgers, t.outages = maps.Clone(t.ledgers), maps.Clone(t.outages)
	for unit, entries := range t.ledgers {
		t.ledgers[unit] = slices.Clip(entries)
	}
}

// Decisions lists what was decided about contracts, in the order in which it was recorded.
func (s *Store) Decisions(ctx context.Context) ([]contract.Event, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list decisions: %w", err)
	}
	return store.Readable(s.decisions), nil
}

// DecisionsAfter lists what was decided about contracts after a data sequence, in the order in
// which it was recorded.
func (s *Store) DecisionsAfter(ctx context.Context, seq int64) ([]store.DecisionRow, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list decisions: %w", err)
	}
	from := slices.IndexFunc(s.decisions, func(r store.DecisionRow) bool { return r.Seq > seq })
	if from < 0 {
		return nil, nil
	}
	return slices.Clone(s.decisions[from:]), nil
}

// Decision gives the one with an id; store.ErrUnknown where there is none.
func (s *Store) Decision(ctx context.Context, id string) (contract.Event, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	err := ctx.Err()
	at := slices.IndexFunc(s.decisions, func(r store.DecisionRow) bool { return r.Event.ID == stored.Brief(id) })
	if err == nil && at < 0 {
		err = store.ErrUnknown
	}
	if err != nil {
		return contract.Event{}, fmt.Errorf("read decision %.80q: %w", id, err)
	}
	return s.decisions[at].Event, nil
}

// Ledger gives the entries of a unit's ledger behind one of them in their order; 0 is all.
func (s *Store) Ledger(ctx context.Context, unit kanban.UnitKey, after int64) ([]store.LedgerEntry, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("read ledger of %s: %w", unit, err)
	}
	all := s.ledgers[unit]
	return slices.Clone(all[min(max(after, 0), int64(len(all))):]), nil
}

// Ledgers lists the units that have entries in a ledger.
func (s *Store) Ledgers(ctx context.Context) ([]kanban.UnitKey, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list ledgers: %w", err)
	}
	return slices.Sorted(maps.Keys(s.ledgers)), nil
}

// Outages lists the times, by their beginnings, in which a source was not read.
func (s *Store) Outages(ctx context.Context) ([]store.Outage, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list outages: %w", err)
	}
	var all []store.Outage
	for key, to := range s.outages {
		all = append(all, store.Outage{Tracker: key.tracker, Source: key.source, From: stored.Moment(key.from), To: stored.Moment(to)})
	}
	slices.SortFunc(all, func(a, b store.Outage) int {
		return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Tracker, b.Tracker), cmp.Compare(a.Source, b.Source))
	})
	return all, nil
}
