package storetest

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/store"
)

// contractStore is what is asked about contracts.
type contractStore interface {
	dispatchStore
	questionStore
	Decisions(ctx context.Context) ([]contract.Event, error)
	DecisionsAfter(ctx context.Context, seq int64) ([]store.DecisionRow, error)
	Decision(ctx context.Context, id string) (contract.Event, error)
	Ledger(ctx context.Context, unit kanban.UnitKey, after int64) ([]store.LedgerEntry, error)
	Ledgers(ctx context.Context) ([]kanban.UnitKey, error)
	Outages(ctx context.Context) ([]store.Outage, error)
	Trade(ctx context.Context, id string) (store.Trade, error)
	OpenTrades(ctx context.Context) ([]store.Trade, error)
}

func contractCases() []check {
	return []check{
		{"decisions are kept as they were made, in their order", keptDecisions},
		{"a commit can ask that nobody has decided meanwhile", undecided},
		{"a ledger is only ever added to", keptLedger},
		{"contracts are written under the lease", fencedContracts},
		{"outages are kept once", keptOutages},
		{"a swap is kept as it goes along, and a card is in one at a time", keptTrades},
	}
}

func choice(id string, seconds int) contract.Event {
	return contract.Event{ID: id, At: at(seconds), Kind: contract.Chose, Card: "aaa", Who: "mia", By: kanban.Business, Unit: "trading", With: "risk",
		Other: "bbb", Amount: 2, Began: at(1), Ref: "loan-1", Choice: contract.WaitFor, Outcome: contract.Kept, Note: "vor \"Ostern\" <ok>"}
}

func keptDecisions(t fixture) {
	before := must(t.store.Seq(t.Context()))(t)
	late, early := choice("d2", 9), choice("d1", 1)
	if seq := commit(t, t.store, store.Commit{Decisions: []contract.Event{late, early}}); seq != before+1 {
		t.Errorf("the data sequence is %d after %d: pages show decisions", seq, before)
	}
	other := choice("d1", 5)
	other.Note = "another story"
	commit(t, t.store, store.Commit{Decisions: []contract.Event{other, choice("d0", 0)}})
	if diff := cmp.Diff([]contract.Event{late, early, choice("d0", 0)}, must(t.store.Decisions(t.Context()))(t)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want := []store.DecisionRow{{Seq: before + 1, Event: late}, {Seq: before + 1, Event: early}, {Seq: before + 2, Event: choice("d0", 0)}}
	for after, rows := range map[int64][]store.DecisionRow{0: want, before: want, before + 1: want[2:], before + 2: nil} {
		if diff := cmp.Diff(rows, must(t.store.DecisionsAfter(t.Context(), after))(t), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("after %d (-want +got):\n%s", after, diff)
		}
	}
	if diff := cmp.Diff(early, must(t.store.Decision(t.Context(), "d1"))(t)); diff != "" {
		t.Errorf("by its id (-want +got):\n%s", diff)
	}
	if _, err := t.store.Decision(t.Context(), "d9"); !errors.Is(err, store.ErrUnknown) {
		t.Errorf("one that is not there: %v", err)
	}
	for name, bad := range map[string]contract.Event{
		"no id": {Kind: contract.Chose}, "a long id": {ID: strings.Repeat("x", 600), Kind: contract.Chose},
		"what the trackers tell": {ID: "d", Kind: contract.Moved}, "no kind": {ID: "d"},
		"no text": {ID: "d", Kind: contract.Contested, Note: "why\x00?"}, "no name": {ID: "d", Kind: contract.Contested, Who: "mi\xff"},
	} {
		if _, err := t.store.Commit(t.Context(), store.Commit{Decisions: []contract.Event{bad}}); err == nil {
			t.Errorf("%s: it is taken", name)
		}
	}
}

// undecided makes commits that are to find a card as it was when it was looked at.
func undecided(t fixture) {
	mark := map[string]string{"written": "yes"}
	ask := func(card kanban.CardID, since int64) error {
		_, err := t.store.Commit(t.Context(), store.Commit{Settings: mark, Unchosen: &store.Unchosen{Card: card, Since: since}})
		return err
	}
	commit(t, t.store, store.Commit{Decisions: []contract.Event{choice("d1", 1)}})
	seen := must(t.store.Seq(t.Context()))(t)
	if err := ask("aaa", seen); err != nil {
		t.Errorf("nothing was decided since: %v", err)
	}
	if err := ask("aaa", seen-1); !errors.Is(err, store.ErrStale) {
		t.Errorf("what was decided before it was looked at: %v", err)
	}
	commit(t, t.store, store.Commit{Decisions: []contract.Event{choice("d2", 2)}})
	if err := ask("aaa", seen); !errors.Is(err, store.ErrStale) {
		t.Errorf("somebody has chosen since: %v", err)
	}
	seen = must(t.store.Seq(t.Context()))(t)
	swap := swapOf("s1", "aaa", "bbb")
	commit(t, t.store, store.Commit{Trades: []store.Trade{swap}})
	for card, stale := range map[kanban.CardID]bool{"aaa": true, "bbb": true, "ccc": false} {
		if err := ask(card, seen); errors.Is(err, store.ErrStale) != stale {
			t.Errorf("a swap of %s is open: %v", card, err)
		}
	}
	swap.Lock, swap.Phase, swap.Ended = 1, contract.Traded, at(9)
	commit(t, t.store, store.Commit{Trades: []store.Trade{swap}})
	if err := ask("aaa", must(t.store.Seq(t.Context()))(t)); err != nil {
		t.Errorf("the swap has ended: %v", err)
	}
}

// entries are the first ones of a unit's ledger, linked.
func entries(unit kanban.UnitKey, n int) []store.LedgerEntry {
	var out []store.LedgerEntry
	last := contract.Genesis(unit)
	for i := range n {
		e := contract.Entry{Seq: int64(i + 1), Unit: unit, Period: contract.PeriodOf(20000), At: at(i).Add(7 * time.Millisecond), Kind: contract.Commit, Amount: -1, Card: "aaa",
			Other: "bbb", With: "risk", Who: "mia", Cause: "jira/17", Terms: 2, Note: "a note", Reverses: int64(i)}
		if i%2 == 1 {
			e.Kind, e.Amount, e.Ref, e.Outcome, e.Was, e.Basis = contract.Judged, 0, "trading/R1/aaa/1", contract.Kept, contract.Broken, "terms/1/ab calendar/cd"
		}
		last = e.After(last)
		out = append(out, store.LedgerEntry{Entry: e, Link: last})
	}
	return out
}

func keptLedger(t fixture) {
	all := entries("trading", 5)
	commit(t, t.store, store.Commit{Ledger: append(append([]store.LedgerEntry{}, all[:2]...), entries("risk", 1)...)})
	commit(t, t.store, store.Commit{Ledger: all[2:4]})
	for name, bad := range map[string][]store.LedgerEntry{"a place that is taken": all[3:4], "a place too far": {{Entry: contract.Entry{Unit: "trading", Seq: 9, At: at(0)}}}} {
		if _, err := t.store.Commit(t.Context(), store.Commit{Ledger: bad}); !errors.Is(err, store.ErrStale) {
			t.Errorf("%s: %v", name, err)
		}
	}
	odd := all[4]
	odd.Entry.Who = "a\xff"
	fine := all[4]
	fine.Entry.At = fine.Entry.At.Add(time.Microsecond)
	for name, bad := range map[string][]store.LedgerEntry{
		"no text": {odd}, "no unit": {{Entry: contract.Entry{Seq: 1}}}, "too fine a moment": {fine}, "a gap": {all[4], {Entry: contract.Entry{Unit: "trading", Seq: 7}}},
	} {
		if _, err := t.store.Commit(t.Context(), store.Commit{Ledger: bad}); err == nil || errors.Is(err, store.ErrStale) {
			t.Errorf("%s: %v", name, err)
		}
	}
	got := must(t.store.Ledger(t.Context(), "trading", 0))(t)
	if diff := cmp.Diff(all[:4], got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for after, want := range map[int64][]store.LedgerEntry{3: all[3:4], 4: {}, 99: {}} {
		if diff := cmp.Diff(want, must(t.store.Ledger(t.Context(), "trading", after))(t), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("behind %d (-want +got):\n%s", after, diff)
		}
	}
	var lines []contract.Entry
	var links []contract.Link
	for _, l := range got {
		lines, links = append(lines, l.Entry), append(links, l.Link)
	}
	if err := contract.Verify("trading", lines, links); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]kanban.UnitKey{"risk", "trading"}, must(t.store.Ledgers(t.Context()))(t)); diff != "" {
		t.Error(diff)
	}
	if none := must(t.store.Ledger(t.Context(), "nobody", 0))(t); len(none) != 0 {
		t.Errorf("a unit without a ledger has %v", none)
	}
}

