// Command mutants lays every weakened version of the code under testdata/mutants over
// it, one at a time, and runs the tests that have to fail because of it. The code has
// no switches for this: `go test -overlay` puts one file in the place of another.
//
//	go run ./cmd/parley/internal/mutants            # all
//	go run ./cmd/parley/internal/mutants -run lease # those with this in their names
//
// It fails unless every mutant is killed. One that survives is a hole in the tests; one
// that is stale weakens code that has been rewritten, and has to follow it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1) //nolint:gocritic // the process ends anyway
	}
}

// options of a run.
type options struct {
	dir     string
	only    string
	at      int // mutants at a time
	timeout time.Duration
	skip    bool // the run of the tests over the code as it is
}

func parseFlags(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("mutants", flag.ContinueOnError)
	flags.StringVar(&o.dir, "dir", filepath.FromSlash("testdata/mutants"), "folder of the mutants, from the top of the module")
	flags.StringVar(&o.only, "run", "", "only mutants whose name matches this")
	flags.IntVar(&o.at, "j", max(1, runtime.NumCPU()/2), "mutants tried at the same time")
	flags.DurationVar(&o.timeout, "timeout", 3*time.Minute, "of one run of a test")
	flags.BoolVar(&o.skip, "skip-sound", false, "do not run the tests over the code as it is first")
	return o, flags.Parse(args)
}

func run(ctx context.Context, args []string) error {
	o, err := parseFlags(args)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	root, err := top()
	if err != nil {
		return err
	}
	all, err := load(filepath.Join(root, o.dir))
	if err != nil {
		return err
	}
	only, err := regexp.Compile(o.only)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(m mutant) bool { return !only.MatchString(m.Name) })
	results, err := tryAll(ctx, root, all, o)
	if err != nil {
		return err
	}
	return report(os.Stdout, results)
}

// top is the folder with go.mod in it, at or above the present one.
func top() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		above := filepath.Dir(dir)
		if above == dir {
			return "", errors.New("find the module: no go.mod here or above")
		}
		dir = above
	}
}

func tryAll(ctx context.Context, root string, all []mutant, o options) (_ []result, err error) {
	scratch, err := os.MkdirTemp("", "mutants-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	l := &lab{root: root, scratch: scratch, timeout: o.timeout}
	if !o.skip {
		if err := l.sound(ctx, all); err != nil {
			return nil, err
		}
	}
	results := make([]result, len(all))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(o.at)
	for i, m := range all {
		g.Go(func() error {
			r, err := l.try(ctx, m)
			results[i] = r
			return err
		})
	}
	return results, g.Wait()
}
