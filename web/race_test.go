//go:build race

package web_test

// racing says that the race detector watches, which makes a server several times slower.
const racing = true
