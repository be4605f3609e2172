package simulate

import (
	"context"
	"time"

	"parley/connectors"
	"parley/sync/runner"
	"parley/sync/store"
)

// ledger is a process' connection to its store: before and after each commit the
// coroutine stops, and the process may die. What is committed is told to the journal.
type ledger struct {
	runner.Store
	of *process
}

// Commit stores what one step changed.
func (l *ledger) Commit(ctx context.Context, c store.Commit) (int64, error) {
	l.of.before("commit")
	seq, err := l.Store.Commit(ctx, c)
	if err == nil {
		l.of.journal.committed(l.of.runner.Engine(), &c)
		l.of.narrator.committed(l.of, &c)
		l.of.announce(c)
	} else {
		l.of.journal.refused(err)
	}
	l.of.stored("commit")
	return seq, err
}

// SaveSource keeps how a poll went.
func (l *ledger) SaveSource(ctx context.Context, epoch int64, st store.SourceState) error {
	l.of.before("source")
	err := l.Store.SaveSource(ctx, epoch, st)
	l.of.stored("source")
	return err
}

// Acquire takes a lease.
func (l *ledger) Acquire(ctx context.Context, name, owner string, ttl time.Duration, now time.Time) (int64, error) {
	l.of.before("acquire")
	epoch, err := l.Store.Acquire(ctx, name, owner, ttl, now)
	if err == nil {
		l.of.journal.epoch = epoch
	}
	l.of.stored("acquire")
	return epoch, err
}

// Renew keeps a lease.
func (l *ledger) Renew(ctx context.Context, name string, epoch int64, ttl time.Duration, now time.Time) error {
	l.of.before("renew")
	return l.Store.Renew(ctx, name, epoch, ttl, now)
}

// tripsKept is the setting in which the runner keeps what its breakers hold.
const tripsKept = "breakers"

// SetSetting keeps a setting. What the breakers hold is kept while no other judgement may
// be made: as with the directories below, nobody else goes on meanwhile.
func (l *ledger) SetSetting(ctx context.Context, key, value string) error {
	if key == tripsKept {
		l.of.point("breakers")
		err := l.Store.SetSetting(ctx, key, value)
		l.of.point("breakers kept")
		return err
	}
	l.of.before("setting")
	err := l.Store.SetSetting(ctx, key, value)
	l.of.stored("setting")
	return err
}

// The methods below are called with the directories locked: the process may die
// there, but nobody else goes on meanwhile.

// SaveDirectory keeps what a tracker is like.
func (l *ledger) SaveDirectory(ctx context.Context, d connectors.Directory, at time.Time) error {
	l.of.point("directory")
	err := l.Store.SaveDirectory(ctx, d, at)
	l.of.point("directory kept")
	return err
}

// TouchAll makes all cards due.
func (l *ledger) TouchAll(ctx context.Context, at time.Time, fingerprint string) (int64, error) {
	l.of.point("touch all")
	n, err := l.Store.TouchAll(ctx, at, fingerprint)
	l.of.rouse()
	l.of.point("touched all")
	return n, err
}

// TouchOpen makes the cards due that have an open write.
func (l *ledger) TouchOpen(ctx context.Context, at time.Time) (int64, error) {
	l.of.point("touch open")
	n, err := l.Store.TouchOpen(ctx, at)
	l.of.rouse()
	return n, err
}
