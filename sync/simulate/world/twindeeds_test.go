package world

import (
	"encoding/json"
	"fmt"
	"strings"

	"parley/connectors"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
)

// step lets a person or Parley do the same in both.
func (tw *twin) step(n int) {
	if n%5 == 4 && len(tw.w.issues) > 0 {
		tw.write(n)
		return
	}
	tw.w.deeds++
	d := tw.w.draft(tw.w.chance(streamDeed, uint64(n), 99))
	d.N = int64(n)
	if d.Act == Bulk || d.Act == RenameStat || d.Act == RenameLab || d.Act == Revert || d.Act == Agree {
		return // made of the others, or compared nowhere
	}
	i := tw.w.byID[issueID{d.Kind, d.Issue}]
	before, made := tw.w.edits, len(tw.w.issues)
	var was *state
	if i != nil && !i.deleted() {
		was = i.now().state
	}
	tw.w.Do(d)
	switch {
	case d.Act == Raise && len(tw.w.issues) > made:
		tw.raise(d)
	case was == nil || tw.w.edits == before && len(tw.w.issues) == made && d.Act != Comment:
		// nothing has changed, or nothing was there
	case d.Act == Comment && i.host.locked(was):
	case i.kind == connectors.Jira:
		tw.jiraDeed(i, was, d)
	default:
		tw.hubDeed(i, was, d)
	}
}

func (tw *twin) raise(d Deed) {
	i := tw.w.issues[len(tw.w.issues)-1]
	if i.kind == connectors.Jira {
		made, err := tw.site.Create(i.creator, jirasim.NewIssue{Project: d.Box, Type: "Task", Summary: d.To})
		tw.must(err)
		tw.ids[issueID{i.kind, i.id}] = connectors.Ref{ID: made.ID}
		return
	}
	made, err := tw.hub.CreateIssue(i.creator, d.Box, githubsim.NewIssue{Title: d.To})
	tw.must(err)
	tw.called(i, made)
}

func (tw *twin) called(i *issue, made githubsim.Issue) {
	tw.ids[issueID{i.kind, i.id}] = connectors.Ref{ID: fmt.Sprint(made.ID), Number: made.Number, Container: made.Repo, Key: fmt.Sprintf("%s#%d", made.Repo, made.Number)}
}

func (tw *twin) jiraDeed(i *issue, was *state, d Deed) {
	key, now := tw.ids[issueID{i.kind, i.id}].ID, i.last()
	who := tw.w.accountOn(i.host, d.Who)
	var e jirasim.Edit
	switch d.Act {
	case Move:
		if t := tw.w.jira.flow.find(d.To, was.status); t.Screen {
			e.Resolution = &now.resolution
		}
		tw.must(tw.site.Transition(who, key, d.To, e))
		return
	case Prioritise:
		e.Priority = &d.To
	case Retitle:
		e.Summary = &now.title
	case Redate:
		e.Due = &d.To
	case Assign, Unassign:
		to := strings.Join(now.assignees, "")
		e.Assignee = &to
	case AddLabel:
		e.AddLabels = []string{d.To}
	case DropLabel:
		e.RemoveLabels = []string{d.To}
	case Describe:
		e.Description = &now.body
	case Hide:
		e.Security = &now.security
	default:
		tw.jiraLife(i, now, who, key, d)
		return
	}
	tw.must(tw.site.Edit(who, key, e))
}

func (tw *twin) jiraLife(i *issue, now *state, who, key string, d Deed) {
	var err error
	switch d.Act {
	case Comment:
		_, err = tw.site.AddComment(who, key, "said")
	case Migrate:
		err = tw.site.MigrateStatus("", key, d.To)
	case Transfer:
		_, err = tw.site.Move(who, key, d.Box)
	case Delete:
		err = tw.site.Delete(who, key)
	case Archive:
		err = tw.site.Archive(who, key, now.archived)
	case Forge:
		_, err = tw.site.SetProperty(who, key, "parley.link", mark(now.marker))
	case Clone:
		c := tw.w.issues[len(tw.w.issues)-1]
		s := c.now()
		n := jirasim.NewIssue{Project: s.box.key, Type: "Task", Summary: s.title, Description: s.body, Priority: s.priority, Labels: s.labels,
			Assignee: strings.Join(s.assignees, ""), Due: s.due, Security: s.security}
		if s.marker != "" {
			n.Properties = map[string]json.RawMessage{"parley.link": mark(s.marker)}
		}
		var made jirasim.Issue
		made, err = tw.site.Create(who, n)
		tw.ids[issueID{i.kind, c.id}] = connectors.Ref{ID: made.ID}
	}
	tw.must(err)
}

