package memory_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/challenge"
	"parley/sync/dispatch"
	"parley/sync/engine"
	"parley/sync/mirror"
	"parley/sync/reconcile"
	"parley/sync/remark"
	"parley/sync/store"
	"parley/sync/store/memory"
	"parley/sync/store/sqlite"
	"parley/sync/store/storetest"
)

// Names that calls draw from: few, so that they meet; some that are not as they
// should be.
func cardNames() []kanban.CardID { return []kanban.CardID{"a", "b", "c", "d"} }
func issueNames() []string       { return []string{"1", "2", "3", "x\x00"} }
func keys() []string             { return []string{"OPS-1", "ops-1", "acme/pay#7", "FIN-80", "bad\xff"} }
func settingNames() []string     { return []string{"window", "skew"} }

func start() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 123456789, time.UTC) }

// play is a sequence of random calls. The same seed makes the same calls wherever
// the same comes back.
type play struct {
	rnd   *rand.Rand
	epoch int64
}

func newPlay(seed uint64) *play { return &play{rnd: rand.New(rand.NewPCG(seed, 0))} }

func pick[T any](p *play, from []T) T { return from[p.rnd.IntN(len(from))] }

func (p *play) sometimes() bool { return p.rnd.IntN(4) == 0 }

func (p *play) at() time.Time {
	if p.rnd.IntN(8) == 0 {
		return time.Time{}
	}
	return start().Add(time.Duration(p.rnd.IntN(20)) * 700 * time.Millisecond)
}

// turn makes one call and gives what came of it.
func (p *play) turn(tb testing.TB, s storetest.Store) string {
	tb.Helper()
	ctx := tb.Context()
	switch p.rnd.IntN(12) {
	case 0:
		return outcome(0, s.Touch(ctx, pick(p, cardNames()), p.at()))
	case 1:
		return outcome(s.TouchOpen(ctx, p.at()))
	case 2:
		return outcome(s.PruneOps(ctx, p.at()))
	case 3:
		epoch, err := s.Acquire(ctx, store.LeaseRunner, pick(p, []string{"me", "you"}), time.Second, p.at())
		p.epoch = max(epoch, p.epoch)
		return outcome(epoch, err)
	case 4:
		st := p.source()
		return outcome(0, s.SaveSource(ctx, p.anyEpoch(), st))
	case 5:
		return outcome(0, s.SavePlan(ctx, pick(p, []string{"0123456789ab", "0123456799", "0123456"}), []byte{byte(p.rnd.IntN(9))}, p.at()))
	}
	return outcome(s.Commit(ctx, p.commit(tb, s)))
}

// outcome is an answer in words; of errors only what callers act upon has to agree.
func outcome(v int64, err error) string {
	for _, known := range []error{store.ErrStale, store.ErrFenced, store.ErrUnknown, store.ErrAnswered} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	if held, ok := errors.AsType[store.ErrHeld](err); ok {
		return held.Error()
	}
	return fmt.Sprint(v, err)
}

func (p *play) anyEpoch() int64 { return pick(p, []int64{0, 0, p.epoch, p.epoch - 1}) }

func (p *play) source() store.SourceState {
	return store.SourceState{
		Tracker: pick(p, []string{"jira", "github"}), Source: pick(p, []string{"", "acme/pay"}), Tier: pick(p, []string{"", "day", "sweep"}),
		FeedHead: p.rnd.Int64N(9), OKAt: p.at(), Error: pick(p, []string{"", "bad \xff"}), Imported: p.sometimes(),
		Cursor: connectors.Cursor{ETag: pick(p, []string{"", "x"}), Watermark: p.at()},
	}
}

func (p *play) commit(tb testing.TB, s storetest.Store) store.Commit {
	tb.Helper()
	c := store.Commit{Now: start(), Epoch: p.anyEpoch()}
	written := map[kanban.CardID]bool{}
	for range p.rnd.IntN(3) {
		if id := pick(p, cardNames()); !written[id] {
			c.Cards, written[id] = append(c.Cards, p.card(tb, s, id)), true
		}
	}
	for range p.rnd.IntN(3) {
		c.Issues = append(c.Issues, p.issue())
	}
	if from := pick(p, cardNames()); p.sometimes() && !written[from] {
		c.Moved = append(c.Moved, store.Alias{Old: from, New: pick(p, cardNames())})
	}
	c.Record = p.record()
	p.rest(&c)
	return c
}

