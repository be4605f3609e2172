package storetest

import (
	"errors"
	"fmt"
	"strings"

	"github.com/google/go-cmp/cmp"

	"parley/sync/reconcile"
	"parley/sync/store"
)

func planCases() []check {
	return []check{
		{"a plan is found by its hash and by its beginning", plans},
		{"only the newest plans are kept", manyPlans},
		{"writes are found by when they were sent", sentSince},
	}
}

func plans(t fixture) {
	s := t.store
	ctx := t.Context()
	items := []byte("[\x00\xff]") // whatever it is, it comes back
	for hash, second := range map[string]int{"0123456789ab": 1, "0123456799cd": 2, "0123456789": 3, "short": 4, "ABCDEF012345": 5} {
		if err := s.SavePlan(ctx, hash, append(items, hash...), at(second)); err != nil {
			t.Fatal(err)
		}
	}
	for _, again := range []int{7, 6} { // the same plan again, and late
		if err := s.SavePlan(ctx, "short", append(items, "short"...), at(again)); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		ask, want string
		second    int
		err       error
	}{
		"whole":                   {"0123456789ab", "0123456789ab", 1, nil},
		"whole, begins another":   {"0123456789", "0123456789", 3, nil},
		"beginning":               {"0123456799", "0123456799cd", 2, nil},
		"in any case":             {" abcDEF01\n", "ABCDEF012345", 5, nil},
		"saved again":             {"short", "short", 7, nil},
		"beginning of three":      {"01234567", "", 0, store.ErrAmbiguous},
		"too short a beginning":   {"abcdef0", "", 0, store.ErrUnknown},
		"nothing":                 {"", "", 0, store.ErrUnknown},
		"longer than the hash":    {"0123456799cde", "", 0, store.ErrUnknown},
		"a pattern means nothing": {"01234567%", "", 0, store.ErrUnknown},
	} {
		got, when, err := s.PlanOf(ctx, c.ask)
		if !errors.Is(err, c.err) {
			t.Errorf("%s: PlanOf = %v, want %v", name, err, c.err)
			continue
		}
		if err == nil && (string(got) != string(items)+c.want || !when.Equal(at(c.second))) {
			t.Errorf("%s: PlanOf = %q of %v; want that of %s of %v", name, got, when, c.want, at(c.second))
		}
	}
	if n := must(s.Seq(ctx))(t); n != 0 {
		t.Errorf("sequence %d, want 0: a plan changes no card", n)
	}
}

func manyPlans(t fixture) {
	s := t.store
	ctx := t.Context()
	const kept = 100
	for n := range kept + 3 {
		if err := s.SavePlan(ctx, fmt.Sprintf("%03d%s", n, strings.Repeat("f", 61)), nil, at(n)); err != nil {
			t.Fatal(err)
		}
	}
	for n, want := range map[int]error{0: store.ErrUnknown, 2: store.ErrUnknown, 3: nil, kept + 2: nil} {
		if _, _, err := s.PlanOf(ctx, fmt.Sprintf("%03dfffff", n)); !errors.Is(err, want) {
			t.Errorf("plan %d: %v, want %v", n, err, want)
		}
	}
}

func sentSince(t fixture) {
	s := t.store
	sent := func(id string, state reconcile.OpState, second int) reconcile.Op {
		op := newOp(id, "aaa", state, 0)
		op.SentAt = at(second)
		return op
	}
	w := newCard("aaa", "a")
	w.Card.Ops = []reconcile.Op{
		sent("late", reconcile.Finished, 9), sent("b", reconcile.Sending, 5), sent("a", reconcile.Dead, 5), newOp("never", "aaa", reconcile.Planned, 9),
	}
	card := stored(t, s, w)
	other := newCard("bbb", "b")
	other.Card.Ops = []reconcile.Op{sent("early", reconcile.Acked, 1)}
	stored(t, s, other)
	card.Ops = []reconcile.Op{sent("b", reconcile.Uncertain, 7)} // sent again
	commit(t, s, store.Commit{Cards: []store.CardWrite{again(card)}})
	for second, want := range map[int][]string{
		-99: {"early", "a", "b", "late"}, 1: {"early", "a", "b", "late"}, 2: {"a", "b", "late"}, 7: {"b", "late"}, 8: {"late"}, 10: {},
	} {
		if diff := cmp.Diff(want, opIDs(must(s.SentSince(t.Context(), at(second)))(t))); diff != "" {
			t.Errorf("SentSince(%d) (-want +got):\n%s", second, diff)
		}
	}
}
