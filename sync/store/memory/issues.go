package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"parley/kanban"
	"parley/sync/store"
	"parley/sync/store/internal/stored"
)

// issueRow is one issue of the index. It is never changed.
type issueRow struct {
	store.IssueRow

	name  string // its key in any case
	swept int64  // when a full sweep last saw it
}

func (r *issueRow) id() store.IssueID { return store.IssueID{Tracker: r.Tracker, ID: r.ID} }

// issueID names an issue as it is stored.
func issueID(tracker, id string) store.IssueID {
	return store.IssueID{Tracker: stored.Brief(tracker), ID: stored.Brief(id)}
}

func compareIssues(a, b store.IssueID) int {
	return cmp.Or(cmp.Compare(a.Tracker, b.Tracker), cmp.Compare(a.ID, b.ID))
}

// micro is a moment as it comes back from a store.
func micro(t time.Time) time.Time { return stored.Moment(stored.Micros(t)) }

// writeIssues brings the index of issues up to date.
func (s *Store) writeIssues(c store.Commit) {
	for _, r := range stored.Last(c.Issues, func(r store.IssueRow) store.IssueID { return issueID(r.Tracker, r.ID) }) {
		row := issueRow{name: stored.Fold(r.Key), IssueRow: store.IssueRow{
			Tracker: stored.Brief(r.Tracker), ID: stored.Brief(r.ID), Key: stored.Clean(r.Key), Container: stored.Brief(r.Container),
			Type: stored.Brief(r.Type), StatusID: stored.Brief(r.StatusID), Card: kanban.CardID(stored.Brief(string(r.Card))),
			Token: micro(r.Token), Hash: stored.Clean(r.Hash), LinksRead: r.LinksRead, History: r.History,
		}}
		if old := s.issues[row.id()]; old != nil {
			row.LinksRead, row.swept = row.LinksRead || old.LinksRead, old.swept
			row.History = store.HistoryAfter(old.History, r.History)
		}
		s.putIssue(&row)
	}
	for _, id := range c.Relinked {
		s.linksRead(id, false, func(issueRow) bool { return true })
	}
	for _, r := range c.LinksRead {
		s.linksRead(r.IssueID, true, func(row issueRow) bool { return row.Token.Equal(micro(r.Token)) })
	}
}

// linksRead notes whether the remote links of an issue were read.
func (s *Store) linksRead(id store.IssueID, read bool, of func(issueRow) bool) {
	if old := s.issues[issueID(id.Tracker, id.ID)]; old != nil && old.LinksRead != read && of(*old) {
		row := *old
		row.LinksRead = read
		s.putIssue(&row)
	}
}

// putIssue replaces an issue's row and keeps the ways to find it.
func (t *tables) putIssue(row *issueRow) {
	id := row.id()
	old := t.issues[id]
	t.issues[id] = row
	if old == nil {
		i, _ := slices.BinarySearchFunc(t.order, id, compareIssues)
		t.order = slices.Insert(t.order, i, id)
		file(t.byKey, row.name, id)
		file(t.byCard, row.Card, id)
		return
	}
	if old.name != row.name {
		unfile(t.byKey, old.name, id)
		file(t.byKey, row.name, id)
	}
	if old.Card != row.Card {
		unfile(t.byCard, old.Card, id)
		file(t.byCard, row.Card, id)
	}
}

// file adds an issue to those under a key. Lists are never changed: copies of the
// store share them.
func file[K comparable](under map[K][]store.IssueID, key K, id store.IssueID) {
	i, _ := slices.BinarySearchFunc(under[key], id, compareIssues)
	under[key] = slices.Insert(slices.Clip(under[key]), i, id)
}

func unfile[K comparable](under map[K][]store.IssueID, key K, id store.IssueID) {
	left := slices.DeleteFunc(slices.Clone(under[key]), func(i store.IssueID) bool { return i == id })
	if under[key] = left; len(left) == 0 {
		delete(under, key)
	}
}

