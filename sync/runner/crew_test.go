package runner

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/store"
)

// crew is a world in which one part decides and two processes carry cards through. What is
// dealt goes through a queue that loses jobs, hands them out twice and late.
type crew struct {
	*world
	desk  *Runner
	hands []*Runner
	rng   *rand.Rand // nil: the queue is a good one

	mu     sync.Mutex
	queued []Job
	late   []Job
	stored func(store.Commit) // is told of each commit by the processes
}

// heeded is a store that has the one that decides listen whenever a process looks what
// holds, as it would at the same time.
type heeded struct {
	Store

	crew *crew
}

// Bearing is that of the store.
func (h heeded) Bearing(ctx context.Context, names ...string) (store.Bearing, error) {
	b, err := h.Store.Bearing(ctx, names...)
	if err == nil && h.crew.desk != nil && len(b.Holds) > 0 {
		err = h.crew.desk.hearOut(ctx)
	}
	return b, err
}

// Commit is that of the store.
func (h heeded) Commit(ctx context.Context, c store.Commit) (int64, error) {
	seq, err := h.Store.Commit(ctx, c)
	if err == nil && h.crew.stored != nil {
		h.crew.stored(c)
	}
	return seq, err
}

func newCrew(t *testing.T, seed uint64, change ...func(*world)) *crew {
	t.Helper()
	c := &crew{world: newWorld(t, change...)}
	if seed > 0 {
		c.rng = rand.New(rand.NewPCG(seed, 1))
	}
	for n := range 2 {
		o := c.runner.Options
		o.Store, o.Owner = heeded{c.store, c}, fmt.Sprint("process ", n)
		o.Crew = &Crew{Config: "same", Deal: c.deal}
		r := New(o)
		c.must(r.Prepare(t.Context()))
		c.hands = append(c.hands, r)
	}
	c.appoint(c.hands[0])
	return c
}

// appoint has a process decide, as reign does.
func (c *crew) appoint(r *Runner) {
	c.t.Helper()
	d := newRunner(r.Options, r.common)
	d.desk = true
	h, err := d.grasp(c.t.Context(), store.LeaseRunner, leaseFor)
	c.must(err)
	d.epoch.Store(h.epoch)
	c.must(d.takeUp(c.t.Context()))
	c.desk, c.runner = d, d
}

// deal takes jobs into the queue. Whatever becomes of them, it says that all is well.
func (c *crew) deal(_ context.Context, jobs []Job) (fresh []bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, j := range jobs {
		chance := 9
		if c.rng != nil {
			chance = c.rng.IntN(10)
		}
		switch {
		case chance < 3: // lost
		case chance < 5:
			c.queued = append(c.queued, j, j)
		case chance < 7:
			c.late = append(c.late, j)
		default:
			c.queued = append(c.queued, j)
		}
	}
	return make([]bool, len(jobs)), nil
}

// turn lets the one that decides read and deal once, and the others work on what they got.
func (c *crew) turn() {
	c.t.Helper()
	c.clock.Advance(30 * time.Second)
	ctx := context.Background()
	for _, t := range c.desk.Trackers {
		for _, s := range t.Sources() {
			c.must(c.desk.PollSource(ctx, t, s))
		}
		if t.Kind == connectors.Jira {
			c.must(c.desk.LinkRound(ctx, t))
		}
	}
	for range 6 {
		c.clock.Advance(dealAgain)
		_, err := c.desk.WorkDue(ctx)
		c.must(err)
		c.carry()
	}
}

// carry hands out what is queued to both processes at once.
func (c *crew) carry() {
	c.t.Helper()
	c.mu.Lock()
	jobs := c.queued
	c.queued, c.late = c.late, nil
	c.mu.Unlock()
	var g errgroup.Group
	for i, j := range jobs {
		g.Go(func() error { return c.hands[i%2].Take(context.Background(), j) })
	}
	c.must(g.Wait())
}

func (c *crew) turns(n int) {
	c.t.Helper()
	for range n {
		c.turn()
	}
}

// couple makes two issues that name each other and lets Parley see them.
func (c *crew) couple(summary string) (key string, number int) {
	c.t.Helper()
	key, number = c.world.pair(summary)
	return key, number
}

