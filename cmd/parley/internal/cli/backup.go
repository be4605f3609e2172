package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"parley/sync/store/open"
	"parley/sync/store/transfer"
)

type backupCommand struct {
	To    string `help:"File to write, or a folder to write one into that is named after the moment; by default the one that the command is run in." placeholder:"FILE"`
	Store string `help:"The store, by default that of the configuration: sqlite:FILE or postgres://USER@HOST/DATABASE." placeholder:"URL"`
	JSON  bool   `help:"Print one JSON document." name:"json"`
}

// Run writes everything that the store holds into one file, beside a running daemon.
func (c backupCommand) Run(ctx context.Context, s *session) error {
	url, err := s.storeURL(c.Store)
	if err != nil {
		return err
	}
	now := time.Now()
	file := c.To
	if info, err := os.Stat(file); file == "" || err == nil && info.IsDir() {
		file = filepath.Join(file, now.UTC().Format("parley-20060102T150405Z.backup"))
	}
	if _, err := os.Stat(filepath.Dir(file)); errors.Is(err, fs.ErrNotExist) {
		return misused{"the folder of " + file + " does not exist"}
	}
	m, err := transfer.Backup(ctx, url, file, s.version, now)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.Out, struct {
			File string `json:"file"`
			transfer.Manifest
		}{file, m})
	}
	if err := printCounts(s.Out, m.Tables); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.Out, "\n%s: everything in %s. It holds what the trackers say and the keys that prove Parley's marks: keep it as you keep the store.\n", file, m.From)
	return err
}

type restoreCommand struct {
	File  string `arg:"" help:"Backup to restore."`
	To    string `help:"Empty store to restore it into, by default that of the configuration." placeholder:"URL"`
	Check bool   `help:"Only read the backup, and tell whether it is whole."`
	JSON  bool   `help:"Print one JSON document." name:"json"`
}

// Run brings a backup into an empty store.
func (c restoreCommand) Run(ctx context.Context, s *session) error {
	if _, err := os.Stat(c.File); errors.Is(err, fs.ErrNotExist) {
		return misused{"there is no file " + c.File}
	}
	if c.Check {
		m, err := transfer.Verify(c.File)
		if err != nil {
			return err
		}
		return c.tell(s, m, fmt.Sprintf("whole: made by parley %s of %s, %s, schema version %d\n", plain(m.Version), plain(m.From), m.Made.Format(time.RFC3339), m.Schema))
	}
	url, err := s.storeURL(c.To)
	if err != nil {
		return err
	}
	m, err := transfer.Restore{File: c.File, To: url, Now: time.Now, Tell: s.rows()}.Run(ctx)
	if err != nil {
		return err
	}
	return c.tell(s, m, fmt.Sprintf("restored into %s as of %s. Make sure that no parley run is left on the former store, then start parley run:\n"+
		"what was to be written then is looked for in the trackers before anything is sent, and everything since is read again.\n%s",
		open.Name(url), m.Made.Format(time.RFC3339), s.lineToChange(url)))
}

func (c restoreCommand) tell(s *session, m transfer.Manifest, words string) error {
	if c.JSON {
		return printJSON(s.Out, m)
	}
	if err := printCounts(s.Out, m.Tables); err != nil {
		return err
	}
	_, err := fmt.Fprint(s.Out, "\n"+words)
	return err
}

func printCounts(w io.Writer, counts []transfer.Count) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "TABLE\tROWS\tSHA-256")
	var sum int64
	for _, c := range counts {
		fmt.Fprintf(table, "%s\t%d\t%s\n", plain(c.Table), c.Rows, plain(c.SHA))
		sum += c.Rows
	}
	fmt.Fprintf(table, "all\t%d\t\n", sum)
	return table.Flush()
}