// rowsOf gives the rows of some issues.
func (t *tables) rowsOf(ids []store.IssueID) []store.IssueRow {
	var rows []store.IssueRow
	for _, id := range ids {
		rows = append(rows, t.issues[id].IssueRow)
	}
	return rows
}

// Index finds issues of a tracker by their immutable ids. Those that are not known
// are missing from the map.
func (s *Store) Index(ctx context.Context, tracker string, issueIDs []string) (map[string]store.IssueRow, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("find issues of %s: %w", tracker, err)
	}
	found := make(map[string]store.IssueRow, len(issueIDs))
	for _, id := range issueIDs {
		if row := s.issues[issueID(tracker, id)]; row != nil {
			found[id] = row.IssueRow
		}
	}
	return found, nil
}

// IssueByKey finds issues by their present key, in any case; the one read in the
// latest state comes first.
func (s *Store) IssueByKey(ctx context.Context, key string) ([]store.IssueRow, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("find issue %.80q: %w", key, err)
	}
	rows := s.rowsOf(s.byKey[stored.Fold(key)])
	slices.SortStableFunc(rows, func(a, b store.IssueRow) int { return b.Token.Compare(a.Token) })
	return rows, nil
}

// IssuesOf lists the issues of a card.
func (s *Store) IssuesOf(ctx context.Context, card kanban.CardID) ([]store.IssueRow, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list issues of card %s: %w", card, err)
	}
	return s.rowsOf(s.byCard[kanban.CardID(stored.Brief(string(card)))]), nil
}

// Resident finds some issue that rests in a status, the one read in the latest
// state. An empty typ is any issue type.
func (s *Store) Resident(ctx context.Context, tracker, project, typ, statusID string) (store.IssueRow, bool, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return store.IssueRow{}, false, fmt.Errorf("find issue in status %s of %s: %w", statusID, project, err)
	}
	var latest *issueRow
	project, typ, statusID = stored.Brief(project), stored.Brief(typ), stored.Brief(statusID)
	for row := range s.tracker(stored.Brief(tracker), "") {
		fits := row.Container == project && row.StatusID == statusID && (typ == "" || row.Type == typ)
		if fits && (latest == nil || row.Token.After(latest.Token)) {
			latest = row
		}
	}
	if latest == nil {
		return store.IssueRow{}, false, nil
	}
	return latest.IssueRow, true, nil
}

// tracker gives the issues of a tracker beyond an id, ascending.
func (t *tables) tracker(name, after string) func(func(*issueRow) bool) {
	return func(yield func(*issueRow) bool) {
		i, ok := slices.BinarySearchFunc(t.order, store.IssueID{Tracker: name, ID: after}, compareIssues)
		if ok && after != "" {
			i++
		}
		for ; i < len(t.order) && t.order[i].Tracker == name; i++ {
			if !yield(t.issues[t.order[i]]) {
				return
			}
		}
	}
}

// Unpaired lists issues beyond id after whose card has no other side and whose
// remote links were not read yet, by ascending id. No containers means all.
func (s *Store) Unpaired(ctx context.Context, tracker string, containers []string, after string, limit int) ([]store.IssueRow, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list unpaired issues of %s: %w", tracker, err)
	}
	return s.listIssues(tracker, containers, after, limit, func(r *issueRow) bool {
		card := s.cards[r.Card]
		return !r.LinksRead && card != nil && !card.paired
	}), nil
}

// listIssues lists issues of a tracker beyond an id, ascending.
func (t *tables) listIssues(tracker string, containers []string, after string, limit int, wanted func(*issueRow) bool) []store.IssueRow {
	var rows []store.IssueRow
	after = stored.Brief(after)
	among := asked(containers)
	for r := range t.tracker(stored.Brief(tracker), after) {
		if r.ID > after && among.have(r.Container) && wanted(r) {
			if rows = append(rows, r.IssueRow); len(rows) == limit {
				break
			}
		}
	}
	return rows
}
