package main

import (
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestCrewUnderFire has three daemons share one store in PostgreSQL while people change
// things in Jira, in GitHub and on the boards: daemons are killed and stopped at random,
// the database is started again, and requests to the trackers fail. At the end both
// trackers and the board must agree, no edit may be lost, no write applied twice, and no
// two daemons may ever have written one issue at the same time. PARLEY_CHANGES says how
// many changes people make, PARLEY_SEED replays what they do.
func TestCrewUnderFire(t *testing.T) {
	t.Parallel()
	changes := number(t, "PARLEY_CHANGES", 60)
	seed := number(t, "PARLEY_SEED", int(time.Now().UnixNano()%1e9))
	w := startCrewWorld(t, uint64(seed), changes, 3)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("what happened:\n%s", strings.Join(w.told, "\n"))
			t.Logf("replay: PARLEY_CHANGES=%d PARLEY_SEED=%d go test -count=1 -timeout 120m -run '^TestCrewUnderFire$' ./cmd/parley", changes, seed)
		}
	})
	for _, m := range w.members {
		w.run(m)
	}
	until(t, "every pair to be one card", 120*time.Second, w.allPaired)

	w.unrest.set(true, 0)
	began := time.Now()
	for n := range changes {
		w.meet()
		w.change()
		w.pause(w.rng.IntN(60))
		if n%changesPerEntry == 0 {
			w.schedule = append(w.schedule, fmt.Sprintf("%s %d changes, %d writes seen", time.Now().Format("15:04:05.000"), len(w.did), w.log.count()))
		}
		if n%12 == 5 {
			w.strike(n / 12)
		}
	}
	took := time.Since(began)
	w.unrest.set(false, 0)
	w.meet()
	w.comeToRest()
	f := w.figures
	w.judge(f.kills + f.pauses + f.restarts + w.unrest.faults)
	for _, c := range w.unrest.clashes {
		t.Error(c)
	}
	if len(w.unrest.by) < 2 {
		t.Errorf("writes by daemon: %v; the work was not shared", w.unrest.by)
	}
	t.Logf("%d changes in %.0f s, %d kills, %d pauses, %d restarts of the database, %d faults; another daemon decided %s after the one that did was killed, %s after it was stopped; writes by daemon %v; PARLEY_SEED=%d",
		len(w.did), took.Seconds(), f.kills, f.pauses, f.restarts, w.unrest.faults, f.killed, f.stopped, w.unrest.by, seed)
}

// strike makes something bad happen: each kind once before any by chance.
func (w *crewWorld) strike(n int) {
	w.t.Helper()
	kind := n % 5
	if n >= 5 {
		kind = w.rng.IntN(5)
	}
	m := w.members[w.rng.IntN(len(w.members))]
	if d := w.decider(); d != nil && w.rng.IntN(2) == 0 || d != nil && n < 2 {
		m = d
	}
	switch kind {
	case 0, 3:
		w.notef("kill daemon %d", m.n)
		w.replaced(m, &w.figures.killed, func() { w.killMember(m) })
		w.run(m)
	case 1, 4:
		w.notef("stop daemon %d", m.n)
		w.replaced(m, &w.figures.stopped, func() { w.stop(m) })
		w.meet()
		w.change()
		w.pause(w.rng.IntN(6000))
		w.notef("daemon %d goes on", m.n)
		w.signal(m, syscall.SIGCONT)
		m.paused = false
	default:
		crash := w.rng.IntN(2) == 0
		w.notef("restart of the database, by a crash: %v", crash)
		if err := w.server.Restart(crash); err != nil {
			w.t.Fatal(err)
		}
		w.figures.restarts++
	}
	until(w.t, "a board to answer", 30*time.Second, func() bool { w.meet(); return w.answers() })
}

func (w *crewWorld) notef(format string, args ...any) {
	w.told = append(w.told, fmt.Sprintf("%s after %d changes: ", time.Now().Format("15:04:05.000"), len(w.did))+fmt.Sprintf(format, args...))
}

// stop stops one daemon in the middle of whatever it does.
func (w *crewWorld) stop(m *member) {
	w.signal(m, syscall.SIGSTOP)
	m.paused = true
	w.figures.pauses++
}

// replaced does something to a daemon, and where that was the one that decides, measures
// until another one does.
func (w *crewWorld) replaced(m *member, into *takeovers, do func()) {
	w.t.Helper()
	decides := w.decider() == m
	began := time.Now()
	do()
	if !decides {
		return
	}
	until(w.t, "another daemon to decide", 60*time.Second, func() bool {
		d := w.decider()
		return d != nil && d != m
	})
	*into = append(*into, time.Since(began))
}

// TestCrewThroughput measures how long one daemon, and three, take to carry many changes at
// once, over trackers that take their time to answer as they do over a network. Three must
// not be slower: nothing that they share may make them wait for each other.
func TestCrewThroughput(t *testing.T) {
	t.Parallel()
	changes := min(number(t, "PARLEY_CHANGES", 24), 120)
	took := map[int]time.Duration{}
	for _, members := range []int{1, 3} {
		w := startCrewWorld(t, 1, changesPerEntry*moveOn*(changes/atWork-1), members)
		for _, m := range w.members {
			w.run(m)
		}
		until(t, "every pair to be one card", 120*time.Second, w.allPaired)
		w.unrest.set(false, 150*time.Millisecond)
		began := time.Now()
		for _, p := range w.pairs {
			w.must("jira", "PUT", "/rest/api/2/issue/"+p.key, object{"fields": object{"priority": object{"name": priorities()[0][1]}}}, nil)
		}
		until(t, "every change to be carried", 300*time.Second, func() bool {
			return !slices.ContainsFunc(w.pairs, func(p twins) bool {
				level, silent := priorityInGitHub(w.hubIssue(p))
				return silent || level != priorities()[0][0]
			})
		})
		took[members] = time.Since(began)
		t.Logf("%d daemons carried %d changes in %.1f s, %.1f a second; writes by daemon %v", members, len(w.pairs), took[members].Seconds(), float64(len(w.pairs))/took[members].Seconds(), w.unrest.by)
		w.dismiss()
	}
	if took[3] > took[1]+took[1]/2 {
		t.Errorf("three daemons took %s, one took %s", took[3], took[1])
	}
}
