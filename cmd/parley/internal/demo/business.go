package demo

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
)

// There are always some requests, never too many, and a few incidents at a time.
const (
	fewRequests   = 14
	mostRequests  = 26
	mostIncidents = 4
)

// request lists what a requester could do: answer, accept, press, ask for more.
func (c *Colleagues) request(p Person, all work) []task {
	var out []task
	out = append(out, one(oldest(c.atJira(all, waiting)), func(i item) task {
		return c.remark(p, i, c.moveJira(p, i, doing, "answered the question in"), pick(c.rng, exchanges()).answer)
	})...)
	out = append(out, one(oldest(c.atJira(all, verify)), func(i item) task {
		if c.rng.IntN(8) == 0 {
			return c.remark(p, i, c.moveJira(p, i, doing, "refused"), "The second case of the annex still gives the old figure.")
		}
		return c.moveJira(p, i, done, "accepted")
	})...)
	if c.rng.IntN(4) == 0 {
		out = append(out, one(oldest(c.atJira(all, committed)), func(i item) task { return c.press(p, i) })...)
	}
	if n := all.in(requests); n < fewRequests || n < mostRequests && c.rng.IntN(3) == 0 {
		out = append(out, c.arrive(p, all, typeRequest)...)
	}
	return out
}

// press changes the priority of a request by one step: up, or down again from the top.
func (c *Colleagues) press(p Person, i item) task {
	to, did := higher(i.jira.PriorityName), "raised the priority of"
	if i.jira.PriorityName == "" || i.jira.PriorityName == highest {
		to, did = medium, "set the priority of"
	}
	return task{Deed{p.Name, did, i.jira.Key, "jira"}, func() error {
		return c.jira.Edit(p.Jira, i.jira.Key, jirasim.Edit{Priority: &to})
	}}
}

// liaise lists what a liaison could do: select, bring requests in, and open the twin
// of what is selected.
func (c *Colleagues) liaise(p Person, all work) []task {
	var out []task
	if c.room(all, committed) {
		planned := keep(c.at(all, requests), func(i item) bool { return i.jira == nil || i.jira.Type != typeIncident })
		out = append(out, one(planned, func(i item) task { return c.selectWork(p, i) })...)
	}
	if all.in(requests) < fewRequests {
		out = append(out, c.arrive(p, all, typeRequest)...)
	}
	if all.issues() < c.limit {
		alone := keep(c.atJira(all, committed), func(i item) bool { return i.hub == nil })
		out = append(out, one(alone, func(i item) task { return c.openTwin(p, i) })...)
	}
	return out
}

// selectWork commits to a request.
func (c *Colleagues) selectWork(p Person, i item) task {
	if i.jira != nil && stageOfStatus(i.jira.Status) == requests {
		return c.moveJira(p, i, committed, "selected")
	}
	return c.move(p, i, committed, "selected")
}

// openTwin gives a selected request an issue where the developers will see it. Its title
// begins with the request's key: a link that is added later than Parley looked for links is
// not looked for again.
func (c *Colleagues) openTwin(p Person, i item) task {
	is := i.jira
	return task{Deed{p.Name, "opened a GitHub issue for", is.Key, "github"}, func() error {
		labels := keepText([]string{committed.look().label, priorityLabel(is.PriorityName), unitLabel(*is)})
		twin, err := c.hub.CreateIssue(p.GitHub, paymentsRepo, githubsim.NewIssue{Title: is.Key + ": " + is.Summary, Labels: labels,
			Body: "Asked for by the business. The request itself is kept in Jira."})
		if err != nil {
			return err
		}
		return join(c.present(), p.Jira, is.Key, remoteLink, twin)
	}}
}

// unitLabel is what GitHub calls the unit of a request.
func unitLabel(is jirasim.Issue) string {
	switch {
	case is.Project == finProject:
		return "bu:" + finance
	case slices.Contains(is.Components, "Risk"):
		return "bu:" + risk
	}
	return "bu:" + trading
}

func keepText(texts []string) []string {
	return slices.DeleteFunc(texts, func(s string) bool { return s == "" })
}

// operate lists what the lead of operations could do: start incidents at once, and
// report one now and then.
func (c *Colleagues) operate(p Person, all work) []task {
	broken := keep(c.atJira(all, requests), func(i item) bool { return i.jira.Type == typeIncident })
	out := one(broken, func(i item) task { return c.moveJira(p, i, doing, "started") })
	if c.rng.IntN(4) == 0 && all.incidents() < mostIncidents {
		out = append(out, c.arrive(p, all, typeIncident)...)
	}
	return out
}

// incidents counts those that are not over.
func (w work) incidents() int {
	n := 0
	for _, i := range w {
		if s := i.stage(); i.jira != nil && i.jira.Type == typeIncident && s != done && s != withdrawn {
			n++
		}
	}
	return n
}

// arrive is work coming in: new while the company may grow, else something that was
// finished long ago: an incident happens again, a request is made once more.
func (c *Colleagues) arrive(p Person, all work, kind string) []task {
	if all.issues() < c.limit && len(c.fresh[kind]) > 0 {
		return []task{c.report(p, all, kind)}
	}
	old := oldest(c.atJira(all, done))
	if kind == typeIncident {
		old = keep(old, func(i item) bool { return i.jira.Type == typeIncident })
		return one(old, func(i item) task {
			return c.remark(p, i, c.moveJira(p, i, doing, "reopened"), "It happened again this morning.")
		})
	}
	old = keep(old, func(i item) bool { return i.jira.Type != typeIncident && i.hub == nil })
	return one(old, func(i item) task {
		return c.remark(p, i, c.moveJira(p, i, requests, "asked again for"), "We need this for the second desk as well.")
	})
}

// report is a new issue in Jira.
func (c *Colleagues) report(p Person, all work, kind string) task {
	subject := c.fresh[kind][0]
	priority := pick(c.rng, []string{high, medium, medium, low})
	if kind == typeIncident {
		priority = pick(c.rng, []string{highest, high})
	}
	component := pick(c.rng, []string{"Trading", "Risk"})
	return task{Deed{p.Name, "reported", fmt.Sprintf("%q", subject.title), "jira"}, func() error {
		c.fresh[kind] = c.fresh[kind][1:]
		_, err := c.jira.Create(p.Jira, jirasim.NewIssue{Project: opsProject, Type: kind, Summary: subject.title,
			Description: reason("", kind), Priority: priority, Components: []string{component}, Custom: ranked(all.issues() + 1)})
		return err
	}}
}

// freshIdeas are what the company has not thought of yet, by issue type.
func freshIdeas(rng *rand.Rand) map[string][]idea {
	out := map[string][]idea{}
	for _, x := range laterIdeas() {
		out[x.kind] = append(out[x.kind], x)
	}
	for _, kind := range []string{typeIncident, typeRequest} {
		deck := out[kind]
		rng.Shuffle(len(deck), func(i, j int) { deck[i], deck[j] = deck[j], deck[i] })
	}
	return out
}