func (p *play) card(tb testing.TB, s storetest.Store, id kanban.CardID) store.CardWrite {
	tb.Helper()
	card, err := s.Card(tb.Context(), id)
	if err != nil && !errors.Is(err, store.ErrUnknown) {
		tb.Fatal(err)
	}
	card.ID = id
	card.Rev++
	if p.rnd.IntN(10) == 0 {
		card.Lock++ // stale
	}
	for n := range card.Sides {
		if p.sometimes() {
			card.Sides[n] = &engine.Side{Issue: connectors.Issue{
				Ref:    connectors.Ref{Tracker: kanban.Side(n).String(), ID: pick(p, issueNames()), Key: pick(p, keys())},
				Labels: []string{pick(p, keys())},
			}}
		}
	}
	if p.sometimes() {
		card.Mirror = &mirror.Saga{ID: "m", State: pick(p, []mirror.State{mirror.Planned, mirror.Done})}
	}
	for range p.rnd.IntN(3) {
		card.Ops = append(card.Ops, p.op())
	}
	return store.CardWrite{
		Card: card, Dirty: p.sometimes(), NextAt: p.at(),
		Face: kanban.Card{ID: id, Title: pick(p, keys()), Column: kanban.ColumnKey(pick(p, keys())), Unit: "u"},
	}
}

func (p *play) op() reconcile.Op {
	return reconcile.Op{
		ID: fmt.Sprint("op", p.rnd.IntN(8)), Field: kanban.FieldStatus, Side: kanban.Side(p.rnd.IntN(2)), Created: p.at(), SentAt: p.at(), Closed: p.at(),
		State: pick(p, []reconcile.OpState{reconcile.Planned, reconcile.Sending, reconcile.Finished, reconcile.Dead}), Reason: pick(p, keys()),
		Trail: []string{"1"}[:p.rnd.IntN(2)],
	}
}

func (p *play) issue() store.IssueRow {
	return store.IssueRow{
		Tracker: pick(p, []string{"jira", "github"}), ID: pick(p, issueNames()), Key: pick(p, keys()), Container: pick(p, []string{"OPS", "FIN"}),
		StatusID: pick(p, []string{"1", "3"}), Card: pick(p, append(cardNames(), "")), Token: p.at(), LinksRead: p.sometimes(),
	}
}

func (p *play) record() engine.Record {
	var r engine.Record
	if p.sometimes() {
		r.Events = append(r.Events, kanban.Event{
			Tracker: pick(p, []string{"jira", "github"}), SourceID: fmt.Sprint(p.rnd.IntN(20)), Issue: pick(p, issueNames()), At: p.at(),
			Changes: []kanban.Change{{Field: "status", To: pick(p, keys())}},
		})
	}
	for range p.rnd.IntN(4) {
		r.Conflicts = append(r.Conflicts, reconcile.Conflict{
			ID: fmt.Sprint("c", p.rnd.IntN(9)), Card: pick(p, cardNames()), Field: kanban.FieldStatus, At: p.at(), Base: kanban.Value(pick(p, keys())),
			State: pick(p, []string{reconcile.ConflictOpen, reconcile.ConflictAuto, reconcile.ConflictRestored}),
		})
	}
	for range p.rnd.IntN(3) {
		r.Activity = append(r.Activity, engine.Activity{At: p.at(), Card: pick(p, append(cardNames(), "")), Text: pick(p, keys())})
	}
	return r
}

