package transfer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"parley/sync/store"
	"parley/sync/store/open"
)

// Restoring is what a store remembers of the backup that it came from.
type Restoring struct {
	Made time.Time `json:"made"` // when the backup was made
	At   time.Time `json:"at"`   // when it was restored
}

// Restore is a backup on its way into an empty store.
type Restore struct {
	File, To string // To is a URL as open.Open takes it
	Now      func() time.Time
	Tell     func(table string, rows int64)

	step func(string) error // before each step that changes the store; tests stop there
}

// Run reads the whole backup before it writes anything, brings all rows into the store in
// one transaction, upgrades its tables, and makes a doubt of everything that was to be
// written when the backup was made: it may have been written since. Until it is through
// nobody can run on the store. It can be repeated after whatever stopped it.
func (r Restore) Run(ctx context.Context) (Manifest, error) {
	if r.step == nil {
		r.step = func(string) error { return nil }
	}
	m, err := Verify(r.File)
	if err != nil {
		return m, err
	}
	if err := r.run(ctx, m); err != nil {
		return m, fmt.Errorf("restore backup into %s: %w", open.Name(r.To), err)
	}
	return m, nil
}

func (r Restore) run(ctx context.Context, m Manifest) (err error) {
	mine := store.Closed{Why: store.ClosedRestoring, ID: name(m), Other: filepath.Base(r.File), Since: r.Now()}
	begun, err := r.begun(ctx, mine)
	if err != nil {
		return err
	}
	if !begun {
		if err := r.load(ctx, m, mine); err != nil {
			return err
		}
	}
	if err := r.step("upgrade"); err != nil {
		return err
	}
	ctx, g, err := seize(ctx, r.To) // which upgrades it
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	return because(ctx, r.settle(ctx, g.Store, m.Made))
}

// name tells one backup from another.
func name(m Manifest) string {
	sum := sha256.New()
	for _, c := range m.Tables {
		_, _ = io.WriteString(sum, c.SHA) // a hash takes everything
	}
	return m.Made.UTC().Format(time.RFC3339Nano) + " " + hex.EncodeToString(sum.Sum(nil))
}

// begun reports whether all rows of this backup are there already.
func (r Restore) begun(ctx context.Context, mine store.Closed) (bool, error) {
	s, err := open.At(ctx, r.To, store.AsItIs)
	if errors.Is(err, store.ErrNothing) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	held, err := closedOf(ctx, s)
	if err == nil && held != nil && (held.Why != store.ClosedRestoring || held.ID != mine.ID) {
		err = held
	}
	return held != nil, errors.Join(err, s.Close())
}

// load brings all rows into tables of the backup's version.
func (r Restore) load(ctx context.Context, m Manifest, mine store.Closed) (err error) {
	s, err := open.At(ctx, r.To, m.Schema)
	if errors.Is(err, store.ErrNewer) {
		return fmt.Errorf("the backup has tables of version %d, made by parley %s: %w", m.Schema, m.Version, err)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := r.step("load"); err != nil {
		return err
	}
	return s.Fill(ctx, func(to store.Rows) error {
		tables, err := to.Tables(ctx)
		if err != nil {
			return err
		}
		if err := vacant(ctx, to, tables); err != nil {
			return err
		}
		if err := r.rows(ctx, to, tables); err != nil {
			return err
		}
		counts, err := census(ctx, to, tables, r.Tell)
		if err != nil {
			return err
		}
		if table := differ(compared(m.Tables), counts); table != "" {
			return fmt.Errorf("%s did not arrive as it is in the backup", table)
		}
		if now, err := to.Schema(ctx); err != nil || now != m.Schema {
			return errors.Join(err, errors.New("another process works on it"))
		}
		if !keepsSettings(tables) {
			return nil // of the very first version, which cannot be marked
		}
		return to.Shut(ctx, &mine)
	})
}

// compared are the counts of what is the same in every store.
func compared(all []Count) []Count {
	var out []Count
	for _, c := range all {
		if c.Table != tableLease {
			out = append(out, c)
		}
	}
	return out
}

// rows brings the rows of all tables over.
func (r Restore) rows(ctx context.Context, to store.Rows, tables []store.Table) error {
	left := tables
	var l load
	var rows int64
	_, err := read(r.File, reader{
		head: func(Head) error { return nil },
		table: func(t store.Table) error {
			if err := l.flush(ctx); err != nil {
				return err
			}
			if len(left) == 0 {
				return fmt.Errorf("table %s is not known", t.Name)
			}
			if err := sameTables([]store.Table{t}, left[:1]); err != nil {
				return err
			}
			left, l, rows = left[1:], load{into: to, table: t}, 0
			return to.Clear(ctx, t)
		},
		row: func(t store.Table, row []any) error {
			if t.Name == tableLease {
				row = renewed(t, row)
			}
			if rows++; rows%(10*batchRows) == 0 {
				r.Tell(t.Name, rows)
			}
			return l.add(ctx, row)
		},
	})
	if err == nil && len(left) > 0 {
		err = fmt.Errorf("table %s is not in the backup", left[0].Name)
	}
	if err != nil {
		return err
	}
	return l.flush(ctx)
}

// RestoredFrom tells from which backup a store was restored last; false where from none.
func RestoredFrom(ctx context.Context, s interface {
	Setting(ctx context.Context, key string) (string, bool, error)
}) (Restoring, bool, error) {
	var r Restoring
	text, there, err := s.Setting(ctx, store.SettingRestored)
	if err == nil && there {
		err = json.Unmarshal([]byte(text), &r)
	}
	if err != nil {
		return r, false, fmt.Errorf("read from which backup the store is: %w", err)
	}
	return r, there, nil
}
