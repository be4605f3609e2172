// Package recordings is for tests on what real trackers answered: which members their
// answers have, and which ones a Go type reads of them. The recordings are in the folder
// that PARLEY_DATA names and are not part of this repository.
package recordings
