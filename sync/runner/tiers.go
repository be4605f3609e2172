package runner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/store"
)

// A tier is a slower reading of a source that finds what the fast poll cannot: an index
// that lags by hours, a change that moves no time of update, an issue that is gone.
type tier struct {
	name  string        // SourceState.Tier
	every time.Duration // between two readings
	back  time.Duration // how far back it reads; 0: everything
}

// tiers are the slow readings, after sync.md §1.14 T2 and T3.
func tiers() []tier {
	return []tier{
		{name: store.TierDay, every: 20 * time.Minute, back: 24 * time.Hour},
		{name: store.TierSweep, every: 24 * time.Hour},
	}
}

// tierEvery is how often it is looked whether a slow reading is due.
const tierEvery = time.Minute

// tierRetry is when a slow reading is tried again that failed at its first page.
const tierRetry = 10 * time.Minute

// slowly keeps up the slow readings of one source.
func (r *Runner) slowly(ctx context.Context, t Tracker, source string) error {
	for {
		if err := r.SlowRound(ctx, t, source); err != nil {
			return err
		}
		if err := pause(ctx, jitter(max(tierEvery, r.Poll))); err != nil {
			return err
		}
	}
}

// SlowRound makes the slow readings of a source that are due. The error is the store's;
// what the tracker did wrong is stored with the tier.
func (r *Runner) SlowRound(ctx context.Context, t Tracker, source string) error {
	if t.beside(source) {
		return nil
	}
	fast, err := r.Store.Source(ctx, t.Name, source)
	if err != nil || !fast.Imported {
		return err
	}
	for _, tier := range tiers() {
		st, err := r.Store.Tier(ctx, t.Name, source, tier.name)
		if err != nil {
			return err
		}
		if st.TriedAt.IsZero() { // the first reading of all has just seen everything
			st.TriedAt, st.OKAt = fast.OKAt, fast.OKAt
			if err := r.Store.SaveSource(ctx, r.epoch.Load(), st); err != nil {
				return err
			}
		}
		due, err := r.tierDue(ctx, t, tier, st)
		if err != nil {
			return err
		}
		if !due {
			continue
		}
		if err := r.readTier(ctx, t, tier, st, fast.Cursor.Watermark); err != nil {
			return err
		}
	}
	return nil
}

// tierDue reports whether a slow reading is to be made: it was interrupted, its time has
// come, or the rules take more down than when everything was read last.
func (r *Runner) tierDue(ctx context.Context, t Tracker, tier tier, st store.SourceState) (bool, error) {
	if st.Cursor.Scan != (connectors.Scan{}) || r.passed(st.TriedAt, tier.every) {
		return true, nil
	}
	if tier.back > 0 {
		return false, nil
	}
	return r.unread(ctx, t, st.Source)
}

// readTier makes one slow reading.
func (r *Runner) readTier(ctx context.Context, t Tracker, tier tier, st store.SourceState, read time.Time) error {
	if !r.may(t.Name, rereading(st.Source)) {
		return nil
	}
	ctx = rereading(st.Source).on(ctx)
	sw := slow{reading: reading{Runner: r, t: t, st: &st, whole: tier.back == 0}, tier: tier, read: read}
	if st.Cursor.Scan == (connectors.Scan{}) {
		st.TriedAt = r.Now() // when it began, also where it is interrupted
		st.Cursor = connectors.Cursor{Source: st.Source}
		if tier.back == 0 {
			r.doubtSchemes(t.Name)
		}
		if tier.back > 0 {
			st.Cursor.Watermark = read.Add(-tier.back)
		}
	}
	if err := sw.begins(ctx); err != nil {
		return err
	}
	err := sw.all(ctx)
	if err == nil || ctx.Err() != nil || errors.Is(err, store.ErrStale) || errors.Is(err, errHeld) {
		return ctx.Err()
	}
	var failed *connectors.Error
	if !errors.As(err, &failed) {
		return fmt.Errorf("read %s %s again: %w", t.Name, st.Source, err)
	}
	r.refused(ctx, err, t.Name, rereading(st.Source))
	r.Log.WarnContext(ctx, "a slow reading failed", "tracker", t.Name, "container", st.Source, "tier", tier.name, "error", err)
	st.Error = sentence(failed)
	if st.Cursor.Scan == (connectors.Scan{}) && st.OKAt.Before(st.TriedAt) { // nothing of it was read: not a whole period is lost
		st.TriedAt = r.Now().Add(min(tierRetry, tier.every) - tier.every)
	}
	return r.Store.SaveSource(ctx, r.epoch.Load(), st)
}

// slow is one slow reading.
type slow struct {
	reading
	tier tier
	read time.Time // what is older than this, the fast poll should have brought

	found []kanban.CardID // cards that the reading has changed
}