func mark(m string) json.RawMessage {
	raw, _ := json.Marshal(map[string]string{"mark": m})
	return raw
}

func (tw *twin) hubDeed(i *issue, was *state, d Deed) {
	ref := tw.ids[issueID{i.kind, i.id}]
	who := tw.w.accountOn(i.host, d.Who)
	name := strings.TrimLeft(d.To, "+-")
	switch d.Act {
	case Move:
		l, _ := at(tw.w.github.cat.looks, d.To)
		tw.swap(was, who, ref, tw.w.github.cat.family, l.labels)
		tw.must(tw.hub.SetState(who, ref.Container, ref.Number, l.state, l.reason))
	case Prioritise:
		to, _ := at(tw.w.github.cat.scale, d.To)
		tw.swap(was, who, ref, tw.w.github.cat.weights, to)
	case Sloppy, AddLabel, DropLabel:
		word, reason, _ := strings.Cut(d.To, ":")
		switch {
		case d.Act == AddLabel || strings.HasPrefix(d.To, "+"):
			tw.must(tw.hub.AddLabels(who, ref.Container, ref.Number, name))
		case d.Act == DropLabel || strings.HasPrefix(d.To, "-"):
			tw.must(tw.hub.RemoveLabel(who, ref.Container, ref.Number, name))
		default:
			tw.must(tw.hub.SetState(who, ref.Container, ref.Number, word, reason))
		}
	case Assign:
		tw.must(tw.hub.Assign(who, ref.Container, ref.Number, tw.w.accountOn(i.host, d.To)))
	case Unassign:
		tw.must(tw.hub.Unassign(who, ref.Container, ref.Number, tw.w.accountOn(i.host, d.To)))
	default:
		tw.hubLife(i, who, ref, d)
	}
}

// swap does one after the other what a person clicks.
func (tw *twin) swap(was *state, who string, ref connectors.Ref, family, to []string) {
	for _, l := range was.labels {
		if containsFold(family, l) && !containsFold(to, l) {
			tw.must(tw.hub.RemoveLabel(who, ref.Container, ref.Number, l))
		}
	}
	for _, l := range to {
		tw.must(tw.hub.AddLabels(who, ref.Container, ref.Number, l))
	}
}

func containsFold(list []string, name string) bool {
	for _, l := range list {
		if strings.EqualFold(l, name) {
			return true
		}
	}
	return false
}

func (tw *twin) hubLife(i *issue, who string, ref connectors.Ref, d Deed) {
	switch d.Act {
	case Retitle:
		title := i.now().title
		tw.must(tw.hub.Edit(who, ref.Container, ref.Number, githubsim.Edit{Title: &title}))
	case Comment:
		_, err := tw.hub.Comment(who, ref.Container, ref.Number, "said")
		tw.must(err)
	case Forge:
		body := i.now().body
		tw.must(tw.hub.Edit(who, ref.Container, ref.Number, githubsim.Edit{Body: &body}))
	case Delete:
		tw.must(tw.hub.DeleteIssue(who, ref.Container, ref.Number))
	case Transfer:
		made, err := tw.hub.Transfer(who, ref.Container, ref.Number, d.Box)
		tw.must(err)
		tw.called(tw.w.issues[len(tw.w.issues)-1], made)
	case Clone:
		c := tw.w.issues[len(tw.w.issues)-1]
		s := c.now()
		made, err := tw.hub.CreateIssue(who, s.box.key, githubsim.NewIssue{Title: s.title, Body: s.body, Labels: s.labels, Assignees: s.assignees})
		tw.must(err)
		tw.called(c, made)
	}
}
