package simulate

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Campaign is many runs with neighbouring seeds.
type Campaign struct {
	From       uint64 // the first seed
	Operations int64  // of the trackers, in all; the campaign ends with the run that reaches them
	Workers    int    // runs at a time; each is one thread
	Twice      uint64 // every so many-th seed is run twice and must give the same trace; 0: none
	Failures   int    // it ends after so many; 0: after the first
}

// Tally is what came of a campaign.
type Tally struct {
	From, Next uint64 // seeds from From up to before Next were run
	Seeds      int
	Operations int64
	Effects    int64
	Twice      int // seeds that were run twice
	Met        map[string]int
	Failures   []Result
	Elapsed    time.Duration
}

// Rate is operations a second.
func (t *Tally) Rate() float64 { return float64(t.Operations) / max(t.Elapsed.Seconds(), 1e-9) }

// String is the tally in a line.
func (t *Tally) String() string {
	return fmt.Sprintf("%d operations in %d seeds (%d to %d, %d of them twice), %d effects, %d failures, %.1f s, %.0f operations/s",
		t.Operations, t.Seeds, t.From, t.Next-1, t.Twice, t.Effects, len(t.Failures), t.Elapsed.Seconds(), t.Rate())
}

// errTrace is what is wrong with a seed whose second run differs from its first (P13).
var errTrace = errors.New("P13: the same seed gave another trace")

// Run makes the runs. It ends early with ctx.
func (c Campaign) Run(ctx context.Context) Tally {
	began := time.Now()
	g := &gathering{Campaign: c, tally: Tally{From: c.From, Next: c.From, Met: map[string]int{}}}
	var wg sync.WaitGroup
	for range max(c.Workers, 1) {
		wg.Go(func() {
			for {
				seed, more := g.take(ctx)
				if !more {
					return
				}
				g.add(c.one(seed))
			}
		})
	}
	wg.Wait()
	g.tally.Elapsed = time.Since(began)
	return g.tally
}

// one makes the run of a seed, twice where that is asked for.
func (c Campaign) one(seed uint64) (Result, bool) {
	res := Run(Script{Seed: seed})
	if c.Twice == 0 || seed%c.Twice != 0 || res.Err != nil {
		return res, false
	}
	if again := Run(Script{Seed: seed}); again.Trace != res.Trace {
		res.Err = fmt.Errorf("%w: %x and %x", errTrace, res.Trace, again.Trace)
	}
	return res, true
}

// gathering hands out seeds and adds up what came of them.
type gathering struct {
	Campaign
	mu    sync.Mutex
	tally Tally
}

func (g *gathering) take(ctx context.Context) (uint64, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if ctx.Err() != nil || g.tally.Operations >= g.Operations || len(g.tally.Failures) >= max(g.Campaign.Failures, 1) {
		return 0, false
	}
	seed := g.tally.Next
	g.tally.Next++
	return seed, true
}

func (g *gathering) add(res Result, twice bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := &g.tally
	t.Seeds++
	t.Operations += res.Operations
	t.Effects += int64(res.Effects)
	if twice {
		t.Twice++
		t.Operations += res.Operations
	}
	for name, n := range res.Met {
		t.Met[name] += n
	}
	if res.Err != nil {
		t.Failures = append(t.Failures, res)
	}
}
