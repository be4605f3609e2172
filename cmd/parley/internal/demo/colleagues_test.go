package demo

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
)

// carry brings the status of each pair to the side that was changed longer ago, and
// the priority to GitHub: about what the daemon does while the demo runs.
func (b *bundle) carry(t *testing.T) {
	t.Helper()
	for _, p := range pairs(b.board()) {
		js, gs := stageOfStatus(p.jira.Status), stageOfIssue(*p.hub)
		if js == gs || js == onHold || gs == requests {
			continue
		}
		var err error
		if p.jira.Updated.Before(p.hub.Updated) {
			err = b.jira.ForceStatus("acme:parley", p.jira.Key, gs.look().id)
		} else {
			err = b.carryToGitHub(p, js)
		}
		if err != nil {
			t.Fatalf("carry %s: %v", p.jira.Key, err)
		}
	}
}

func (b *bundle) carryToGitHub(p item, to stage) error {
	l, is := to.look(), p.hub
	if err := relabel(b.hub, "parley-acme", is.Repo, is.Number, statusLabel(is.Labels), l.label); err != nil {
		return err
	}
	if l.reason != "" {
		return b.hub.SetState("parley-acme", is.Repo, is.Number, "closed", l.reason)
	}
	return b.hub.SetState("parley-acme", is.Repo, is.Number, "open", "")
}

// work lets the colleagues of a fresh company do n things, five seconds apart.
func (b *bundle) work(t *testing.T, n int, seed uint64) []Deed {
	t.Helper()
	var deeds []Deed
	c := NewColleagues(b.jira, b.hub, b.access, Life{Clock: b.clock, Seed: seed, Told: func(d Deed) { deeds = append(deeds, d) }})
	for i := range n {
		b.clock.Advance(5 * time.Second)
		if deed, err := c.Step(); err != nil {
			t.Fatalf("step %d: %s: %v", i, deed, err)
		}
		b.clock.Advance(time.Second)
		b.carry(t)
	}
	return deeds
}

func TestColleaguesKeepTheBoardAlive(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2) {
		b := setup(t, tuesday(), seed)
		deeds := b.work(t, 300, seed)
		if len(deeds) < 285 {
			t.Errorf("seed %d: only %d deeds in 300 steps", seed, len(deeds))
		}
		verbs, trackers := map[string]int{}, map[string]int{}
		for _, d := range deeds[len(deeds)/2:] {
			verbs[d.Did]++
			trackers[d.In]++
		}
		for _, did := range []string{"started", "delivered", "accepted", "answered the question in", "selected"} {
			if verbs[did] == 0 {
				t.Errorf("seed %d: after a while nobody %q any more: %v", seed, did, verbs)
			}
		}
		if trackers["jira"] < 25 || trackers["github"] < 25 {
			t.Errorf("seed %d: deeds by tracker %v, want both in use", seed, trackers)
		}
		all := census(b.board())
		if n := all.issues(); n > 260+growth {
			t.Errorf("seed %d: %d issues, want at most %d", seed, n, 260+growth)
		}
		for _, c := range columns() {
			if n := all.in(c.stage); c.wip > 0 && n > c.wip+4 {
				t.Errorf("seed %d: %d cards in %s, limit %d", seed, n, c.stage, c.wip)
			}
		}
		for _, i := range all {
			if i.hub == nil {
				continue
			}
			said := statusLabels(i.hub.Labels)
			if closed := i.hub.State == "closed"; len(said) > 1 || closed && len(said) > 0 {
				t.Errorf("seed %d: %s#%d is %s and labelled %v", seed, i.hub.Repo, i.hub.Number, i.hub.State, said)
			}
		}
		if all.in(requests) == 0 || all.in(requests) > mostRequests+1 || all.in(doing) < 3 {
			t.Errorf("seed %d: %d requests, %d in progress", seed, all.in(requests), all.in(doing))
		}
	}
}

