package demo

import (
	"errors"

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
