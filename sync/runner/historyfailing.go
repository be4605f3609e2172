package runner

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"parley/sync/store"
)

// An issue whose history the tracker refuses is marked so at once. One that it only ever
// fails at, while it answers all else, would be waited for as long: no ledger could be
// written and no digest made. So failures are counted, through restarts, and after days of
// them the issue counts as refused as well.

// When an issue counts as refused whose history always fails: after so many tries, the first
// of which was so long ago.
const (
	failsMost = 10
	failsLong = 3 * 24 * time.Hour
)

// How long such an issue is left in peace: longer from one try to the next, up to this.
const failsRest = 6 * time.Hour

// Bounds of what is remembered of them: how many, and for how long after the last try.
const (
	failsKept   = 1000
	failsForget = 7 * 24 * time.Hour
)

// settingFailing begins the name of the setting that remembers them; the tracker's name
// follows.
const settingFailing = "failing histories "

// failing is what is remembered of an issue whose history fails.
type failing struct {
	Since time.Time `json:"since"` // of the first try
	Last  time.Time `json:"last"`
	Tries int       `json:"tries"`
}

// lost reports whether it has failed for so long that nothing waits for it any more.
func (f failing) lost() bool { return f.Tries >= failsMost && f.Last.Sub(f.Since) >= failsLong }

// stumbled takes in that the history of an issue could not be read though nobody refuses it:
// it is tried again more and more seldom, and counts as refused in the end. While polls of
// the tracker fail as well it is not the issue, and nothing is counted.
func (h *chronicle) stumbled(ctx context.Context, row store.IssueRow, why error) error {
	h.Log.DebugContext(ctx, "the history of an issue could not be read; trying again later", "tracker", h.t.Name, "issue", row.Key, "error", why)
	f, now := h.failing[row.ID], h.Now()
	well, err := h.answers(ctx)
	if err != nil {
		return err
	}
	if well {
		if f.Tries == 0 {
			f.Since = now
		}
		f.Last, f.Tries = now, f.Tries+1
		if h.failing == nil {
			h.failing = map[string]failing{}
		}
		h.failing[row.ID], h.failings, h.changed = f, true, true
	}
	if f.lost() {
		if row.History != store.HistoryRefused {
			h.Log.WarnContext(ctx, "the history of an issue has failed for days and counts as refused; it is still tried once a day", "tracker", h.t.Name, "issue", row.Key, "tries", f.Tries, "error", why)
		}
		return h.commit(ctx, nil, marks([]store.IssueRow{row}, store.HistoryRefused)...)
	}
	rest := min(setAside<<min(max(f.Tries-1, 0), 10), failsRest)
	h.aside.put(row.ID, later(why, now.Add(rest)))
	return nil
}

// answers reports whether the tracker is well: the last poll of each source was.
func (h *chronicle) answers(ctx context.Context) (bool, error) {
	for _, source := range h.t.Sources() {
		if st, err := h.Store.Source(ctx, h.t.Name, source); err != nil || st.Error != "" {
			return false, err
		}
	}
	return true, nil
}

// recovered forgets the failures of issues whose history was read.
func (h *chronicle) recovered(rows []store.IssueRow) {
	for _, row := range rows {
		if _, there := h.failing[row.ID]; there {
			delete(h.failing, row.ID)
			h.failings, h.changed = true, true
		}
	}
}

// waitedFor is how many issues are waited for whose history fails.
func (h *chronicle) waitedFor() (n int) {
	for _, f := range h.failing {
		if !f.lost() {
			n++
		}
	}
	return n
}

// keepFailing remembers the failures where the next run finds them.
func (h *chronicle) keepFailing(ctx context.Context) error {
	if !h.failings {
		return nil
	}
	maps.DeleteFunc(h.failing, func(_ string, f failing) bool { return h.Now().Sub(f.Last) > failsForget })
	if over := len(h.failing) - failsKept; over > 0 { // those that nothing waits for go first
		ids := slices.SortedFunc(maps.Keys(h.failing), func(x, y string) int {
			a, b := h.failing[x], h.failing[y]
			if a.lost() != b.lost() {
				return map[bool]int{true: -1, false: 1}[a.lost()]
			}
			return cmp.Or(b.Since.Compare(a.Since), cmp.Compare(x, y))
		})
		for _, id := range ids[:over] {
			delete(h.failing, id)
		}
	}
	text, err := json.Marshal(h.failing)
	if err != nil {
		return err
	}
	h.failings = false
	return h.keepSetting(ctx, settingFailing+h.t.Name, string(text))
}

// loadFailing takes up what an earlier run remembered.
func (h *chronicle) loadFailing(ctx context.Context) error {
	text, there, err := h.Store.Setting(ctx, settingFailing+h.t.Name)
	if err != nil || !there {
		return err
	}
	if err := json.Unmarshal([]byte(text), &h.failing); err != nil {
		h.Log.WarnContext(ctx, "which histories have failed is forgotten; they are counted anew", "tracker", h.t.Name, "error", err)
		h.failing = nil
	}
	return nil
}
