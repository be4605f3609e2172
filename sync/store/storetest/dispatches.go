package storetest

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"parley/sync/dispatch"
	"parley/sync/store"
)

// dispatchStore is what is asked about digests on their way.
type dispatchStore interface {
	Dispatch(ctx context.Context, id string) (dispatch.Dispatch, error)
	OpenDispatches(ctx context.Context) ([]dispatch.Dispatch, error)
	DispatchesOf(ctx context.Context, digest string) ([]dispatch.Dispatch, error)
}

func dispatchCases() []check {
	return []check{
		{"a digest on its way is kept as it goes along", keptDispatch},
		{"a digest on its way is written under its lock and the lease", lockedDispatch},
		{"a dispatch that could not be found again is refused", badDispatches},
		{"digests on their way are listed while they are open, and by digest", listedDispatches},
		{"a check finds dispatches that cannot be", oddDispatches},
	}
}

func newDispatch(digest, to string) dispatch.Dispatch {
	return dispatch.Machine{Write: true}.New(dispatch.Dispatch{
		ID: dispatch.ID(digest, dispatch.Mail, to), Digest: digest, Unit: "trading", Period: "2026-W46", Channel: dispatch.Mail, To: to,
		Body: "{\"name\":\"Tr\\u0000ading \\u003cü\\u003e\"}", Problem: "\"ü\"",
	}, at(1))
}

func putDispatches(t fixture, ds ...dispatch.Dispatch) {
	t.Helper()
	commit(t, t.store, store.Commit{Dispatches: ds})
}

func keptDispatch(t fixture) {
	want := newDispatch("digest/trading/2026-W46", "mia@acme.example")
	before := must(t.store.Seq(t.Context()))(t)
	putDispatches(t, want)
	for n := range 2 {
		want.Lock = int64(n + 1)
		if diff := cmp.Diff(want, must(t.store.Dispatch(t.Context(), want.ID))(t)); diff != "" {
			t.Errorf("written %d times (-want +got):\n%s", n+1, diff)
		}
		if n == 0 {
			want.State, want.SentAt, want.Ended, want.Tries = dispatch.Sent, at(5), at(6), 3
			putDispatches(t, want)
		}
	}
	if after := must(t.store.Seq(t.Context()))(t); after != before {
		t.Errorf("the data sequence moves from %d to %d; a digest changes nothing on the board", before, after)
	}
	if _, err := t.store.Dispatch(t.Context(), "nobody's"); !errors.Is(err, store.ErrUnknown) {
		t.Errorf("an id nobody used: %v", err)
	}
}

func lockedDispatch(t fixture) {
	d := newDispatch("d", "a")
	putDispatches(t, d)
	for _, lock := range []int64{0, 2} {
		d.Lock = lock
		if _, err := t.store.Commit(t.Context(), store.Commit{Dispatches: []dispatch.Dispatch{d}}); !errors.Is(err, store.ErrStale) {
			t.Errorf("on version %d: %v", lock, err)
		}
	}
	epoch := must(t.store.Acquire(t.Context(), store.LeaseRunner, "me", 60e9, at(0)))(t)
	must(t.store.Acquire(t.Context(), store.LeaseRunner, "you", 60e9, at(100)))(t)
	d.Lock = 1
	if _, err := t.store.Commit(t.Context(), store.Commit{Epoch: epoch, Dispatches: []dispatch.Dispatch{d}}); !errors.Is(err, store.ErrFenced) {
		t.Errorf("under a lost lease: %v", err)
	}
}

func badDispatches(t fixture) {
	long, none, twice, closed := newDispatch("d", strings.Repeat("x", 600)), newDispatch("d", "a"), newDispatch("d", "a"), newDispatch("d", "a")
	none.Digest, closed.State = "", dispatch.Sent
	for name, ds := range map[string][]dispatch.Dispatch{"a long id": {long}, "of no digest": {none}, "written twice": {twice, twice}, "an end without a moment": {closed}, "no id": {{}}} {
		if _, err := t.store.Commit(t.Context(), store.Commit{Dispatches: ds}); err == nil || errors.Is(err, store.ErrStale) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func listedDispatches(t fixture) {
	done := newDispatch("d", "b")
	done.State, done.Ended = dispatch.Refused, at(3)
	putDispatches(t, newDispatch("e", "x"), newDispatch("d", "c"), done)
	ids := func(list []dispatch.Dispatch, err error) string {
		t.Helper()
		var out []string
		for _, d := range must(list, err)(t) {
			if d.Lock != 1 {
				t.Errorf("%s has lock %d", d.ID, d.Lock)
			}
			out = append(out, d.ID)
		}
		if !slices.IsSorted(out) {
			t.Errorf("%v are not in order", out)
		}
		return strings.Join(out, " ")
	}
	for what, c := range map[string][2]string{
		"open": {ids(t.store.OpenDispatches(t.Context())), "d/email/c e/email/x"},
		"of d": {ids(t.store.DispatchesOf(t.Context(), "d")), "d/email/b d/email/c"}, "of none": {ids(t.store.DispatchesOf(t.Context(), "f")), ""},
	} {
		if c[0] != c[1] {
			t.Errorf("%s: %s, want %s", what, c[0], c[1])
		}
	}
}

func oddDispatches(t fixture) {
	d := newDispatch("d", "a")
	putDispatches(t, d)
	if found := must(t.store.Check(t.Context()))(t); len(found) != 0 {
		t.Errorf("a sound one: %q", found)
	}
}
