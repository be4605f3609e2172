package storetest

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/sync/store"
)

func tierCases() []check {
	return []check{
		{"each tier of a source has a state of its own", tiers},
		{"how a read went is written under the lease alone", fencedSource},
		{"settings are written alone and with a commit", settings},
		{"the first value of a setting is kept", keptSettings},
	}
}

func tiers(t fixture) {
	s := t.store
	ctx := t.Context()
	state := func(tier string, head int64) store.SourceState {
		return store.SourceState{
			Tracker: "github", Source: "acme/pay", Tier: tier, FeedHead: head,
			Cursor: connectors.Cursor{Source: "acme/pay", Watermark: at(int(head))},
		}
	}
	for head, tier := range []string{store.TierSweep, store.TierFast, store.TierDay} {
		st := state(tier, int64(head))
		commit(t, s, store.Commit{Cursor: &st})
	}
	failed := store.SourceState{Tracker: "github", Source: "acme/pay", Tier: store.TierDay, Error: "away", Requests: 4}
	if err := s.SaveSource(ctx, 0, failed); err != nil {
		t.Fatal(err)
	}
	day := state(store.TierDay, 2)
	day.Error, day.Requests = "away", 4
	if diff := cmp.Diff(day, must(s.Tier(ctx, "github", "acme/pay", store.TierDay))(t)); diff != "" {
		t.Errorf("Tier (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(state(store.TierFast, 1), must(s.Source(ctx, "github", "acme/pay"))(t)); diff != "" {
		t.Errorf("Source is not the fast tier (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]store.SourceState{state(store.TierFast, 1)}, must(s.Sources(ctx))(t)); diff != "" {
		t.Errorf("Sources (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]store.SourceState{day, state(store.TierSweep, 0)}, must(s.Tiers(ctx))(t)); diff != "" {
		t.Errorf("Tiers (-want +got):\n%s", diff)
	}
	none := store.SourceState{Tracker: "jira", Tier: "day"}
	if diff := cmp.Diff(none, must(s.Tier(ctx, "jira", "", "day"))(t)); diff != "" {
		t.Errorf("a tier never read (-want +got):\n%s", diff)
	}
}

func fencedSource(t fixture) {
	s := t.store
	ctx := t.Context()
	first := must(s.Acquire(ctx, store.LeaseRunner, "a", time.Minute, at(0)))(t)
	if err := s.SaveSource(ctx, first, store.SourceState{Tracker: "jira", Error: "held"}); err != nil {
		t.Fatal(err)
	}
	second := must(s.Acquire(ctx, store.LeaseRunner, "b", time.Minute, at(61)))(t)
	err := s.SaveSource(ctx, first, store.SourceState{Tracker: "jira", Error: "lost"})
	if !errors.Is(err, store.ErrFenced) {
		t.Errorf("SaveSource by the former holder = %v, want ErrFenced", err)
	}
	if st := must(s.Source(ctx, "jira", ""))(t); st.Error != "held" {
		t.Errorf("the fenced call left %q", st.Error)
	}
	if err := s.SaveSource(ctx, second, store.SourceState{Tracker: "jira", Error: "mine"}); err != nil {
		t.Errorf("SaveSource by the holder = %v", err)
	}
}

func settings(t fixture) {
	s := t.store
	ctx := t.Context()
	if err := s.SetSetting(ctx, "window", "2m"); err != nil {
		t.Fatal(err)
	}
	seq := commit(t, s, store.Commit{Settings: map[string]string{"window": "4m", "skew": "1s", "": "empty"}})
	if seq != 0 {
		t.Errorf("sequence %d, want 0: nobody sees a setting", seq)
	}
	stale := store.Commit{Settings: map[string]string{"skew": "9s"}, Moved: []store.Alias{{Old: "a", New: "b"}}}
	if _, err := s.Commit(ctx, stale); !errors.Is(err, store.ErrUnknown) {
		t.Fatalf("commit = %v, want ErrUnknown", err)
	}
	for key, want := range map[string]string{"window": "4m", "skew": "1s", "": "empty"} {
		if got, ok, err := s.Setting(ctx, key); got != want || !ok || err != nil {
			t.Errorf("Setting(%q) = %q, %v, %v; want %q", key, got, ok, err, want)
		}
	}
	listed(t, "w%ndow")
	listed(t, "", "window", "skew", "")
	listed(t, "W")
	listed(t, "win", "window")
	if err := s.SetSetting(ctx, `w_x%\'"--`, "odd"); err != nil {
		t.Fatal(err)
	}
	listed(t, `w_x%\'`, `w_x%\'"--`)
	listed(t, "w_", `w_x%\'"--`)
}

// keptSettings: the first value of a key stays, also where several give it one at once.
func keptSettings(t fixture) {
	s := t.store
	ctx := t.Context()
	if err := s.SetSetting(ctx, "old", "stands"); err != nil {
		t.Fatal(err)
	}
	if got := must(s.KeepSetting(ctx, "old", "late"))(t); got != "stands" {
		t.Errorf("a setting that stands there was replaced: %q", got)
	}
	const many = 8
	got := make([]string, many)
	var all sync.WaitGroup
	for i := range got {
		all.Go(func() {
			stands, err := s.KeepSetting(ctx, "new", fmt.Sprint(i))
			if err != nil {
				t.Error(err)
			}
			got[i] = stands
		})
	}
	all.Wait()
	stands, _, err := s.Setting(ctx, "new")
	if err != nil {
		t.Fatal(err)
	}
	for i, g := range got {
		if g != stands || g == "" {
			t.Errorf("the %d. was told %q, and %q stands there", i, g, stands)
		}
	}
}

// listed fails unless these keys, and no others, begin with prefix.
func listed(t fixture, prefix string, keys ...string) {
	t.Helper()
	got, err := t.store.Settings(t.Context(), prefix)
	if err != nil || len(got) != len(keys) {
		t.Errorf("Settings(%q) = %q, %v; want %q", prefix, got, err, keys)
	}
	for _, k := range keys {
		if _, ok := got[k]; !ok {
			t.Errorf("Settings(%q) lacks %q", prefix, k)
		}
	}
}
