package simulate

import (
	"context"
	"testing"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/simulate/world"
)

// TestObservationsInAnyOrder holds P15: duplicated, delayed and re-ordered observations
// give the same state. The pictures that a tracker showed of an issue through its life
// are taken in as they came, and again shuffled and doubled.
func TestObservationsInAnyOrder(t *testing.T) {
	t.Parallel()
	moved := 0
	for seed := uint64(1); seed <= 40; seed++ {
		sc := Script{Seed: seed, Items: 2, Pairs: 1, Exact: true, Swarm: &world.Swarm{}, Setup: &Setup{Status: "jira", Priority: "jira", Poll: 30 * time.Second, Processes: 1, Steady: true}}
		s, err := prepare(sc)
		if err != nil {
			t.Fatal(err)
		}
		s.run(s.now + int64(time.Minute))
		eng := s.working().runner.Engine()
		d := newDice(seed, "order")
		for _, tr := range s.world.Trackers() {
			moved += s.inAnyOrder(t, eng, d, tr)
		}
		s.end()
	}
	if moved < 40 {
		t.Errorf("only %d values changed: nothing was out of order", moved)
	}
}

// inAnyOrder compares the two, and counts the values that had changed by the end.
func (s *sim) inAnyOrder(t *testing.T, eng *engine.Engine, d *dice, tr world.Tracker) (moved int) {
	t.Helper()
	side := sideOf(tr.Kind)
	issue := s.world.Truth().Issues[side]
	var seen []connectors.Observation
	for range 12 {
		o, err := tr.Read(context.Background(), connectors.Ref{Tracker: tr.Name, ID: issue.ID, Key: issue.Now().Key, Container: issue.Now().Container, Number: issue.Now().Number})
		if err != nil {
			t.Fatal(err)
		}
		o.Entries, _, err = tr.History(context.Background(), o.Issue.Ref, 0)
		if err != nil {
			t.Fatal(err)
		}
		o.Since = -1
		seen = append(seen, o)
		s.world.Advance(20 * time.Second)
		s.world.Deed()
	}
	first := engine.Observed{Side: side, Observation: seen[0]}
	begin := eng.Step(engine.Card{ID: "card"}, first, s.clock()).Card
	straight, mixed := begin, begin
	for _, o := range seen {
		straight = eng.Step(straight, engine.Observed{Side: side, Strong: true, Observation: o}, s.clock()).Card
	}
	for range 60 {
		mixed = eng.Step(mixed, engine.Observed{Side: side, Strong: true, Observation: pick(d, seen)}, s.clock()).Card
	}
	mixed = eng.Step(mixed, engine.Observed{Side: side, Strong: true, Observation: seen[len(seen)-1]}, s.clock()).Card
	for _, f := range kanban.Fields {
		a, b := straight.Field(f), mixed.Field(f)
		if was := begin.Field(f); was.Sides[side].Native != a.Sides[side].Native {
			moved++
		}
		if a.Agreed != b.Agreed || a.Sides[side].Native != b.Sides[side].Native || a.Sides[side].Seq != b.Sides[side].Seq || a.Frozen != b.Frozen {
			t.Errorf("seed %d, %s: %s is %q (%q, entry %d) in order and %q (%q, entry %d) out of it", s.seed, tr.Name, f,
				a.Agreed, a.Sides[side].Native, a.Sides[side].Seq, b.Agreed, b.Sides[side].Native, b.Sides[side].Seq)
		}
	}
	return moved
}

// TestPoisonedItem holds P21: an item whose rows cannot be read delays nobody else by
// more than a poll. The same change is made to six pairs with and without such a row.
func TestPoisonedItem(t *testing.T) {
	t.Parallel()
	const pairs = 6
	sc := Script{Seed: Wide(1), Items: 2 * pairs, Pairs: pairs, Length: 5 * time.Minute, Rest: time.Minute, Exact: true, Swarm: &world.Swarm{},
		Setup: &Setup{Status: "jira", Priority: "jira", Poll: 30 * time.Second, Processes: 1, Steady: true, Limitless: true}}
	for i := range pairs {
		deed := inJira(2*time.Minute, toDoing)
		move := *deed.Do
		move.Issue = []string{"10001", "10002", "10003", "10004", "10005", "10006"}[i]
		sc.Deeds = append(sc.Deeds, did(deed.At, move))
	}
	usual, _ := slowest(t, sc, 0)
	sc.Swarm = &world.Swarm{}
	sc.Swarm.Rates[world.BrokenRow] = 0.999
	struck := 0
	for n := int64(1); n <= 40; n++ {
		sc.Faults = []int64{n}
		late, broken := slowest(t, sc, 1)
		if late > usual+sc.Setup.Poll {
			t.Errorf("with a broken row at request %d somebody else waits %s; without it is %s", n, late, usual)
		}
		struck += broken
	}
	if struck == 0 {
		t.Error("no row was ever broken")
	}
}

// slowest is how long the slowest change took to reach GitHub, but for so many, and how
// many rows were broken.
func slowest(t *testing.T, sc Script, but int) (wait time.Duration, broken int) {
	t.Helper()
	s, err := prepare(sc)
	if err != nil {
		t.Fatal(err)
	}
	defer s.end()
	s.play()
	var waits []time.Duration
	for _, i := range s.world.Truth().Issues {
		for n := range i.Edits {
			if i.Kind == connectors.GitHub && i.Edits[n].Cause == world.ByParley && i.Edits[n].Touches == kanban.FieldStatus {
				waits = append(waits, i.Edits[n].At.Sub(time.Unix(0, s.began).UTC())-sc.Deeds[0].At)
				break
			}
		}
	}
	if len(waits) < len(sc.Deeds)-but {
		t.Fatalf("%d of %d changes reached GitHub", len(waits), len(sc.Deeds))
	}
	for range but {
		var most int
		for k := range waits {
			if waits[k] > waits[most] {
				most = k
			}
		}
		waits[most] = 0
	}
	var worst time.Duration
	for _, w := range waits {
		worst = max(worst, w)
	}
	return worst, s.world.Fired()[world.BrokenRow.String()]
}
