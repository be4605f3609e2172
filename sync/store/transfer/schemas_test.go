package transfer

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
	"parley/sync/store/open"
)

// fixture is a store as the Parley of a former schema version wrote it, with rows in every
// table: a backup. Those up to 11 were made by the programs of that time.
type fixture struct {
	version int64
	file    string
}

// How a fixture is made; see makeFixture.
const howTo = `add one: write testdata/schema/%05d.sql with INSERTs for every table and column that the migration adds, then
PARLEY_FIXTURE=1 go test -run '^TestEverySchemaHasItsFixture$' ./sync/store/transfer`

func fixtures(t *testing.T) []fixture {
	t.Helper()
	files, err := filepath.Glob("testdata/schema/*.backup")
	if err != nil || len(files) == 0 {
		t.Fatal("no fixtures", err)
	}
	var all []fixture
	for _, file := range files {
		all = append(all, fixture{numbered(t, file), file})
	}
	slices.SortFunc(all, func(a, b fixture) int { return cmp.Compare(a.version, b.version) })
	return all
}

// numbered is the number that a file's name begins with.
func numbered(t *testing.T, file string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(filepath.Base(file)[:5], 10, 64)
	if err != nil {
		t.Fatalf("%s: no number", file)
	}
	return n
}

// released lists the schema versions, which every engine has.
func released(t *testing.T) []int64 {
	t.Helper()
	var versions [2][]int64
	for i, engine := range []string{"sqlite", "postgres"} {
		files, err := filepath.Glob("../" + engine + "/migrations/*.sql")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			versions[i] = append(versions[i], numbered(t, file))
		}
	}
	if !slices.Equal(versions[0], versions[1]) {
		t.Fatalf("the engines have other migrations: %v and %v", versions[0], versions[1])
	}
	return versions[0]
}

// Who adds a migration adds a store as it is then: the next one has to keep it.
func TestEverySchemaHasItsFixture(t *testing.T) {
	t.Parallel()
	all := fixtures(t)
	for _, version := range released(t) {
		if slices.ContainsFunc(all, func(f fixture) bool { return f.version == version }) {
			continue
		}
		if os.Getenv("PARLEY_FIXTURE") != "" {
			makeFixture(t, all[len(all)-1], version)
			continue
		}
		t.Errorf("schema version %d has no fixture; "+howTo, version, version)
	}
	for _, f := range all {
		m, err := Verify(f.file)
		if err != nil || m.Schema != f.version {
			t.Errorf("%s: schema version %d, %v", f.file, m.Schema, err)
		}
		for _, c := range m.Tables {
			if c.Rows == 0 {
				t.Errorf("%s: no rows in table %s", f.file, c.Table)
			}
		}
	}
}

