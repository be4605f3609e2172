package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
	"parley/sync/store/transfer"
)

// body is a store that is being examined.
type body struct {
	ctx context.Context //nolint:containedctx // of one examination
	s   *store.Store
	now time.Time
	out []string
}

func (b *body) sayf(format string, args ...any) { b.out = append(b.out, fmt.Sprintf(format, args...)) }

// failed tells what cannot be told.
func (b *body) failed(what string, err error) bool {
	if err != nil {
		b.sayf("%s: cannot be read: %s; parley fsck tells why", what, cause(err))
	}
	return err != nil
}

// age is how long ago something was, or how soon it will be, in words: "5s ago", "in 5s".
func (b *body) age(at time.Time) string {
	if at.IsZero() {
		return "never"
	}
	past := b.now.Sub(at).Round(time.Second)
	if past < 0 {
		return "in " + (-past).String()
	}
	return past.String() + " ago"
}

func (b *body) examine() {
	if n, err := b.s.Size(b.ctx); !b.failed("size", err) {
		b.sayf("%d bytes", n)
	}
	b.failed("tables", b.s.Picture(b.ctx, b.tables))
	if found, err := b.s.Check(b.ctx); !b.failed("integrity", err) {
		b.sayf("%s of integrity; parley fsck tells them", kanban.Count(len(found), "finding", "findings"))
	}
	if held, err := b.s.Closed(b.ctx); !b.failed("closed", err) && held != nil {
		b.sayf("closed: %s since %s", held.Why, b.age(held.Since))
	}
	if from, there, err := transfer.RestoredFrom(b.ctx, b.s); !b.failed("restoring", err) && there {
		b.sayf("restored %s from a backup made %s", b.age(from.At), b.age(from.Made))
	}
	b.sources()
	b.work()
	b.pauses("asked nothing", store.SettingPauses)
	b.pauses("may not be written", store.SettingDenied)
	b.troubles()
}

// tables tells how many rows there are, and who holds leases.
func (b *body) tables(r store.Rows) error {
	version, err := r.Schema(b.ctx)
	if err != nil {
		return err
	}
	b.sayf("schema version %d", version)
	tables, err := r.Tables(b.ctx)
	if err != nil {
		return err
	}
	for _, t := range tables {
		n, err := r.Count(b.ctx, t)
		if err != nil {
			return err
		}
		b.sayf("table %s: %d rows", t.Name, n)
		if t.Name != "lease" {
			continue
		}
		err = r.Each(b.ctx, t, nil, 0, func(row []any) error {
			if row[t.At("owner")] == "" && row[t.At("name")] != store.LeaseRunner {
				return nil // one of a card that was given back; there are as many as cards
			}
			until, _ := row[t.At("until_at")].(int64)
			at := time.UnixMicro(until)
			name, _ := row[t.At("name")].(string)
			kind, _, _ := strings.Cut(name, "/") // what follows names a card, or a machine
			state := "ended"
			if at.After(b.now) {
				state = "held, ends"
			}
			b.sayf("lease %v: epoch %v, %s %s", kind, row[t.At("epoch")], state, b.age(at))
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// sources tells how far behind each reading is.
func (b *body) sources() {
	fast, err := b.s.Sources(b.ctx)
	slow, err2 := b.s.Tiers(b.ctx)
	if b.failed("sources", err) || b.failed("tiers", err2) {
		return
	}
	for _, st := range append(fast, slow...) {
		retry := ""
		if st.RetryAt.After(b.now) {
			retry = ", not before " + st.RetryAt.Sub(b.now).Round(time.Second).String() + " from now"
		}
		b.sayf("source %s %q tier %q: read %s, tried %s, whole %t, failing %t, watermark %s, %d requests%s", st.Tracker, st.Source, st.Tier,
			b.age(st.OKAt), b.age(st.TriedAt), st.Imported, st.Error != "", b.age(st.Cursor.Watermark), st.Requests, retry)
	}
}

// work tells what is on its way.
func (b *body) work() {
	if t, err := b.s.Counts(b.ctx); !b.failed("counts", err) {
		b.sayf("cards %d, due %d, issues %d, events %d, open writes %d, conflicts that wait %d", t.Cards, t.Due, t.Issues, t.Events, t.OpenOps, t.Conflicts)
	}
	if states, err := b.s.OpenStates(b.ctx); !b.failed("writes", err) {
		for _, state := range slices.Sorted(maps.Keys(states)) {
			b.sayf("writes %s: %d", state, states[state])
		}
	}
	if at, err := b.s.OldestOpen(b.ctx); !b.failed("oldest write", err) {
		b.sayf("oldest write under way: %s", b.age(at))
	}
	if sagas, err := b.s.Creating(b.ctx); !b.failed("creates", err) {
		for _, s := range sagas {
			b.sayf("create %s: decided %s, %d requests, %d look-ups", s.State, b.age(s.Created), s.Attempts, s.Looks)
		}
	}
	if all, err := b.s.OpenRemarks(b.ctx); !b.failed("comments", err) {
		for i := range all {
			b.sayf("comment %s: decided %s", all[i].State(), b.age(all[i].Post.Created))
		}
	}
	if all, err := b.s.OpenDispatches(b.ctx); !b.failed("digests", err) {
		for _, d := range all {
			b.sayf("digest by %s %s: made %s, %d tries", d.Channel, d.State, b.age(d.Made), d.Tries)
		}
	}
}

// pauses tells which requests wait, and not what the tracker said.
func (b *body) pauses(what, setting string) {
	text, _, err := b.s.Setting(b.ctx, setting)
	if b.failed(what, err) {
		return
	}
	list, err := store.DecodePauses(text, b.now)
	if b.failed(what, err) {
		return
	}
	for _, p := range list {
		b.sayf("%s: %s, because of %s, since %s", p.Tracker, what, p.Cause, b.age(p.Since))
	}
}

// trouble is a kind of failure that cards have on a side.
type trouble struct {
	side kanban.Side
	kind connectors.ErrorKind
}

// troubles counts the failures that cards have now, by their kinds.
func (b *body) troubles() {
	count, last := map[trouble]int{}, map[trouble]time.Time{}
	a := App{Store: b.s}
	err := a.eachCard(b.ctx, func(c engine.Card) {
		for _, side := range kanban.Sides {
			if c.Sides[side] == nil || c.Sides[side].Problem == nil {
				continue
			}
			p := c.Sides[side].Problem
			at := trouble{side, p.Kind}
			count[at]++
			if p.At.After(last[at]) {
				last[at] = p.At
			}
		}
	})
	if b.failed("cards", err) {
		return
	}
	for _, at := range slices.SortedFunc(maps.Keys(count), func(x, y trouble) int { return count[y] - count[x] }) {
		b.sayf("cards with a failure of the kind %v in %s: %d, the last %s", at.kind, at.side, count[at], b.age(last[at]))
	}
}
