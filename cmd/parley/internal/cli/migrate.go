package cli

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/google/uuid"

	"parley/cmd/parley/internal/config"
	"parley/sync/store/open"
	"parley/sync/store/transfer"
)

type migrateCommand struct {
	From    string `help:"Store to be moved, by default that of the configuration: sqlite:FILE or postgres://USER@HOST/DATABASE." placeholder:"URL"`
	To      string `required:"true" help:"Empty store to move it into. Passwords come from PGPASSWORD or ~/.pgpass rather than from the command line." placeholder:"URL"`
	Abandon bool   `help:"Give up a move that was interrupted, so that the store can be worked with again as it was."`
	JSON    bool   `help:"Print one JSON document." name:"json"`
}

// Run moves everything of one store into another one.
func (c migrateCommand) Run(ctx context.Context, s *session) error {
	from, err := s.storeURL(c.From)
	if err != nil {
		return err
	}
	for _, url := range []string{from, c.To} {
		if err := vetStore(url); err != nil {
			return err
		}
	}
	if open.Name(from) == open.Name(c.To) {
		return misused{"--from and --to are the same store"}
	}
	m := transfer.Move{From: from, To: c.To, NewID: uuid.NewString, Now: time.Now, Tell: s.rows()}
	if c.Abandon {
		if err := m.Abandon(ctx); err != nil {
			return err
		}
		_, err := fmt.Fprintf(s.Out, "%s can be worked with again; throw away what has come into %s\n", open.Name(from), open.Name(c.To))
		return err
	}
	began := time.Now()
	counts, err := m.Run(ctx)
	if err != nil {
		return err
	}
	took := time.Since(began)
	if c.JSON {
		return printJSON(s.Out, map[string]any{"from": open.Name(from), "to": open.Name(c.To), "tables": counts, "seconds": took.Seconds()})
	}
	if err := printCounts(s.Out, counts); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.Out, "\neverything in %s is in %s, by the checksum of every table, in %s. The former store is kept and cannot be run on any more.\n%s",
		open.Name(from), open.Name(c.To), took.Round(100*time.Millisecond), s.lineToChange(c.To))
	return err
}

// vetStore refuses what can never be the URL of a store. It is not repeated: it may hold a
// password.
func vetStore(url string) error {
	if !open.Known(url) {
		return misused{"not a store: write sqlite:FILE or postgres://USER@HOST/DATABASE"}
	}
	return nil
}

// storeURL is a URL that was typed, or that of the configuration.
func (s *session) storeURL(typed string) (string, error) {
	if typed != "" {
		return typed, vetStore(typed)
	}
	if cfg, _ := config.Inspect(s.path, os.LookupEnv); cfg != nil && open.Known(cfg.Store.URL) {
		return cfg.Store.URL, nil // no tracker is asked: its token may be missing here
	}
	cfg, err := s.load()
	if err != nil {
		return "", err
	}
	return cfg.Store.URL, nil
}

// lineToChange says what to write into the configuration so that a store is worked with, or
// nothing where that stands there.
func (s *session) lineToChange(url string) string {
	if cfg, _ := config.Inspect(s.path, os.LookupEnv); cfg != nil && open.Name(cfg.Store.URL) == open.Name(url) {
		return ""
	}
	return fmt.Sprintf("Change this line of [store] in %s, with the password left to PGPASSWORD or ~/.pgpass:\n  url = %q\n", s.path, open.Plain(url))
}

// rows tells how far a table is, a line every few seconds.
func (s *session) rows() func(table string, rows int64) {
	last := time.Now()
	return func(table string, rows int64) {
		if now := time.Now(); now.Sub(last) >= lineEvery {
			last = now
			fmt.Fprintf(s.Err, "%s: %d rows\n", table, rows)
		}
	}
}
