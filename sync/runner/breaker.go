package runner

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"parley/kanban"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/mirror"
	"parley/sync/reconcile"
)

// Limits say how much may be written at once without a person's consent. A share of 1
// means no limit.
type Limits struct {
	Change float64 // share of a pair rule's linked cards written in one cycle
	Close  float64 // share of them whose work is ended
	Create int     // issues created in one cycle; 0: no limit
}

// Below these numbers a share is not asked about: a small team moves all it has.
const (
	freeChanges = 20
	freeCloses  = 5
)

// Trip says why the writes of a pair rule are held.
type Trip struct {
	Rule   string    `json:"rule"` // engine.RuleKey
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
}

// settingTrips is the setting that keeps what is tripped over a restart.
const settingTrips = "breakers"

// trips is what is tripped, as the engine wants to know it.
type trips struct {
	mu   sync.Mutex
	held map[string]Trip
	view atomic.Pointer[map[string]bool]
}

func (t *trips) now() map[string]bool {
	if m := t.view.Load(); m != nil {
		return *m
	}
	return nil
}

// set replaces what is tripped and says whether a rule was added.
func (t *trips) set(held map[string]Trip) (grown bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	view := map[string]bool{}
	for rule := range held {
		_, before := t.held[rule]
		grown = grown || !before
		view[rule] = true
	}
	t.held = held
	t.view.Store(&view)
	return grown
}

func (t *trips) list() map[string]Trip {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.held)
}

// Tripped lists the pair rules whose writes are held, by name.
func (r *Runner) Tripped() []Trip {
	held := r.trips.list()
	out := make([]Trip, 0, len(held))
	for _, rule := range slices.Sorted(maps.Keys(held)) {
		out = append(out, held[rule])
	}
	return out
}

// tally is what is to be written by one pair rule, or was within the cycle.
type tally struct {
	changed, closed map[kanban.CardID]bool
	created         int
	waiting         int // doubts, writes and creates that were not begun, and that a breaker would hold
}

// judge counts, before anything is sent, what is to be written, and holds all of it
// where it is more than a person should have to find out afterwards. Judgements take
// turns: none may go by what was tripped before another one.
func (r *Runner) judge(ctx context.Context) error {
	if !r.Write {
		return nil // nothing is sent anyway; it is counted when that changes
	}
	select {
	case r.judging <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-r.judging }()
	err := r.countAndWeigh(ctx)
	r.unjudged.Store(err != nil)
	return err
}

func (r *Runner) countAndWeigh(ctx context.Context) error {
	if err := r.gather(ctx); err != nil { // what other processes have found counts as well
		return err
	}
	doubts := r.doubts.now()
	counts, err := r.count(ctx, doubts)
	if err != nil {
		return err
	}
	if err := r.weigh(ctx, counts); err != nil {
		return err
	}
	r.doubts.judged(doubts)
	return nil
}

// weigh trips the rules of which there is too much, and lets go those of which nothing
// waits any more.
func (r *Runner) weigh(ctx context.Context, counts map[string]*tally) error {
	before, held := r.trips.list(), map[string]Trip{}
	for _, rule := range r.Rules().Pairs() {
		key := engine.RuleKey(rule)
		n, open := counts[key]
		trip, was := before[key]
		switch {
		case was && open && n.waiting > 0:
			held[key] = trip // until the last of them is applied, or not wanted any more
			continue
		case was:
			r.quarrels.settled(key)
			continue
		case !open:
			continue
		}
		reason, err := r.excess(ctx, n, rule)
		if err != nil {
			return err
		}
		if reason != "" {
			held[key] = Trip{Rule: key, Reason: reason, At: r.Now()}
		}
	}
	if maps.Equal(before, held) {
		return nil
	}
	return r.trip(ctx, held)
}

// trip stores what is tripped and has every open write looked at again.
func (r *Runner) trip(ctx context.Context, held map[string]Trip) error {
	if err := r.keepJSON(ctx, settingTrips, "the breakers", held); err != nil {
		return err
	}
	if r.trips.set(held) {
		for _, t := range r.Tripped() {
			r.Log.WarnContext(ctx, "more would be written at once than is allowed; it is held until parley apply", "rule", t.Rule, "reason", t.Reason)
		}
	}
	_, err := r.Store.TouchOpen(ctx, r.Now()) // also where less is held: nothing may wait for what is over
	return err
}

// recall goes by what was tripped when the last process ended.
func (r *Runner) recall(ctx context.Context) error {
	held := map[string]Trip{}
	found, err := r.recallJSON(ctx, settingTrips, "the breakers", &held)
	if found {
		r.trips.set(held)
	}
	return err
}

