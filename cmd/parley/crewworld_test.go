package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"parley/sync/oracle"
	"parley/sync/store"
	"parley/sync/store/open"
	"parley/sync/store/storetest/pgtest"
)

// crewWorld is the world of the kill test with several daemons on one store in PostgreSQL.
// Each of them signs its requests with a token of its own, which the relays turn into the
// one that the trackers know: so it can be told who writes what at the same time.
type crewWorld struct {
	*killWorld
	server  *pgtest.Server
	store   *store.Store // to look, not to touch
	members []*member
	unrest  *disturbance
	figures crewFigures
	told    []string // what happened to daemons and the database
}

// member is one daemon.
type member struct {
	n      int
	config string
	board  string
	cmd    *exec.Cmd
	ended  chan struct{}
	said   *bytes.Buffer
	paused bool
}

// crewFigures is what a run has measured.
type crewFigures struct {
	kills, pauses, restarts int
	killed, stopped         takeovers // of the one that decides
}

// takeovers are the times until another daemon decided.
type takeovers []time.Duration

// String is the median and the longest.
func (t takeovers) String() string {
	if len(t) == 0 {
		return "never"
	}
	sorted := slices.Sorted(slices.Values(t))
	return fmt.Sprintf("%.1f s (median), %.1f s (longest of %d)", sorted[len(t)/2].Seconds(), sorted[len(t)-1].Seconds(), len(t))
}

func startCrewWorld(t *testing.T, seed uint64, changes, members int) *crewWorld {
	t.Helper()
	server := &pgtest.Server{Durable: true}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	url := server.Address(t)
	w := &crewWorld{server: server, unrest: newDisturbance(seed)}
	w.killWorld = &killWorld{at: url, dir: t.TempDir(), log: &writeLog{}, rng: chance(seed), killed: map[moment]int{}, drags: map[string][]oracle.Drag{}, requests: map[string]string{}}
	w.trackers = startSim(t, w.dir)
	client := &http.Client{Timeout: 20 * time.Second}
	jira := &relay{tracker: "jira", target: w.jira, log: w.log, client: client, before: w.unrest.before}
	hub := &relay{tracker: "github", target: w.github, log: w.log, client: client, before: w.unrest.before}
	w.configure(jira.serve(t), hub.serve(t))
	for i := range atWork * (1 + changes/changesPerEntry/moveOn) {
		project, repo := "OPS", "acme/payments"
		if i%3 == 2 {
			project, repo = "FIN", "acme/infra"
		}
		w.pairs = append(w.pairs, w.pair(project, repo, fmt.Sprintf("Work number %d", i+1)))
	}
	for n := range members {
		w.members = append(w.members, w.enlist(n+1))
	}
	w.board = w.members[0].board
	t.Cleanup(w.dismiss)
	db, err := open.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	w.store = db
	return w
}

// changesPerEntry is how many changes count as one entry of the schedule, by which people
// move on to other pairs: whatever writes one field too often within the hour is held.
const changesPerEntry = 2

