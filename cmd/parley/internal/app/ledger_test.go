package app

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/store"
	"parley/sync/view"
)

// entry is a line of a ledger as the fold computes it.
func entry(seq int64, kind contract.EntryKind, amount int, note string) contract.Entry {
	return contract.Entry{Seq: seq, Unit: "risk", At: time.Unix(1_790_000_000+seq, 0).UTC(), Kind: kind, Amount: amount, Who: "contract", Terms: 1, Note: note}
}

// A ledger grows by what follows from the record; what does not follow any more is taken
// back by a line of its own, and nothing that stands there is changed.
func TestALedgerIsOnlyEverExtended(t *testing.T) {
	t.Parallel()
	a, _ := stored(t)
	k := bookkeeper{App: a, told: map[kanban.UnitKey]string{}}
	enter := func(entries ...contract.Entry) []contract.Entry {
		t.Helper()
		if err := k.enter(t.Context(), contract.Account{Unit: "risk", Entries: entries}, a.Now()); err != nil {
			t.Fatal(err)
		}
		recorded, err := a.Store.Ledger(t.Context(), "risk", 0)
		if err != nil {
			t.Fatal(err)
		}
		lines, links := view.Lines(recorded)
		if err := contract.Verify("risk", lines, links); err != nil {
			t.Fatal(err)
		}
		return lines
	}
	grant, commit := entry(1, contract.Grant, 3, "agreed"), entry(2, contract.Commit, -1, "")
	if got := enter(grant); len(got) != 1 {
		t.Fatalf("%+v", got)
	}
	first := enter(grant, commit)
	if again := enter(grant, commit); len(first) != 2 || len(again) != 2 {
		t.Errorf("%d lines, then %d", len(first), len(again))
	}
	sent, err := a.VerifyLedger(t.Context(), "risk", nil)
	if err != nil || sent.Entries != 2 {
		t.Errorf("%v, %v", sent, err)
	}
	if got := enter(grant); len(got) != 3 || got[2].Reverses != 2 || contract.Balance(got) != 3 || got[0] != first[0] || got[1] != first[1] {
		t.Errorf("taken back: %+v", got)
	}
	if _, err := a.VerifyLedger(t.Context(), "risk", &sent); err != nil {
		t.Errorf("what was sent out stands there no more: %v", err)
	}
}

// Nothing is added to a ledger that is not as it was written: that would bury it.
func TestABentLedgerIsLeftAsItIs(t *testing.T) {
	t.Parallel()
	a, _ := stored(t)
	bent := []store.LedgerEntry{{Entry: entry(1, contract.Grant, 9, "bent")}}
	if _, err := a.Store.Commit(t.Context(), store.Commit{Ledger: bent}); err != nil {
		t.Fatal(err)
	}
	k := bookkeeper{App: a, told: map[kanban.UnitKey]string{}}
	if err := k.enter(t.Context(), contract.Account{Unit: "risk", Entries: []contract.Entry{entry(1, contract.Grant, 3, "agreed")}}, a.Now()); err != nil {
		t.Fatal(err)
	}
	if got, _ := a.Store.Ledger(t.Context(), "risk", 0); len(got) != 1 || k.told["risk"] == "" {
		t.Errorf("%+v, told %v", got, k.told)
	}
	if _, err := a.VerifyLedger(t.Context(), "risk", nil); err == nil {
		t.Error("it is found to be as it was written")
	}
	if found, err := a.Fsck(t.Context()); err != nil || len(found.Findings) == 0 {
		t.Errorf("fsck finds %v, %v", found.Findings, err)
	}
}

// A verdict is entered once all that happened until it was decided is known, and not before;
// one that turns out otherwise later is taken back by a line of its own.
func TestVerdictsAreEnteredOnceAllIsKnown(t *testing.T) {
	t.Parallel()
	a, _ := stored(t)
	k := bookkeeper{App: a, told: map[kanban.UnitKey]string{}}
	final := a.Now().Add(-time.Hour).UTC()
	enter := func(known time.Time, o contract.Outcome) []contract.Entry {
		t.Helper()
		v := contract.Verdict{ID: "risk/R4/2026-W46", Promise: contract.Restrain, Unit: "risk", Outcome: o, Found: o, Final: final, Version: 1, Cause: "terms/1/ab"}
		if err := k.enter(t.Context(), contract.Account{Unit: "risk", Name: "Risk", Verdicts: []contract.Verdict{v}}, known); err != nil {
			t.Fatal(err)
		}
		return ledgerLines(t, a, "risk")
	}
	if got := enter(final.Add(-time.Second), contract.Kept); len(got) != 0 {
		t.Errorf("not all is known, and it is entered: %+v", got)
	}
	if got := enter(final, contract.Kept); len(got) != 1 || got[0].Ref != "risk/R4/2026-W46" || got[0].Outcome != contract.Kept || got[0].Amount != 0 {
		t.Fatalf("%+v", got)
	}
	if again := enter(time.Time{}, contract.Kept); len(again) != 1 {
		t.Errorf("a tracker is unread, and it is told again: %+v", again)
	}
	if got := enter(time.Time{}, contract.Broken); len(got) != 2 || got[1].Reverses != 1 || got[1].Was != contract.Kept || got[1].Outcome != contract.Broken {
		t.Errorf("it turned out otherwise: %+v", got)
	}
	if _, err := a.VerifyLedger(t.Context(), "risk", nil); err != nil {
		t.Error(err)
	}
}

// A process whose clock is behind the ledger adds nothing to it and takes nothing back, and
// says so once; it goes on when its clock is there. Another reason is said as well.
func TestAProcessWhoseClockIsBehindAddsNothing(t *testing.T) {
	t.Parallel()
	a, _ := stored(t)
	var said bytes.Buffer
	a.Log = slog.New(slog.NewTextHandler(&said, nil))
	k := bookkeeper{App: a, told: map[kanban.UnitKey]string{}}
	grant := entry(1, contract.Grant, 3, "agreed")
	grant.At = a.Now().UTC().Truncate(time.Millisecond)
	closed := entry(2, contract.Forfeit, -3, "nothing was ready for it")
	closed.At = grant.At
	enter := func(now time.Time, entries ...contract.Entry) int {
		t.Helper()
		a.Views.Now = func() time.Time { return now }
		if err := k.enter(t.Context(), contract.Account{Unit: "risk", Entries: entries}, now); err != nil {
			t.Fatal(err)
		}
		return len(ledgerLines(t, a, "risk"))
	}
	if n := enter(a.Now(), grant, closed); n != 2 {
		t.Fatalf("%d lines", n)
	}
	for range 2 {
		if n := enter(grant.At.Add(-5*time.Minute), grant); n != 2 {
			t.Fatalf("five minutes behind there are %d lines", n)
		}
	}
	if n := strings.Count(said.String(), "the clock of this process is behind"); n != 1 {
		t.Errorf("it is said %d times: %s", n, said.String())
	}
	if n := enter(a.Now().Add(time.Second), grant, closed); n != 2 || k.told["risk"] != "" {
		t.Errorf("%d lines, told %v", n, k.told)
	}
	k.say(t.Context(), "risk", "one reason")
	k.say(t.Context(), "risk", "another one")
	if text := said.String(); !strings.Contains(text, "one reason") || !strings.Contains(text, "another one") {
		t.Errorf("the second reason is not said: %s", text)
	}
}
