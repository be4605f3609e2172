package simulate

import "time"

// mix turns two numbers into one that looks like chance (splitmix64's finaliser).
// What it is asked by name and ordinal stays the same when something else is left
// out of a run, which is what lets a failing run be made smaller.
func mix(a, b uint64) uint64 {
	z := a + 0x9e3779b97f4a7c15*(b+1)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// named is the number of a text (FNV-1a).
func named(h uint64, text string) uint64 {
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 0x100000001b3
	}
	return h
}

// dice is a stream of chance of its own.
type dice struct{ seed, n uint64 }

func newDice(seed uint64, name string) *dice {
	return &dice{seed: mix(seed, named(0xcbf29ce484222325, name))}
}

func (d *dice) next() uint64 { d.n++; return mix(d.seed, d.n) }

// below draws one of 0 to n-1.
func (d *dice) below(n int) int { return int(d.next() >> 1 % uint64(n)) }

// one reports, once in n times, true.
func (d *dice) one(n int) bool { return d.below(n) == 0 }

// span draws a duration below d.
func (d *dice) span(limit time.Duration) time.Duration {
	return time.Duration(d.next() >> 1 % uint64(max(limit, 1)))
}

// pick draws one of the choices.
func pick[T any](d *dice, choices []T) T { return choices[d.below(len(choices))] }
