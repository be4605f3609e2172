package runner

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"parley/connectors"
	"parley/internal/trace"
	"parley/sync/store"
)

// poll reads one source again and again. A failure is kept for people to see and
// never ends the loop; only a failing store does.
func (r *Runner) poll(ctx context.Context, t Tracker, source string) error {
	bell := r.bells.of(sourceKey(t, source))
	for {
		if err := r.PollSource(ctx, t, source); err != nil {
			return err
		}
		if err := r.Listen(ctx, t, source); err != nil {
			return err
		}
		if err := bell.rest(ctx, jitter(r.Poll)); err != nil {
			return err
		}
	}
}

// jitter shortens a pause by up to a tenth, so that sources do not fall into step.
func jitter(d time.Duration) time.Duration {
	return d - time.Duration(rand.Int64N(int64(d)/10+1))
}

// PollSource reads what changed in one source since the last time and stores it. The
// error is the store's; what the tracker did wrong is stored with the source.
func (r *Runner) PollSource(ctx context.Context, t Tracker, source string) error {
	st, err := r.Store.Source(ctx, t.Name, source)
	if err != nil && !errors.Is(err, store.ErrUnknown) {
		return err
	}
	st.Tracker, st.Source = t.Name, source
	st.Cursor.Source = source
	if st.Cursor.Lag, err = r.lag(ctx, sourceKey(t, source)); err != nil {
		return err
	}
	st.TriedAt = r.Now()
	if !r.may(t.Name, polling(source)) {
		return nil
	}
	under, span := trace.Begin(ctx, "poll")
	span.Text("parley.tracker", t.Name)
	span.Text("parley.source", source)
	err = r.readAll(polling(source).on(under), t, &st)
	ended(span, err)
	if err == nil {
		r.heard(ctx, t.Name, polling(source))
	}
	if err == nil || ctx.Err() != nil {
		return ctx.Err()
	}
	bell := r.bells.of(sourceKey(t, source))
	bell.failed.Store(true)
	if errors.Is(err, errHeld) { // the next one goes on where this one has stopped
		return nil
	}
	if errors.Is(err, store.ErrStale) {
		bell.ring()
		r.Log.InfoContext(ctx, "cards of this poll are being worked on; the next one reads the page again", "tracker", t.Name, "container", source)
		return nil
	}
	var failed *connectors.Error
	if !errors.As(err, &failed) {
		return fmt.Errorf("poll %s %s: %w", t.Name, source, err)
	}
	r.refused(ctx, err, t.Name, polling(source), linking())
	r.Log.WarnContext(ctx, "poll failed", "tracker", t.Name, "container", source, "error", err)
	st.Error, st.RetryAt = sentence(failed), r.gates.shut(r.Now(), t.Name, polling(source))
	return r.Store.SaveSource(ctx, r.epoch.Load(), st)
}

func sentence(e *connectors.Error) string {
	if e.Hint != "" {
		return e.Error() + "; " + e.Hint
	}
	return e.Error()
}

// readAll walks the pages of one read. Each page's cards are stored before the
// cursor moves beyond it, so that a crash repeats a page and skips none.
func (r *Runner) readAll(ctx context.Context, t Tracker, st *store.SourceState) error {
	if err := r.acquaint(ctx, t); err != nil {
		return err
	}
	if r.dirs.doubtful(t.Name, r.Now()) {
		if err := r.relearn(ctx, t); err != nil {
			return err
		}
	}
	read := reading{Runner: r, t: t, st: st, first: !st.Imported, began: r.Now()}
	if scan := st.Cursor.Scan.Started; !scan.IsZero() && scan.Before(read.began) {
		read.began = scan // it goes on with a reading that was interrupted
	}
	if err := read.begins(ctx); err != nil {
		return err
	}
	if read.first && t.Kind == connectors.GitHub && !t.beside(st.Source) {
		if err := read.headOfFeed(ctx); err != nil {
			return err
		}
	}
	if err := read.measure(ctx); err != nil {
		return err
	}
	whole := func() {}
	defer func() { whole() }()
	before := st.Requests
	defer func() { read.trace(trace.Of(ctx), int(st.Requests-before)) }()
	for pages := 0; ; pages++ {
		if err := r.goesOn(t.Name, polling(st.Source)); err != nil {
			return err
		}
		page, err := t.Changes(ctx, st.Cursor)
		st.Requests++
		if err != nil {
			return err
		}
		r.heard(ctx, t.Name, polling(st.Source))
		if pages == 0 && !read.first { // a first contact writes nothing
			whole = r.counting()
		}
		r.clock.note(t.Name, page.ServerTime, r.Now())
		if err := read.page(ctx, page); err != nil {
			return err
		}
		if !page.More {
			return nil
		}
	}
}

