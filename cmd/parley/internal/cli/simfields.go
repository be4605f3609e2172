package cli

import (
	"errors"

	"parley/connectors/sim/githubsim"
)

// The project in which the simulated company can hold status and priority, acme/1.
const (
	simOrganisation = "acme"
	simProject      = 1
)

// addFields gives the company what holds a status and a priority beside labels, for whoever
// tries that: a project with nothing in it, and Issue Fields of the same names.
func addFields(hub *githubsim.Hub) error {
	status := []string{"Requests", "Committed", "In progress", "Review", "Waiting", "To accept", "Done", "Withdrawn"}
	priority := []string{"Urgent", "High", "Normal", "Low"}
	return errors.Join(
		hub.AddProject(githubsim.Project{Owner: simOrganisation, Number: simProject, Title: "Board", Fields: []githubsim.ProjectField{
			{Name: "Status", Options: status}, {Name: "Priority", Options: priority},
		}}),
		hub.AddIssueField(simOrganisation, githubsim.IssueField{Name: "Status", Options: status}),
		hub.AddIssueField(simOrganisation, githubsim.IssueField{Name: "Priority", Options: priority}),
	)
}
