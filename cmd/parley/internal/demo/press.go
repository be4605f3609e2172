package demo

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
)

// ErrNothing says that there is no work for a deed that was asked for.
var ErrNothing = errors.New("there is no such work in the trackers now")

// Take has a liaison take on the most urgent request of a unit that nobody has taken on,
// and open a GitHub issue for it. The others leave both alone from then on. It gives the
// request's key; the error is ErrNothing where no request of the unit is urgent.
func (c *Colleagues) Take(unit string) (key string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i, ok := c.of(unit, requests, func(i item) bool { return i.hub == nil && i.jira.PriorityName == high })
	if !ok {
		return "", ErrNothing
	}
	p := c.person(Liaison, "")
	for _, t := range []task{c.moveJira(p, i, committed, "selected"), c.openTwin(p, i)} {
		if _, err := c.perform(t); err != nil {
			return "", err
		}
	}
	c.hands[i.jira.Key] = true
	for _, is := range c.look() {
		if is.jira != nil && is.jira.Key == i.jira.Key && is.hub != nil {
			c.hands[is.hub.URL] = true
		}
	}
	return i.jira.Key, nil
}

// Raise has a requester make a request of a unit urgent that was taken on without being so.
// The others leave it alone from then on. It gives the request's key; the error is
// ErrNothing where there is none.
func (c *Colleagues) Raise(unit string) (key string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i, ok := c.of(unit, committed, func(i item) bool {
		return i.hub != nil && (i.jira.PriorityName == medium || i.jira.PriorityName == low)
	})
	if !ok {
		return "", ErrNothing
	}
	p := c.person(Requester, unit)
	t := task{Deed{p.Name, "raised the priority of", i.jira.Key, "jira"}, func() error {
		return c.jira.Edit(p.Jira, i.jira.Key, jirasim.Edit{Priority: new(high)})
	}}
	if _, err := c.perform(t); err != nil {
		return "", err
	}
	c.hands[i.jira.Key], c.hands[i.hub.URL] = true, true
	return i.jira.Key, nil
}

// of finds the first request of a unit in a stage that fits, also where it was changed just
// now; never an incident, nor one that is left to somebody else.
func (c *Colleagues) of(unit string, in stage, fits func(item) bool) (item, bool) {
	for _, i := range c.look() {
		if i.jira == nil || i.jira.Type == typeIncident || c.hands[i.jira.Key] || "bu:"+unit != unitLabel(*i.jira) {
			continue
		}
		if stageOfStatus(i.jira.Status) == in && i.stage() == in && fits(i) {
			return i, true
		}
	}
	return item{}, false
}

// person is the first of the company with a role, and of a team where one is named.
func (c *Colleagues) person(role Role, team string) Person { return staff(role, team)[0] }

// Speaker is who decides for a unit about its requests.
func Speaker(unit string) Person { return staff(Requester, unit)[0] }

// Ask has a developer ask the requester something about a request of a unit that is worked
// on: by a comment on its GitHub issue that Parley is to carry to Jira. The others leave the
// request alone from then on. The error is ErrNothing where there is no such request.
func (c *Colleagues) Ask(unit string) (Question, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i, ok := c.of(unit, doing, func(i item) bool { return i.hub != nil })
	if !ok {
		return Question{}, ErrNothing
	}
	p, q := c.person(Developer, teamOf(i.hub.Repo)), exchanges()[0]
	t := task{Deed{p.Name, "asked the requester about", fmt.Sprintf("%s#%d", i.hub.Repo, i.hub.Number), "github"}, func() error {
		_, err := c.hub.Comment(p.GitHub, i.hub.Repo, i.hub.Number, "/ask "+q.question)
		return err
	}}
	if _, err := c.perform(t); err != nil {
		return Question{}, err
	}
	c.hands[i.jira.Key], c.hands[i.hub.URL] = true, true
	return Question{Key: i.jira.Key, Repo: i.hub.Repo, Number: i.hub.Number, unit: unit, exchange: q}, nil
}

// Question is one that was asked.
type Question struct {
	Key    string // of the Jira issue
	Repo   string // of the GitHub issue
	Number int

	unit string
	exchange
}

// Arrived reports whether the question stands in Jira, said by Parley.
func (c *Colleagues) Arrived(q Question) bool {
	is, _ := c.jira.Issue(q.Key)
	return slices.ContainsFunc(is.Comments, func(said jirasim.Comment) bool {
		return said.Author == bot().Jira && strings.Contains(said.Body, q.question)
	})
}

// Answer has the unit's requester answer in Jira, by a comment that Parley is to carry back.
func (c *Colleagues) Answer(q Question) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.person(Requester, q.unit)
	_, err := c.perform(task{Deed{p.Name, "answered the question in", q.Key, "jira"}, func() error {
		_, err := c.present().AddComment(p.Jira, q.Key, "/answer "+q.answer)
		return err
	}})
	return err
}

// Returned reports whether the answer stands in GitHub, said by Parley.
func (c *Colleagues) Returned(q Question) bool {
	all, err := c.hub.Comments(q.Repo, q.Number)
	return err == nil && slices.ContainsFunc(all, func(said githubsim.Comment) bool {
		return said.User == bot().GitHub && strings.Contains(said.Body, q.answer)
	})
}
