package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/store"
	"parley/sync/store/internal/stored"
)

// writeRecord adds to what only grows.
func (s *Store) writeRecord(r engine.Record) {
	for _, e := range r.Events {
		s.writeEvent(e)
	}
	for _, k := range stored.Last(r.Conflicts, func(k reconcile.Conflict) string { return stored.Brief(k.ID) }) {
		s.writeConflict(k)
	}
	for _, a := range r.Activity {
		s.activity = append(s.activity, engine.Activity{
			Seq: s.seq, At: micro(a.At), Card: kanban.CardID(stored.Brief(string(a.Card))),
			Kind: stored.Clean(a.Kind), Actor: stored.Clean(a.Actor), Side: stored.Clean(a.Side),
			Field: kanban.Field(stored.Clean(string(a.Field))), Op: stored.Clean(a.Op), Text: stored.Clean(a.Text),
		})
	}
}

func (s *Store) writeEvent(e kanban.Event) {
	e.Tracker, e.SourceID, e.Issue = stored.Brief(e.Tracker), stored.Brief(e.SourceID), stored.Brief(e.Issue)
	key := eventKey{e.Tracker, e.SourceID}
	if s.events[key] {
		return
	}
	s.events[key] = true
	e.At, e.Actor, e.Op = micro(e.At), stored.Clean(e.Actor), stored.Clean(e.Op)
	take(s.copies, &e.Changes)
	issue := store.IssueID{Tracker: e.Tracker, ID: e.Issue}
	s.histories[issue] = append(s.histories[issue], e)
}

// writeConflict writes a conflict; of one that is known only the state changes.
func (s *Store) writeConflict(k reconcile.Conflict) {
	id, state := stored.Brief(k.ID), stored.Clean(k.State)
	if known := s.conflicts[id]; known != nil {
		changed := *known
		changed.State = state
		s.conflicts[id] = &changed
		return
	}
	take(s.copies, &k)
	k.Card, k.State = kanban.CardID(stored.Brief(string(k.Card))), state
	s.conflicts[id] = &k
}

// moveRecord lets the record of a card be another one's. Events belong to issues,
// so they follow on their own.
func (s *Store) moveRecord(a store.Alias) {
	for id, k := range s.conflicts {
		if k.Card == a.Old {
			moved := *k
			moved.Card = a.New
			s.conflicts[id] = &moved
		}
	}
	isOld := func(l engine.Activity) bool { return l.Card == a.Old }
	if !slices.ContainsFunc(s.activity, isOld) {
		return
	}
	s.activity = slices.Clone(s.activity)
	for i := range s.activity {
		if isOld(s.activity[i]) {
			s.activity[i].Card = a.New
		}
	}
}

// Events lists what happened to the issues of a card, in the order of their time,
// then Jira before GitHub, then their order within the issue.
func (s *Store) Events(ctx context.Context, card kanban.CardID) ([]kanban.Event, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("read events of card %.80q: %w", card, err)
	}
	issues, sides := s.storyOf(kanban.CardID(stored.Brief(string(card))))
	var events []kanban.Event
	for _, issue := range issues {
		for _, e := range s.histories[issue] {
			e.Changes = give(s.copies, e.Changes)
			events = append(events, e)
		}
	}
	store.SortEvents(events, sides)
	return events, nil
}

// storyOf gives the issues whose history is the card's, and the side of each tracker.
func (t *tables) storyOf(card kanban.CardID) ([]store.IssueID, map[string]kanban.Side) {
	issues, sides := slices.Clone(t.byCard[card]), map[string]kanban.Side{}
	for name, d := range t.directories {
		if d.Kind == connectors.GitHub {
			sides[name] = kanban.GitHub
		}
	}
	if row := t.cards[card]; row != nil {
		for n, side := range row.card.Sides {
			if side != nil {
				issue := issueID(side.Issue.Tracker, side.Issue.ID)
				issues, sides[issue.Tracker] = append(issues, issue), kanban.Side(n)
			}
		}
	}
	slices.SortFunc(issues, compareIssues)
	return slices.Compact(issues), sides
}

// Conflict finds one conflict; store.ErrUnknown where there is none.
func (s *Store) Conflict(ctx context.Context, id string) (reconcile.Conflict, error) {
	return single(ctx, s, fmt.Sprintf("find conflict %.80q", id), id, func(t *tables) map[string]*reconcile.Conflict { return t.conflicts },
		func(k *reconcile.Conflict) (reconcile.Conflict, error) { return give(s.copies, *k), nil })
}

// Conflicts lists conflicts, newest first.
func (s *Store) Conflicts(ctx context.Context, q store.ConflictQuery) ([]reconcile.Conflict, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list conflicts: %w", err)
	}
	card, states, fields := kanban.CardID(stored.Brief(string(q.Card))), asked(q.States), asked(q.Fields)
	var all []*reconcile.Conflict
	for _, k := range s.conflicts {
		if (card == "" || k.Card == card) && states.have(k.State) && fields.have(string(k.Field)) {
			all = append(all, k)
		}
	}
	slices.SortFunc(all, func(a, b *reconcile.Conflict) int {
		return cmp.Or(cmp.Compare(stored.Micros(b.At), stored.Micros(a.At)), cmp.Compare(stored.Brief(b.ID), stored.Brief(a.ID)))
	})
	var out []reconcile.Conflict
	for _, k := range atMost(all, q.Limit) {
		out = append(out, give(s.copies, *k))
	}
	return out, nil
}

// Activity lists activity, newest first. What one commit did is never cut in two.
func (s *Store) Activity(ctx context.Context, q store.ActivityQuery) ([]engine.Activity, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list activity: %w", err)
	}
	card := kanban.CardID(stored.Brief(string(q.Card)))
	var all []engine.Activity
	for _, a := range slices.Backward(s.activity) {
		if q.Card != "" && a.Card != card || q.BeforeSeq > 0 && a.Seq >= q.BeforeSeq {
			continue
		}
		if q.Limit > 0 && len(all) >= q.Limit && all[len(all)-1].Seq != a.Seq {
			break
		}
		all = append(all, a)
	}
	return all, nil
}
