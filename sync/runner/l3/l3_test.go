// Package l3_test runs the whole runner over real HTTP and SQLite in virtual time: an
// hour passes in milliseconds, and every timer, deadline and retry is the real one.
package l3_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"parley/connectors/sim/official"
)

// How long the trackers have been well when everything must be at rest, and how long it
// is watched then. The longest wait of all is that for a side which could not be read.
const (
	recovery = 30 * time.Minute
	watched  = 15 * time.Minute
)

// short is how many scripts are played where nothing else is asked for.
const short = "2"

func TestMain(m *testing.M) {
	flag.Parse()
	asked := false
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "rapid.checks" })
	if !asked {
		if err := flag.Set("rapid.checks", short); err != nil {
			panic(err)
		}
	}
	m.Run()
}

// TestHTTP lets people work while the trackers fail in every way, and holds the whole to
// P1, P2, P6, P14 and P19, and Run to its end with all its goroutines. PARLEY_L3=60s
// plays scripts for that long.
func TestHTTP(t *testing.T) {
	t.Parallel()
	long := time.Duration(0)
	if text := os.Getenv("PARLEY_L3"); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil {
			t.Fatalf("PARLEY_L3 is %q, want a duration such as 60s", text)
		}
		long = d
	}
	court := court{jira: official.For(t, official.JiraCloud), git: official.For(t, official.GitHub)}
	var all result
	path := filepath.Join(t.TempDir(), "parley.db")
	began := time.Now()
	for {
		rapid.Check(t, func(rt *rapid.T) {
			got, err := inBubble(t, path, drawScript(rt, 40), court)
			all.add(got)
			if err != nil {
				rt.Fatalf("after %d requests: %v", all.requests, err)
			}
		})
		if t.Failed() || time.Since(began) >= long {
			break
		}
	}
	took := time.Since(began).Seconds()
	t.Logf("%d runs, %d edits by people, %d requests (%.0f a second), %d writes, %s of virtual time in %.1f s",
		all.runs, all.edits, all.requests, float64(all.requests)/took, all.writes, all.virtual.Round(time.Hour), took)
}

// result counts what happened.
type result struct {
	runs, edits, requests, writes int
	virtual                       time.Duration
}

func (r *result) add(o result) {
	r.runs, r.edits, r.requests, r.writes, r.virtual = r.runs+1, r.edits+o.edits, r.requests+o.requests, r.writes+o.writes, r.virtual+o.virtual
}

// inBubble plays a script in virtual time. Goroutines that are left behind panic there.
func inBubble(t *testing.T, path string, s script, c court) (r result, err error) {
	t.Helper()
	synctest.Test(t, func(*testing.T) { r, err = play(path, s, c) })
	for _, end := range []string{"", "-wal", "-shm"} {
		if gone := os.Remove(path + end); !errors.Is(gone, fs.ErrNotExist) {
			err = errors.Join(err, gone)
		}
	}
	return r, err
}

// court holds every exchange to the trackers' own documents, where they are at hand.
type court struct{ jira, git *official.Judge }

func play(path string, s script, c court) (r result, err error) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	began := time.Now()
	w, err := newWorld(ctx, path, s, c)
	if err != nil {
		return r, err
	}
	ended := make(chan error, 1)
	go func() { ended <- w.runner.Run(ctx) }()
	time.Sleep(5 * time.Minute)
	for i, a := range s.Acts {
		time.Sleep(a.After)
		done, failed := w.do(ctx, i, a)
		err = errors.Join(err, failed)
		if done {
			r.edits++
		}
	}
	w.jira.soothe()
	w.git.soothe()
	time.Sleep(recovery)
	err = errors.Join(err, w.judge(ctx), w.rests())
	stop()
	err = errors.Join(err, <-ended)
	for _, f := range []*front{w.jira, w.git} {
		requests, writes, wrong := f.tally()
		r.requests, r.writes = r.requests+requests, r.writes+len(writes)
		if len(wrong) > 0 {
			err = errors.Join(err, fmt.Errorf("%s", strings.Join(wrong, "\n")))
		}
	}
	r.virtual = time.Since(began)
	return r, errors.Join(err, w.close())
}

// rests is P14: once everything is settled nothing is written any more.
func (w *world) rests() error {
	before := w.written()
	time.Sleep(watched)
	after := w.written()
	if len(after) > len(before) {
		return fmt.Errorf("P14: at rest it still wrote %v", after[len(before):])
	}
	return nil
}

func (w *world) written() []arrival {
	_, a, _ := w.jira.tally()
	_, b, _ := w.git.tally()
	return append(a, b...)
}
