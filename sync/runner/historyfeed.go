package runner

import (
	"context"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// The feed of a repository is a cheap way to old history: a hundred entries a request, of
// whatever issues. It goes back ten thousand entries; what was created since then is told
// whole by it, and of the others each is asked.

// feedRead stands in the place of a page's token where there is no further page.
const feedRead = "read"

// recounting is the errand of a feed that is read for what was before.
func recounting(source string) errand { return errand{connectors.ClassBackground, "feed " + source} }

// feed reads the feed of a source from its newest entry back, once, from where it was
// interrupted.
func (h *chronicle) feed(ctx context.Context, source string) error {
	if h.t.Kind != connectors.GitHub {
		return nil
	}
	st, err := h.Store.Tier(ctx, h.t.Name, source, store.TierHistory)
	if err != nil || st.Imported {
		return err
	}
	if h.aside.has(asideFeed(source), h.Now()) {
		h.pending = true
		return nil
	}
	if st.Cursor.Scan.Started.IsZero() {
		if err := h.measure(ctx); err != nil {
			return err
		}
		if err := h.include(ctx, source); err != nil {
			return err
		}
		st.Cursor.Scan.Started = h.Now()
	}
	for st.Cursor.Scan.Token != feedRead {
		if err := h.feedPage(ctx, &st); err != nil || h.pending {
			return err
		}
	}
	return h.covered(ctx, &st)
}

func asideFeed(source string) string { return "feed " + source }

// include marks the issues that the feed may tell all of: what is met later has entries
// that the feed was read beyond already.
func (h *chronicle) include(ctx context.Context, source string) error {
	for after := ""; ; {
		rows, err := h.Store.Unrecorded(ctx, h.t.Name, []string{source}, after, historyBatch)
		if err != nil || len(rows) == 0 {
			return err
		}
		after = rows[len(rows)-1].ID
		if err := h.commit(ctx, nil, marks(rows, store.HistoryFeed)...); err != nil {
			return err
		}
	}
}

// feedPage stores one page of the feed together with where the next one is.
func (h *chronicle) feedPage(ctx context.Context, st *store.SourceState) error {
	on := recounting(st.Source)
	if wait := h.waits(h.t.Name, on); wait != nil {
		return wait
	}
	page, err := h.t.Feed(on.on(ctx), st.Source, st.Cursor.Scan.Token)
	st.Requests++
	if err != nil {
		return h.feedFailed(ctx, st, err)
	}
	h.heard(ctx, h.t.Name, on)
	delete(h.fails, st.Source)
	events, err := h.known(ctx, page.Entries)
	if err != nil {
		return err
	}
	for _, e := range page.Entries {
		if st.Cursor.Watermark.IsZero() || e.At.Before(st.Cursor.Watermark) {
			st.Cursor.Watermark = e.At
		}
	}
	st.Cursor.Scan.Pages++
	if st.Cursor.Scan.Token = page.Next; page.Next == "" || st.Cursor.Scan.Pages >= feedPagesFirst {
		st.Cursor.Scan.Token = feedRead
	}
	unclear, all := h.unclear(page.Broken)
	if all {
		st.Error = "the feed tells something that cannot be understood of an issue that it does not name"
	}
	return h.save(ctx, st, events, unclear...)
}

// feedFailed takes in that a page of the feed cannot be had. One that GitHub refuses, or
// fails at time and again, ends the feed there.
func (h *chronicle) feedFailed(ctx context.Context, st *store.SourceState, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	h.refused(ctx, err, h.t.Name, recounting(st.Source))
	switch connectors.KindOf(err) {
	case connectors.Invalid, connectors.Gone:
		return h.endFeed(ctx, st)
	}
	if !h.gates.shut(h.Now(), h.t.Name, recounting(st.Source)).IsZero() {
		return err
	}
	fails := h.fails[st.Source]
	if h.stuck(err, &fails, recounting(st.Source)) {
		h.Log.WarnContext(ctx, "a page of the feed fails time and again; histories beyond it are read one by one", "tracker", h.t.Name, "container", st.Source, "error", err)
		return h.endFeed(ctx, st)
	}
	h.fails[st.Source], h.pending = fails, true
	h.aside.put(asideFeed(st.Source), later(err, h.Now().Add(setAside)))
	return nil
}

// endFeed takes the feed for read as far as it went.
func (h *chronicle) endFeed(ctx context.Context, st *store.SourceState) error {
	st.Cursor.Scan.Token, st.Cursor.Scan.Pages = feedRead, feedPagesFirst
	return h.save(ctx, st, nil)
}

// save stores events and how far the feed was read.
func (h *chronicle) save(ctx context.Context, st *store.SourceState, events []kanban.Event, marks ...store.HistoryMark) error {
	_, err := h.put(ctx, store.Commit{
		Now: h.Now(), Cursor: st, Record: engine.Record{Events: events}, Histories: marks,
	})
	return err
}

// known are the events of issues that Parley knows.
func (h *chronicle) known(ctx context.Context, entries []connectors.Entry) ([]kanban.Event, error) {
	var ids []string
	for _, e := range entries {
		ids = append(ids, e.IssueID)
	}
	rows, err := h.Store.Index(ctx, h.t.Name, ids)
	if err != nil {
		return nil, err
	}
	var events []kanban.Event
	for _, e := range entries {
		if rows[e.IssueID].Card != "" {
			events = append(events, h.events(e.IssueID, []connectors.Entry{e})...)
		}
	}
	return events, nil
}

// unclear takes issues out of the feed of which it tells something that nobody understands;
// all says that it does not tell of which.
func (h *chronicle) unclear(broken []connectors.Broken) (out []store.HistoryMark, all bool) {
	for _, b := range broken {
		if all = all || b.ID == ""; b.ID != "" {
			out = append(out, store.HistoryMark{Tracker: h.t.Name, ID: b.ID})
		}
	}
	return out, all
}

// covered closes the issues that the feed has told all of, and lets the others be asked
// about.
func (h *chronicle) covered(ctx context.Context, st *store.SourceState) error {
	var from time.Time
	switch cut := st.Cursor.Scan.Pages >= feedPagesFirst; {
	case st.Error != "" || cut && st.Cursor.Watermark.IsZero():
		from = ever() // nobody knows of which issues it told all
	case cut:
		from = st.Cursor.Watermark
	}
	for after := ""; ; {
		rows, err := h.Store.Unrecorded(ctx, h.t.Name, []string{st.Source}, after, historyBatch)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			st.Imported, st.OKAt, st.Error, st.Cursor.Scan = true, h.Now(), "", connectors.Scan{}
			return h.save(ctx, st, nil)
		}
		after = rows[len(rows)-1].ID
		if err := h.cover(ctx, rows, from); err != nil {
			return err
		}
	}
}

// cover is covered for some issues: those created after a moment.
func (h *chronicle) cover(ctx context.Context, rows []store.IssueRow, from time.Time) error {
	var ids []kanban.CardID
	for _, row := range rows {
		ids = append(ids, row.Card)
	}
	cards, err := h.Store.Cards(ctx, ids)
	if err != nil {
		return err
	}
	var told, rest []store.IssueRow
	for _, row := range rows {
		card, known := cards[row.Card]
		switch side := card.Sides[kanban.GitHub]; {
		case row.History != store.HistoryFeed:
		case known && side != nil && side.Issue.ID == row.ID && side.Issue.Created.After(from):
			told = append(told, row)
		default:
			rest = append(rest, row)
		}
	}
	if len(rest) > 0 {
		if err := h.commit(ctx, nil, marks(rest, 0)...); err != nil {
			return err
		}
	}
	if len(told) == 0 {
		return nil
	}
	return h.whole(ctx, told, nil)
}
