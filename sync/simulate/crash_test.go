package simulate

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/kanban"
	"parley/sync/simulate/world"
)

// outcome is what a run ends in, as far as P7 compares it: the values on both sides, the
// agreed ones and the freezes of every card, and how many issues there are.
func outcome(sc Script) (string, Result) {
	s, err := prepare(sc)
	if err != nil {
		return "", Result{Script: sc, Err: err}
	}
	s.play()
	v, err := s.verdict()
	res := Result{Script: s.script, Effects: s.stormy, Operations: s.world.Operations(), Err: err}
	s.end()
	if err != nil {
		return "", res
	}
	lines := []string{fmt.Sprint(len(v.truth.Issues), " issues")}
	for _, st := range v.stories {
		line := string(st.card.ID) + " " + string(st.field) + " = " + string(st.card.Field(st.field).Agreed) + " " + string(st.card.Field(st.field).Frozen)
		for _, side := range kanban.Sides {
			if sd := st.card.Sides[side]; sd != nil {
				if i, ok := v.truth.Issue(kindOf(side), sd.Issue.ID); ok {
					line += fmt.Sprintf(", %s %q", side, v.engine.Rules.Native(i.Now(), st.field))
				}
			}
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return strings.Join(lines, "; "), res
}

// crashes is a scenario and what its runs without a crash may end in.
type crashes struct {
	sc      Script
	reached map[string]bool
	effects int
}

// uncrashed runs a scenario without a crash at several paces.
func uncrashed(t *testing.T, sc Script) *crashes {
	t.Helper()
	c := &crashes{sc: sc, reached: map[string]bool{}}
	for pace := range uint64(12) {
		sc.Pace = pace
		out, res := outcome(sc)
		if res.Err != nil {
			t.Fatalf("without a crash: %v\n%s", res.Err, Narrate(sc))
		}
		c.reached[out] = true
		if pace == 0 {
			c.effects = res.Effects
		}
	}
	for _, late := range delayed(c.sc) {
		out, _ := outcome(late)
		c.reached[out] = true
	}
	return c
}

// at lets the process die at some effects and holds P7: the end is one that some run
// without a crash reaches, modulo more conflict rows.
func (c *crashes) at(t *testing.T, die ...int) {
	t.Helper()
	sc := c.sc
	sc.Die = die
	out, res := outcome(sc)
	if res.Err != nil {
		t.Fatalf("crash at effects %v of %d: %v\n%s", die, c.effects, res.Err, Narrate(sc))
	}
	if !c.reached[out] && !reach(sc, out, c.reached) {
		t.Fatalf("P7: crash at effects %v of %d ends in\n%s\nwithout a crash it is one of\n%s\n%s", die, c.effects, out, strings.Join(keys(c.reached), "\n"), Narrate(sc))
	}
}

// everyPoint reports whether the process is to die at every point, or at a sample, and
// thorough whether also at every two of them.
func everyPoint() bool { return os.Getenv("PARLEY_CRASHES") != "" }
func thorough() bool   { return os.Getenv("PARLEY_CRASHES") == "all" }

// TestEveryCrashPoint holds P7, crash equivalence, wherever the process may die once.
// Every point is tried with PARLEY_CRASHES=every or all, every seventeenth else.
func TestEveryCrashPoint(t *testing.T) {
	t.Parallel()
	seed, step := Wide(1), 17
	if everyPoint() {
		step = 1
	}
	for _, sc := range Scenarios() {
		t.Run(sc.Name, func(t *testing.T) {
			t.Parallel()
			sc.Seed = cmp.Or(sc.Seed, seed)
			c := uncrashed(t, sc)
			for at := 1; at <= c.effects; at += step {
				c.at(t, at)
			}
			t.Logf("%d points", c.effects)
		})
	}
}

// shortest is how many scenarios are short enough to try every two crashes.
const shortest = 5

// TestCrashesAfterCrashes lets the process die again and again: at all pairs of points
// of the shortest scenarios with PARLEY_CRASHES=all, at random pairs and triples else.
func TestCrashesAfterCrashes(t *testing.T) {
	t.Parallel()
	all, seed := Scenarios(), Wide(1)
	long := map[string]int{}
	for i := range all {
		all[i].Seed = cmp.Or(all[i].Seed, seed)
		_, res := outcome(all[i])
		long[all[i].Name] = res.Effects
	}
	slices.SortStableFunc(all, func(a, b Script) int { return long[a.Name] - long[b.Name] })
	for i, sc := range all {
		t.Run(sc.Name, func(t *testing.T) {
			t.Parallel()
			c := uncrashed(t, sc)
			if thorough() && i < shortest {
				c.everyTwo(t)
			} else {
				c.someTriples(t)
			}
		})
	}
}

// everyTwo tries every two crashes. The second is counted on from the first: the
// process that comes after it starts from the beginning.
func (c *crashes) everyTwo(t *testing.T) {
	t.Helper()
	n := 0
	for first := 1; first <= c.effects; first++ {
		for second := first + 1; second <= c.effects+1; second++ {
			c.at(t, first, second)
			n++
		}
	}
	t.Logf("%d pairs of %d points", n, c.effects)
}

// someTriples tries random crashes, two and three of them.
func (c *crashes) someTriples(t *testing.T) {
	t.Helper()
	d, n := newDice(c.sc.Seed, c.sc.Name), 4
	if thorough() {
		n = 2000
	}
	for i := range n {
		die := []int{1 + d.below(c.effects), 1 + d.below(c.effects), 1 + d.below(c.effects)}
		slices.Sort(die)
		c.at(t, die[i%2:]...)
	}
	t.Logf("%d of %d points", n, c.effects)
}

// reach looks for a run without a crash that ends like this one: a crash also shifts
// when a process polls, which other schedules do as well, and which requests a fault meets,
// so that it may meet several in a row.
func reach(sc Script, out string, reached map[string]bool) bool {
	sc.Die = nil
	deeds, rates := sc.Deeds, sc.Swarm.Rates
	d := newDice(sc.Seed, "reach")
	for pace := range uint64(500) {
		sc.Pace = 100 + pace
		sc.Deeds = slices.Clone(deeds)
		for f := range rates {
			sc.Swarm.Rates[f] = min(1, rates[f]*float64(1+pace%3))
		}
		by := d.span(60 * time.Second)
		for i := range sc.Deeds {
			sc.Deeds[i].At += by
			if strings.HasPrefix(sc.Deeds[i].What, deedBoard+" ") && d.one(3) {
				sc.Deeds[i].At += d.span(2 * patience)
			}
		}
		there, _ := outcome(sc)
		if reached[there] = true; there == out {
			return true
		}
	}
	return false
}

// delayed are the script's variants in which a drag came later: with a process that
// died in between, its maker had no answer and tried again.
func delayed(sc Script) []Script {
	var out []Script
	for i, d := range sc.Deeds {
		if !strings.HasPrefix(d.What, deedBoard+" ") {
			continue
		}
		for _, by := range []time.Duration{patience, 2 * patience} {
			late := sc
			late.Deeds = slices.Clone(sc.Deeds)
			late.Deeds[i].At += by
			out = append(out, late)
		}
	}
	return out
}

func keys(m map[string]bool) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// TestLostStore drops the store in the middle of a run: every pair is found again,
// nothing is created and nothing overwritten.
func TestLostStore(t *testing.T) {
	t.Parallel()
	for seed := uint64(1); seed <= 10; seed++ {
		sc := Script{Seed: seed, Items: 12, Pairs: 5, Length: 12 * time.Minute, Exact: true, Swarm: &world.Swarm{},
			Setup: &Setup{Status: "jira", Priority: "jira", Poll: 30 * time.Second, Processes: 1, Steady: true},
			Deeds: []Deed{{At: 10 * time.Minute, What: deedLose}}}
		d := newDice(seed, "lost")
		for i := range 8 {
			sc.Deeds = append(sc.Deeds, inJira(time.Duration(60+i*20)*time.Second, d.below(5)), inGitHub(time.Duration(70+i*20)*time.Second, d.below(7)))
		}
		s, err := prepare(sc)
		if err != nil {
			t.Fatal(err)
		}
		s.schedule(s.now + int64(9*time.Minute))
		s.run(s.now + int64(9*time.Minute))
		pairs, issues, writes := s.pairs(), len(s.world.Truth().Issues), s.wrote()
		s.run(s.now + int64(20*time.Minute))
		if now := s.pairs(); fmt.Sprint(now) != fmt.Sprint(pairs) || len(s.world.Truth().Issues) != issues || s.wrote() != writes {
			t.Errorf("seed %d: before %v, %d issues, %d writes; after the store was lost %v, %d, %d", seed, pairs, issues, writes, now, len(s.world.Truth().Issues), s.wrote())
		}
		s.end()
	}
}

// pairs lists the cards that are pairs.
func (s *sim) pairs() []string {
	v, err := s.judge()
	if err != nil {
		return []string{err.Error()}
	}
	var out []string
	for _, c := range v.cards {
		if c.Paired() {
			out = append(out, string(c.ID)+" "+c.Sides[0].Issue.Key+" "+c.Sides[1].Issue.Key)
		}
	}
	slices.Sort(out)
	return out
}

// wrote counts what Parley has changed in the trackers.
func (s *sim) wrote() int {
	n := 0
	for _, i := range s.world.Truth().Issues {
		for k := range i.Edits {
			if i.Edits[k].Cause == world.ByParley {
				n++
			}
		}
	}
	return n
}

// TestScenariosMeetTheirFault holds the troubled scenarios to their names.
func TestScenariosMeetTheirFault(t *testing.T) {
	t.Parallel()
	troubled := 0
	for _, sc := range Scenarios() {
		sc.Seed = cmp.Or(sc.Seed, Wide(1))
		for _, f := range world.Faults() {
			if sc.Swarm.Rates[f] == 0 {
				continue
			}
			troubled++
			met := 0
			for pace := range uint64(24) {
				sc.Pace = pace
				met += Run(sc).Met["world "+f.String()]
			}
			if met == 0 {
				t.Errorf("%s: no %s in 24 runs", sc.Name, f)
			}
		}
	}
	if troubled == 0 {
		t.Error("no scenario is about a fault")
	}
}
