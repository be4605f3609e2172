package simulate

import (
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

// TestEveryCrashPoint holds P7, crash equivalence: any crash ends in a state that some
// run without a crash reaches, modulo more conflict rows. Every point is tried where
// PARLEY_SIM_OPERATIONS is set, every seventeenth else.
func TestEveryCrashPoint(t *testing.T) {
	t.Parallel()
	seed, step := Wide(1), 17
	if os.Getenv("PARLEY_SIM_OPERATIONS") != "" {
		step = 1
	}
	for _, sc := range Scenarios() {
		t.Run(sc.Name, func(t *testing.T) {
			t.Parallel()
			sc.Seed = seed
			reached := map[string]bool{}
			effects := 0
			for pace := range uint64(12) {
				sc.Pace = pace
				out, res := outcome(sc)
				if res.Err != nil {
					t.Fatalf("without a crash: %v\n%s", res.Err, Narrate(sc))
				}
				reached[out] = true
				if pace == 0 {
					effects = res.Effects
				}
			}
			sc.Pace = 0
			for _, late := range delayed(sc) {
				out, _ := outcome(late)
				reached[out] = true
			}
			for at := 1; at <= effects; at += step {
				sc.Die = []int{at}
				out, res := outcome(sc)
				if res.Err != nil {
					t.Fatalf("crash at effect %d of %d: %v\n%s", at, effects, res.Err, Narrate(sc))
				}
				if !reached[out] && !reach(sc, out, reached) {
					t.Fatalf("P7: crash at effect %d of %d ends in\n%s\nwithout a crash it is one of\n%s\n%s", at, effects, out, strings.Join(keys(reached), "\n"), Narrate(sc))
				}
			}
			t.Logf("%d points", effects)
		})
	}
}

// reach looks for a run without a crash that ends like this one: a crash also shifts
// when a process polls, which other schedules do as well.
func reach(sc Script, out string, reached map[string]bool) bool {
	sc.Die = nil
	deeds := sc.Deeds
	d := newDice(sc.Seed, "reach")
	for pace := range uint64(500) {
		sc.Pace = 100 + pace
		sc.Deeds = slices.Clone(deeds)
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
