// Package pgtest gives tests a PostgreSQL of their own: the one that
// PARLEY_TEST_POSTGRES names, or a private server started for the test program
// from the binaries that are installed.
package pgtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // registers "pgx"
)

// Env is the environment variable with the URL of a server to test with. Its user
// must be allowed to create schemas; every test makes one and drops it.
const Env = "PARLEY_TEST_POSTGRES"

// Server hands out schemas of one PostgreSQL server, which starts with the first
// test that needs it. The zero value is ready; make one per test program and
// stop it in TestMain.
type Server struct {
	// Durable has what was committed outlive a crash of the server, which costs time. It is
	// set before the first schema.
	Durable bool

	once    sync.Once
	url     string
	skip    string
	err     error
	cluster *cluster
}

// Schema gives the URL of a new, empty schema that goes when the test ends. It
// skips the test where there is no PostgreSQL.
func (s *Server) Schema(tb testing.TB) string {
	tb.Helper()
	s.once.Do(s.start)
	if s.skip != "" {
		tb.Skip(s.skip)
	}
	if s.err != nil {
		tb.Fatal(s.err)
	}
	name := "parley_" + random()
	if err := s.exec(tb.Context(), "CREATE SCHEMA "+name); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(tb.Context()), time.Minute)
		defer cancel()
		if err := s.exec(ctx, "DROP SCHEMA "+name+" CASCADE"); err != nil {
			tb.Error(err)
		}
	})
	return within(s.url, name)
}

// Restart ends the private server and starts it again. A crash breaks off whatever is under
// way and leaves no time to tidy up. It does nothing to a server that the environment names.
func (s *Server) Restart(crash bool) error {
	if s.cluster == nil {
		return nil
	}
	by := syscall.SIGINT
	if crash {
		by = syscall.SIGQUIT
	}
	if err := s.cluster.end(by); err != nil {
		return err
	}
	return s.cluster.start()
}

// Stop ends the private server, if one was started, and removes its files.
func (s *Server) Stop() error {
	if s.cluster == nil {
		return nil
	}
	return s.cluster.stop()
}

func (s *Server) start() {
	if s.url = os.Getenv(Env); s.url != "" {
		return
	}
	s.cluster, s.err = startCluster(s.Durable)
	if errors.Is(s.err, errNone) {
		s.skip, s.err = "no PostgreSQL: install it (Debian: postgresql) or set "+Env+" to the URL of a server", nil
	}
	if s.err == nil && s.cluster != nil {
		s.url = s.cluster.url()
	}
}

func (s *Server) exec(ctx context.Context, query string) error {
	db, err := sql.Open("pgx", s.url)
	if err != nil {
		return fmt.Errorf("open %s: not a PostgreSQL address", Env)
	}
	defer func() { _ = db.Close() }() // nothing is left to lose
	if _, err := db.ExecContext(ctx, query); err != nil {
		return fmt.Errorf("%s: %w", query, err)
	}
	return nil
}

// within is a server's URL with another schema to work in.
func within(server, schema string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server // it has worked once
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}

func random() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}
