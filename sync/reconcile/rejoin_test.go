package reconcile

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
)

// A pair was parted from its rule and comes back to it. What a side was set to meanwhile
// is asked about, or meets what the other one was set to; nothing else happens.
func TestSidesMeetAgainUnderARule(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		now          Policy
		jira, github kanban.Native // set meanwhile, GitHub first
		agreed       kanban.Value
		frozen       Freeze
		kept         kanban.Value // the loser that is on record
		owed         []kanban.Side
	}{
		{name: "nothing was set", now: Policy{CarryBoth, NewestWins}, agreed: "a"},
		{name: "Jira was", now: Policy{CarryBoth, NewestWins}, jira: "b", agreed: "b", owed: []kanban.Side{kanban.GitHub}},
		{name: "GitHub was", now: Policy{CarryBoth, NewestWins}, github: "b", agreed: "a", frozen: FrozenAsk, kept: "b"},
		{name: "GitHub was, which counts for nothing", now: Policy{CarryJira, NewestWins}, github: "b", agreed: "a"},
		{name: "GitHub was, which leads", now: Policy{CarryGitHub, NewestWins}, github: "b", agreed: "b"},
		{name: "both were, Jira wins", now: Policy{CarryBoth, JiraWins}, github: "b", jira: "c", agreed: "c", kept: "b", owed: []kanban.Side{kanban.GitHub}},
		{name: "both were, GitHub wins", now: Policy{CarryBoth, GitHubWins}, github: "b", jira: "c", agreed: "b", kept: "c", owed: []kanban.Side{kanban.Jira}},
		{name: "both were, Jira leads", now: Policy{CarryJira, GitHubWins}, github: "b", jira: "c", agreed: "c", kept: "b", owed: []kanban.Side{kanban.GitHub}},
		{name: "both were, to the same", now: Policy{CarryBoth, JiraWins}, github: "b", jira: "b", agreed: "b"},
	} {
		s := rested(machine(partial(), c.now), "a", "a")
		off := machine(partial(), Policy{CarryOff, JiraWins})
		if c.github != "" {
			s, _ = off.Fold(s, kanban.GitHub, []kanban.Event{sets(9, 20, c.github)}, nil)
		}
		if c.jira != "" {
			s, _ = off.Fold(s, kanban.Jira, []kanban.Event{sets(9, 40, c.jira)}, nil)
		}
		s, out := machine(partial(), c.now).Rejoin(s, [2]time.Time{tick(40), tick(20)})
		var kept kanban.Value
		for _, o := range out {
			if o.Conflict != nil {
				kept = o.Conflict.Loser.Value
			}
		}
		var owed []kanban.Side
		for _, w := range machine(partial(), c.now).Plan(s) {
			owed = append(owed, w.Side)
		}
		if s.Agreed != c.agreed || s.Frozen != c.frozen || kept != c.kept || !cmp.Equal(owed, c.owed) {
			t.Errorf("%s: agreed %q %q, kept %q, owed %v; want %q %q, %q, %v", c.name, s.Agreed, s.Frozen, kept, owed, c.agreed, c.frozen, c.kept, c.owed)
		}
	}
}
