package jirasim

import (
	"slices"
	"strconv"
	"strings"
)

// Workflow says which statuses issues can have and the ways between them. It
// need not be connected.
type Workflow struct {
	Name        string
	Statuses    []string // ids
	Initial     string   // id of the status of new issues; "": the first of Statuses
	Transitions []Transition
	// Permissive adds a global transition, without a screen, to every status.
	Permissive bool
}

// Transition is one way to a status.
type Transition struct {
	ID   string
	Name string
	From []string // status ids; empty: from every status (global)
	To   string   // status id

	Screen bool // shows a screen, on which Fields and Required stand
	Fields []string
	// Required must be given with the transition. Without a screen a validator
	// asks for them and no call can satisfy it unless the issue has them already.
	Required      []string
	PostFunctions []PostFunction
	// Automation stands for rules that run right after: the issue lands in this
	// status (id) by a second change of nobody's. "": none.
	Automation string
}

// PostFunction changes a field when a transition is taken: "resolution",
// "priority" or "assignee". An empty Value clears it.
type PostFunction struct{ Field, Value string }

// AddWorkflow adds a workflow, or replaces the one with the same name.
func (s *Site) AddWorkflow(w Workflow) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addWorkflow(w)
}

func (s *Site) addWorkflow(w Workflow) {
	w.Statuses = slices.Clone(w.Statuses)
	w.Transitions = slices.Clone(w.Transitions)
	s.catalog.workflows[w.Name] = &w
}

func (w *Workflow) initial() string {
	if w.Initial != "" || len(w.Statuses) == 0 {
		return w.Initial
	}
	return w.Statuses[0]
}

// from lists the transitions out of a status, in the order of the workflow.
func (w *Workflow) from(c *catalog, status string) []Transition {
	var out []Transition
	for _, t := range w.Transitions {
		if len(t.From) == 0 || slices.Contains(t.From, status) {
			out = append(out, t)
		}
	}
	if !w.Permissive {
		return out
	}
	for i, id := range w.Statuses {
		out = append(out, Transition{ID: strconv.Itoa(10*i + 11), Name: c.status(id).Name, To: id})
	}
	return out
}

// pick finds a transition by id, or by name in any case.
func pick(ts []Transition, ref string) (Transition, bool) {
	for _, t := range ts {
		if t.ID == ref {
			return t, true
		}
	}
	for _, t := range ts {
		if strings.EqualFold(t.Name, ref) {
			return t, true
		}
	}
	return Transition{}, false
}

// shows reports whether a field stands on the transition's screen.
func (t Transition) shows(field string) bool {
	return t.Screen && (slices.Contains(t.Fields, field) || slices.Contains(t.Required, field))
}
