package pgtest

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// StoreEnv is the environment variable that says on which store the tests of everything
// above the store run: "sqlite", which is also meant where it is not set, or "postgres".
const StoreEnv = "PARLEY_TEST_STORE"

// URL gives the URL of a new, empty store that goes when the test ends: the SQLite file,
// or in its stead a schema where StoreEnv says so.
func (s *Server) URL(tb testing.TB, file string) string {
	tb.Helper()
	switch on := os.Getenv(StoreEnv); on {
	case "", "sqlite":
		return "sqlite:" + file
	case "postgres":
		return s.Address(tb)
	default:
		tb.Fatalf("%s=%s: it is sqlite or postgres", StoreEnv, on)
		return ""
	}
}

// Address is Schema as a configuration takes it: an address of PostgreSQL names a host there.
func (s *Server) Address(tb testing.TB) string {
	tb.Helper()
	return strings.Replace(s.Schema(tb), "parley@/", "parley@localhost/", 1) // the socket is named behind it
}

// Main runs the tests of a program that has s, and ends s. It gives the exit code.
func (s *Server) Main(m *testing.M) int {
	code := m.Run()
	if err := s.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, "stop PostgreSQL:", err)
		return 1
	}
	return code
}
