package cli

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"parley/cmd/parley/internal/app"
	"parley/cmd/parley/internal/config"
)

type doctorCommand struct {
	Out     string `help:"File to write as well, a tar.gz with the daemon's metrics." placeholder:"FILE"`
	Offline bool   `help:"Ask no tracker."`
}

// Run gathers what whoever mends Parley wants to know of an installation.
func (c doctorCommand) Run(ctx context.Context, s *session) error {
	cfg, problems := config.Inspect(s.path, os.LookupEnv)
	if cfg != nil && !c.Offline {
		problems = append(problems, s.ask(ctx, cfg, problems)...)
	}
	now := time.Now()
	d := app.Diagnose(ctx, app.Options{Config: cfg, Version: s.version, Now: func() time.Time { return now }}, problems)
	var text strings.Builder
	for _, p := range d.Parts {
		fmt.Fprintf(&text, "%s\n", p.Title)
		for _, line := range p.Lines {
			fmt.Fprintf(&text, "  %s\n", plain(line))
		}
		fmt.Fprintln(&text)
	}
	if _, err := io.WriteString(s.Out, text.String()); err != nil || c.Out == "" {
		return err
	}
	if err := bundle(c.Out, now, map[string]string{"report.txt": text.String(), "metrics.txt": d.Metrics}); err != nil {
		return fmt.Errorf("write %s: %w", c.Out, err)
	}
	_, err := fmt.Fprintf(s.Out, "%s holds this and the daemon's metrics: no secret, no person, no text of a tracker. Look it through before you send it.\n", c.Out)
	return err
}

// bundle writes files into a new archive that is its owner's alone.
func bundle(name string, now time.Time, files map[string]string) (err error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	zip := gzip.NewWriter(f)
	archive := tar.NewWriter(zip)
	for _, file := range []string{"report.txt", "metrics.txt"} {
		header := tar.Header{Name: "parley-doctor/" + file, Mode: 0o600, Size: int64(len(files[file])), ModTime: now}
		if err := archive.WriteHeader(&header); err != nil {
			return err
		}
		if _, err := io.WriteString(archive, files[file]); err != nil {
			return err
		}
	}
	return errors.Join(archive.Close(), zip.Close())
}
