package demo

import (
	"fmt"
	"slices"
	"time"

	"parley/connectors/sim/jirasim"
)

// ask creates a story's Jira issue.
func (t *teller) ask(at time.Time, s *story) error {
	priority := s.priority
	t.asked++
	switch {
	case s.lowered:
		priority = higher(priority)
	case priority == "":
		priority = jirasim.None
	}
	is, err := t.jira.At(at).Create(s.requester.Jira, jirasim.NewIssue{
		Project: s.project(), Type: s.kind, Summary: s.title, Description: reason(s.unit, s.kind), Priority: priority,
		Labels: s.labels, Components: []string{s.component()}, Parent: t.epics[s.epic], Due: s.due, Custom: ranked(t.asked),
	})
	if err != nil {
		return fmt.Errorf("ask for %q: %w", s.title, err)
	}
	s.key = is.Key
	return nil
}

// higher is the next priority above, the same for the highest.
func higher(priority string) string {
	all := priorities()
	return all[max(0, slices.Index(all, priority)-1)]
}

// lower takes back the priority that a request came in with.
func (t *teller) lower(at time.Time, s *story) error {
	return t.jira.At(at).Edit(s.liaison.Jira, s.key, jirasim.Edit{Priority: &s.priority})
}

// advance takes the Jira issue of a story from one stage to the next.
func (t *teller) advance(at time.Time, s *story, from, to stage) error {
	who := s.mover(from, to)
	if from == waiting && to == doing {
		if _, err := t.jira.At(at).AddComment(who.Jira, s.key, s.talk.answer); err != nil {
			return fmt.Errorf("answer in %s: %w", s.key, err)
		}
	}
	if err := transit(t.jira.At(at), who, s.key, s.project(), from, to, s.incident()); err != nil {
		return err
	}
	switch to {
	case waiting:
		_, err := t.jira.At(at.Add(time.Minute)).AddComment(who.Jira, s.key, s.talk.question)
		return err
	case doing:
		return t.jira.At(at.Add(time.Second)).Edit(s.dev.Jira, s.key, jirasim.Edit{Assignee: &s.dev.Jira})
	}
	return nil
}

// transit takes the way between two stages, with what its screen asks for.
func transit(jira jirasim.Moment, who Person, key, project string, from, to stage, incident bool) error {
	w, ok := wayTo(from, to, incident)
	if !ok {
		return fmt.Errorf("move %s: no way from %s to %s", key, from, to)
	}
	var e jirasim.Edit
	if to == done && project == finProject {
		e.Resolution = new("Done")
	}
	if err := jira.Transition(who.Jira, key, w.id, e); err != nil {
		return fmt.Errorf("move %s from %s to %s: %w", key, from, to, err)
	}
	return nil
}

// mover is who takes a story from one stage to another.
func (s *story) mover(from, to stage) Person {
	switch {
	case to == done || to == withdrawn || from == waiting || from == verify:
		return s.requester
	case to == committed || to == onHold:
		return s.liaison
	}
	return s.dev
}
