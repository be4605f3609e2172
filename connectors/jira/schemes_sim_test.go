package jira_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"parley/connectors"
	"parley/connectors/jira"
	"parley/connectors/sim"
	"parley/connectors/sim/jirasim"
)

// schemed gives FIN a scheme without High, and issues to both projects.
func schemed(b *bench) {
	b.t.Helper()
	b.site.AddPriorityScheme(jirasim.PriorityScheme{Name: "Calm", Priorities: []string{"3"}})
	b.site.AddProject(jirasim.Project{Key: "FIN", Workflows: map[string]string{"": "flow"}, Types: []string{"Task"}, PriorityScheme: "Calm"})
	for _, project := range []string{"OPS", "FIN"} {
		_, err := b.site.Create("ana", jirasim.NewIssue{Project: project, Type: "Task", Summary: "One", Priority: "3"})
		b.must(err)
	}
}

// What a project's scheme allows is learned on both products without an administrator's
// rights, and what it does not allow is refused there.
func TestSimPrioritySchemes(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]*bench{"Cloud": newBench(t), "Data Center": newServerBench(t)} {
		schemed(b)
		client := b.open("t0ken", "OPS", "FIN")
		if name != "Cloud" {
			client = b.server(func(c *jira.Config) { c.Projects = []string{"OPS", "FIN"} })
		}
		d, err := client.Check(t.Context())
		b.must(err)
		if d.Containers[0].Priorities != nil || !slices.Equal(d.Containers[1].Priorities, []string{"3"}) {
			t.Errorf("%s: OPS %q, FIN %q", name, d.Containers[0].Priorities, d.Containers[1].Priorities)
		}
		fin, _ := b.site.Issue("FIN-1")
		if _, err := client.Send(t.Context(), connectors.Write{Issue: ref(fin), Priority: "2"}); connectors.KindOf(err) != connectors.Invalid {
			t.Errorf("%s: a priority outside of the scheme: %v", name, err)
		}
	}
}

// Where a list by project is gone, an issue tells; where nothing tells, nothing is known.
func TestSimPrioritySchemesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fails []string
		want  []string
	}{
		"the list":              {[]string{"/priority/search"}, []string{"3"}},
		"the list and the form": {[]string{"/priority/search", "/editmeta"}, nil},
		"no list and no search": {[]string{"/priority/search", "/search/jql"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			schemed(b)
			b.site.SetFaults(func(r *http.Request) sim.Fault {
				for _, path := range tc.fails {
					if strings.HasSuffix(r.URL.Path, path) {
						return sim.Fault{Name: "gone", Status: http.StatusGone, Body: `{"errorMessages":["The requested API has been removed."],"errors":{}}`}
					}
				}
				return sim.Fault{}
			})
			d, err := b.open("t0ken", "FIN").Check(t.Context())
			if err != nil || !slices.Equal(d.Containers[0].Priorities, tc.want) {
				t.Errorf("%q, %v; want %q", d.Containers[0].Priorities, err, tc.want)
			}
		})
	}
}
