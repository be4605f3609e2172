//go:build !race

package web_test

// racing says that the race detector watches.
const racing = false
