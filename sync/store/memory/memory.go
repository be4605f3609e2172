// Package memory keeps a store in memory: an exact twin of *store.Store without a
// disk, for simulations that make millions of steps. Whatever *store.Store answers,
// this one answers too, in the same order and with the same errors; the conformance
// suite holds both to it.
//
// Rows are never changed, only replaced, so that a copy of a store shares them.
// Nothing that is answered depends on the order of a map.
package memory

import (
	"context"
	"maps"
	"slices"
	"sync"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/dispatch"
	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/store"
)

// Store is a store in memory. It is safe for concurrent use.
type Store struct {
	copies copies
	mu     sync.RWMutex
	tables
}

// tables are all rows of a store.
type tables struct {
	seq int64

	cards   map[kanban.CardID]*cardRow
	ids     []kanban.CardID // of all cards, ascending
	due     []dueKey        // cards that need a step, in the order in which they do
	owners  map[string]kanban.CardID
	aliases map[kanban.CardID]store.Alias

	events    map[eventKey]bool
	histories map[store.IssueID][]kanban.Event
	conflicts map[string]*reconcile.Conflict
	activity  []engine.Activity // oldest first; never changed, so that copies share it

	issues   map[store.IssueID]*issueRow
	order    []store.IssueID            // of all issues, ascending
	byKey    map[string][]store.IssueID // in any case
	byCard   map[kanban.CardID][]store.IssueID
	mentions map[store.IssueID][]mentionRow // by method and target
	targets  map[string][]store.Mention     // by tracker, issue and method
	partings map[[2]store.IssueID]bool
	edges    map[workflow][]store.Edge // by statuses and transition

	sources     map[sourceKey]store.SourceState
	directories map[string]*directory
	answers     map[string]answer
	settings    map[string]string
	leases      map[string]lease
	quarantine  map[store.IssueID]store.Quarantined
	plans       map[string]plan // by hash
	remarks     map[string]remarkRow

	decisions []store.DecisionRow // as they were recorded; never changed
	decided   map[string]bool     // their ids
	ledgers   map[kanban.UnitKey][]store.LedgerEntry
	outages   map[outageKey]int64 // until when
	trades    map[string]tradeRow
	questions map[string]questionRow

	dispatches map[string]dispatch.Dispatch // by id; never changed

	notices []store.Notice // in the order in which they were told; never changed
}

type (
	eventKey  struct{ tracker, source string }
	workflow  struct{ tracker, project, typ string }
	sourceKey struct{ tracker, source, tier string }

	directory struct {
		connectors.Directory

		at int64
	}
	answer struct {
		doc string
		at  int64
	}
	lease struct {
		owner string
		epoch int64
		until int64
		taken int64 // how often from an owner that had not given it back
	}
)

// New makes an empty store.
func New() *Store {
	return &Store{copies: newCopies(), tables: tables{
		cards:       map[kanban.CardID]*cardRow{},
		owners:      map[string]kanban.CardID{},
		aliases:     map[kanban.CardID]store.Alias{},
		events:      map[eventKey]bool{},
		histories:   map[store.IssueID][]kanban.Event{},
		conflicts:   map[string]*reconcile.Conflict{},
		issues:      map[store.IssueID]*issueRow{},
		byKey:       map[string][]store.IssueID{},
		byCard:      map[kanban.CardID][]store.IssueID{},
		mentions:    map[store.IssueID][]mentionRow{},
		targets:     map[string][]store.Mention{},
		partings:    map[[2]store.IssueID]bool{},
		edges:       map[workflow][]store.Edge{},
		sources:     map[sourceKey]store.SourceState{},
		directories: map[string]*directory{},
		answers:     map[string]answer{},
		settings:    map[string]string{},
		leases:      map[string]lease{},
		quarantine:  map[store.IssueID]store.Quarantined{},
		plans:       map[string]plan{},
		remarks:     map[string]remarkRow{},
		decided:     map[string]bool{},
		ledgers:     map[kanban.UnitKey][]store.LedgerEntry{},
		outages:     map[outageKey]int64{},
		trades:      map[string]tradeRow{},
		questions:   map[string]questionRow{},
		dispatches:  map[string]dispatch.Dispatch{},
	}}
}

// Clone gives an independent copy: what is on the disk at this moment, as a process
// that starts after a crash finds it.
func (s *Store) Clone() *Store {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t := s.tables
	t.cards, t.owners, t.aliases = maps.Clone(t.cards), maps.Clone(t.owners), maps.Clone(t.aliases)
	t.ids, t.due, t.order = slices.Clone(t.ids), slices.Clone(t.due), slices.Clone(t.order)
	t.events, t.histories, t.conflicts = maps.Clone(t.events), maps.Clone(t.histories), maps.Clone(t.conflicts)
	for issue, events := range t.histories {
		t.histories[issue] = slices.Clip(events)
	}
	t.activity = slices.Clip(t.activity)
	t.issues, t.byKey, t.byCard = maps.Clone(t.issues), maps.Clone(t.byKey), maps.Clone(t.byCard)
	t.mentions, t.targets = maps.Clone(t.mentions), maps.Clone(t.targets)
	t.partings, t.edges = maps.Clone(t.partings), maps.Clone(t.edges)
	t.sources, t.directories = maps.Clone(t.sources), maps.Clone(t.directories)
	t.answers, t.settings, t.leases = maps.Clone(t.answers), maps.Clone(t.settings), maps.Clone(t.leases)
	t.quarantine, t.plans = maps.Clone(t.quarantine), maps.Clone(t.plans)
	t.remarks = maps.Clone(t.remarks)
	t.trades, t.questions = maps.Clone(t.trades), maps.Clone(t.questions)
	t.dispatches = maps.Clone(t.dispatches)
	t.notices = slices.Clip(t.notices)
	t.cloneContracts()
	return &Store{copies: s.copies, tables: t}
}

// Close does nothing: there are no connections.
func (s *Store) Close() error { return nil }

// Seq is the data sequence.
func (s *Store) Seq(ctx context.Context) (int64, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.seq, ctx.Err()
}

// Counts says how much the store holds.
func (s *Store) Counts(ctx context.Context) (store.Tally, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t := store.Tally{
		Cards: int64(len(s.cards)), Due: int64(len(s.due)), Issues: int64(len(s.issues)), Events: int64(len(s.events)),
	}
	for _, row := range s.cards {
		t.OpenOps += int64(row.open)
	}
	for _, k := range s.conflicts {
		if k.State == reconcile.ConflictOpen {
			t.Conflicts++
		}
	}
	return t, ctx.Err()
}
