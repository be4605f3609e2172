package runner

import (
	"context"
	"errors"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// admit stores what a person asked for, unless a hard limit keeps the card out: the store
// counts within the commit, so that of two who want the last place one gets it. Where the
// step takes a change back, what was there before that change may be there again. The
// error is an *engine.Refusal where a limit is full.
func (r *Runner) admit(ctx context.Context, eng *engine.Engine, was engine.Card, step engine.Step, c store.Commit, before map[string]int) error {
	layout := eng.Rules.Layout()
	limits := eng.Enters(&was, &step.Card)
	for _, l := range limits {
		c.Room = append(c.Room, roomOf(layout, l, max(l.WIP, before[l.ID()])))
	}
	c.Record = step.Record
	c.Cards = []store.CardWrite{r.cardWrite(eng, step.Card)}
	_, err := r.put(ctx, c)
	full, ok := errors.AsType[*store.FullError](err)
	if !ok {
		return err
	}
	return r.full(ctx, eng, was, limits[full.Room], full.Count)
}

// roomOf is a limit as the store counts it.
func roomOf(l kanban.Layout, limit kanban.Limit, most int) store.Room {
	room := store.Room{Columns: l.Started(), Most: most}
	switch limit.Scope {
	case kanban.ScopeColumn:
		room.Columns = []kanban.ColumnKey{kanban.ColumnKey(limit.Key)}
	case kanban.ScopeUnit:
		room.Unit = kanban.UnitKey(limit.Key)
	case kanban.ScopeClass:
		room.Class = limit.Key
	case kanban.ScopePerson:
		room.Person = limit.Key
	}
	return room
}

// counted tells how many cards count against each of some limits now, by Limit.ID.
func (r *Runner) counted(ctx context.Context, eng *engine.Engine, limits []kanban.Limit) (map[string]int, error) {
	if len(limits) == 0 {
		return nil, nil
	}
	rooms := make([]store.Room, len(limits))
	for i, l := range limits {
		rooms[i] = roomOf(eng.Rules.Layout(), l, 0)
	}
	counts, err := r.Store.Taken(ctx, rooms)
	out := make(map[string]int, len(counts))
	for i, n := range counts {
		out[limits[i].ID()] = n
	}
	return out, err
}

// full is the refusal of a card that a limit keeps out, with the columns that have room.
func (r *Runner) full(ctx context.Context, eng *engine.Engine, c engine.Card, limit kanban.Limit, count int) error {
	layout, face := eng.Rules.Layout(), eng.Face(&c)
	counts, err := r.counted(ctx, eng, layout.WIPLimits())
	if err != nil {
		return err
	}
	refusal := &engine.Refusal{Reason: limit.Reason(count), Limit: &limit, Count: count}
	for _, v := range eng.Allowed(&c, kanban.FieldStatus) {
		to := kanban.ColumnKey(v)
		if _, full := layout.Full(face, to, func(l kanban.Limit) int { return counts[l.ID()] }); !full && to != face.Column {
			refusal.Allowed = append(refusal.Allowed, v)
		}
	}
	return refusal
}