// rest fills the parts of a commit that have nothing to do with cards.
func (p *play) rest(c *store.Commit) {
	issue := func() store.IssueID { return store.IssueID{Tracker: "jira", ID: pick(p, issueNames())} }
	for range p.rnd.IntN(3) {
		c.Mentions = append(c.Mentions, store.MentionSet{
			Tracker: "jira", IssueID: pick(p, issueNames()), Method: pick(p, []string{"marker", "title"}), Targets: []string{pick(p, keys()), pick(p, keys())},
		})
	}
	if p.sometimes() {
		st := p.source()
		c.Cursor = &st
		c.LinksRead = append(c.LinksRead, store.LinkReading{IssueID: issue(), Token: p.at()})
		c.Relinked = append(c.Relinked, issue())
		c.Swept = append(c.Swept, store.Swept{Tracker: "jira", IDs: issueNames()[:2], At: p.at()})
		c.Settings = map[string]string{pick(p, settingNames()): pick(p, keys())}
	}
	if p.sometimes() {
		c.Partings = append(c.Partings, store.Parting{A: issue(), B: issue()})
		c.Unpart = append(c.Unpart, store.Parting{A: issue(), B: issue()})
		c.Quarantine = append(c.Quarantine, store.Quarantined{Tracker: "jira", Issue: pick(p, issueNames()), Tries: p.rnd.IntN(9), At: p.at()})
		c.Released = append(c.Released, issue())
		c.Answer = &store.Answer{Key: fmt.Sprint(p.rnd.IntN(30)), JSON: []byte(`{}`)}
	}
	if p.sometimes() {
		c.Edges = append(c.Edges, store.Edge{Tracker: "jira", From: pick(p, keys()), To: "2", TransitionID: "11", Required: keys()[:p.rnd.IntN(2)], SeenAt: p.at()})
		c.Forgotten = append(c.Forgotten, store.Edge{Tracker: "jira", From: pick(p, keys()), To: "2", TransitionID: "11"})
	}
	if p.sometimes() {
		c.Remarks = append(c.Remarks, p.remark())
		c.Dispatches = append(c.Dispatches, p.dispatch())
	}
	if p.sometimes() {
		q := challenge.Question{ID: pick(p, settingNames()), Lock: p.rnd.Int64N(3), Card: pick(p, cardNames()), Settled: p.sometimes(), Blank: p.sometimes()}
		c.Questions = append(c.Questions, store.QuestionWrite{Question: q, NextAt: p.at()})
	}
}

func (p *play) dispatch() dispatch.Dispatch {
	d := dispatch.Dispatch{ID: pick(p, settingNames()), Lock: p.rnd.Int64N(3), Digest: pick(p, settingNames()), State: pick(p, []dispatch.State{dispatch.Waiting, dispatch.Sent}), Body: pick(p, keys()), Made: p.at()}
	if !d.State.Open() {
		d.Ended = p.at()
	}
	return d
}

func (p *play) remark() store.RemarkWrite {
	r := remark.Remark{
		Key: pick(p, settingNames()), Lock: p.rnd.Int64N(3), Issue: connectors.Ref{Tracker: "jira", ID: pick(p, issueNames())}, Body: pick(p, keys()),
		Version: 1, Written: p.rnd.Int64N(2), Post: mirror.Saga{State: pick(p, []mirror.State{mirror.Planned, mirror.Unknown, mirror.Done}), Issue: pick(p, issueNames())},
	}
	return store.RemarkWrite{Remark: r, Dirty: p.sometimes(), NextAt: p.at()}
}

func TestTwinOfSQLite(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		disk := storetest.Opened(t, sqlite.Open, filepath.Join(t.TempDir(), "parley.db"))
		twin, one, two := memory.New(), newPlay(seed), newPlay(seed)
		for n := range 60 {
			want, got := one.turn(t, disk), two.turn(t, twin)
			if want != got {
				t.Fatalf("seed %d, call %d: %s on disk, %s in memory", seed, n, want, got)
			}
			if n%5 != 0 {
				continue
			}
			if diff := cmp.Diff(picture(t, disk), picture(t, twin)); diff != "" {
				t.Fatalf("seed %d, call %d (-disk +memory):\n%s", seed, n, diff)
			}
		}
	}
}
