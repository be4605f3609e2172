package githubsim

import (
	"strings"
	"time"
)

// Edit is a change to an issue in one request. What is left out stays.
type Edit struct {
	Title, Body *string
	State       string   // open, closed; "" stays
	StateReason string   // counts only together with State
	DuplicateOf int64    // id of an issue, with the reason duplicate
	Labels      []string // nil stays, empty clears
	Assignees   []string // nil stays, empty clears
	Milestone   *int     // number; 0 takes it off
}

// Edit changes an issue as actor. Without triage permission an author may change
// title, body and state of their own issues, and labels, assignees and milestone
// are dropped silently; anybody else is refused.
func (h *Hub) Edit(actor, name string, number int, e Edit) error {
	return h.on(actor, name, number, func(a act, is *issue) error { return a.edit(is, e) })
}

// SetState opens or closes an issue. reason is completed, not_planned, duplicate
// or "": closing without a reason is completed, opening again is always reopened.
func (h *Hub) SetState(actor, name string, number int, state, reason string) error {
	return h.Edit(actor, name, number, Edit{State: state, StateReason: reason})
}

func (a act) edit(is *issue, e Edit) error {
	if err := a.changes(is); err != nil {
		return err
	}
	if err := a.mayEdit(is, &e); err != nil {
		return err
	}
	if !a.w.reasons() {
		e.StateReason = ""
	}
	if err := e.check(); err != nil {
		return err
	}
	var twin *issue
	if e.State == "closed" && e.StateReason == "duplicate" && e.DuplicateOf != 0 {
		if twin = a.byID(e.DuplicateOf); twin == nil {
			return invalid(FieldError{Value: e.DuplicateOf, Resource: "Issue", Field: "duplicate_issue_id", Code: "invalid"})
		}
	}
	labels, people, mile, err := a.parts(is.repo, e.Labels, e.Assignees, e.number())
	if err != nil {
		return err
	}
	a.retitle(is, e)
	a.restate(is, e.State, e.StateReason, twin)
	if e.Labels != nil {
		a.relabel(is, labels)
	}
	if e.Assignees != nil {
		a.reassign(is, people)
	}
	if e.Milestone != nil {
		a.remile(is, mile)
	}
	return nil
}

// mayEdit refuses who may not edit at all and drops what the actor may not set.
func (a act) mayEdit(is *issue, e *Edit) error {
	author := a.who != nil && a.who == is.user
	if !author && !a.can(is.repo, Triage) || !author && !a.can(is.repo, Write) && (e.Title != nil || e.Body != nil) {
		return mustAdmin()
	}
	if !a.can(is.repo, Triage) {
		e.Labels, e.Assignees, e.Milestone = nil, nil, nil
	}
	return nil
}

func (e Edit) check() error {
	if err := checkText(e.Title, e.Body); err != nil {
		return err
	}
	switch e.State {
	case "", "open", "closed":
	default:
		return malformed("For 'properties/state', %q is not a member of [\"open\", \"closed\"].", e.State)
	}
	switch e.StateReason {
	case "", "completed", "not_planned", "duplicate", "reopened":
		return nil
	}
	return malformed("For 'properties/state_reason', %q is not a member of [\"completed\", \"not_planned\", \"duplicate\", \"reopened\"].", e.StateReason)
}

func (e Edit) number() int {
	if e.Milestone == nil {
		return 0
	}
	return *e.Milestone
}

func (a act) retitle(is *issue, e Edit) {
	if e.Title != nil && strings.TrimSpace(*e.Title) != is.state.title {
		from, to := is.state.title, strings.TrimSpace(*e.Title)
		a.change(is, func(s *state) { s.title = to })
		a.record(is, event{kind: "renamed", from: from, to: to})
	}
	if e.Body != nil && *e.Body != is.state.body {
		a.change(is, func(s *state) { s.body = *e.Body }) // no event tells of it
		a.note(is, "issues", "edited", nil)
	}
}

// restate opens or closes. Another reason on a closed issue is a second closed
// event; the same state and reason again is nothing. Pull requests have no reasons.
func (a act) restate(is *issue, to, reason string, twin *issue) {
	open := is.state.closed.IsZero()
	switch {
	case to == "open" && !open:
		a.reopen(is)
	case to != "closed" || !open && (is.pull || reason == "" || reason == "reopened" || reason == is.state.reason):
	default:
		a.close(is, reason, twin)
	}
}

func (a act) reopen(is *issue) {
	a.change(is, func(s *state) {
		s.closed, s.closedBy = time.Time{}, nil
		if !is.pull {
			s.reason = "reopened"
		}
	})
	a.record(is, event{kind: "reopened"})
}

func (a act) close(is *issue, reason string, twin *issue) {
	switch {
	case is.pull:
		reason = ""
	case reason == "" || reason == "reopened":
		reason = "completed"
	}
	a.change(is, func(s *state) {
		if s.closed.IsZero() {
			s.closed = a.at
		}
		s.reason, s.closedBy = reason, a.who
	})
	a.record(is, event{kind: "closed", reason: reason})
	if twin != nil {
		a.record(is, event{kind: "marked_as_duplicate"})
	}
}

// byID finds an issue the actor can read.
func (a act) byID(id int64) *issue {
	for _, rp := range a.w.byID {
		if !a.can(rp, Read) {
			continue
		}
		for _, is := range rp.issues {
			if is.id == id {
				return is
			}
		}
	}
	return nil
}
