//go:build !race

package runner

// scale is how many issues are on a side.
const scale = 1000
