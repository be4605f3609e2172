package meeting_test

import (
	"log/slog"
	"slices"
	"testing"
	"time"

	"parley/cmd/parley/internal/demo"
	"parley/cmd/parley/internal/meeting"
	"parley/kanban"
	"parley/kanban/contract"
)

// labelled reports whether a GitHub issue whose title begins with a key, or that a Jira
// issue points to, has a label.
func (o office) labelled(t *testing.T, card kanban.CardID, label string) bool {
	t.Helper()
	c, err := o.Store.Card(t.Context(), card)
	if err != nil {
		t.Fatal(err)
	}
	is, err := o.hub.Issue(c.Sides[kanban.GitHub].Issue.Container, c.Sides[kanban.GitHub].Issue.Number)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Contains(is.Labels, label)
}

func (o office) priority(t *testing.T, card kanban.CardID) string {
	t.Helper()
	c, err := o.Store.Card(t.Context(), card)
	if err != nil {
		t.Fatal(err)
	}
	is, ok := o.site.Issue(c.Sides[kanban.Jira].Issue.Key)
	if !ok {
		t.Fatalf("Jira has no %s", c.Sides[kanban.Jira].Issue.Key)
	}
	return is.PriorityName
}

// TestARequestOverTheContractIsSwapped lets the company do in seconds what it does in the
// first minutes of the demo, by a clock on a Monday morning on which nothing is taken on.
func TestARequestOverTheContractIsSwapped(t *testing.T) {
	t.Parallel()
	o := present(t, time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC), 1)
	s := meeting.Swap{Board: o.App, Views: o.Views, Log: slog.New(slog.DiscardHandler),
		People: demo.NewColleagues(o.site, o.hub, o.access, demo.Life{Clock: o.clock, Seed: 1})}
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for done := false; !done; <-tick.C {
		var err error
		if done, err = s.Step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	decided, err := o.Store.Decisions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(decided, func(e contract.Event) bool { return e.Kind == contract.Swapped })
	if at < 0 {
		t.Fatal("no swap is recorded")
	}
	swap := decided[at]
	if got := o.priority(t, swap.Card); got != "High" {
		t.Errorf("Jira has the request that was raised at %s, want High", got)
	}
	if got := o.priority(t, swap.Other); got == "High" {
		t.Error("Jira still has the request that steps down at High")
	}
	if !o.labelled(t, swap.Card, "priority:high") || o.labelled(t, swap.Other, "priority:high") {
		t.Error("GitHub does not show both priorities as they were swapped")
	}
	if swap.Who != demo.Speaker("trading").Name {
		t.Errorf("%q swapped, want the unit's requester", swap.Who)
	}
}

// TestAQuestionGoesBothWays has a developer ask in GitHub and the requester answer in Jira.
func TestAQuestionGoesBothWays(t *testing.T) {
	t.Parallel()
	o := present(t, time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC), 1)
	c := meeting.Challenge{Views: o.Views, Log: slog.New(slog.DiscardHandler),
		People: demo.NewColleagues(o.site, o.hub, o.access, demo.Life{Clock: o.clock, Seed: 1})}
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for done := false; !done; <-tick.C {
		var err error
		if done, err = c.Step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}
