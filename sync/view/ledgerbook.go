package view

import (
	"context"
	"slices"
	"sync"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/store"
)

// ledgers keeps what is recorded of contracts. Lines are only ever added, so that only those
// that came since are read; but once in a minute all are, for somebody may have changed one
// behind Parley's back, and the contract's page is to say so.
type ledgers struct {
	mu sync.Mutex
	of map[kanban.UnitKey]*ledgerBook
}

// ledgerBook is what is recorded of one contract. It is never changed.
type ledgerBook struct {
	read     time.Time // when all of it was
	entries  []contract.Entry
	links    []contract.Link
	head     contract.Head
	verdicts int64  // lines about them
	problem  string // of the first line that is not as it was written
}

// wholeLedger is how long it is enough to read what came since.
const wholeLedger = time.Minute

// ledger is what is recorded of a unit's contract.
func (v *Views) ledger(ctx context.Context, unit kanban.UnitKey) (*ledgerBook, error) {
	l, now := &v.ledgers, v.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	book := l.of[unit]
	if book == nil || now.Before(book.read) || now.Sub(book.read) >= wholeLedger {
		book = &ledgerBook{read: now, head: contract.Seal(unit, nil)}
	}
	rows, err := v.Source.Ledger(ctx, unit, book.last())
	if err != nil {
		return nil, err
	}
	if l.of == nil {
		l.of = map[kanban.UnitKey]*ledgerBook{}
	}
	l.of[unit] = book.with(rows)
	return l.of[unit], nil
}

// last is the place of the last line, 0: there is none.
func (b *ledgerBook) last() int64 {
	if n := len(b.entries); n > 0 {
		return b.entries[n-1].Seq
	}
	return 0
}

// with is the book with lines that came since.
func (b *ledgerBook) with(rows []store.LedgerEntry) *ledgerBook {
	if len(rows) == 0 {
		return b
	}
	out := *b
	entries, links := Lines(rows)
	out.entries, out.links = append(slices.Clip(b.entries), entries...), append(slices.Clip(b.links), links...)
	for n, e := range entries {
		if e.Kind == contract.Judged {
			out.verdicts++
		}
		var err error
		if out.head, err = out.head.Next(e, links[n]); err != nil && out.problem == "" {
			out.problem = err.Error()
		}
	}
	return &out
}

// state is what is told of the whole.
func (b *ledgerBook) state() *LedgerState {
	return &LedgerState{Entries: b.head.Entries, Verdicts: b.verdicts, Head: b.head.String(), Problem: b.problem}
}

// Lines are the entries of a recorded ledger, and their links.
func Lines(recorded []store.LedgerEntry) (entries []contract.Entry, links []contract.Link) {
	entries, links = make([]contract.Entry, len(recorded)), make([]contract.Link, len(recorded))
	for n, l := range recorded {
		entries[n], links[n] = l.Entry, l.Link
	}
	return entries, links
}

// Ahead is by how much the newest line of a unit's ledger is ahead of this process's clock: 0
// as a rule. Above it another process wrote the line whose clock is ahead of this one's, and
// nothing is entered until this one's is there.
func (v *Views) Ahead(ctx context.Context, unit kanban.UnitKey) (time.Duration, error) {
	book, err := v.ledger(ctx, unit)
	if err != nil {
		return 0, err
	}
	return max(0, contract.Newest(book.entries).Sub(v.Now())), nil
}

// Entered reports whether a ledger is as it was written and has all that follows from the
// record now, of which all is known up to a moment: nothing is to be added to it.
func (v *Views) Entered(ctx context.Context, a contract.Account, known time.Time) (bool, error) {
	book, err := v.ledger(ctx, a.Unit)
	if err != nil {
		return false, err
	}
	return book.problem == "" && len(a.Extend(book.entries, known, v.Now())) == 0, nil
}