// statusLabels lists all labels that say a status.
func statusLabels(labels []string) []string {
	return slices.DeleteFunc(slices.Clone(labels), func(l string) bool { return statusLabel([]string{l}) == "" })
}

func TestColleaguesAreLawfulWithoutAnybodyCarrying(t *testing.T) {
	t.Parallel()
	b := setup(t, tuesday(), 1)
	c := NewColleagues(b.jira, b.hub, b.access, Life{Clock: b.clock, Seed: 7})
	for i := range 500 {
		b.clock.Advance(4 * time.Second)
		if deed, err := c.Step(); err != nil {
			t.Fatalf("step %d: %s: %v", i, deed, err)
		}
	}
	if n := census(b.board()).issues(); n > 260+growth {
		t.Errorf("%d issues, want at most %d", n, 260+growth)
	}
}

func TestTheSameSeedDoesTheSameThings(t *testing.T) {
	t.Parallel()
	one := setup(t, tuesday(), 1).work(t, 60, 5)
	two := setup(t, tuesday(), 1).work(t, 60, 5)
	if diff := cmp.Diff(one, two); diff != "" {
		t.Error(diff)
	}
	if other := setup(t, tuesday(), 1).work(t, 60, 6); slices.Equal(one, other) {
		t.Error("another seed does the same")
	}
}

func TestColleaguesLeaveTheIssuesToTryAlone(t *testing.T) {
	t.Parallel()
	b := setup(t, tuesday(), 2)
	b.work(t, 150, 2)
	for _, p := range []twins{b.access.tryJira, b.access.tryGitHub} {
		is, _ := b.jira.Issue(p.key)
		if s := stageOfStatus(is.Status); s != doing || is.Updated.After(tuesday()) {
			t.Errorf("%s is in %s, changed %s", p.key, s, is.Updated)
		}
	}
}

func TestNobodyTouchesWhatWasJustChanged(t *testing.T) {
	t.Parallel()
	b := setup(t, tuesday(), 1)
	c := NewColleagues(b.jira, b.hub, b.access, Life{Clock: b.clock, Seed: 1})
	var seen []string
	for range 300 {
		deed, err := c.Step() // the clock stands still: everything touched stays fresh
		if err != nil {
			t.Fatalf("%s: %v", deed, err)
		}
		if deed.What != "" && slices.Contains(seen, deed.What) {
			t.Errorf("%s at the same moment as something else there", deed)
		}
		seen = append(seen, deed.What)
	}
}

func TestRunWorksUntilItIsStopped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		jira, hub := jirasim.New(jirasim.Options{}), githubsim.New(githubsim.Options{})
		access, err := Company(jira, hub, time.Now(), 1)
		if err != nil {
			t.Fatal(err)
		}
		deeds := 0
		c := NewColleagues(jira, hub, access, Life{Every: 2 * time.Second, Told: func(Deed) { deeds++ }})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		c.Run(ctx)
		if deeds < 15 || deeds > 60 {
			t.Errorf("%d deeds in a minute, want about thirty", deeds)
		}
	})
}

func TestColleaguesLeaveWhatIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, tuesday(), 1)
	for _, repo := range []string{paymentsRepo, infraRepo} {
		if err := b.hub.SetArchived(repo, true); err != nil {
			t.Fatal(err)
		}
	}
	c := NewColleagues(b.jira, b.hub, b.access, Life{Clock: b.clock, Seed: 1, Told: func(d Deed) {
		if d.In == "github" {
			t.Errorf("%s, though the repositories take no changes", d)
		}
	}})
	refused, done := 0, 0
	for range 60 {
		b.clock.Advance(5 * time.Second)
		switch deed, err := c.Step(); {
		case err != nil:
			refused++
			if deed.Who == "" {
				t.Errorf("%v does not say whose deed was refused", err)
			}
		case deed != Deed{}:
			done++
		}
	}
	if refused == 0 || done == 0 {
		t.Errorf("%d refused and %d done, want both: Jira goes on", refused, done)
	}
}
