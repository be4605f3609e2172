package runner

import (
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/sim/jirasim"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/engine"
)

// What a look for a lost create meets on the way is no poll: it brings no history, and
// must not be taken for one.
func TestALookForATwinTakesNoHistoryAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mirroring(mapping.MirrorJiraToGitHub))
	i, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Pay faster"})
	w.must(err)
	w.settle(6)
	twin := w.card(i.Key).Sides[kanban.GitHub].Issue
	w.clock.Advance(time.Minute)
	w.must(w.hub.AddLabels("ben", repo, twin.Number, "P0"))
	w.must(w.hub.RemoveLabel("ben", repo, twin.Number, "P0"))
	tracker, _ := w.github()
	o, err := tracker.Read(t.Context(), twin.Ref)
	w.must(err)
	o.Issue.Body = ""
	page := []connectors.Observation{{Issue: o.Issue, Since: connectors.NoHistory}}
	if changed, err := w.runner.changed(t.Context(), page); err != nil || len(changed) != 1 {
		t.Fatalf("%d changed issues, error %v", len(changed), err)
	}
	w.must(w.runner.arrive(t.Context(), o.Issue))
	if changed, err := w.runner.changed(t.Context(), page); err != nil || len(changed) != 1 {
		t.Errorf("the next poll finds %d changed issues, error %v: what was looked at counts as seen", len(changed), err)
	}
	w.settle(2)
	if got := w.labelled(i.Key, "P0"); got != 2 {
		t.Errorf("the record tells %d times of the label that was put on and taken off, want 2", got)
	}
}

// A twin that is gone before the two are one card is a reason on a card, and not the end
// of every poll.
func TestATwinThatIsGoneEndsNoPoll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key := w.bereft()
	here, err := w.runner.rowOf(t.Context(), key)
	w.must(err)
	there, err := w.runner.rowOf(t.Context(), repo+"#2")
	w.must(err)
	done, err := w.runner.unite(t.Context(), here, there, engine.HowMirror, there.Card)
	if clash := w.card(repo + "#2").Clash; err != nil || done || clash == "" {
		t.Errorf("united %t, clash %q, error %v; want a reason on the card alone", done, clash, err)
	}
}

// An issue that was away asks for its twin when it is back, which no poll may ever tell.
func TestAnIssueThatIsBackAsksForItsTwin(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mirroring(mapping.MirrorJiraToGitHub))
	w.settle(2)
	w.runner.Write = false // the twin stays planned
	i, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Pay faster"})
	w.must(err)
	w.settle(2)
	back := w.card(i.Key)
	back.Mirror = nil
	away := back
	side := *back.Sides[kanban.Jira]
	side.Away = &engine.Away{}
	away.Sides[kanban.Jira] = &side
	w.runner.missed.take()
	w.runner.wanting(w.runner.Engine(), &back, &back)
	if rows := w.runner.missed.take(); len(rows) != 0 {
		t.Errorf("it asks again although nothing has changed: %+v", rows)
	}
	w.runner.wanting(w.runner.Engine(), &away, &back)
	if rows := w.runner.missed.take(); len(rows) != 1 || rows[0].Key != i.Key || rows[0].Card != back.ID {
		t.Errorf("remembered %+v, want %s", rows, i.Key)
	}
}
