package simulate

import (
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/connectors"
	"parley/sync/reconcile"
	"parley/sync/simulate/world"
)

// TestSamePollConflicts lets two people change the same card's status in Jira and GitHub
// within one poll, 10,000 times over random lawful mappings and every policy: every
// loser is in a conflict; except where a person is asked every pair agrees in the end;
// at most three writes, none after they agree.
func TestSamePollConflicts(t *testing.T) {
	t.Parallel()
	goal := int64(1_000)
	if os.Getenv("PARLEY_SIM_OPERATIONS") != "" {
		goal = 10_000
	}
	began := time.Now()
	var done, clashes, most atomic.Int64
	var next atomic.Uint64
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for done.Load() < goal && !t.Failed() {
				n := next.Add(1)
				pairs, clashed, writes, err := meet(n)
				if err != nil {
					t.Errorf("mapping %d: %v", n, err)
					return
				}
				done.Add(int64(pairs))
				clashes.Add(int64(clashed))
				for m := most.Load(); int64(writes) > m && !most.CompareAndSwap(m, int64(writes)); m = most.Load() {
					continue
				}
			}
		})
	}
	wg.Wait()
	t.Logf("%d cards changed on both sides, %d conflicts, at most %d writes, %.1f s", done.Load(), clashes.Load(), most.Load(), time.Since(began).Seconds())
	if clashes.Load()*3 < done.Load() && !t.Failed() {
		t.Errorf("%d conflicts on %d cards: the two hardly ever met", clashes.Load(), done.Load())
	}
	if most.Load() > 3 {
		t.Errorf("a card took %d writes", most.Load())
	}
}

// together is how many cards are changed in one world: not so many that the share of
// conflicts makes a breaker hold them.
const cardsTogether = 16

// meet changes the cards of one world with a random mapping.
func meet(n uint64) (pairs, clashed, most int, err error) {
	d := newDice(n, "meet")
	set := &Setup{Status: []string{"jira", "github", "newest", "ask"}[n%4], Priority: "jira", Poll: 30 * time.Second, Processes: 1, Steady: true, Mapping: n, Limitless: true}
	sc := Script{Seed: Wide(n * 7), Items: 2 * cardsTogether, Pairs: cardsTogether, Length: 4 * time.Minute, Rest: 10 * time.Minute, Exact: true, Swarm: &world.Swarm{}, Setup: set}
	statuses, looks := 0, 0
	for _, col := range set.mapping().Columns {
		looks += len(col.GitHub)
		if !strings.HasPrefix(col.Jira[0], "same:") {
			statuses += len(col.Jira)
		}
	}
	for i := range cardsTogether {
		at := 2*time.Minute + d.span(20*time.Second)
		for _, kind := range []connectors.Kind{connectors.Jira, connectors.GitHub} {
			deed := world.Deed{Act: world.Move, Kind: kind, Who: "Ana", Issue: strconv.Itoa(10001 + i), To: strconv.Itoa(11 + 10*(1+d.below(statuses-1)))}
			if kind == connectors.GitHub {
				deed.Who, deed.Issue, deed.To = "Ben", strconv.Itoa(5166000001+i), strconv.Itoa(1+d.below(looks-1))
			}
			sc.Deeds = append(sc.Deeds, did(at+d.span(10*time.Second), deed))
		}
	}
	s, err := prepare(sc)
	if err != nil {
		return 0, 0, 0, err
	}
	defer s.end()
	s.play()
	v, err := s.verdict()
	if err != nil {
		return 0, 0, 0, err
	}
	for _, st := range v.stories {
		if st.field != "status" || len(st.edits) < 2 || st.edits[0].side == st.edits[1].side {
			continue
		}
		pairs++
		most = max(most, v.sentFor(st))
		if k := v.onRecord(st, &st.edits[0]); k != nil || v.onRecord(st, &st.edits[1]) != nil {
			clashed++
		}
		if f := st.card.Status.Frozen; set.Status != "ask" && f != reconcile.Thawed {
			return pairs, clashed, most, &reasonError{string(st.card.ID) + " is frozen: " + string(f)}
		}
	}
	return pairs, clashed, most, nil
}

type reasonError struct{ text string }

func (e *reasonError) Error() string { return e.text }
