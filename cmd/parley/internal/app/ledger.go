package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/store"
	"parley/sync/view"
)

// ledgerEvery is how often the ledgers of contracts are brought up to date, and the marks on
// cards that are over one: a change shows on the contract's page at once, and is entered for
// good soon after.
const ledgerEvery = 5 * time.Second

// keepLedgers extends the ledgers of all contracts by what has happened, until ctx ends.
// Nothing that they hold is ever changed. One that is not as it was written is left alone
// and told: nothing may hide that.
func (a *App) keepLedgers(ctx context.Context) error {
	if len(a.Config.Contracts()) == 0 {
		return nil
	}
	tick := time.NewTicker(ledgerEvery)
	defer tick.Stop()
	k := bookkeeper{App: a, since: a.Now(), told: map[kanban.UnitKey]string{}, failed: map[string]bool{}}
	for {
		if err := k.extend(ctx); err != nil && ctx.Err() == nil {
			a.Log.WarnContext(ctx, "the ledgers of contracts could not be extended; the next try is soon", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// bookkeeper enters what happened into ledgers.
type bookkeeper struct {
	*App

	since  time.Time                 // every source has to be read after it: while Parley was not there anything may have happened
	told   map[kanban.UnitKey]string // why nothing is added to a ledger, as it was logged last
	failed map[string]bool           // raises of which it was logged that they could not be dealt with
	anew   map[string]bool           // raises for which the choices on the ticket were written anew
	knows  bool                      // what had been decided before is recorded
	seq    int64                     // data sequence of the last look
	at     time.Time                 // minute of it
	known  time.Time                 // up to which minute all was read then
}

// extend looks at all contracts, unless nothing can have changed since the last look.
func (k *bookkeeper) extend(ctx context.Context) error {
	seq, err := k.Store.Seq(ctx)
	if err != nil {
		return err
	}
	known, err := k.Views.Known(ctx)
	if err != nil {
		return err
	}
	now, read := k.Now().Truncate(time.Minute), known.Truncate(time.Minute)
	if seq == k.seq && now.Equal(k.at) && read.Equal(k.known) || k.Runner.Term() == 0 {
		return nil
	}
	whole, err := k.Views.ReadSince(ctx, k.since)
	if err != nil || !whole {
		return err // what is missing would have to be taken back
	}
	if err := k.recall(ctx); err != nil {
		return err
	}
	accounts, known, err := k.Views.Judging(ctx)
	if err != nil {
		return err
	}
	failed := k.enterAll(ctx, accounts, known)
	if err := k.markOver(ctx, accounts); err != nil {
		return errors.Join(failed, err)
	}
	if failed == nil {
		k.seq, k.at, k.known = seq, now, read
	}
	return errors.Join(failed, k.answerOver(ctx))
}

// enterAll adds to the ledgers of all units. What is wrong with one stays with it.
func (k *bookkeeper) enterAll(ctx context.Context, accounts []contract.Account, known time.Time) error {
	var failed []error
	stopped, err := k.Views.Stopped(ctx)
	if err != nil {
		return err
	}
	for _, account := range accounts {
		if why := stopped[account.Unit]; why != "" {
			k.say(ctx, account.Unit, why)
			continue
		}
		if err := k.enter(ctx, account, known); err != nil {
			failed = append(failed, fmt.Errorf("extend ledger of %s: %w", account.Unit, err))
		}
	}
	return errors.Join(failed...)
}

// recall records what had been decided about contracts before there was this Parley.
func (k *bookkeeper) recall(ctx context.Context) error {
	if k.knows || k.Decided == nil {
		return nil
	}
	decided, err := k.Decided(func(ref string) (kanban.CardID, error) { return k.Store.Resolve(ctx, ref) })
	if err != nil {
		return err
	}
	if _, err = k.Store.Commit(ctx, store.Commit{Epoch: k.Runner.Term(), Now: k.Now(), Decisions: decided}); err == nil {
		k.knows = true
	}
	return err
}

// enter adds to the ledger of one unit what now follows from the record, of which all is
// known up to a moment.
func (k *bookkeeper) enter(ctx context.Context, account contract.Account, known time.Time) error {
	is, err := k.enterable(ctx, account, known)
	if err != nil || !is {
		return err
	}
	recorded, err := k.Store.Ledger(ctx, account.Unit, 0)
	if err != nil {
		return err
	}
	entries, links := view.Lines(recorded)
	if err := contract.Verify(account.Unit, entries, links); err != nil {
		k.say(ctx, account.Unit, fmt.Sprintf("it is not as it was written: %v; restore a backup, or see parley fsck", err))
		return nil
	}
	more := linked(contract.Seal(account.Unit, entries).Link, account.Extend(entries, known, k.Now()))
	if len(more) == 0 {
		return nil
	}
	_, err = k.Store.Commit(ctx, store.Commit{Epoch: k.Runner.Term(), Now: k.Now(), Ledger: more})
	if errors.Is(err, store.ErrStale) {
		return nil // somebody else was there first; the next look takes it in
	}
	return err
}

// enterable reports whether something is to be added to a ledger that this process may add to.
func (k *bookkeeper) enterable(ctx context.Context, account contract.Account, known time.Time) (bool, error) {
	ahead, err := k.Views.Ahead(ctx, account.Unit)
	if err != nil {
		return false, err
	}
	if ahead > 0 {
		if ahead >= aheadSaid {
			k.say(ctx, account.Unit, "the clock of this process is behind the ledger; set it right, or wait until it is there")
		}
		return false, nil
	}
	is, err := k.Views.Entered(ctx, account, known)
	if is {
		delete(k.told, account.Unit)
	}
	return !is, err
}

// aheadSaid is how far a ledger is ahead of the clock before it is logged: of what is less the
// end is near.
const aheadSaid = time.Minute

// say logs why nothing is added to a ledger, once for each reason.
func (k *bookkeeper) say(ctx context.Context, unit kanban.UnitKey, why string) {
	if k.told[unit] != why {
		k.told[unit] = why
		k.Log.ErrorContext(ctx, "nothing is added to a ledger", "unit", unit, "problem", why)
	}
}

// linked hangs entries on the last link of a ledger.
func linked(last contract.Link, entries []contract.Entry) []store.LedgerEntry {
	out := make([]store.LedgerEntry, 0, len(entries))
	for _, e := range entries {
		last = e.After(last)
		out = append(out, store.LedgerEntry{Entry: e, Link: last})
	}
	return out
}

// VerifyLedger checks a unit's ledger against its own links, and against a head that was
// sent out, where there is one. It gives the present head.
func (a *App) VerifyLedger(ctx context.Context, unit kanban.UnitKey, sent *contract.Head) (contract.Head, error) {
	recorded, err := a.Store.Ledger(ctx, unit, 0)
	if err != nil {
		return contract.Head{}, err
	}
	entries, links := view.Lines(recorded)
	head := contract.Seal(unit, entries)
	if err := contract.Verify(unit, entries, links); err != nil {
		return head, fmt.Errorf("%w; it was changed behind Parley's back: restore a backup made before", err)
	}
	if sent == nil {
		return head, nil
	}
	return head, sent.Holds(entries)
}

// oddLedgers tells which ledgers are not as they were written.
func (a *App) oddLedgers(ctx context.Context) ([]Finding, error) {
	units, err := a.Store.Ledgers(ctx)
	if err != nil {
		return nil, err
	}
	var out []Finding
	for _, unit := range units {
		recorded, err := a.Store.Ledger(ctx, unit, 0)
		if err != nil {
			out = append(out, Finding{Text: err.Error()})
			continue
		}
		entries, links := view.Lines(recorded)
		if err := contract.Verify(unit, entries, links); err != nil {
			out = append(out, Finding{Text: err.Error()})
		}
	}
	return out, nil
}
