package demo

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
)

// open creates a story's GitHub issue, already in the stage it has reached.
func (t *teller) open(at time.Time, s *story, in stage) error {
	title := s.title
	if s.link == keyInTitle {
		title = s.key + ": " + title
	}
	author, body := s.dev.GitHub, reason("", "")
	if s.jira {
		author, body = s.liaison.GitHub, "Asked for by "+s.requester.Name+". The request itself is kept in Jira."
	}
	is, err := t.hub.At(at).CreateIssue(author, s.repo, githubsim.NewIssue{Title: title, Body: body, Labels: s.hubLabels(in), Milestone: t.milestone(s)})
	if err != nil {
		return fmt.Errorf("open %q in %s: %w", s.title, s.repo, err)
	}
	s.number, s.shown = is.Number, in.look().label
	if in == doing {
		return t.hub.At(at.Add(time.Second)).Assign(s.dev.GitHub, s.repo, s.number, s.dev.GitHub)
	}
	return nil
}

// hubLabels are the labels that a story's GitHub issue starts with.
func (s *story) hubLabels(in stage) []string {
	var out []string
	add := func(label string) {
		if label != "" && !slices.Contains(out, label) {
			out = append(out, label)
		}
	}
	add(in.look().label)
	add(priorityLabel(s.priority))
	if s.unit != "" {
		add("bu:" + s.unit)
	}
	switch {
	case s.incident():
		add("incident")
	case !s.jira:
		add(s.kind)
	case s.kind == typeBug:
		add("bug")
	}
	if slices.Contains(s.labels, blockedLabel) {
		add("blocked:vendor")
	}
	return out
}

// milestone is the release of the month in which a planned story got where it is.
func (t *teller) milestone(s *story) int {
	last := s.steps[len(s.steps)-1]
	if s.incident() || last.stage == requests || last.stage == withdrawn {
		return 0
	}
	title := "Release " + last.at.Format("2006-01")
	return 1 + slices.IndexFunc(milestones(t.now), func(m githubsim.Milestone) bool { return m.Title == title })
}

// twin opens the GitHub issue of a Jira request and joins the two.
func (t *teller) twin(at time.Time, s *story, in stage) error {
	if err := t.open(at, s, in); err != nil {
		return err
	}
	is, err := t.hub.Issue(s.repo, s.number)
	if err != nil {
		return fmt.Errorf("find %s#%d: %w", s.repo, s.number, err)
	}
	return join(t.jira.At(at.Add(30*time.Second)), s.liaison.Jira, s.key, s.link, is)
}

// join makes a Jira issue point at its twin. A key in the twin's title is there already.
func join(jira jirasim.Moment, actor, key string, by link, twin githubsim.Issue) error {
	var err error
	switch by {
	case remoteLink:
		name := fmt.Sprintf("%s#%d", twin.Repo, twin.Number)
		_, _, err = jira.AddRemoteLink(actor, key, jirasim.RemoteLink{GlobalID: twin.URL, URL: twin.URL, Title: name})
	case urlInBody:
		err = jira.Edit(actor, key, jirasim.Edit{Description: new("Developed in " + twin.URL + " since it was selected.")})
	}
	if err != nil {
		return fmt.Errorf("join %s with %s#%d: %w", key, twin.Repo, twin.Number, err)
	}
	return nil
}

// show makes a story's GitHub issue say the stage.
func (t *teller) show(at time.Time, s *story, to stage) error {
	if to == onHold {
		return nil // a word of Jira's alone
	}
	hub, l := t.hub.At(at), to.look()
	label := l.label
	if s.silent && to == s.last() {
		label = ""
	}
	if err := relabel(hub, s.dev.GitHub, s.repo, s.number, s.shown, label); err != nil {
		return err
	}
	s.shown = label
	if to == doing {
		return hub.Assign(s.dev.GitHub, s.repo, s.number, s.dev.GitHub)
	}
	if l.reason == "" {
		return nil
	}
	return hub.SetState(s.dev.GitHub, s.repo, s.number, "closed", l.reason)
}

// relabel puts one label in the place of another; "" is none.
func relabel(hub *githubsim.Hub, actor, repo string, number int, from, to string) error {
	if strings.EqualFold(from, to) {
		return nil
	}
	if to != "" {
		if err := hub.AddLabels(actor, repo, number, to); err != nil {
			return err
		}
	}
	if from != "" {
		return hub.RemoveLabel(actor, repo, number, from)
	}
	return nil
}

// note is what the developer writes while working.
func (t *teller) note(at time.Time, s *story) error {
	if s.remark == "" {
		return nil
	}
	_, err := t.hub.At(at).Comment(s.dev.GitHub, s.repo, s.number, s.remark)
	s.remark = "" // said once
	if err != nil {
		return fmt.Errorf("comment on %s#%d: %w", s.repo, s.number, err)
	}
	return nil
}
