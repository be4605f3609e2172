package runner

import (
	"context"
	"time"

	"parley/sync/store"
)

// tellHistory is how often it is told how far the import is.
const tellHistory = 5 * time.Second

// measure begins a stretch of work, from which the time left is estimated.
func (h *chronicle) measure(ctx context.Context) error {
	if !h.progress.Since.IsZero() {
		return nil
	}
	n, err := h.Store.Histories(ctx, h.t.Name)
	if err != nil {
		return err
	}
	h.progress.Since, h.progress.Before, h.changed = h.Now(), n.Whole+n.Refused, true
	return nil
}

// tell keeps how far the import is where pages and commands find it: when it was long ago,
// or in any case.
func (h *chronicle) tell(ctx context.Context, always bool) error {
	if !h.changed || !always && h.Now().Sub(h.progress.At) < tellHistory {
		return nil
	}
	n, err := h.Store.Histories(ctx, h.t.Name)
	if err != nil {
		return err
	}
	p := &h.progress
	p.HistoryTally, p.Failing, p.At = n, h.waitedFor(), h.Now()
	if p.Retried.IsZero() {
		p.Retried = h.Now()
	}
	text, err := store.EncodeHistory(*p)
	if err != nil {
		return err
	}
	h.changed = false
	if n.Left() == 0 {
		p.Since = time.Time{} // what comes later is another stretch
	}
	return h.keepSetting(ctx, store.SettingHistory+h.t.Name, text)
}

// load takes up what was told by an earlier run.
func (h *chronicle) load(ctx context.Context) error {
	if h.loaded {
		return nil
	}
	text, _, err := h.Store.Setting(ctx, store.SettingHistory+h.t.Name)
	if err != nil {
		return err
	}
	last, err := store.DecodeHistory(text)
	if err != nil {
		h.Log.WarnContext(ctx, "what was told of the import of histories is lost", "tracker", h.t.Name, "error", err)
	}
	if err := h.loadFailing(ctx); err != nil {
		return err
	}
	h.progress, h.loaded = store.HistoryProgress{Retried: last.Retried}, true
	return nil
}

// retry gives the issues that could not be read another chance, once a day. Meanwhile they
// stay marked: what waits for the histories that are missing does not wait for them anew.
func (h *chronicle) retry(ctx context.Context) error {
	if !h.progress.Retried.IsZero() && h.passed(h.progress.Retried, historyAgain) {
		h.progress.Retried, h.changed = h.Now(), true
		h.retrying, h.retried = true, ""
	}
	for h.retrying && ctx.Err() == nil {
		rows, err := h.Store.Refused(ctx, h.t.Name, h.retried, historyBatch)
		if err != nil {
			return err
		}
		h.retrying = len(rows) > 0
		for _, row := range rows {
			if h.rests.After(h.Now()) {
				return nil // and goes on behind the last one
			}
			if err := h.one(ctx, row); err != nil {
				return err
			}
			h.retried = row.ID
		}
	}
	return ctx.Err()
}