func (c *crew) relabel(number int, labels ...string) {
	c.t.Helper()
	c.must(c.hub.AddLabels("ben", repo, number, labels...))
}

// TestJobsMayGetLostComeTwiceAndComeLate holds that what was dealt is only a hint: with a
// queue that does all of that the same is written, once, as with a good one.
func TestJobsMayGetLostComeTwiceAndComeLate(t *testing.T) {
	t.Parallel()
	var want []string
	for seed := range uint64(8) {
		c := newCrew(t, seed)
		var keys []string
		var numbers []int
		for n := range 4 {
			key, number := c.couple(fmt.Sprint("Work ", n))
			keys, numbers = append(keys, key), append(numbers, number)
		}
		c.turns(4)
		before := len(c.site.Log().Mutations()) + len(c.hub.Log().Mutations())
		c.must(c.site.Transition("ana", keys[0], "Start work", noEdit))
		c.relabel(numbers[1], "status:in-progress")
		c.relabel(numbers[2], "priority:high")
		c.turns(10)
		c.rng = nil
		c.turns(6)
		c.expectAll(keys, numbers)
		wrote := []string{fmt.Sprint(c.writes()-before, " writes")}
		if seed == 0 {
			want = wrote
		} else if !slices.Equal(wrote, want) {
			t.Errorf("seed %d: %v, want %v as by a good queue", seed, wrote, want)
		}
	}
}

func (c *crew) expectAll(keys []string, numbers []int) {
	c.t.Helper()
	c.expect(keys[0], numbers[0], "In Progress", "open status:in-progress", "doing")
	c.expect(keys[1], numbers[1], "In Progress", "open status:in-progress", "doing")
	if i, _ := c.site.Issue(keys[2]); i.PriorityName != "High" {
		c.t.Errorf("%s has the priority %s, want High", keys[2], i.PriorityName)
	}
}

// TestProcessesTogetherSendNoMoreThanIsAllowed has every change be found by the processes
// that carry cards through, by their look before a write that people asked for, and none by
// the one that counts.
func TestProcessesTogetherSendNoMoreThanIsAllowed(t *testing.T) {
	t.Parallel()
	const cards = freeChanges + 4
	c := newCrew(t, 0, func(w *world) { w.limits = Limits{Change: 0.1} })
	var keys []string
	for n := range cards {
		key, _ := c.couple(fmt.Sprint("Work ", n))
		keys = append(keys, key)
	}
	c.turns(3)
	if tripped := c.desk.Tripped(); len(tripped) > 0 {
		t.Fatalf("tripped before anything was changed: %v", tripped)
	}
	for _, key := range keys {
		card := c.card(key)
		_, err := c.hands[1].Intend(t.Context(), engine.Intent{Key: "op " + key, Card: card.ID, Field: kanban.FieldPriority, To: "high", Rev: card.Rev, Actor: "ana"})
		c.must(err)
		c.relabel(card.Sides[kanban.GitHub].Issue.Number, "status:in-progress")
	}
	for range 12 { // nobody polls
		c.clock.Advance(time.Second)
		_, err := c.desk.WorkDue(t.Context())
		c.must(err)
		c.carry()
	}
	started := 0
	for _, key := range keys {
		if i, _ := c.site.Issue(key); i.StatusName == "In Progress" {
			started++
		}
	}
	if started > freeChanges {
		t.Errorf("%d changes were carried, want %d at most before a person has looked", started, freeChanges)
	}
	if len(c.desk.Tripped()) != 1 {
		t.Errorf("tripped: %v, want the rule", c.desk.Tripped())
	}
}

