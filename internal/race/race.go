// Package race tells tests whether the race detector watches them. It makes a program about
// ten times slower, and what it finds it finds in the first few of many like runs: a test whose
// worth lies in their number does fewer of them then.
package race

// Of is how often a test does something: often, or seldom while the race detector watches.
func Of(often, seldom int) int {
	if Enabled {
		return seldom
	}
	return often
}
