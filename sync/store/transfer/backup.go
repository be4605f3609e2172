package transfer

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"parley/sync/store"
	"parley/sync/store/open"
)

// Head is the first line of a backup.
type Head struct {
	Format  string    `json:"format"`  // formatName
	Schema  int64     `json:"schema"`  // version of the tables
	Version string    `json:"version"` // of the Parley that made it
	Made    time.Time `json:"made"`
	From    string    `json:"from"` // the store, without secrets
}

// Manifest is what is in a backup.
type Manifest struct {
	Head

	Tables []Count `json:"tables"`
}

// formatName names the form of a backup: gzip of JSON, a line for each row.
const formatName = "parley-backup-1"

// section is the line before the rows of a table.
type section struct {
	Table   string         `json:"table"`
	Columns []store.Column `json:"columns"`
	Key     []string       `json:"key"`
}

// tail is the last line: without it a backup was cut off.
type tail struct {
	End    bool    `json:"end"`
	Tables []Count `json:"tables"`
}

// Backup writes everything in the store at url into a file, as it is at one moment, while
// others go on working with it. The file appears under its name once it is whole and on the
// disk, and is its owner's alone. The store is not changed, nor brought up to date.
func Backup(ctx context.Context, url, file, version string, now time.Time) (m Manifest, err error) {
	s, err := open.At(ctx, url, store.AsItIs)
	if err != nil {
		return m, fmt.Errorf("back up store: %w", err)
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	m.Head = Head{Format: formatName, Version: version, Made: now.UTC(), From: open.Name(url)}
	held, err := closedOf(ctx, s)
	if err == nil && held != nil && held.Why != store.ClosedGone && held.Why != store.ClosedLeaving {
		err = held // what is here may be a part
	}
	if err != nil {
		return m, fmt.Errorf("back up store: %w", err)
	}
	err = whole(file, func(w io.Writer) error {
		return s.Picture(ctx, func(r store.Rows) (err error) {
			if m.Schema, err = r.Schema(ctx); err == nil {
				m.Tables, err = dump(ctx, w, m.Head, r)
			}
			return err
		})
	})
	if err != nil {
		return m, fmt.Errorf("back up store to %s: %w", file, err)
	}
	return m, nil
}

// whole writes a file that appears only when all of it is on the disk.
func whole(file string, write func(io.Writer) error) (err error) {
	dir := filepath.Dir(file)
	f, err := os.CreateTemp(dir, ".parley-backup-*") // for its owner alone
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), file); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return syncDir(dir)
}

// syncDir makes the name of a new file last. Where folders cannot be opened for that, as on
// Windows, the name lasts by itself.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return nil //nolint:nilerr // see above
	}
	_ = d.Sync()
	return d.Close()
}

// dump writes all rows, and counts them on the way.
func dump(ctx context.Context, w io.Writer, head Head, r store.Rows) ([]Count, error) {
	zip, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	buffered := bufio.NewWriterSize(zip, 1<<16)
	lines := json.NewEncoder(buffered)
	lines.SetEscapeHTML(false)
	if err := lines.Encode(head); err != nil {
		return nil, err
	}
	tables, err := r.Tables(ctx)
	if err != nil {
		return nil, err
	}
	end := tail{End: true}
	for _, t := range tables {
		count, err := dumpTable(ctx, lines, r, t)
		if err != nil {
			return nil, fmt.Errorf("table %s: %w", t.Name, err)
		}
		end.Tables = append(end.Tables, count)
	}
	if err := lines.Encode(end); err != nil {
		return nil, err
	}
	if err := buffered.Flush(); err != nil {
		return nil, err
	}
	return end.Tables, zip.Close()
}

func dumpTable(ctx context.Context, lines *json.Encoder, r store.Rows, t store.Table) (Count, error) {
	if err := lines.Encode(section{t.Name, t.Columns, t.Key}); err != nil {
		return Count{}, err
	}
	s, cells := newSum(t), make([]any, len(t.Columns))
	err := r.Each(ctx, t, nil, 0, func(row []any) error {
		if own(t, row) {
			return nil
		}
		if err := s.add(row); err != nil {
			return err
		}
		for i, v := range row {
			cells[i] = cell(v)
		}
		return lines.Encode(cells)
	})
	return s.count(t), err
}
