package runner

import (
	"context"
	"time"

	"parley/connectors"
	"parley/sync/engine"
	"parley/sync/store"
)

// scouts is how many other issues are asked at most for the exits of their status.
const scouts = 6

// scout gives what is known of an issue's workflow. Where the status wanted is not
// offered at once, other issues of the same kind that rest in the statuses on the way
// are asked for their exits: to read one is better than to move another and see.
func (r *Runner) scout(ctx context.Context, t Tracker, issue connectors.Issue, q engine.Request, offered []connectors.Transition) ([]store.Edge, error) {
	known, err := r.ways(ctx, issue, q.From, offered)
	if err != nil {
		return nil, err
	}
	whole := map[string]bool{q.From: true}
	exits := map[string][]string{}
	for _, e := range known {
		whole[e.From] = whole[e.From] || e.TransitionID != ""
		exits[e.From] = append(exits[e.From], e.To)
	}
	var frontier []string
	for _, o := range offered {
		if o.To.ID == q.To {
			return known, nil
		}
		frontier = append(frontier, o.To.ID)
	}
	var learned []store.Edge
	asked, met := 0, map[string]bool{q.From: true}
	for len(frontier) > 0 && asked < scouts {
		status := frontier[0]
		frontier = frontier[1:]
		if met[status] || status == q.To { // what lies beyond is no way there
			continue
		}
		met[status] = true
		if !whole[status] {
			found, err := r.exitsOf(ctx, t, issue, status)
			if err != nil {
				return nil, err
			}
			if found != nil {
				asked++
			}
			learned = append(learned, found...)
			for _, e := range found {
				exits[status] = append(exits[status], e.To)
			}
		}
		frontier = append(frontier, exits[status]...)
	}
	if len(learned) > 0 {
		_, err = r.put(ctx, store.Commit{Now: r.Now(), Edges: learned})
	}
	return append(known, learned...), err
}

// exitsOf asks an issue that rests in a status which ways out Jira offers it; none where
// no such issue is known, or it cannot be read.
func (r *Runner) exitsOf(ctx context.Context, t Tracker, like connectors.Issue, status string) ([]store.Edge, error) {
	row, found, err := r.Store.Resident(ctx, t.Name, like.Container, like.Type, status)
	if err != nil || !found || row.ID == like.ID {
		return nil, err
	}
	if wait := r.waits(t.Name, exits()); wait != nil {
		return nil, wait
	}
	offered, err := t.Transitions(exits().on(ctx), refOf(row))
	if err != nil {
		r.refused(ctx, err, t.Name, exits())
		if kind := connectors.KindOf(err); kind == connectors.RateLimit || kind == connectors.Auth {
			return nil, err // the others are not asked either
		}
		return nil, asTracker(err)
	}
	r.heard(ctx, t.Name, exits())
	return offeredFrom(like, status, offered, r.Now()), nil
}

// offeredFrom is what a list of transitions teaches about a workflow.
func offeredFrom(i connectors.Issue, from string, offered []connectors.Transition, now time.Time) []store.Edge {
	var out []store.Edge
	for _, o := range offered {
		if o.To.ID == from {
			continue
		}
		out = append(out, store.Edge{
			Tracker: i.Tracker, Project: i.Container, Type: i.Type, From: from, To: o.To.ID,
			TransitionID: o.ID, Global: o.Global, Required: o.Required, SeenAt: now,
		})
	}
	return out
}
