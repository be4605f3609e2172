package demo

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
)

// The projects and repositories of the company.
const (
	opsProject       = "OPS"
	finProject       = "FIN"
	programmeProject = "PRG" // holds the epics; Parley does not read it
	paymentsRepo     = "acme/payments"
	infraRepo        = "acme/infra"
)

// Priorities of Jira by name, highest first.
const (
	highest = "Highest"
	high    = "High"
	medium  = "Medium"
	low     = "Low"
	lowest  = "Lowest"
)

func priorities() []string { return []string{highest, high, medium, low, lowest} }

// priorityLabel is what GitHub calls a Jira priority, "" for none.
func priorityLabel(priority string) string {
	switch priority {
	case highest:
		return "priority:urgent"
	case high:
		return "priority:high"
	case medium:
		return "priority:normal"
	case low, lowest:
		return "priority:low"
	}
	return ""
}

// blockedLabel says in Jira that work waits for somebody outside of the bank.
const blockedLabel = "blocked-vendor"

// rankField is where Jira keeps the order of its boards.
const rankField = "customfield_10019"

// ranked is a place in that order, behind all with lower numbers.
func ranked(n int) map[string]json.RawMessage {
	digits := strconv.FormatInt(int64(n)*8, 36)
	return map[string]json.RawMessage{rankField: json.RawMessage(fmt.Sprintf(`"0|i%s%s:"`, "00000"[len(digits):], digits))}
}

// Issue types.
const (
	typeRequest  = "Request"
	typeIncident = "Incident"
	typeChange   = "Change"
	typeBug      = "Bug"
)

// furnish sets up Jira as an administrator would.
func furnish(jira *jirasim.Site) {
	var statuses []string
	for _, l := range looks() {
		jira.AddStatus(jirasim.Status{ID: l.id, Name: l.status, Category: l.category})
		statuses = append(statuses, l.id)
	}
	var ids []string
	for i, name := range priorities() {
		ids = append(ids, jira.AddPriority(jirasim.Priority{ID: string(rune('1' + i)), Name: name}).ID)
	}
	jira.AddPriorityScheme(jirasim.PriorityScheme{Name: "Back office", Priorities: ids, Default: "3"})
	for _, name := range []string{"Delivery", "Delivery with sign-off", "Incident", "Incident with sign-off"} {
		jira.AddWorkflow(jirasim.Workflow{Name: name, Statuses: statuses, Initial: requests.look().id, Transitions: transitions(name)})
	}
	jira.AddWorkflow(jirasim.Workflow{Name: "Programme", Statuses: []string{doing.look().id}})
	project := func(key, name, suffix, lead string) {
		types := []string{typeRequest, typeBug, typeChange, typeIncident}
		jira.AddProject(jirasim.Project{Key: key, Name: name, Types: types, PriorityScheme: "Back office", Lead: lead,
			Workflows: map[string]string{"": "Delivery" + suffix, typeIncident: "Incident" + suffix}})
	}
	jira.AddField(jirasim.Field{ID: rankField, Name: "Rank", Type: "any"})
	project(opsProject, "Operations", "", "acme:hanna")
	project(finProject, "Finance", " with sign-off", "acme:ibrahim")
	jira.AddProject(jirasim.Project{Key: programmeProject, Name: "Programme", Types: []string{"Epic"},
		Workflows: map[string]string{"": "Programme"}, PriorityScheme: "Back office", Lead: "acme:priya"})
}

// transitions are those of one workflow. Finance signs off: accepting shows a
// screen that asks for the resolution. Elsewhere Jira fills it in by itself.
func transitions(workflow string) []jirasim.Transition {
	incident := workflow == "Incident" || workflow == "Incident with sign-off"
	signOff := workflow == "Delivery with sign-off" || workflow == "Incident with sign-off"
	var out []jirasim.Transition
	for _, w := range ways() {
		if w.incident && !incident {
			continue
		}
		t := jirasim.Transition{ID: w.id, Name: w.name, To: w.to.look().id}
		for _, from := range w.from {
			t.From = append(t.From, from.look().id)
		}
		switch {
		case w.to == done && signOff:
			t.Screen, t.Required = true, []string{"resolution"}
		case w.to == done:
			t.PostFunctions = []jirasim.PostFunction{{Field: "resolution", Value: "Done"}}
		case w.to == withdrawn:
			t.PostFunctions = []jirasim.PostFunction{{Field: "resolution", Value: "Won't Do"}}
		case slices.Contains(w.from, done):
			t.PostFunctions = []jirasim.PostFunction{{Field: "resolution"}}
		}
		out = append(out, t)
	}
	return out
}

// found sets up the two repositories with their labels and milestones.
func found(hub *githubsim.Hub, now time.Time) error {
	labels := repoLabels()
	for _, name := range []string{"payments", "infra"} {
		created := now.AddDate(-4, 0, 0)
		if err := hub.AddRepo(githubsim.Repo{Owner: "acme", Name: name, Private: true, Labels: labels, Created: created,
			Permissions: readers()}); err != nil {
			return err
		}
		for _, m := range milestones(now) {
			if _, err := hub.At(m.Due.AddDate(0, -2, 0)).AddMilestone("priya-acme", "acme/"+name, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// readers lets the business read the private repositories.
func readers() map[string]githubsim.Permission {
	out := map[string]githubsim.Permission{}
	for _, p := range staff(Requester, "") {
		out[p.GitHub] = githubsim.Read
	}
	return out
}

func repoLabels() []githubsim.Label {
	labels := []githubsim.Label{
		{Name: "priority:urgent", Color: "b60205"}, {Name: "priority:high", Color: "d93f0b"},
		{Name: "priority:normal", Color: "fbca04"}, {Name: "priority:low", Color: "c2e0c6"},
		{Name: "bu:trading", Color: "1d76db"}, {Name: "bu:risk", Color: "5319e7"}, {Name: "bu:finance", Color: "0e8a16"},
		{Name: "incident", Color: "b60205", Description: "Something is broken for somebody now"},
		{Name: "tech-debt", Color: "bfdadc", Description: "A cause to remove, not a symptom"},
		{Name: "dependencies", Color: "0366d6"}, {Name: "security", Color: "ee0701"},
		{Name: "blocked:vendor", Color: "e99695", Description: "Waits for somebody outside the bank"},
	}
	for _, l := range looks() {
		if l.label != "" && l.stage != onHold {
			labels = append(labels, githubsim.Label{Name: l.label, Color: "d4c5f9"})
		}
	}
	return labels
}

// milestones are the releases of each month, from half a year ago to the next.
func milestones(now time.Time) []githubsim.Milestone {
	var out []githubsim.Milestone
	first := time.Date(now.Year(), now.Month(), 1, 12, 0, 0, 0, time.UTC)
	for back := 6; back >= -1; back-- {
		due := first.AddDate(0, -back+1, -1) // the last day of the month
		out = append(out, githubsim.Milestone{Title: "Release " + due.Format("2006-01"), Due: due})
	}
	return out
}
