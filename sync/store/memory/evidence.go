package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"parley/sync/store"
	"parley/sync/store/internal/stored"
)

// mentionRow is one key that an issue points at.
type mentionRow struct{ method, name, target string }

func (a mentionRow) compare(b mentionRow) int {
	return cmp.Or(cmp.Compare(a.method, b.method), cmp.Compare(a.name, b.name))
}

func compareMentions(a, b store.Mention) int {
	return cmp.Or(cmp.Compare(a.Tracker, b.Tracker), cmp.Compare(a.IssueID, b.IssueID), cmp.Compare(a.Method, b.Method))
}

// writeMentions replaces what is known of the issues and methods of the sets: first
// everything is forgotten, then everything is learned.
func (s *Store) writeMentions(sets []store.MentionSet) {
	for _, m := range sets {
		issue, method := issueID(m.Tracker, m.IssueID), stored.Brief(m.Method)
		s.forget(issue, method)
	}
	for _, m := range sets {
		issue, method := issueID(m.Tracker, m.IssueID), stored.Brief(m.Method)
		for _, target := range m.Targets {
			s.learn(issue, mentionRow{method, stored.Fold(target), stored.Clean(target)})
		}
	}
}

func (t *tables) forget(issue store.IssueID, method string) {
	known := t.mentions[issue]
	if !slices.ContainsFunc(known, func(m mentionRow) bool { return m.method == method }) {
		return
	}
	var left []mentionRow
	for _, m := range known {
		if m.method != method {
			left = append(left, m)
			continue
		}
		t.targets[m.name] = slices.DeleteFunc(slices.Clone(t.targets[m.name]), func(o store.Mention) bool {
			return o.Tracker == issue.Tracker && o.IssueID == issue.ID && o.Method == method
		})
		if len(t.targets[m.name]) == 0 {
			delete(t.targets, m.name)
		}
	}
	if t.mentions[issue] = left; len(left) == 0 {
		delete(t.mentions, issue)
	}
}

func (t *tables) learn(issue store.IssueID, m mentionRow) {
	i, known := slices.BinarySearchFunc(t.mentions[issue], m, mentionRow.compare)
	if known {
		return
	}
	t.mentions[issue] = slices.Insert(slices.Clip(t.mentions[issue]), i, m)
	mention := store.Mention{Tracker: issue.Tracker, IssueID: issue.ID, Method: m.method, Target: m.target}
	i, _ = slices.BinarySearchFunc(t.targets[m.name], mention, compareMentions)
	t.targets[m.name] = slices.Insert(slices.Clip(t.targets[m.name]), i, mention)
}

// Mentioned lists who points at a key, in any case.
func (s *Store) Mentioned(ctx context.Context, target string) ([]store.Mention, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list mentions of %.80q: %w", target, err)
	}
	return slices.Clone(s.targets[stored.Fold(target)]), nil
}

// Mentions lists what an issue points at.
func (s *Store) Mentions(ctx context.Context, tracker, issue string) ([]store.Mention, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list mentions of %s issue %.80q: %w", tracker, issue, err)
	}
	id := issueID(tracker, issue)
	var all []store.Mention
	for _, m := range s.mentions[id] {
		all = append(all, store.Mention{Tracker: id.Tracker, IssueID: id.ID, Method: m.method, Target: m.target})
	}
	return all, nil
}

// pairOf gives two issues in one order whichever way they came.
func pairOf(a, b store.IssueID) [2]store.IssueID {
	a, b = issueID(a.Tracker, a.ID), issueID(b.Tracker, b.ID)
	if compareIssues(b, a) < 0 {
		a, b = b, a
	}
	return [2]store.IssueID{a, b}
}

func (t *tables) writePartings(c store.Commit) {
	for _, p := range c.Partings {
		t.partings[pairOf(p.A, p.B)] = true
	}
	for _, p := range c.Unpart {
		delete(t.partings, pairOf(p.A, p.B))
	}
}

// Parted reports whether two issues were parted by hand.
func (s *Store) Parted(ctx context.Context, a, b store.IssueID) (bool, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return false, fmt.Errorf("read partings: %w", err)
	}
	return s.partings[pairOf(a, b)], nil
}

func compareEdges(a, b store.Edge) int {
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.TransitionID, b.TransitionID))
}

// keyOfEdge is what tells steps apart, as they are stored.
func keyOfEdge(e store.Edge) (workflow, store.Edge) {
	e.Tracker, e.Project, e.Type = stored.Brief(e.Tracker), stored.Brief(e.Project), stored.Brief(e.Type)
	e.From, e.To, e.TransitionID = stored.Brief(e.From), stored.Brief(e.To), stored.Brief(e.TransitionID)
	return workflow{e.Tracker, e.Project, e.Type}, e
}

// forgetEdges takes workflow steps out that were refused.
func (s *Store) forgetEdges(gone []store.Edge) {
	for _, e := range gone {
		key, e := keyOfEdge(e)
		if i, known := slices.BinarySearchFunc(s.edges[key], e, compareEdges); known {
			s.edges[key] = slices.Delete(slices.Clone(s.edges[key]), i, i+1)
		}
	}
}

// PruneEdges forgets workflow steps last seen before a moment and gives their number.
func (s *Store) PruneEdges(ctx context.Context, before time.Time) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return 0, fmt.Errorf("prune workflow steps: %w", err)
	}
	var n int64
	for key, edges := range s.edges {
		kept := slices.DeleteFunc(slices.Clone(edges), func(e store.Edge) bool { return e.SeenAt.Before(micro(before)) })
		n += int64(len(edges) - len(kept))
		s.edges[key] = kept
	}
	return n, nil
}

// writeEdges remembers the workflow steps that were offered.
func (s *Store) writeEdges(c store.Commit) {
	for _, e := range c.Edges {
		key, e := keyOfEdge(e)
		e.SeenAt = micro(momentOr(e.SeenAt, c.Now))
		take(s.copies, &e.Required)
		i, known := slices.BinarySearchFunc(s.edges[key], e, compareEdges)
		if known {
			s.edges[key] = slices.Clone(s.edges[key])
			s.edges[key][i] = e
			continue
		}
		s.edges[key] = slices.Insert(slices.Clip(s.edges[key]), i, e)
	}
}

// Edges lists the known workflow steps of a project's issue type.
func (s *Store) Edges(ctx context.Context, tracker, project, typ string) ([]store.Edge, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("read workflow of %s: %w", project, err)
	}
	edges := slices.Clone(s.edges[workflow{stored.Brief(tracker), stored.Brief(project), stored.Brief(typ)}])
	for i := range edges {
		edges[i].Required = give(s.copies, edges[i].Required)
	}
	return edges, nil
}
