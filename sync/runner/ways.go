package runner

import (
	"context"
	"slices"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// route asks for the transitions offered now and adds what is remembered of the
// workflow from other issues.
func (r *Runner) route(ctx context.Context, t Tracker, q engine.Request) (engine.Event, error) {
	offered, err := t.Transitions(ctx, q.Ref)
	if err != nil {
		return nil, err
	}
	r.heard(ctx, t.Name, exits())
	return r.routed(ctx, t, q, offered)
}

// routed adds to the transitions offered now what is remembered of the workflow.
func (r *Runner) routed(ctx context.Context, t Tracker, q engine.Request, offered []connectors.Transition) (engine.Event, error) {
	card, err := r.cardOf(ctx, t.Name, q.Ref.ID)
	if err != nil {
		return nil, err
	}
	issue := card.Sides[kanban.Jira].Issue
	known, err := r.scout(ctx, t, issue, q, offered)
	if err != nil {
		return nil, err
	}
	ev := engine.Routed{Op: q.Op, From: q.From, Offered: offered, Ranks: r.dirs.ranks(t.Name)}
	for _, e := range known {
		ev.Known = append(ev.Known, e.Way())
	}
	return ev, nil
}

// edges is what an answer taught about a workflow.
func edges(c engine.Card, ev engine.Event, now time.Time) []store.Edge {
	routed, ok := ev.(engine.Routed)
	if !ok || c.Sides[kanban.Jira] == nil {
		return nil
	}
	return offeredFrom(c.Sides[kanban.Jira].Issue, routed.From, routed.Offered, now)
}

// ways gives the steps that are known of an issue's workflow: workflows change, so that
// one not seen for a while counts no more. What was known to lead out of the present
// status and is not offered now is forgotten, else every issue would be led there to find
// the same.
func (r *Runner) ways(ctx context.Context, issue connectors.Issue, from string, offered []connectors.Transition) ([]store.Edge, error) {
	known, err := r.Store.Edges(ctx, issue.Tracker, issue.Container, issue.Type)
	if err != nil {
		return nil, err
	}
	var fresh, gone []store.Edge
	for _, e := range known {
		switch {
		case e.SeenAt.Before(r.Now().Add(-keepEdges)):
		case e.From == from && !slices.ContainsFunc(offered, func(o connectors.Transition) bool { return o.To.ID == e.To }):
			gone = append(gone, e)
		default:
			fresh = append(fresh, e)
		}
	}
	return fresh, r.forget(ctx, gone)
}

func (r *Runner) forget(ctx context.Context, gone []store.Edge) error {
	if len(gone) == 0 {
		return nil
	}
	_, err := r.put(ctx, store.Commit{Now: r.Now(), Forgotten: gone})
	return err
}

// forgetRefused forgets the step that Jira has just refused to take. Where it is offered
// again all the same, it is learned again.
func (r *Runner) forgetRefused(ctx context.Context, t Tracker, q engine.Request, refused error) error {
	if q.Write.Transition == "" || connectors.KindOf(refused) != connectors.Invalid {
		return nil
	}
	card, err := r.cardOf(ctx, t.Name, q.Ref.ID)
	if err != nil || card.Sides[kanban.Jira] == nil {
		return ignoreUnknown(err)
	}
	issue := card.Sides[kanban.Jira].Issue
	known, err := r.Store.Edges(ctx, t.Name, issue.Container, issue.Type)
	if err != nil {
		return err
	}
	leads := func(e store.Edge) bool { return e.From == issue.Status.ID && e.TransitionID == q.Write.Transition }
	i := slices.IndexFunc(known, leads)
	if i < 0 {
		return nil
	}
	to := known[i].To
	return r.forget(ctx, slices.DeleteFunc(known, func(e store.Edge) bool { return e.From != issue.Status.ID || e.To != to }))
}
