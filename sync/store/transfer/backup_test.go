package transfer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// A backup of each engine can be restored into each.
func TestBackupGoesAnywhere(t *testing.T) {
	t.Parallel()
	for from, source := range engines() {
		for to, target := range engines() {
			t.Run(from+" to "+to, func(t *testing.T) {
				t.Parallel()
				was, is, file := filled(t, source), target(t), filepath.Join(t.TempDir(), "a.backup")
				m, err := Backup(t.Context(), was, file, "v1.2.3", now())
				if err != nil {
					t.Fatal(err)
				}
				if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
					t.Errorf("the file: %v, %v", info.Mode(), err)
				}
				if verified, err := Verify(file); err != nil || !cmp.Equal(verified.Tables, m.Tables) || verified.Version != "v1.2.3" || !verified.Made.Equal(now()) {
					t.Errorf("Verify = %+v, %v", verified, err)
				}
				if err := restore(t, file, is, nil); err != nil {
					t.Fatal(err)
				}
				sound(t, is)
				for i, c := range held(t, is) { // what is made a doubt differs, the other tables do not
					if was := compared(m.Tables)[i]; was.Rows != c.Rows && c.Table != "setting" && c.Table != "source" {
						t.Errorf("%s has %d rows, was %d", c.Table, c.Rows, was.Rows)
					}
				}
			})
		}
	}
}

// sound looks over a store that everybody may work with.
func sound(t *testing.T, url string) {
	t.Helper()
	s := at(t, url)
	if found, err := s.Check(t.Context()); err != nil || len(found) > 0 {
		t.Errorf("a check finds %q, %v", found, err)
	}
	if h, err := s.Closed(t.Context()); err != nil || h != nil {
		t.Errorf("it is held by %v, %v", h, err)
	}
	if from, there, err := RestoredFrom(t.Context(), s); err != nil || !there || from.Made.IsZero() {
		t.Errorf("restored from %v %t %v", from, there, err)
	}
}

// While others write, a backup is of one moment: every commit is in it whole or not at all.
func TestBackupWhileOthersWrite(t *testing.T) {
	t.Parallel()
	for name, empty := range engines() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := filled(t, empty)
			ctx, stop := context.WithCancel(t.Context())
			g := writers(ctx, at(t, url))
			for i := range 5 {
				file := filepath.Join(t.TempDir(), "a.backup")
				if _, err := Backup(t.Context(), url, file, "test", now()); err != nil {
					t.Fatal(err)
				}
				restored := "sqlite:" + filepath.Join(t.TempDir(), "parley.db")
				if err := restore(t, file, restored, nil); err != nil {
					t.Fatal(err)
				}
				sound(t, restored)
				pairs(t, restored, i)
			}
			stop()
			if err := g.Wait(); err != nil {
				t.Error(err)
			}
		})
	}
}

// writers commit pairs of cards that only make sense together, until ctx ends.
func writers(ctx context.Context, s *store.Store) *errgroup.Group {
	g := new(errgroup.Group)
	for w := range 3 {
		g.Go(func() error {
			for i := 0; ctx.Err() == nil; i++ {
				var c store.Commit
				for _, half := range []string{"a", "b"} {
					id := kanban.CardID(fmt.Sprintf("pair-%s-%d-%d", half, w, i))
					c.Cards = append(c.Cards, store.CardWrite{Card: engine.Card{ID: id}, Face: kanban.Card{ID: id}})
				}
				if _, err := s.Commit(ctx, c); err != nil && ctx.Err() == nil {
					return err
				}
			}
			return nil
		})
	}
	return g
}

// pairs fails where one of two cards is missing.
func pairs(t *testing.T, url string, round int) {
	t.Helper()
	faces, err := at(t, url).Faces(t.Context(), store.FaceQuery{})
	if err != nil {
		t.Fatal(err)
	}
	halves := map[string]int{}
	for _, f := range faces {
		if rest, is := strings.CutPrefix(string(f.Card.ID), "pair-"); is {
			halves[rest[2:]]++
		}
	}
	for pair, n := range halves {
		if n != 2 {
			t.Errorf("round %d: of the cards %s there is one", round, pair)
		}
	}
}

// A restoring that is stopped before any of its steps is brought to its end when it is
// repeated, and nobody can work with the store before.
func TestRestoreGoesOn(t *testing.T) {
	t.Parallel()
	for name, empty := range engines() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := empty(t)
			for stops := 0; ; stops++ {
				err := restore(t, newest(t), url, killedAt(stops))
				if err == nil {
					if stops < 4 {
						t.Errorf("it was stopped %d times only", stops)
					}
					break
				}
				if !errors.Is(err, errKilled) {
					t.Fatalf("after %d stops: %v", stops, err)
				}
				if stops == 0 {
					continue // nothing is there yet
				}
				if h, err := at(t, url).Closed(t.Context()); err != nil || h == nil || h.Why != store.ClosedRestoring {
					t.Fatalf("after %d stops it is held by %v, %v", stops, h, err)
				}
				other := filepath.Join(t.TempDir(), "other.backup")
				if _, err := Backup(t.Context(), url, other, "test", now()); err == nil {
					t.Error("a half restored store can be backed up")
				}
			}
			sound(t, url)
			if err := restore(t, newest(t), url, nil); err == nil || !strings.Contains(err.Error(), "it is not empty") {
				t.Errorf("restoring over it = %v", err)
			}
		})
	}
}

// The file is there whole or not at all, and nothing is left where it could not be written.
func TestBackupLeavesNoPart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	url := filled(t, engines()["sqlite"])
	for _, c := range []struct {
		ctx       context.Context
		url, file string
	}{
		{cancelled, url, filepath.Join(dir, "a.backup")},
		{t.Context(), "sqlite:" + filepath.Join(dir, "none.db"), filepath.Join(dir, "a.backup")},
		{t.Context(), url, filepath.Join(dir, "nowhere", "a.backup")},
	} {
		if _, err := Backup(c.ctx, c.url, c.file, "test", now()); err == nil {
			t.Errorf("%s: no error", c.file)
		}
	}
	left, err := fs.ReadDir(os.DirFS(dir), ".")
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
