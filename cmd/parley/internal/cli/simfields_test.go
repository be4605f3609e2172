package cli

import (
	"testing"

	"parley/connectors/sim/githubsim"
)

// Whoever tries status = "project" or "field" at the simulators finds something to hold it.
func TestTheSimulatedCompanyHasFieldsOfOptions(t *testing.T) {
	t.Parallel()
	w := serve(t, worldOptions{trouble: &trouble{}})
	if err := w.hub.SetProjectField("acme/1", "acme/payments", 1, "Status", "Review"); err != nil {
		t.Error(err)
	}
	if err := w.hub.SetIssueField("", "acme/payments", 1, "Priority", "High"); err != nil {
		t.Error(err)
	}
	quiet := serve(t, worldOptions{})
	if err := quiet.hub.AddProject(githubsim.Project{Owner: "acme", Number: 1}); err != nil {
		t.Errorf("the demo has them as well: %v", err)
	}
}
