package storetest

import (
	"errors"
	"strings"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/store"
)

func swapOf(id string, down, up kanban.CardID) store.Trade {
	return store.Trade{Trade: contract.Trade{ID: id, Phase: contract.Lowering, Down: contract.Half{Card: down, From: "high", To: "low"}, Up: contract.Half{Card: up, From: "low", To: "high"}},
		Unit: "trading", Who: "mia \"ü\"", Begun: at(1), Version: 3, NextAt: at(2)}
}

func keptTrades(t fixture) {
	one := swapOf("s1", "aaa", "bbb")
	before := must(t.store.Seq(t.Context()))(t)
	if seq := commit(t, t.store, store.Commit{Trades: []store.Trade{one}}); seq != before+1 {
		t.Errorf("the data sequence is %d after %d: pages show swaps", seq, before)
	}
	one.Lock = 1
	if diff := cmp.Diff(one, must(t.store.Trade(t.Context(), "s1"))(t)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	stale := one
	stale.Lock = 0
	for name, bad := range map[string]store.Trade{
		"the same id": stale, "the one that steps down": swapOf("s2", "aaa", "ccc"), "the one that has its slot": swapOf("s2", "ccc", "bbb"),
	} {
		if _, err := t.store.Commit(t.Context(), store.Commit{Trades: []store.Trade{bad}}); !errors.Is(err, store.ErrStale) {
			t.Errorf("%s: %v", name, err)
		}
	}
	ended := swapOf("s", "aaa", "bbb")
	ended.Phase = contract.Traded
	for name, bad := range map[string][]store.Trade{
		"no id": {swapOf("", "a", "b")}, "a long id": {swapOf(strings.Repeat("x", 600), "a", "b")}, "one card": {swapOf("s", "a", "a")}, "an end without a moment": {ended},
		"written twice": {swapOf("s", "c", "d"), swapOf("s", "c", "d")},
	} {
		if _, err := t.store.Commit(t.Context(), store.Commit{Trades: bad}); err == nil || errors.Is(err, store.ErrStale) {
			t.Errorf("%s: %v", name, err)
		}
	}
	one.Sent, one.Both, one.Phase, one.Refused, one.Problem = true, true, contract.Undoing, 2, "Jira said no"
	commit(t, t.store, store.Commit{Trades: []store.Trade{one}})
	if _, err := t.store.Commit(t.Context(), store.Commit{Trades: []store.Trade{one}}); !errors.Is(err, store.ErrStale) {
		t.Errorf("on an old version: %v", err)
	}
	one.Lock = 2
	two := swapOf("s0", "ccc", "ddd")
	commit(t, t.store, store.Commit{Trades: []store.Trade{two}})
	two.Lock = 1
	if diff := cmp.Diff([]store.Trade{two, one}, must(t.store.OpenTrades(t.Context()))(t)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	one.Phase, one.Ended = contract.Undone, at(9)
	commit(t, t.store, store.Commit{Trades: []store.Trade{one}})
	if got := must(t.store.OpenTrades(t.Context()))(t); len(got) != 1 || got[0].ID != "s0" {
		t.Errorf("open are %+v", got)
	}
	commit(t, t.store, store.Commit{Trades: []store.Trade{swapOf("s3", "aaa", "bbb")}}) // its cards are free again
	if _, err := t.store.Trade(t.Context(), "s9"); !errors.Is(err, store.ErrUnknown) {
		t.Errorf("a swap that is not there: %v", err)
	}
	tradesAreFenced(t)
}

func tradesAreFenced(t fixture) {
	epoch := must(t.store.Acquire(t.Context(), store.LeaseRunner, "me", 60e9, at(0)))(t)
	must(t.store.Acquire(t.Context(), store.LeaseRunner, "you", 60e9, at(100)))(t)
	if _, err := t.store.Commit(t.Context(), store.Commit{Epoch: epoch, Trades: []store.Trade{swapOf("f", "f1", "f2")}}); !errors.Is(err, store.ErrFenced) {
		t.Errorf("under a lost lease: %v", err)
	}
}