// enlist writes the configuration of one daemon: all are the same but for the address.
func (w *crewWorld) enlist(n int) *member {
	w.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	_ = l.Close()
	base := filepath.Join(w.dir, "config.toml")
	text, err := os.ReadFile(base)
	if err != nil {
		w.t.Fatal(err)
	}
	config := strings.Replace(string(text), `listen = "`+strings.TrimPrefix(w.killWorld.board, "http://")+`"`, `listen = "`+l.Addr().String()+`"`, 1)
	m := &member{n: n, config: filepath.Join(w.dir, fmt.Sprintf("config-%d.toml", n)), board: "http://" + l.Addr().String()}
	if err := os.WriteFile(m.config, []byte(config), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return m
}

// run starts one daemon.
func (w *crewWorld) run(m *member) {
	w.t.Helper()
	m.cmd = exec.Command("parley", "--config", m.config, "run")
	m.cmd.Env = append(os.Environ(), fmt.Sprintf("PARLEY_DEMO_JIRA_TOKEN=demo-jira-parley-acme%s%d", memberMark, m.n), fmt.Sprintf("PARLEY_DEMO_GITHUB_TOKEN=demo-github-parley-acme%s%d", memberMark, m.n))
	said, ended := &bytes.Buffer{}, make(chan struct{})
	m.cmd.Stdout, m.cmd.Stderr, m.said, m.ended, m.paused = said, said, said, ended, false
	if err := m.cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	cmd := m.cmd
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
}

// signal sends a signal to one daemon.
func (w *crewWorld) signal(m *member, by syscall.Signal) {
	w.t.Helper()
	if err := m.cmd.Process.Signal(by); err != nil {
		w.t.Fatalf("daemon %d ended by itself: %v\n%s", m.n, err, m.said)
	}
}

// kill ends one daemon with SIGKILL.
func (w *crewWorld) killMember(m *member) {
	w.signal(m, syscall.SIGKILL)
	<-m.ended
	w.figures.kills++
}

// dismiss ends all daemons; where the test has failed it says what they said.
func (w *crewWorld) dismiss() {
	for _, m := range w.members {
		if m.cmd == nil || m.cmd.Process == nil {
			continue
		}
		_ = m.cmd.Process.Signal(syscall.SIGCONT)
		_ = m.cmd.Process.Signal(syscall.SIGKILL)
		<-m.ended
		m.cmd = nil
		if w.t.Failed() {
			text := m.said.String()
			w.t.Logf("daemon %d said at the end:\n%s", m.n, text[max(0, len(text)-4000):])
		}
	}
}

// decider is the daemon that decides, nil where none does now.
func (w *crewWorld) decider() *member {
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Second)
	defer cancel()
	leases, err := w.store.Leases(ctx, store.LeaseRunner)
	if err != nil || len(leases) == 0 {
		return nil
	}
	i := slices.IndexFunc(w.members, func(m *member) bool {
		return m.cmd != nil && strings.Contains(leases[0].Owner, fmt.Sprintf("process %d,", m.cmd.Process.Pid))
	})
	if i < 0 {
		return nil
	}
	return w.members[i]
}

// meet leads people to a board that answers.
func (w *crewWorld) meet() {
	awake := slices.DeleteFunc(slices.Clone(w.members), func(m *member) bool { return m.paused })
	w.board = awake[w.rng.IntN(len(awake))].board
}

// memberMark is what stands between a token and the number of the daemon that has it.
const memberMark = ".member-"

// disturbance sees who writes at the same time, and lets requests fail while it is on.
type disturbance struct {
	mu      sync.Mutex
	chance  func(n int) int
	on      bool
	delay   time.Duration // of every answer, as by a network
	faults  int
	under   map[string]string // by issue: the daemon whose write is under way
	clashes []string
	by      map[string]int // writes by daemon
}

func newDisturbance(seed uint64) *disturbance {
	return &disturbance{chance: chance(seed + 1).IntN, under: map[string]string{}, by: map[string]int{}}
}

// fault is what goes wrong with a request.
type fault int

// Faults. After a lost answer nobody knows whether the write was made.
const (
	noFault fault = iota
	refusedFault
	lostFault
)

// before takes in that a daemon makes a request. It gives what is to go wrong, and what is
// to be called once the tracker has answered.
func (d *disturbance) before(req *http.Request, write bool) (f fault, after func()) {
	who := unmark(req)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.on {
		switch d.chance(200) {
		case 0, 1, 2:
			f = refusedFault
		case 3:
			f = lostFault
		}
		if f != noFault {
			d.faults++
		}
	}
	delay := d.delay
	after = func() { <-time.After(delay) }
	if !write || f == refusedFault {
		return f, after
	}
	issue := issueIn(req.URL.Path)
	if issue == "" { // a new one; that none is made twice is seen in the end
		return f, after
	}
	if other, is := d.under[issue]; is && other != who {
		d.clashes = append(d.clashes, fmt.Sprintf("%s: daemons %s and %s write %s at the same time", time.Now().Format("15:04:05.000"), other, who, issue))
	}
	d.under[issue] = who
	d.by[who]++
	return f, func() {
		d.mu.Lock()
		delete(d.under, issue)
		d.mu.Unlock()
		<-time.After(delay)
	}
}

// issueIn is what a path names an issue by, "" where it names none.
func issueIn(path string) string {
	if _, rest, ok := strings.Cut(path, "/issue/"); ok {
		key, _, _ := strings.Cut(rest, "/")
		return key
	}
	if repo, rest, ok := strings.Cut(path, "/issues/"); ok {
		number, _, _ := strings.Cut(rest, "/")
		return repo + "#" + number
	}
	return ""
}

// set turns faults on or off and says how long answers take.
func (d *disturbance) set(on bool, delay time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.on, d.delay = on, delay
}
