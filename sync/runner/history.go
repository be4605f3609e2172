package runner

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/store"
)

// The history of each issue from before Parley knew it is imported in the background, once.
// It is a record only: nothing of it is folded, so that what is agreed and owed stays as it
// is. From the first contact on, polls and readings of single issues bring what follows.

// historyBatch is how many issues are taken at a time. After a restart one such batch is
// read again at most; what it had brought is in the store already and not doubled.
const historyBatch = 200

// hiddenInARow is after how many issues in a row that cannot be seen the import rests: it
// is not them then.
const (
	hiddenInARow = 5
	historyRest  = time.Hour
)

// historyAgain is when issues whose history could not be read are tried once more.
const historyAgain = 24 * time.Hour

// recalling is the errand of old history.
func recalling() errand { return errand{connectors.ClassBackground, "history"} }

// chronicle is the import of the histories of one tracker. What it knows beside the store
// only saves requests.
type chronicle struct {
	*Runner
	t       Tracker
	aside   aside // issues that could not be read just now
	hidden  int   // in a row
	rests   time.Time
	many    *many          // a batch between two of its pages
	pending bool           // the feed of some source is still to be read
	fails   map[string]int // of the feed of a source, in a row

	failing  map[string]failing // issues whose history fails, by id
	failings bool               // that is another one since it was kept

	loaded   bool
	changed  bool // since it was told
	progress store.HistoryProgress

	retrying bool   // those that could not be read are asked for again
	retried  string // up to this one
}

// chronicles are those of all trackers.
type chronicles struct {
	mu sync.Mutex
	of map[string]*chronicle
}

func (r *Runner) chronicle(t Tracker) *chronicle {
	r.chronicles.mu.Lock()
	defer r.chronicles.mu.Unlock()
	if r.chronicles.of == nil {
		r.chronicles.of = map[string]*chronicle{}
	}
	if r.chronicles.of[t.Name] == nil {
		r.chronicles.of[t.Name] = &chronicle{Runner: r, t: t, fails: map[string]int{}}
	}
	return r.chronicles.of[t.Name]
}

// remember imports the histories of a tracker's issues.
func (r *Runner) remember(ctx context.Context, t Tracker) error {
	for {
		if err := asTracker(r.HistoryRound(ctx, t)); err != nil {
			return err
		}
		if err := pause(ctx, min(linksEvery, max(r.Poll, 100*time.Millisecond))); err != nil {
			return err
		}
	}
}

// HistoryRound imports the histories that are missing, as far as the tracker lets it, and
// tells how far it is. It begins once all sources were read. An issue whose history cannot
// be read stops no other; the error is the store's, or that of a tracker that asks for quiet.
func (r *Runner) HistoryRound(ctx context.Context, t Tracker) error {
	for _, source := range t.Sources() {
		if st, err := r.Store.Source(ctx, t.Name, source); err != nil || !st.Imported {
			return err
		}
	}
	h := r.chronicle(t)
	if h.rests.After(r.Now()) {
		return nil
	}
	err := h.load(ctx)
	if err == nil {
		err = h.round(ctx)
	}
	if err == nil {
		err = h.retry(ctx)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if failed := errors.Join(h.tell(ctx, true), h.keepFailing(ctx)); failed != nil {
		return failed
	}
	return err
}

// round goes once through all issues whose history is missing.
func (h *chronicle) round(ctx context.Context) error {
	h.pending = false
	for _, source := range h.t.Sources() {
		if h.t.beside(source) {
			continue
		}
		if err := h.feed(ctx, source); err != nil {
			return err
		}
	}
	after := ""
	for ctx.Err() == nil && !h.rests.After(h.Now()) {
		rows, err := h.Store.Unrecorded(ctx, h.t.Name, nil, after, historyBatch)
		if err != nil || len(rows) == 0 {
			return err
		}
		after = rows[len(rows)-1].ID
		if err := h.measure(ctx); err != nil {
			return err
		}
		if err := h.batch(ctx, slices.DeleteFunc(rows, h.skips)); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// skips reports whether an issue is to be left out of this round.
func (h *chronicle) skips(row store.IssueRow) bool {
	return h.aside.has(row.ID, h.Now()) || h.pending && row.History == store.HistoryFeed
}

// batch imports the histories of some issues: together where the tracker tells many at
// once, and else, or those that it did not tell so, one by one.
func (h *chronicle) batch(ctx context.Context, rows []store.IssueRow) error {
	if from, ok := h.t.Tracker.(connectors.Historian); ok && len(rows) > 1 {
		var err error
		if rows, err = h.together(ctx, from, rows); err != nil {
			return err
		}
	}
	for _, row := range rows {
		if err := h.one(ctx, row); err != nil || h.rests.After(h.Now()) {
			return err
		}
	}
	return nil
}

// one imports the history of one issue, from where it was interrupted.
func (h *chronicle) one(ctx context.Context, row store.IssueRow) error {
	since := max(row.History, 0)
	for {
		if wait := h.waits(h.t.Name, recalling()); wait != nil {
			return wait
		}
		entries, more, err := h.t.History(recalling().on(ctx), refOf(row), since)
		if err != nil {
			return h.failed(ctx, row, err)
		}
		h.heard(ctx, h.t.Name, recalling())
		h.hidden = 0
		events := h.events(row.ID, entries)
		if !more {
			return h.whole(ctx, []store.IssueRow{row}, events)
		}
		if len(entries) == 0 || entries[len(entries)-1].Seq <= since {
			return h.stumbled(ctx, row, errNowhere)
		}
		since = entries[len(entries)-1].Seq
		if err := h.commit(ctx, events, marks([]store.IssueRow{row}, since)...); err != nil {
			return err
		}
	}
}

// errNowhere is a history of which each part says that there is more, and none brings it.
var errNowhere = errors.New("its next part leads nowhere")

// failed takes in that the history of an issue cannot be read. The others go on, unless
// the failure concerns them as well.
func (h *chronicle) failed(ctx context.Context, row store.IssueRow, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	h.refused(ctx, err, h.t.Name, recalling())
	if !h.gates.shut(h.Now(), h.t.Name, recalling()).IsZero() {
		return err
	}
	mark := store.HistoryRefused
	switch kind := connectors.KindOf(err); kind {
	case connectors.Gone:
		mark = store.HistoryGone
	case connectors.NotFound, connectors.Forbidden:
		if h.hidden++; h.hidden >= hiddenInARow {
			h.hidden, h.rests = 0, h.Now().Add(historyRest)
		}
	case connectors.Moved, connectors.Malformed, connectors.Invalid:
	default:
		return h.stumbled(ctx, row, err)
	}
	h.Log.InfoContext(ctx, "the history of an issue cannot be read", "tracker", h.t.Name, "issue", row.Key, "error", err)
	return h.commit(ctx, nil, marks([]store.IssueRow{row}, mark)...)
}

// events are entries as they are recorded.
func (h *chronicle) events(issue string, entries []connectors.Entry) []kanban.Event {
	rules := h.Rules()
	out := make([]kanban.Event, len(entries))
	for i, e := range entries {
		out[i] = rules.Event(h.t.Name, issue, e)
	}
	return out
}

// marks say the same of several issues.
func marks(rows []store.IssueRow, upto int64) []store.HistoryMark {
	out := make([]store.HistoryMark, len(rows))
	for i, row := range rows {
		out[i] = store.HistoryMark{Tracker: row.Tracker, ID: row.ID, Upto: upto}
	}
	return out
}
