package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"parley/cmd/parley/internal/rig"
	"parley/connectors/sim"
)

// idlePolls is how many polls of each source are watched.
const idlePolls = 2

// idleness is what the trackers were asked while nothing happened.
type idleness struct{ asked map[string][]sim.Request }

// watchIdle forgets what was asked so far, once it is clear that nothing of it was a
// write, and waits for the next polls.
func (w *trackers) watchIdle(ctx context.Context, d *rig.Daemon) (idleness, error) {
	if err := w.neverWrote(); err != nil {
		return idleness{}, err
	}
	for _, log := range w.logs() {
		log.Reset()
	}
	begun := time.Now()
	idle := idleness{asked: map[string][]sim.Request{}}
	err := rig.Every(ctx, 50*time.Millisecond, func() (bool, error) {
		done := time.Since(begun) > poll // a poll that takes two requests makes both at once
		for name, log := range w.logs() {
			idle.asked[name] = log.Requests()
			done = done && len(idle.asked[name]) >= idlePolls
		}
		return done, d.Alive()
	})
	if err != nil {
		return idle, fmt.Errorf("wait for idle polls: %w", err)
	}
	return idle, nil
}

// judge fails on a poll of more than one request, and on one of GitHub that GitHub
// had to answer in full. Polls of one source are nearly a whole interval apart.
func (i idleness) judge() error {
	var failures []error
	for name, asked := range i.asked {
		for n, r := range asked {
			if n > 0 && r.At.Sub(asked[n-1].At) < poll/2 {
				failures = append(failures, fmt.Errorf("an idle poll of %s made more than one request: %s %s, then %s %s",
					name, asked[n-1].Method, asked[n-1].Path, r.Method, r.Path))
			}
			if want := idleStatus(name); r.Status != want {
				failures = append(failures, fmt.Errorf("an idle poll of %s was answered %d, want %d: %s %s?%s", name, r.Status, want, r.Method, r.Path, r.Query))
			}
		}
	}
	return errors.Join(failures...)
}

func idleStatus(tracker string) int {
	if tracker == "github" {
		return http.StatusNotModified
	}
	return http.StatusOK
}
