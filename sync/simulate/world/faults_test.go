package world

import (
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
)

// sure is a world in which one fault hits every request.
func sure(t *testing.T, f Fault) *World {
	t.Helper()
	s := Swarm{}
	s.Rates[f] = 1
	w, err := New(Options{Seed: 1, Swarm: s, Pairs: 2})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// What a write under each fault is answered with, and when it takes effect.
func TestWritesUnderFaults(t *testing.T) {
	t.Parallel()
	type kind = connectors.ErrorKind
	const never, now, later = "never", "now", "later"
	for fault, tc := range map[Fault]struct {
		jira, github kind // "" is success
		effect       string
	}{
		RateLimited:  {connectors.RateLimit, connectors.RateLimit, never},
		RateBare:     {connectors.RateLimit, connectors.RateLimit, never},
		Secondary:    {connectors.RateLimit, connectors.RateLimit, never},
		ServerError:  {connectors.Unknown, connectors.Unknown, never},
		NoConnection: {connectors.Transient, connectors.Transient, never},
		Vanished:     {connectors.NotFound, connectors.NotFound, never},
		LoginPage:    {connectors.Malformed, connectors.Unknown, never},
		Timeout:      {connectors.Unknown, connectors.Unknown, now},
		LostAnswer:   {connectors.Unknown, connectors.Unknown, now},
		ServerLate:   {connectors.Unknown, connectors.Unknown, now},
		CutBody:      {"", connectors.Unknown, now},
		Delayed:      {connectors.Unknown, connectors.Unknown, later},
		Twice:        {"", "", now},
		NoPermission: {connectors.NotFound, connectors.NotFound, never},
		Expired:      {connectors.Auth, connectors.Auth, never},
		ReadOnly:     {connectors.Forbidden, connectors.Forbidden, never},
	} {
		for n, want := range []kind{tc.jira, tc.github} {
			w := sure(t, fault)
			i := w.issues[n]
			wr := connectors.Write{Issue: i.ref(i.last()), Op: "op-1", Priority: "1"}
			if n == 1 {
				wr.Priority, wr.AddLabel = "", "P0"
			}
			_, err := w.Trackers()[n].Send(t.Context(), wr)
			got := kind("")
			if err != nil {
				got = connectors.KindOf(err)
			}
			if got != want {
				t.Errorf("%s: %s answers %q, want %q", fault, i.kind, got, want)
			}
			if diff := cmp.Diff(tc.effect, effectOf(w, i)); diff != "" {
				t.Errorf("%s at %s: %s", fault, i.kind, diff)
			}
		}
	}
}

// effectOf says when the one write of Parley's took effect.
func effectOf(w *World, i *issue) string {
	done := func() bool { return len(i.truth.Edits) > 0 && i.truth.Edits[0].Op == "op-1" }
	if done() {
		return "now"
	}
	if w.Advance(HorizonWrite + time.Second); done() {
		return "later"
	}
	return "never"
}

// Before the hook returns the first time nothing has happened; when it is called the
// second time all has.
func TestHookStandsAroundTheEffect(t *testing.T) {
	t.Parallel()
	var w *World
	var seen []bool
	w, err := New(Options{Seed: 1, Pairs: 1, Hook: func(p Point) {
		if p.Request == "send" {
			seen = append(seen, p.After, len(w.issues[0].truth.Edits) > 0)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	ref := w.issues[0].ref(w.issues[0].last())
	if _, err := w.Trackers()[0].Send(t.Context(), connectors.Write{Issue: ref, Priority: "1"}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]bool{false, false, true, true}, seen); diff != "" {
		t.Error(diff)
	}
}

// After Calm every list shows everything and nothing is refused.
func TestCalm(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		r := newReader(Options{Seed: seed, Swarm: Draw(seed), Items: 10, Pairs: 3}, io.Discard)
		for n := range 80 {
			r.round(n)
		}
		r.w.Calm()
		if at, waits := r.w.Pending(); waits {
			t.Fatalf("seed %d: an effect waits for %v", seed, at)
		}
		shown := map[string]bool{}
		for _, tr := range r.w.Trackers() {
			for _, source := range tr.Sources() {
				everything(t, tr, source, shown)
			}
		}
		for _, i := range r.w.issues {
			s := i.now().state
			if s != nil && s.box.read && !s.archived && s.security == "" && !shown[i.id+i.show(s).Updated.String()] {
				t.Errorf("seed %d: %s is not listed as it is", seed, s.key)
			}
		}
	}
}

func everything(t *testing.T, tr Tracker, source string, shown map[string]bool) {
	t.Helper()
	c := connectors.Cursor{Source: source}
	for range 1000 {
		p, err := tr.Changes(t.Context(), c)
		if err != nil || len(p.Broken) > 0 {
			t.Fatal(err, p.Broken)
		}
		for _, o := range p.Observations {
			shown[o.Issue.ID+o.Issue.Updated.String()] = true
		}
		if c = p.Next; !p.More {
			return
		}
	}
	t.Fatal("the list does not end")
}
