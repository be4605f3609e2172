// Package secrecy holds the tests that no word of a tracker reaches anybody who may not
// read it, on the whole product: simulated trackers, the daemon, its pages, its API, its
// streams, its metrics, its command line and its log. There is nothing else in it.
package secrecy
