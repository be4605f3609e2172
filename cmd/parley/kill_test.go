package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"
)

// TestKilledAtRandomMoments kills the daemon with SIGKILL again and again while people
// change things in Jira, in GitHub and on the board, and the trackers live on in a
// process of their own. At the end both trackers and the board must agree and no write
// may have been applied twice. PARLEY_KILLS says how often, PARLEY_SEED replays what
// the people do and which moments are chosen.
func TestKilledAtRandomMoments(t *testing.T) {
	t.Parallel()
	kills := number(t, "PARLEY_KILLS", 5)
	seed := number(t, "PARLEY_SEED", int(time.Now().UnixNano()%1e9))
	t.Logf("%d kills; PARLEY_SEED=%d replays", kills, seed)
	w := startKillWorld(t, uint64(seed))
	w.start()
	w.waitFor("every pair to be one card", 60*time.Second, w.allPaired)

	const changes = 100
	made := 0
	for k := range kills {
		at := w.pick()
		fired := w.arm(at)
		for ; made < changes*(k+1)/kills; made++ {
			w.change()
			w.pause(w.rng.IntN(120))
		}
		w.waitForKill(at, fired)
		w.start()
		w.waitFor("the daemon to answer", 20*time.Second, w.answers)
	}
	w.comeToRest()
	w.judge()
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
	after := time.Duration(w.rng.IntN(9000)) * time.Millisecond
	time.AfterFunc(after, func() {
		w.kill()
		close(fired)
	})
	return fired
}

// waitForKill waits until the daemon is dead. Where it has nothing left to write it is
// killed all the same.
func (w *killWorld) waitForKill(at moment, fired <-chan struct{}) {
	w.t.Helper()
	select {
	case <-fired:
		w.killed[at]++
	case <-time.After(12 * time.Second):
		w.log.disarm()
		w.kill()
		w.killed[anyMoment]++
	}
}

// change is one random lawful change by a person, of a random pair. What a tracker or
// the board refuses is no change, and another one is made.
func (w *killWorld) change() {
	w.t.Helper()
	for range 50 {
		p := w.pairs[w.rng.IntN(len(w.pairs))]
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