func fencedContracts(t fixture) {
	epoch := must(t.store.Acquire(t.Context(), store.LeaseRunner, "me", time.Minute, at(0)))(t)
	must(t.store.Acquire(t.Context(), store.LeaseRunner, "you", time.Minute, at(100)))(t)
	c := store.Commit{Epoch: epoch, Decisions: []contract.Event{choice("d1", 0)}, Ledger: entries("trading", 1), Outages: []store.Outage{{Tracker: "jira", From: at(0), To: at(1)}}}
	if _, err := t.store.Commit(t.Context(), c); !errors.Is(err, store.ErrFenced) {
		t.Errorf("under a lost lease: %v", err)
	}
	if n := len(must(t.store.Decisions(t.Context()))(t)) + len(must(t.store.Ledgers(t.Context()))(t)) + len(must(t.store.Outages(t.Context()))(t)); n != 0 {
		t.Errorf("%d rows are there", n)
	}
}

func keptOutages(t fixture) {
	a, b := store.Outage{Tracker: "jira", From: at(5), To: at(9)}, store.Outage{Tracker: "github", Source: "acme/pay", From: at(1), To: at(3)}
	before := must(t.store.Seq(t.Context()))(t)
	commit(t, t.store, store.Commit{Outages: []store.Outage{a, b}})
	again := a
	again.To = at(99)
	if seq := commit(t, t.store, store.Commit{Outages: []store.Outage{again}}); seq != before {
		t.Errorf("the data sequence moves from %d to %d", before, seq)
	}
	if diff := cmp.Diff([]store.Outage{b, a}, must(t.store.Outages(t.Context()))(t)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
