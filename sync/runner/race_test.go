//go:build race

package runner

// scale is how many issues are on a side; the race detector makes
// everything ten times slower.
const scale = 350

// stride is by how many commits later a process dies each time, where a test ends it at
// every one: each death is a story of its own.
const stride = 4
