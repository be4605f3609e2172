package jirasim

import "time"

// Names of the workflows that AddCompany sets up.
const (
	// SimpleWorkflow goes from every status to every other; reaching Done sets
	// the resolution and leaving it clears it.
	SimpleWorkflow = "Software Simplified Workflow"
	// StrictWorkflow goes step by step: work must be started before it can be
	// reviewed, Done has a screen that requires a resolution, and what is done
	// can only be reopened.
	StrictWorkflow = "Classic Delivery Workflow"
)

// DefaultScheme is the priority scheme that AddCompany sets up.
const DefaultScheme = "Default Priority Scheme"

// Company is what AddCompany made.
type Company struct {
	Admin, Bot         User
	ToDo, Active       Status
	Review, Wait, Done Status
}

// AddCompany sets up what a usual Jira Software company has: statuses To Do, In
// Progress, In Review, Waiting and Done, priorities Highest to Lowest with
// Medium as the default, two workflows, an administrator, and an account for
// automation. Projects and people are yours to add.
func (s *Site) AddCompany() Company {
	c := Company{
		ToDo:   s.AddStatus(Status{ID: "10000", Name: "To Do", Category: CategoryToDo}),
		Active: s.AddStatus(Status{ID: "3", Name: "In Progress", Category: CategoryInProgress}),
		Review: s.AddStatus(Status{ID: "10001", Name: "In Review", Category: CategoryInProgress}),
		Wait:   s.AddStatus(Status{ID: "10003", Name: "Waiting", Category: CategoryInProgress}),
		Done:   s.AddStatus(Status{ID: "10002", Name: "Done", Category: CategoryDone}),
		Admin:  s.AddUser(User{AccountID: "admin-1", DisplayName: "Site Admin", Email: "admin@acme.example", Token: "admin-token", Password: "admin-password", Admin: true}),
		Bot: s.AddUser(User{AccountID: "bot-1", DisplayName: "Sync Bot", Email: "bot@acme.example", Token: "bot-token", Password: "bot-password",
			Zone: time.UTC, Type: "app"}),
	}
	for _, p := range []Priority{{ID: "1", Name: "Highest"}, {ID: "2", Name: "High"}, {ID: "3", Name: "Medium"}, {ID: "4", Name: "Low"}, {ID: "5", Name: "Lowest"}} {
		s.AddPriority(p)
	}
	s.AddPriorityScheme(PriorityScheme{ID: "1", Name: DefaultScheme, Priorities: []string{"1", "2", "3", "4", "5"}, Default: "3"})
	s.AddWorkflow(c.simple())
	s.AddWorkflow(c.strict())
	return c
}

func (c Company) statuses() []string {
	return []string{c.ToDo.ID, c.Active.ID, c.Review.ID, c.Wait.ID, c.Done.ID}
}

func (c Company) simple() Workflow {
	unresolve := []PostFunction{{Field: "resolution"}}
	return Workflow{Name: SimpleWorkflow, Statuses: c.statuses(), Transitions: []Transition{
		{ID: "11", Name: c.ToDo.Name, To: c.ToDo.ID, PostFunctions: unresolve},
		{ID: "21", Name: c.Active.Name, To: c.Active.ID, PostFunctions: unresolve},
		{ID: "31", Name: c.Review.Name, To: c.Review.ID, PostFunctions: unresolve},
		{ID: "41", Name: c.Wait.Name, To: c.Wait.ID, PostFunctions: unresolve},
		{ID: "51", Name: c.Done.Name, To: c.Done.ID, PostFunctions: []PostFunction{{Field: "resolution", Value: "Done"}}},
	}}
}

func (c Company) strict() Workflow {
	unresolve := []PostFunction{{Field: "resolution"}}
	return Workflow{Name: StrictWorkflow, Statuses: c.statuses(), Transitions: []Transition{
		{ID: "4", Name: "Start work", From: []string{c.ToDo.ID, c.Wait.ID}, To: c.Active.ID},
		{ID: "5", Name: "Ask for review", From: []string{c.Active.ID}, To: c.Review.ID},
		{ID: "6", Name: "Back to work", From: []string{c.Review.ID}, To: c.Active.ID},
		{ID: "7", Name: "Wait", From: []string{c.Active.ID, c.Review.ID}, To: c.Wait.ID},
		{ID: "711", Name: "Finish", From: []string{c.Review.ID}, To: c.Done.ID, Screen: true, Required: []string{"resolution"}, Fields: []string{"assignee"}},
		{ID: "8", Name: "Reopen", From: []string{c.Done.ID}, To: c.Active.ID, PostFunctions: unresolve},
	}}
}

// AddSoftwareProject adds a project of the usual kind: Stories, Bugs, Tasks,
// Incidents and Epics on the named workflow, with the default priorities.
func (s *Site) AddSoftwareProject(key, name, workflow string) Project {
	return s.AddProject(Project{Key: key, Name: name, PriorityScheme: DefaultScheme,
		Workflows: map[string]string{"": workflow}, Types: []string{"Story", "Bug", "Task", "Incident", "Epic"}})
}