// TestAProcessThatSleptSendsNothing stops a process for longer than its lease lasts right
// before a write is to leave: it is stored as sending, and not on its way.
func TestAProcessThatSleptSendsNothing(t *testing.T) {
	t.Parallel()
	for name, taken := range map[string]bool{"the card was taken by another": true, "nobody has taken it": false} {
		c := newCrew(t, 0)
		key, _ := c.couple("Work")
		c.turns(3)
		c.must(c.site.Transition("ana", key, "Start work", noEdit))
		c.clock.Advance(30 * time.Second)
		for _, tr := range c.desk.Trackers {
			c.must(c.desk.PollSource(context.Background(), tr, tr.Sources()[0]))
		}
		id, slept := c.card(key).ID, false
		c.stored = func(commit store.Commit) {
			if slept || !beginsToSend(commit) {
				return
			}
			slept = true
			c.clock.Advance(2 * holdFor)
			if taken {
				_, err := c.hands[1].grasp(context.Background(), leaseCard(id), holdFor)
				c.must(err)
			}
		}
		before := len(c.hub.Log().Mutations())
		c.must(c.hands[0].Take(context.Background(), Job{Card: id, Term: c.desk.Epoch()}))
		if !slept {
			t.Fatalf("%s: it was never stopped", name)
		}
		if sent := len(c.hub.Log().Mutations()) - before; (sent == 0) != taken {
			t.Errorf("%s: it sent %d writes", name, sent)
		}
	}
}

// beginsToSend reports whether a commit is the one before a write leaves.
func beginsToSend(c store.Commit) bool {
	for _, w := range c.Cards {
		for _, op := range w.Card.Ops {
			if op.State == reconcile.Sending {
				return true
			}
		}
	}
	return false
}

func TestAJobOfAFormerTermIsWorthless(t *testing.T) {
	t.Parallel()
	c := newCrew(t, 0)
	key, _ := c.couple("Work")
	c.turns(3)
	c.must(c.site.Transition("ana", key, "Start work", noEdit))
	for _, tr := range c.desk.Trackers {
		c.must(c.desk.PollSource(context.Background(), tr, tr.Sources()[0]))
	}
	before, term := c.writes(), c.desk.Epoch()
	c.clock.Advance(2 * leaseFor)
	c.appoint(c.hands[1])
	if c.desk.Epoch() <= term {
		t.Fatalf("term %d after %d", c.desk.Epoch(), term)
	}
	c.must(c.hands[0].Take(context.Background(), Job{Card: c.card(key).ID, Term: term}))
	if n := c.writes() - before; n != 0 {
		t.Errorf("a job of a former term led to %d writes", n)
	}
	c.turns(3)
	if c.writes() == before {
		t.Error("the card is never worked on again")
	}
}

func TestAProcessWithAnotherConfigurationTakesNothing(t *testing.T) {
	t.Parallel()
	c := newCrew(t, 0)
	key, _ := c.couple("Work")
	c.turns(3)
	c.hands[1].Crew = &Crew{Config: "another", Deal: c.deal}
	c.hands = []*Runner{c.hands[1], c.hands[1]}
	c.must(c.site.Transition("ana", key, "Start work", noEdit))
	before := c.writes()
	c.turns(3)
	if n := c.writes() - before; n != 0 {
		t.Errorf("it made %d writes for a process of another configuration", n)
	}
}

func TestPausesAreSharedByAllProcesses(t *testing.T) {
	t.Parallel()
	c := newCrew(t, 0)
	until := c.clock.Now().Add(10 * time.Minute)
	limit := &connectors.Error{Kind: connectors.RateLimit, Tracker: "github", Message: "slow down", RetryAt: until}
	c.hands[1].refused(t.Context(), limit, "github", looking())
	if _, is := c.hands[0].Paused("github"); is {
		t.Fatal("it is known before anybody looked: the test proves nothing")
	}
	c.must(c.hands[0].look(t.Context()))
	if p, is := c.hands[0].Paused("github"); !is || !p.Until.Equal(until) {
		t.Errorf("paused %v until %v, want until %v", is, p.Until, until)
	}
	c.desk.tellPauses(t.Context()) // goes over the list with its own, which has it by now
	c.must(c.store.SetSetting(t.Context(), store.SettingPauses, "[]"))
	c.must(c.hands[1].look(t.Context()))
	text, _, err := c.store.Setting(t.Context(), store.SettingPauses)
	c.must(err)
	if !strings.Contains(text, "slow down") {
		t.Errorf("a quota that is used up was forgotten by all others: %s", text)
	}
	c.clock.Advance(11 * time.Minute)
	c.must(c.hands[0].look(t.Context()))
	if !c.hands[0].may("github", looking()) {
		t.Error("it goes on after its end")
	}
}

