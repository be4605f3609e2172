package world

import (
	"math/rand/v2"
	"time"

	"parley/connectors"
)

// The delays that Parley is built for (facts/sync.md §1.1).
const (
	// HorizonWrite is how long after the answer was given up a write may still take
	// effect: H_w of A3.
	HorizonWrite = 5 * time.Minute
	// LagJira and LagGitHub are Λ of A4: how late a change shows in lists at most.
	LagJira   = 10 * time.Minute
	LagGitHub = 2 * time.Minute
	// staleMost is how far a replica is behind at most. Λ covers both, the index and
	// its replica.
	staleMost = 30 * time.Second
)

// lag draws how late lists will show an issue's next version. What is new is found by
// its creator in a list that is read from the database, so it is never later than Λ.
func (w *World) lag(i *issue, isNew bool) time.Duration {
	s := &w.opts.Swarm
	if w.calm || s.Lag == 0 {
		return 0
	}
	r := w.chance(streamLag, uint64(i.num)<<1|kindBit(i.kind), uint64(i.pushed))
	if !hit(r, s.Lag) {
		return 0
	}
	most := i.host.overlap - staleMost
	if s.LongLag && !isNew && r.IntN(50) == 0 {
		w.count("lag beyond Λ")
		return i.host.overlap + upTo(r, 9*most)
	}
	w.count("lag")
	if r.IntN(2) == 0 {
		most /= 20
	}
	return upTo(r, most)
}

func kindBit(k connectors.Kind) uint64 {
	if k == connectors.Jira {
		return 0
	}
	return 1
}

// upTo draws a duration of more than nothing and at most d.
func upTo(r *rand.Rand, d time.Duration) time.Duration {
	return time.Duration(1 + r.Int64N(int64(max(d, 1))))
}
