package jira_test

import (
	"fmt"
	"slices"
	"testing"

	"parley/connectors"
	"parley/connectors/jira"
	"parley/connectors/sim/jirasim"
)

// survey asks as the bench's account.
func (b *bench) survey(c jira.Config) (connectors.Survey, error) {
	b.t.Helper()
	c.Name, c.URL, c.Now = "jira", b.url, b.clock.Now
	return jira.Survey(b.t.Context(), c)
}

// What there is to choose from is listed on both products, without what is archived or
// hidden; what was chosen is presented with its components and types.
func TestSimSurvey(t *testing.T) {
	t.Parallel()
	cloud := jira.Config{Auth: "basic", User: "bot@acme.test", Token: "t0ken"}
	server := jira.Config{Auth: "bearer", Token: "t0ken"}
	for name, x := range map[string]struct {
		b *bench
		c jira.Config
	}{"Cloud": {newBench(t), cloud}, "Data Center": {newServerBench(t), server}} {
		b := x.b
		b.site.AddProject(jirasim.Project{Key: "SHOP", Name: "Web shop", Workflows: map[string]string{"": "flow"}, Types: []string{"Bug", "Sub-task"}, Components: []string{"Cart", "Search"}})
		b.site.AddProject(jirasim.Project{Key: "OLD", Workflows: map[string]string{"": "flow"}})
		b.site.ArchiveProject("OLD", true)
		all, err := b.survey(x.c)
		b.must(err)
		keys := []string{}
		for _, p := range all.Places {
			keys = append(keys, p.Key)
		}
		if !slices.Contains(keys, "SHOP") || slices.Contains(keys, "OLD") || all.More || all.Me.ID == "" {
			t.Errorf("%s: %+v", name, all)
		}
		x.c.Projects = []string{"SHOP", "NIL"}
		chosen, err := b.survey(x.c)
		b.must(err)
		if len(chosen.Places) != 1 || chosen.Places[0].Name != "Web shop" ||
			!slices.Equal(chosen.Places[0].Components, []string{"Cart", "Search"}) || !slices.Equal(chosen.Places[0].Types, []string{"Bug"}) {
			t.Errorf("%s: %+v", name, chosen.Places)
		}
		x.c.Token = "wr0ng"
		if _, err := b.survey(x.c); connectors.KindOf(err) != connectors.Auth {
			t.Errorf("%s: a wrong token: %v", name, err)
		}
	}
}

// A site with more projects than anybody chooses from is not read to its end.
func TestSimSurveyIsBounded(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for i := range 300 {
		b.site.AddProject(jirasim.Project{Key: fmt.Sprintf("P%d", i), Workflows: map[string]string{"": "flow"}})
	}
	s, err := b.survey(jira.Config{Auth: "basic", User: "bot@acme.test", Token: "t0ken"})
	b.must(err)
	if len(s.Places) != 200 || !s.More {
		t.Errorf("%d places, more: %t", len(s.Places), s.More)
	}
}