// makeFixture upgrades the fixture before, adds the rows that its SQL tells, and backs it up.
func makeFixture(t *testing.T, before fixture, version int64) {
	t.Helper()
	name := fmt.Sprintf("testdata/schema/%05d", version)
	more, err := os.ReadFile(name + ".sql")
	if err != nil {
		t.Fatalf(howTo+"\n%v", version, err)
	}
	url := engines()["sqlite"](t)
	loadOnly(t, before.file, url)
	s, err := open.At(t.Context(), url, version)
	if err == nil {
		err = s.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	script(t, url, string(more))
	if _, err := Backup(t.Context(), url, name+".backup", "fixture", now()); err != nil {
		t.Fatal(err)
	}
}

// loadOnly brings a fixture's rows into tables of its version, and no further.
func loadOnly(t *testing.T, file, url string) {
	t.Helper()
	m, err := Verify(file)
	if err != nil {
		t.Fatal(err)
	}
	s, err := open.At(t.Context(), url, m.Schema)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Fill(t.Context(), func(to store.Rows) error {
		tables, err := to.Tables(t.Context())
		if err != nil {
			return err
		}
		return Restore{File: file, Tell: func(string, int64) {}}.rows(t.Context(), to, tables)
	})
	if err := cmp.Or(err, s.Close()); err != nil {
		t.Fatal(err)
	}
}

// script runs SQL behind the store's back.
func script(t *testing.T, url, text string) {
	t.Helper()
	driver, address := "pgx", url
	if path, is := strings.CutPrefix(url, "sqlite:"); is {
		driver, address = "sqlite", "file:"+path
	}
	db, err := sql.Open(driver, address)
	if err == nil {
		_, err = db.ExecContext(t.Context(), text)
	}
	if err := cmp.Or(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// A store of every version that was released keeps its rows through all migrations, and the
// daemon works with it.
func TestEverySchemaIsUpgraded(t *testing.T) {
	t.Parallel()
	for _, f := range fixtures(t) {
		for name, empty := range engines() {
			t.Run(fmt.Sprintf("%d on %s", f.version, name), func(t *testing.T) {
				t.Parallel()
				url := empty(t)
				loadOnly(t, f.file, url)
				was := contents(t, url, nil)
				s, err := open.Open(t.Context(), url)
				if err != nil {
					t.Fatal(err)
				}
				keeps(t, was, contents(t, url, was))
				daemonReads(t, s)
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				again := empty(t)
				if err := restore(t, f.file, again, nil); err != nil {
					t.Fatal(err)
				}
				sound(t, again)
			})
		}
	}
}

// content is the rows of a table, each by its sum, in the columns that it once had.
type content struct {
	table store.Table
	rows  []string
}

// contents reads all tables, in their columns of before where that is given.
func contents(t *testing.T, url string, before map[string]content) map[string]content {
	t.Helper()
	out := map[string]content{}
	err := at(t, url).Picture(t.Context(), func(r store.Rows) error {
		tables, err := r.Tables(t.Context())
		if err != nil {
			return err
		}
		for _, table := range tables {
			c := content{table: table}
			if was, known := before[table.Name]; known {
				c.table = was.table
			}
			err := r.Each(t.Context(), table, nil, 0, func(row []any) error {
				if own(table, row) {
					return nil
				}
				one := newSum(c.table)
				some := make([]any, len(c.table.Columns))
				for i, column := range c.table.Columns {
					place := table.At(column.Name)
					if place < 0 {
						return fmt.Errorf("table %s has lost its column %s", table.Name, column.Name)
					}
					some[i] = row[place]
				}
				if err := one.add(some); err != nil {
					return err
				}
				c.rows = append(c.rows, hex.EncodeToString(one.h.Sum(nil)))
				return nil
			})
			if err != nil {
				return err
			}
			slices.Sort(c.rows)
			out[table.Name] = c
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// keeps fails where a table has lost rows or values.
func keeps(t *testing.T, was, is map[string]content) {
	t.Helper()
	for name, table := range was {
		if !slices.Equal(table.rows, is[name].rows) {
			t.Errorf("table %s is not as it was: %d rows, now %d", name, len(table.rows), len(is[name].rows))
		}
	}
}

// daemonReads asks for everything that a daemon does, and has it write every card again.
func daemonReads(t *testing.T, s *store.Store) {
	t.Helper()
	ctx := t.Context()
	if found, err := s.Check(ctx); err != nil || len(found) > 0 {
		t.Errorf("a check finds %q, %v", found, err)
	}
	faces, err := s.Faces(ctx, store.FaceQuery{})
	if err != nil || len(faces) == 0 {
		t.Fatalf("%d faces, %v", len(faces), err)
	}
	ids := make([]kanban.CardID, len(faces))
	for i, f := range faces {
		ids[i] = f.Card.ID
	}
	cards, err := s.Cards(ctx, ids)
	if err != nil {
		t.Fatal(err)
	}
	c := store.Commit{Now: now()}
	for _, f := range faces {
		card := cards[f.Card.ID]
		if found := engine.Fsck(card); len(found) > 0 {
			t.Errorf("card %s: %q", card.ID, found)
		}
		c.Cards = append(c.Cards, store.CardWrite{Card: card, Face: f.Card})
	}
	if _, err := s.Commit(ctx, c); err != nil {
		t.Error(err)
	}
	for what, read := range reads(s, faces[0].Card.ID) {
		if err := read(ctx); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// reads is what else is read of a store.
func reads(s *store.Store, id kanban.CardID) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"open writes":  func(ctx context.Context) error { _, err := s.OpenOps(ctx); return err },
		"sent writes":  func(ctx context.Context) error { _, err := s.SentSince(ctx, now().AddDate(-9, 0, 0)); return err },
		"writes":       func(ctx context.Context) error { _, err := s.OpsOf(ctx, id); return err },
		"sources":      func(ctx context.Context) error { _, err := s.Sources(ctx); return err },
		"tiers":        func(ctx context.Context) error { _, err := s.Tiers(ctx); return err },
		"counts":       func(ctx context.Context) error { _, err := s.Counts(ctx); return err },
		"creates":      func(ctx context.Context) error { _, err := s.Creating(ctx); return err },
		"comments":     func(ctx context.Context) error { _, err := s.OpenRemarks(ctx); return err },
		"dispatches":   func(ctx context.Context) error { _, err := s.OpenDispatches(ctx); return err },
		"settings":     func(ctx context.Context) error { _, err := s.Settings(ctx, ""); return err },
		"unsettled":    func(ctx context.Context) error { _, err := s.Unsettled(ctx); return err },
		"jira's names": func(ctx context.Context) error { _, _, err := s.Directory(ctx, "jira"); return err },
	}
}

// A store, or a backup, of a newer Parley is refused with a sentence, and left as it is.
func TestNewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	for name, empty := range engines() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, file := filled(t, empty), filepath.Join(t.TempDir(), "newer.backup")
			script(t, url, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, `+map[string]string{"sqlite": "1", "postgres": "true"}[name]+`)`)
			for what, err := range map[string]error{
				"open":   second(open.Open(t.Context(), url)),
				"backup": second(Backup(t.Context(), url, file, "test", now())),
				"move":   second(move(url, empty(t)).Run(t.Context())),
			} {
				if err == nil || !strings.Contains(err.Error(), "schema version 999") || !strings.Contains(err.Error(), "start that version, or restore a backup made before the upgrade") {
					t.Errorf("%s: %v", what, err)
				}
			}
		})
	}
}

func second[T any](_ T, err error) error { return err }

// Both engines have the same tables, columns and keys, so that rows of one fit into the other.
func TestEnginesHaveTheSameTables(t *testing.T) {
	t.Parallel()
	var tables [2][]store.Table
	for i, name := range []string{"sqlite", "postgres"} {
		s, err := open.Open(t.Context(), engines()[name](t))
		if err != nil {
			t.Fatal(err)
		}
		if tables[i], err = tablesOf(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		for _, table := range tables[i] {
			for _, c := range table.Columns {
				if !slices.Contains([]store.Kind{store.Text, store.Int, store.Bytes}, c.Kind) {
					t.Errorf("%s: %s.%s is %q, which no other engine keeps alike", name, table.Name, c.Name, c.Kind)
				}
			}
		}
	}
	if err := sameTables(tables[0], tables[1]); err != nil || len(tables[0]) < 20 {
		t.Errorf("%d tables: %v", len(tables[0]), err)
	}
}