func TestProcessesAreTold(t *testing.T) {
	t.Parallel()
	now := monday
	held := func(name, owner string, until time.Time) store.Lease {
		return store.Lease{Name: name, Owner: owner, Until: until}
	}
	got := processes([]store.Lease{
		held("card/a", "b", now.Add(time.Second)), held("card/b", "b", now), held("card/c", "gone", now.Add(time.Second)),
		held("process/x/a", "a", now.Add(time.Second)), held("process/y/b", "b", now.Add(time.Second)), held("process/y/gone", "gone", now),
		held(store.LeaseRunner, "a", now.Add(time.Second)),
	}, now)
	want := []Process{{Owner: "a", Config: "x", Decides: true}, {Owner: "b", Config: "y", Cards: 1}}
	if !slices.Equal(got, want) {
		t.Errorf("processes %+v, want %+v", got, want)
	}
}

// peers tells of processes what a test says of them.
type peers struct {
	gone map[string]bool
	now  func() time.Time
}

// Here does nothing.
func (peers) Here(context.Context) error { return nil }

// Gone is what the test says.
func (p peers) Gone(_ context.Context, owner string) (bool, error) { return p.gone[owner], nil }

// Now is the time.
func (p peers) Now(context.Context) (time.Time, error) { return p.now(), nil }

func TestWhatTheDeadHeldIsTakenOverAtOnce(t *testing.T) {
	t.Parallel()
	c := newCrew(t, 0)
	one, two := c.hands[0], c.hands[1]
	p := peers{gone: map[string]bool{}, now: c.clock.Now}
	two.Peers = p
	h, err := one.grasp(t.Context(), "card/x", holdFor)
	c.must(err)
	if _, err := two.grasp(t.Context(), "card/x", holdFor); !errors.As(err, new(store.ErrHeld)) {
		t.Fatalf("taken from the living: %v", err)
	}
	p.gone[one.Owner] = true
	taken, err := two.grasp(t.Context(), "card/x", holdFor)
	c.must(err)
	if taken.epoch <= h.epoch || !errors.Is(h.renew(t.Context()), store.ErrFenced) {
		t.Error("the dead one would still be let write")
	}
	under := context.WithValue(t.Context(), holdKey{}, h)
	if _, err := one.put(under, store.Commit{Cards: []store.CardWrite{{Card: engine.Card{ID: "x"}, Face: kanban.Card{ID: "x"}}}}); !errors.Is(err, store.ErrFenced) {
		t.Errorf("a commit under a lease that was taken over = %v, want ErrFenced", err)
	}
}

func TestAProcessThatHasJustStartedSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	fresh := New(w.runner.Options)
	_, err := fresh.Intend(t.Context(), engine.Intent{Key: "op", Card: "any", Field: kanban.FieldStatus, To: "doing"})
	if refused, ok := errors.AsType[*engine.Refusal](err); !ok || !refused.Stale {
		t.Errorf("error %v, want to be told to try again", err)
	}
}

// heardLog is a log that keeps what it was told.
type heardLog struct {
	slog.Handler

	mu   sync.Mutex
	said []string
}

// Enabled is true: all is kept.
func (*heardLog) Enabled(context.Context, slog.Level) bool { return true }

// Handle keeps one line.
func (l *heardLog) Handle(_ context.Context, r slog.Record) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.said = append(l.said, r.Message)
	return nil
}

func TestAnotherConfigurationIsToldOnce(t *testing.T) {
	t.Parallel()
	c := newCrew(t, 0)
	log := &heardLog{}
	r := c.hands[0]
	r.Log = slog.New(log)
	if r.compare(t.Context(), false) {
		t.Fatal("it differs from nobody")
	}
	_, err := c.store.Acquire(t.Context(), leaseProcess+"another/x", "x", processFor, c.clock.Now())
	c.must(err)
	if !r.compare(t.Context(), false) || !r.compare(t.Context(), true) || len(log.said) != 1 || !strings.Contains(log.said[0], "another configuration") {
		t.Errorf("told %q, want it once", log.said)
	}
	c.clock.Advance(2 * processFor)
	if r.compare(t.Context(), true) {
		t.Error("a process that is gone still differs")
	}
}
