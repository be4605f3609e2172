package app

import (
	"strings"
	"testing"

	"parley/connectors/sim/githubsim"
)

// TestCheckOfFields: what holds status and priority is asked for, and the line to mend is
// told where it cannot be used.
func TestCheckOfFields(t *testing.T) {
	t.Parallel()
	hub, clock := newHub(t)
	for _, err := range []error{
		hub.AddProject(githubsim.Project{Owner: "acme", Number: 12, Fields: []githubsim.ProjectField{{Name: "Status", Options: []string{"Todo"}}}}),
		hub.AddIssueField("acme", githubsim.IssueField{Name: "Priority", Options: []string{"High"}}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	const table = "token = \"env:TOKEN\"\nrepos = [\"acme/payments\"]\n"
	for keys, want := range map[string]string{
		"status = \"project\"\nproject = \"acme/12\"\npriority = \"field\"": "",
		"status = \"project\"\nproject = \"acme/13\"":                       `error config.toml:6: github[0].status: the field "Status" of the project acme/13 cannot be used: not found, or hidden from this token (Could not resolve to a ProjectV2 with the number 13.)`,
		"priority = \"project\"\nproject = \"acme/12\"":                     `error config.toml:6: github[0].priority: the field "Priority" of the project acme/12 cannot be used: the project acme/12 has no field "Priority"; mend it there, or keep the priority in labels`,
		"priority = \"field\"\npriority_field = \"Urgency\"":                `error config.toml:6: github[0].priority: the field "Urgency" of the organisation acme cannot be used: `,
	} {
		got := checked(t, hub, clock.Now, table+keys, nil)
		if !strings.HasPrefix(got, want) || (got == "") != (want == "") {
			t.Errorf("%s:\ngot  %s\nwant %s", keys, got, want)
		}
	}
}
