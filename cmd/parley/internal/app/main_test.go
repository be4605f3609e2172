package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/sync/store/storetest/pgtest"
)

// server is shared by the tests of this program; TestMain ends it.
var server pgtest.Server

func TestMain(m *testing.M) { os.Exit(server.Main(m)) }

// onStore has a configuration name a store that goes when the test ends, see pgtest.StoreEnv.
func onStore(tb testing.TB, text string) string {
	tb.Helper()
	const named = "sqlite:parley.db"
	if !strings.Contains(text, named) {
		tb.Fatal("the configuration names no store")
	}
	return strings.Replace(text, named, server.URL(tb, filepath.Join(tb.TempDir(), "parley.db")), 1)
}
