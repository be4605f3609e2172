//go:build race

package l3_test

// few is how many issues a side has where PARLEY_SCALE says nothing else; the race detector makes
// everything ten times slower.
const few = 80
