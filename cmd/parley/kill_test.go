package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestKilledAtRandomMoments kills the daemon with SIGKILL again and again while people
// change things in Jira, in GitHub and on the board, and the trackers live on in a
// process of their own. At the end both trackers and the board must agree, no edit may
// be lost and no write applied twice. PARLEY_KILLS says how often, PARLEY_SEED replays
// what the people do and which moments are chosen.
func TestKilledAtRandomMoments(t *testing.T) {
	t.Parallel()
	kills := number(t, "PARLEY_KILLS", 5)
	seed := number(t, "PARLEY_SEED", int(time.Now().UnixNano()%1e9))
	w := startKillWorld(t, uint64(seed), kills)
	t.Cleanup(func() { w.tellReplay(kills, seed) })
	w.start()
	w.waitFor("every pair to be one card", 60*time.Second, w.allPaired)

	began := time.Now()
	for range kills {
		w.killOnce()
	}
	took := time.Since(began)
	w.comeToRest()
	w.judge(kills)
	t.Logf("%d kills in %.1f s, %.2f s a kill; PARLEY_SEED=%d", kills, took.Seconds(), took.Seconds()/float64(kills), seed)
}

// killOnce lets people work, kills the daemon meanwhile, and starts it again.
func (w *killWorld) killOnce() {
	at := w.pick()
	fired := w.arm(at)
	for range 1 + w.rng.IntN(3) {
		w.change()
		w.pause(w.rng.IntN(40))
	}
	if w.rng.IntN(6) == 0 {
		w.request()
	}
	w.waitForKill(at, fired)
	if w.rng.IntN(4) == 0 {
		w.change() // also while the daemon is dead; the board is, too
	}
	w.start()
	w.waitFor("the daemon to answer", 20*time.Second, w.answers)
}

// tellReplay says after a failure when the daemon was killed and how to do it again.
func (w *killWorld) tellReplay(kills, seed int) {
	if !w.t.Failed() {
		return
	}
	w.t.Logf("killed:\n%s", strings.Join(w.schedule, "\n"))
	w.t.Logf("replay: PARLEY_KILLS=%d PARLEY_SEED=%d go test -count=1 -timeout 60m -run '^TestKilledAtRandomMoments$' ./cmd/parley", kills, seed)
}

func number(t *testing.T, variable string, otherwise int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s is %q, want a number above 0", variable, text)
	}
	return n
}

// pick chooses when the daemon is killed next.
func (w *killWorld) pick() moment {
	return []moment{beforeWrite, beforeAnswer, afterAnswer, anyMoment}[w.rng.IntN(4)]
}

// arm prepares the next kill. One at any moment is not bound to a write.
func (w *killWorld) arm(at moment) <-chan struct{} {
	if at != anyMoment {
		return w.log.arm(at, w.kill)
	}
	fired := make(chan struct{})
	after := time.Duration(w.rng.IntN(700)) * time.Millisecond
	time.AfterFunc(after, func() {
		w.kill()
		close(fired)
	})
	return fired
}

// patience is how long the daemon has to write something before it is killed at rest.
const patience = 1500 * time.Millisecond

// waitForKill waits until the daemon is dead. Where it has nothing left to write it is
// killed all the same.
func (w *killWorld) waitForKill(at moment, fired <-chan struct{}) {
	w.t.Helper()
	select {
	case <-fired:
	case <-time.After(patience):
		if w.log.disarm() {
			w.kill()
			at = anyMoment
		} else {
			<-fired // it is being killed this very moment
		}
	}
	w.killed[at]++
	w.schedule = append(w.schedule, fmt.Sprintf("%s %s, %d changes made, %d writes seen", time.Now().Format("15:04:05.000"), at, len(w.did), w.log.count()))
}

// change is one random lawful change by a person, of a random pair. What a tracker or
// the board refuses is no change, and another one is made.
func (w *killWorld) change() {
	w.t.Helper()
	for range 50 {
		p := w.now()[w.rng.IntN(atWork)]
		kind := w.rng.IntN(7)
		var did string
		switch kind {
		case 0, 1:
			did = w.transition(p)
		case 2:
			did = w.prioritise(p)
		case 3:
			did = w.label(p)
		case 4:
			did = w.closeOrOpen(p)
		default:
			did = w.drag(p, kind == 6)
		}
		if did != "" {
			w.did = append(w.did, fmt.Sprintf("%s %s: %s", time.Now().Format("15:04:05.000"), p.key, did))
			return
		}
	}
	w.t.Fatal("nobody can change anything any more")
}

// pause lets some of the daemon's time go by.
func (w *killWorld) pause(ms int) { <-time.After(time.Duration(ms) * time.Millisecond) }

// source of all chance in a run.
func chance(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0x6b696c6c)) }