// counter is a tracker that can tell about how many issues a first read will bring.
type counter interface {
	Count(ctx context.Context, source string) (int, error)
}

// measure finds out how long a first read will be. Not to know is no failure; a tracker
// that asks for quiet is left in peace.
func (rd *reading) measure(ctx context.Context) error {
	c, ok := rd.t.Tracker.(counter)
	if !ok || !rd.first {
		return nil
	}
	n, err := c.Count(ctx, rd.st.Source)
	rd.st.Requests++
	switch connectors.KindOf(err) {
	case connectors.RateLimit, connectors.Auth:
		return err
	}
	if err != nil {
		rd.Log.DebugContext(ctx, "count the issues", "tracker", rd.t.Name, "container", rd.st.Source, "error", err)
		return nil
	}
	rd.total = n
	return nil
}

// page stores what one page brought: first the cards, then the twins that follow
// from them, and the cursor last.
func (rd *reading) page(ctx context.Context, p connectors.Page) error {
	if err := rd.keepPeople(ctx, rd.t); err != nil {
		return err
	}
	if err := rd.restarts(ctx, p.Next); err != nil {
		return err
	}
	changed, err := rd.changed(ctx, p.Observations)
	if err != nil {
		return err
	}
	if err := rd.attach(ctx, changed); err != nil {
		return err
	}
	if err := rd.ingest(ctx, rd.t, changed); err != nil {
		return err
	}
	planned, err := rd.match(ctx, rd.t, p.Observations)
	if err != nil {
		return err
	}
	if len(changed) > 0 || planned {
		if err := rd.judge(ctx); err != nil {
			return err
		}
	}
	rd.count += len(p.Observations)
	rd.changes += len(changed)
	rd.pages++
	rd.st.Cursor = p.Next
	rd.tellLeftOut(ctx, p.LeftOut)
	rd.st.RetryAt = time.Time{}
	var outages []store.Outage
	if !p.More {
		if err := rd.ends(ctx); err != nil {
			return err
		}
		outages = rd.outage()
		rd.st.Imported, rd.st.OKAt = true, rd.began // what happened since may be on pages that were read before it
		rd.folded()
	}
	if rd.first {
		rd.Progress(Import{Tracker: rd.t.Name, Source: rd.st.Source, Issues: rd.count, Total: rd.total, Done: !p.More})
	}
	if len(changed) > 0 {
		rd.bells.of(sourceKey(rd.t, rd.st.Source)).found.Store(true)
		rd.wake()
	}
	_, err = rd.put(ctx, store.Commit{Now: rd.Now(), Cursor: rd.st, Quarantine: rd.broken(p.Broken), Outages: outages})
	return err
}

// outage is the time that ends with this reading, where the source was not read for more
// than two polls: nothing that was to be decided in it is held against anybody. It stays on
// record for ever.
func (rd *reading) outage() []store.Outage {
	last, now := rd.st.OKAt, rd.Now()
	if last.IsZero() || rd.first || now.Sub(last) <= store.OutageAfter(rd.Poll) {
		return nil
	}
	return []store.Outage{{Tracker: rd.t.Name, Source: rd.st.Source, From: last, To: now}}
}

// tellLeftOut says of a source that was read what is missing from it.
func (rd *reading) tellLeftOut(ctx context.Context, projects []string) {
	was := rd.st.Error
	rd.st.Error = ""
	if len(projects) == 0 {
		return
	}
	rd.st.Error = fmt.Sprintf("%s cannot be read and is left out: hidden, deleted, or the account lost the permission Browse Projects; it is taken in again when it is back", strings.Join(projects, ", "))
	if rd.st.Error != was {
		rd.Log.WarnContext(ctx, "a project is left out", "tracker", rd.t.Name, "projects", projects)
	}
}
