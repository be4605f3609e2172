package demo

import (
	"fmt"
	"slices"

	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
)

// develop lists what a developer could do: pull from the right, start last.
func (c *Colleagues) develop(p Person, all work) []task {
	team := func(w work) work { return c.ofTeam(p, w) }
	var out []task
	reviewed := keep(oldest(team(c.at(all, review))), func(i item) bool { return i.jira == nil || c.room(all, verify) })
	out = append(out, one(reviewed, func(i item) task { return c.deliver(p, i) })...)
	if c.room(all, review) {
		out = append(out, one(oldest(team(c.at(all, doing))), func(i item) task { return c.move(p, i, review, "asked for review of") })...)
	}
	if c.room(all, doing) {
		out = append(out, one(team(c.at(all, committed)), func(i item) task { return c.move(p, i, doing, "started") })...)
	}
	if c.room(all, waiting) && c.rng.IntN(4) == 0 {
		twinned := func(w work) work { return keep(w, func(i item) bool { return i.jira != nil && i.hub != nil }) }
		out = append(out, one(twinned(oldest(team(c.at(all, doing)))), func(i item) task { return c.ask(p, i) })...)
	}
	if all.in(requests) < fewRequests && c.rng.IntN(3) == 0 {
		own := keep(oldest(team(c.at(all, done))), func(i item) bool { return i.jira == nil })
		out = append(out, one(own, func(i item) task { return c.move(p, i, requests, "reopened") })...)
	}
	return out
}

// ofTeam keeps the work of a developer's repository, and what is in Jira alone.
func (c *Colleagues) ofTeam(p Person, w work) work {
	return keep(w, func(i item) bool { return i.hub == nil || teamOf(i.hub.Repo) == p.Team })
}

func keep(w work, fits func(item) bool) work {
	var out work
	for _, i := range w {
		if fits(i) {
			out = append(out, i)
		}
	}
	return out
}

// deliver hands reviewed work to the business, or ends it where nobody asked for it.
func (c *Colleagues) deliver(p Person, i item) task {
	if i.jira != nil {
		return c.move(p, i, verify, "delivered")
	}
	return c.move(p, i, done, "finished")
}

// ask stops work until the requester has answered.
func (c *Colleagues) ask(p Person, i item) task {
	t := c.move(p, i, waiting, "asked the requester about")
	set := t.do
	question := pick(c.rng, exchanges()).question
	t.do = func() error {
		if err := set(); err != nil {
			return err
		}
		_, err := c.hub.Comment(p.GitHub, i.hub.Repo, i.hub.Number, question)
		return err
	}
	return t
}

// move takes work to another stage: in GitHub where it has an issue there, else
// along the workflow of Jira.
func (c *Colleagues) move(p Person, i item, to stage, did string) task {
	if i.hub == nil {
		return c.moveJira(p, i, to, did)
	}
	from := i.hub
	return task{
		Deed{p.Name, did, fmt.Sprintf("%s#%d", from.Repo, from.Number), "github"},
		func() error {
			if to == doing {
				if err := c.hub.Assign(p.GitHub, from.Repo, from.Number, p.GitHub); err != nil {
					return err
				}
			}
			return c.hub.Edit(p.GitHub, from.Repo, from.Number, shownAs(to, *from))
		},
	}
}

// shownAs is the one request that makes a GitHub issue say a stage.
func shownAs(to stage, is githubsim.Issue) githubsim.Edit {
	l := to.look()
	old := statusLabel(is.Labels)
	e := githubsim.Edit{Labels: keepText(append(slices.DeleteFunc(slices.Clone(is.Labels), func(have string) bool { return have == old }), l.label))}
	state := "closed"
	if l.reason == "" {
		state = "open"
	}
	if state != is.State {
		e.State, e.StateReason = state, l.reason
	}
	return e
}

// statusLabel finds the label that says the status, "" where there is none.
func statusLabel(labels []string) string {
	for _, have := range labels {
		for _, l := range looks() {
			if l.label == have {
				return have
			}
		}
	}
	return ""
}

// moveJira takes a transition of Jira.
func (c *Colleagues) moveJira(p Person, i item, to stage, did string) task {
	is := i.jira
	return task{
		Deed{p.Name, did, is.Key, "jira"},
		func() error {
			return transit(c.present(), p, is.Key, is.Project, stageOfStatus(is.Status), to, is.Type == typeIncident)
		},
	}
}

// remark adds a comment in Jira to a task.
func (c *Colleagues) remark(p Person, i item, t task, text string) task {
	set := t.do
	t.do = func() error {
		if err := set(); err != nil {
			return err
		}
		return c.jira.Edit(p.Jira, i.jira.Key, jirasim.Edit{Comment: text})
	}
	return t
}