// count sums up per rule what is open, what was sent within the last cycle, and what a
// read is likely to bring. What a person asked for on the board, or let go, is nobody's
// surprise.
func (r *Runner) count(ctx context.Context, doubts map[kanban.CardID]doubt) (map[string]*tally, error) {
	open, err := r.Store.OpenOps(ctx)
	if err != nil {
		return nil, err
	}
	sent, err := r.Store.SentSince(ctx, r.Now().Add(-r.Poll))
	if err != nil {
		return nil, err
	}
	sagas, err := r.Store.Creating(ctx)
	if err != nil {
		return nil, err
	}
	counts := counts{}
	for _, op := range append(open, sent...) {
		if op.Rule != "" && !op.Asked && !op.Told && !op.Approved && op.Hold != reconcile.HoldArchive {
			counts.write(&op, r.ends(op.Value))
		}
	}
	for _, s := range sagas {
		if !s.Approved {
			counts.create(s)
		}
	}
	for card, d := range doubts {
		counts.change(d.rule, card, d.ends)
		counts.of(d.rule).waiting++
	}
	return counts, nil
}

// counts is a tally per rule.
type counts map[string]*tally

func (c counts) of(rule string) *tally {
	n, ok := c[rule]
	if !ok {
		n = &tally{changed: map[kanban.CardID]bool{}, closed: map[kanban.CardID]bool{}}
		c[rule] = n
	}
	return n
}

func (c counts) change(rule string, card kanban.CardID, ends bool) {
	n := c.of(rule)
	n.changed[card] = true
	if ends {
		n.closed[card] = true
	}
}

func (c counts) write(op *reconcile.Op, ends bool) {
	c.change(op.Rule, op.Card, op.Field == kanban.FieldStatus && ends)
	if op.Hops == 0 && (op.State == reconcile.Planned || op.State == reconcile.Held && op.Hold != reconcile.HoldBrake) {
		c.of(op.Rule).waiting++
	}
}

func (c counts) create(s mirror.Saga) {
	n := c.of(s.Rule)
	n.created++
	if !s.State.Unresolved() {
		n.waiting++
	}
}

// ends reports whether work is over in a column.
func (r *Runner) ends(v kanban.Value) bool {
	col, ok := r.Rules().Layout().Column(kanban.ColumnKey(v))
	return ok && col.Category.Ended()
}

// excess says what is too much of a rule's writes, "" where nothing is.
func (r *Runner) excess(ctx context.Context, n *tally, rule mapping.PairRule) (string, error) {
	if reason := r.quarrels.excess(engine.RuleKey(rule), r.Zone); reason != "" {
		return reason, nil
	}
	if r.Limits.Create > 0 && n.created > r.Limits.Create {
		return fmt.Sprintf("%d issues would be created at once; max_create is %d", n.created, r.Limits.Create), nil
	}
	if len(n.changed) <= freeChanges && len(n.closed) <= freeCloses {
		return "", nil
	}
	key := engine.RuleKey(rule)
	if c := r.joined[key]; r.Now().Sub(c.at) < countedFor && r.beyond(n, c.cards) == "" {
		return "", nil
	}
	linked, err := r.Store.Linked(ctx, rule.Jira, rule.GitHub)
	if err != nil {
		return "", err
	}
	if r.joined == nil {
		r.joined = map[string]linkage{}
	}
	r.joined[key] = linkage{linked, r.Now()}
	return r.beyond(n, linked), nil
}

// linkage is how many cards a rule linked at a moment.
type linkage struct {
	cards int
	at    time.Time
}

// countedFor is how long what was counted still lets writes go. To count takes all issues of a
// rule, and a mass change is judged with each of its pages; what would be held is counted anew.
const countedFor = time.Minute

// beyond says what is too much for so many linked cards, "" where nothing is.
func (r *Runner) beyond(n *tally, linked int) string {
	if limit := share(linked, r.Limits.Change, freeChanges); len(n.changed) > limit {
		return fmt.Sprintf("%d of %d linked cards would be written at once; max_change allows %d", len(n.changed), linked, limit)
	}
	if limit := share(linked, r.Limits.Close, freeCloses); len(n.closed) > limit {
		return fmt.Sprintf("%d of %d linked cards would be closed at once; max_close allows %d", len(n.closed), linked, limit)
	}
	return ""
}

// share is how many of n may be written, and never fewer than free.
func share(n int, part float64, free int) int {
	if part <= 0 || part >= 1 {
		return math.MaxInt
	}
	return max(free, int(math.Floor(part*float64(n))))
}
