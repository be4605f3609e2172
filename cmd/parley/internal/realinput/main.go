// Command realinput runs the daemon on real input: the issues of a Jira and of a
// GitHub repository as the world wrote them, loaded into the simulators. It then
// counts what the board shows, beside counts that other programs take straight from
// the raw files, and fails on any difference, on an idle poll that costs more than
// one request a source, and on any write.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"parley/cmd/parley/internal/rig"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	listen := flag.String("look", "", "run on at this `address`, for a person to look at the pages")
	flag.Parse()
	err := run(ctx, os.Stdout, os.Getenv("PARLEY_DATA"), *listen)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "real-input:", err)
		os.Exit(1)
	}
}

// patience bounds the whole run.
const patience = 20 * time.Minute

func run(ctx context.Context, out io.Writer, data, listen string) error {
	in, err := find(data)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "parley-real-input-")
	if err != nil {
		return fmt.Errorf("make a place for the run: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if listen != "" {
		return look(ctx, out, in, dir, listen)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return judge(ctx, out, in, dir)
}

// judge reads everything, and compares it with the raw files.
func judge(ctx context.Context, out io.Writer, in input, dir string) (failures error) {
	w, err := load(ctx, in, ahead{})
	if err != nil {
		return err
	}
	defer w.servers.Close()
	fmt.Fprintf(out, "loaded: %d Jira issues in %s, %d GitHub issues and %d pull requests in %s\n\n",
		w.issues, w.jiraTook.Round(time.Millisecond), w.gitHub.Issues, w.gitHub.Pulls, w.gitHubTook.Round(time.Millisecond))
	listen, err := rig.FreeAddress(ctx)
	if err != nil {
		return err
	}
	d, err := rig.Start(ctx, dir, listen, configText(w, listen))
	if err != nil {
		return err
	}
	defer func() { failures = errors.Join(failures, d.Stop()) }()
	imported, err := w.importAll(ctx, d)
	if err != nil {
		return errors.Join(err, d.LastWords())
	}
	idle, err := w.watchIdle(ctx, d)
	if err != nil {
		return errors.Join(err, d.LastWords())
	}
	failures = compare(ctx, out, in, d)
	failures = errors.Join(failures, idle.judge(), w.neverWrote())
	report(out, imported, idle, d)
	return failures
}

// input is the two raw files.
type input struct{ jira, polls string }

func find(data string) (input, error) {
	if data == "" {
		return input{}, errors.New("set PARLEY_DATA to the folder of recorded tracker data")
	}
	in := input{
		jira:  filepath.Join(data, "workload", "titanium-jira.board-fields.jsonl.gz"),
		polls: filepath.Join(data, "workload", "quicwg-base-drafts.polls.jsonl.gz"),
	}
	for _, path := range []string{in.jira, in.polls} {
		if _, err := os.Stat(path); err != nil {
			return input{}, fmt.Errorf("find the raw files: %w", err)
		}
	}
	return in, nil
}
