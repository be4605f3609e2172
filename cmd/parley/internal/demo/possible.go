package demo

import (
	"slices"
	"time"
)

// task is something that somebody could do now.
type task struct {
	deed Deed
	do   func() error
}

// possible lists what a person could lawfully and sensibly do now, in a fixed order.
func (c *Colleagues) possible(p Person, all work) []task {
	switch p.Role {
	case Developer:
		return c.develop(p, all)
	case Requester:
		return c.request(p, all)
	case Liaison:
		return c.liaise(p, all)
	}
	return c.operate(p, all)
}

// at lists the work in a stage that may be touched, the most urgent first and the
// oldest of those.
func (c *Colleagues) at(all work, s stage) work {
	var out work
	for _, i := range all {
		if i.stage() == s && !c.busy(i) {
			out = append(out, i)
		}
	}
	slices.SortStableFunc(out, func(a, b item) int { return a.rank() - b.rank() })
	return out
}

// atJira is at in the eyes of those who look at Jira only.
func (c *Colleagues) atJira(all work, s stage) work {
	var out work
	for _, i := range all {
		if i.jira != nil && stageOfStatus(i.jira.Status) == s && !c.busy(i) {
			out = append(out, i)
		}
	}
	slices.SortStableFunc(out, func(a, b item) int { return a.rank() - b.rank() })
	return out
}

// busy reports whether an item is somebody else's business right now.
func (c *Colleagues) busy(i item) bool {
	now := c.life.Clock.Now()
	young := func(updated time.Time) bool { return now.Sub(updated) < rest }
	return i.jira != nil && (c.hands[i.jira.Key] || young(i.jira.Updated)) ||
		i.hub != nil && (c.hands[i.hub.URL] || young(i.hub.Updated))
}

// room reports whether a column takes another card. People respect limits; only
// incidents do not.
func (c *Colleagues) room(all work, s stage) bool {
	for _, col := range columns() {
		if col.stage == s && col.wip > 0 {
			return all.in(s) < col.wip
		}
	}
	return true
}

// one gives a task for the first of some work.
func one(w work, of func(item) task) []task {
	if len(w) == 0 {
		return nil
	}
	return []task{of(w[0])}
}

// oldest puts what was changed longest ago first.
func oldest(w work) work {
	slices.SortStableFunc(w, func(a, b item) int { return a.updated().Compare(b.updated()) })
	return w
}

func (i item) updated() time.Time {
	if i.hub == nil || i.jira != nil && i.jira.Updated.After(i.hub.Updated) {
		return i.jira.Updated
	}
	return i.hub.Updated
}