func (sw *slow) all(ctx context.Context) error {
	defer sw.free()
	for {
		if err := sw.goesOn(sw.t.Name, rereading(sw.st.Source)); err != nil {
			return err
		}
		page, err := sw.t.Changes(ctx, sw.st.Cursor)
		sw.st.Requests++
		if err != nil {
			return err
		}
		sw.heard(ctx, sw.t.Name, rereading(sw.st.Source))
		sw.count += len(page.Observations)
		if err := sw.takeIn(ctx, page); err != nil {
			return err
		}
		if !page.More {
			break
		}
	}
	if sw.tier.back > 0 {
		return nil
	}
	if err := sw.keepSetting(ctx, settingOdd+sourceKey(sw.t, sw.st.Source), ""); err != nil {
		return err
	}
	return sw.absent(ctx, sw.st.TriedAt)
}

// takeIn is page while nothing is sent, so that what it brings is judged before.
func (sw *slow) takeIn(ctx context.Context, p connectors.Page) error {
	end := sw.counting()
	defer end()
	return sw.page(ctx, p)
}

// free lets the cards go that wait for the end of the reading. A reading of everything
// may take hours, in which the others go on.
func (sw *slow) free() {
	for _, id := range sw.found {
		sw.aside.drop(string(id))
	}
	sw.wake()
}

// keep has the cards wait that a page is about to change: how many there are is known at
// the end of the reading only.
func (sw *slow) keep(changed []observed) {
	for _, o := range changed {
		if o.row.Card != "" {
			sw.found = append(sw.found, o.row.Card)
			sw.aside.put(string(o.row.Card), ever())
		}
	}
}

// page stores what one page brought that the fast poll had not. Its history comes with
// it at Jira, and is asked for per issue at GitHub.
func (sw *slow) page(ctx context.Context, p connectors.Page) error {
	changed, err := sw.changed(ctx, p.Observations)
	if err != nil {
		return err
	}
	if err := sw.plausible(ctx, p.Observations, changed); err != nil {
		return err
	}
	if n := sw.missed(changed); n > 0 {
		sw.Log.InfoContext(ctx, "a slow reading found what the poll had missed", "tracker", sw.t.Name, "container", sw.st.Source, "tier", sw.tier.name, "issues", n)
		sw.Missed(Miss{Tracker: sw.t.Name, Source: sw.st.Source, Tier: sw.tier.name, Issues: n})
		if err := sw.lagged(ctx, changed); err != nil {
			return err
		}
	}
	sw.keep(changed)
	if err := sw.ingest(ctx, sw.t, changed); err != nil {
		return err
	}
	if err := sw.present(ctx, p.Observations); err != nil {
		return err
	}
	planned, err := sw.match(ctx, sw.t, p.Observations)
	if err != nil {
		return err
	}
	sw.st.Cursor = p.Next
	if !p.More {
		if err := sw.ends(ctx); err != nil {
			return err
		}
		sw.st.OKAt, sw.st.Error, sw.st.Imported = sw.Now(), "", true
	}
	c := store.Commit{Now: sw.Now(), Cursor: sw.st, Quarantine: sw.broken(p.Broken)}
	if sw.tier.back == 0 {
		c.Swept = []store.Swept{{Tracker: sw.t.Name, IDs: ids(p.Observations), At: sw.Now()}}
	}
	if len(changed) > 0 || planned {
		if err := sw.judge(ctx); err != nil {
			return err
		}
	}
	_, err = sw.put(ctx, c)
	return err
}

// missed counts the changes that the fast poll should have brought.
func (sw *slow) missed(changed []observed) int {
	n := 0
	for _, o := range changed {
		if sw.overlooked(o) {
			n++
		}
	}
	return n
}

// overlooked reports whether a change is one that the fast poll should have brought.
func (sw *slow) overlooked(o observed) bool {
	return (o.row.Card == "" || o.Issue.Updated.After(o.row.Token)) && o.Issue.Updated.Before(sw.read)
}

// containers are those whose issues the reading brings.
func (sw *slow) containers() []string {
	if sw.st.Source != "" {
		return []string{sw.st.Source}
	}
	dir, _ := sw.dirs.of(sw.t.Name)
	var out []string
	for _, c := range dir.Containers {
		out = append(out, c.Key)
	}
	return out
}

// Miss counts what a slow reading found that the poll had missed.
type Miss struct {
	Tracker, Source, Tier string
	Issues                int
}

func ids(page []connectors.Observation) []string {
	out := make([]string, len(page))
	for i, o := range page {
		out[i] = o.Issue.ID
	}
	return out
}
