//go:build race

package runner

// scale is how many issues are on a side; the race detector makes
// everything ten times slower.
const scale = 350
