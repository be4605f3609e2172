package world

import "math/rand/v2"

// Streams of chance. Each occasion draws from its own, so that one more draw in
// one place changes nothing in another.
const (
	streamSwarm uint64 = iota + 1
	streamFault
	streamLag
	streamDeed
	streamClock
	streamStart
	streamReplica
	streamMishap
	streamReaction
)

// chance gives the dice of one occasion, named by a stream and two numbers. They are
// good until the next call.
func (w *World) chance(stream, a, b uint64) *rand.Rand {
	w.pcg.Seed(w.opts.Seed^mix(stream), mix(a)+b)
	return w.rng
}

// mix is the finaliser of splitmix64: neighbouring numbers give unrelated ones.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// pick chooses one of a list that is not empty.
func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// hit reports whether something of this rate happens.
func hit(r *rand.Rand, rate float64) bool { return rate > 0 && r.Float64() < rate }
