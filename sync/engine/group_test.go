package engine

import (
	"testing"

	"parley/connectors"
	"parley/kanban"
)

// A milestone's date is told with the milestone, and not with a parent that comes before it.
func TestWhatACardIsAPartOf(t *testing.T) {
	t.Parallel()
	jira, github := connectors.Issue{Kind: connectors.Jira}, connectors.Issue{Kind: connectors.GitHub, Milestone: "v1", ReleaseDay: "2026-12-01"}
	part := func(parent, version, day string) connectors.Issue {
		i := jira
		i.Parent, i.Milestone, i.ReleaseDay = parent, version, day
		return i
	}
	for name, c := range map[string]struct {
		jira                    connectors.Issue
		wantName, wantDue, side string
	}{
		"of what GitHub says":       {jira, "v1", "2026-12-01", "github"},
		"of a version":              {part("", "2026.4", "2026-12-18"), "2026.4", "2026-12-18", "jira"},
		"of a version with no date": {part("", "2026.4", ""), "2026.4", "", "jira"},
		"of an epic, not a version": {part("OPS-1", "2026.4", "2026-12-18"), "OPS-1", "", "jira"},
	} {
		var card Card
		card.Sides[kanban.Jira], card.Sides[kanban.GitHub] = &Side{Issue: c.jira}, &Side{Issue: github}
		if got, due, side := group(&card); got != c.wantName || due != c.wantDue || side != c.side {
			t.Errorf("%s: %q by %q, says %s", name, got, due, side)
		}
	}
}
