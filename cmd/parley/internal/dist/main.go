// Command dist builds what is given away: Parley for every system it runs on, packed with
// what belongs beside it, a list of what it is made of, and checksums of it all.
//
//	go run ./cmd/parley/internal/dist -out dist
//
// The same commit and the same Go give the same bytes, so that anybody can check what was
// given away by building it again: no path, no time of day and no name of the builder's
// machine is in it. Times are those of the commit.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "dist:", err)
		os.Exit(1) //nolint:gocritic // the process ends anyway
	}
}

// systems are those that Parley is built for, as Go names them.
func systems() []string {
	return []string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64"}
}

// order is what is to be built.
type order struct {
	root    string // top of the module
	out     string
	systems []string
	version string
	at      time.Time // of the commit
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("dist", flag.ContinueOnError)
	dir := flags.String("out", "dist", "folder for what is built; what an earlier run left in it is replaced")
	only := flags.String("systems", strings.Join(systems(), ","), "systems to build for, as GOOS/GOARCH, with commas between them")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	o, err := newOrder(ctx, *dir, strings.Split(*only, ","))
	if err != nil {
		return err
	}
	files, err := o.fill(ctx, out)
	if err != nil {
		return err
	}
	return sums(o.out, files, out)
}

// newOrder looks up what the names and times of files follow from.
func newOrder(ctx context.Context, out string, systems []string) (order, error) {
	root, err := output(ctx, "", nil, "git", "rev-parse", "--show-toplevel")
	if err != nil {
		return order{}, err
	}
	version, err := output(ctx, root, nil, "git", "describe", "--tags", "--always", "--dirty")
	if err != nil {
		return order{}, err
	}
	seconds, err := output(ctx, root, nil, "git", "log", "-1", "--format=%ct")
	if err != nil {
		return order{}, err
	}
	at, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return order{}, fmt.Errorf("read time of commit: %w", err)
	}
	if out, err = filepath.Abs(out); err != nil {
		return order{}, err
	}
	return order{root: root, out: out, systems: systems, version: version, at: time.Unix(at, 0).UTC()}, nil
}

// fill builds everything, and returns the names of the files.
func (o order) fill(ctx context.Context, out io.Writer) ([]string, error) {
	if err := os.MkdirAll(o.out, 0o755); err != nil { //nolint:gosec // it is given away
		return nil, fmt.Errorf("make folder: %w", err)
	}
	beside, err := o.beside(ctx)
	if err != nil {
		return nil, err
	}
	var files []string
	for _, system := range o.systems {
		made, err := o.one(ctx, system, beside)
		if err != nil {
			return nil, fmt.Errorf("build for %s: %w", system, err)
		}
		files = append(files, made...)
		fmt.Fprintln(out, strings.Join(made, "\n"))
	}
	return files, nil
}

// output runs a command and returns what it printed.
func output(ctx context.Context, dir string, env []string, name string, args ...string) (string, error) {
	c := exec.CommandContext(ctx, name, args...) //nolint:gosec // the callers name git and go
	c.Dir, c.Env, c.Stderr = dir, append(os.Environ(), env...), os.Stderr
	out, err := c.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, args[0], err)
	}
	return strings.TrimSpace(string(out)), nil
}
