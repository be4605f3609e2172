package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
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
)

// killWorld is the simulators in one process, a relay to each, and the daemon in a
// process that is killed and started again.
type killWorld struct {
	*trackers
	dir    string
	board  string // address of the daemon
	log    *writeLog
	at     string // URL of the store
	rng    *rand.Rand
	pairs  []twins
	did    []string
	drags  map[string][]oracle.Drag // by key and field
	killed map[moment]int
	// requests are issues that people made for the daemon to make twins of: key by id.
	requests map[string]string
	// schedule tells each kill in a line.
	schedule []string
	// records are what lost a conflict and was on record in stores that were lost since, by
	// card and field; forgotten counts the writes that they knew of and their backups do not.
	records   map[string][]string
	forgotten int

	mu     sync.Mutex
	daemon *exec.Cmd
	ended  chan struct{}
	said   *words // of the present daemon
}

func startKillWorld(t *testing.T, seed uint64, kills int) *killWorld {
	t.Helper()
	w := &killWorld{dir: t.TempDir(), log: &writeLog{}, rng: chance(seed), killed: map[moment]int{}, drags: map[string][]oracle.Drag{}, requests: map[string]string{}, records: map[string][]string{}}
	w.trackers = startSim(t, w.dir)
	client := &http.Client{Timeout: 20 * time.Second}
	jira := &relay{tracker: "jira", target: w.jira, log: w.log, client: client}
	hub := &relay{tracker: "github", target: w.github, log: w.log, client: client}
	w.configure(jira.serve(t), hub.serve(t))
	for i := range atWork * (1 + kills/moveOn) {
		project, repo := "OPS", "acme/payments"
		if i%3 == 2 {
			project, repo = "FIN", "acme/infra"
		}
		w.pairs = append(w.pairs, w.pair(project, repo, fmt.Sprintf("Work number %d", i+1)))
	}
	t.Cleanup(w.kill)
	return w
}

// People work on so many pairs at a time, and after so many kills they move on to
// others: whatever writes the same field more than six times within the hour is held.
const (
	atWork = 12
	moveOn = 25
)

// now are the pairs that people work on at present.
func (w *killWorld) now() []twins {
	from := atWork * (len(w.schedule) / moveOn)
	return w.pairs[from : from+atWork]
}

// startSim runs `parley sim` until the test ends. Its configuration is dir/config.toml.
func startSim(t *testing.T, dir string) *trackers {
	t.Helper()
	out, err := os.Create(filepath.Join(dir, "sim.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = out.Close() }()
	cmd := exec.Command("parley", "sim", "--json", "--write-config", filepath.Join(dir, "config.toml"))
	cmd.Stdout, cmd.Stderr = out, os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	})
	var doc struct{ Jira, GitHub string }
	until(t, "parley sim to say its addresses", 60*time.Second, func() bool {
		text, err := os.ReadFile(out.Name())
		return err == nil && json.Unmarshal(text, &doc) == nil
	})
	return &trackers{t: t, jira: doc.Jira, github: doc.GitHub}
}

// until polls a condition and fails the test when it does not come true in time.
func until(t *testing.T, what string, limit time.Duration, met func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(limit)
	for !met() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited %s for %s", limit, what)
		}
	}
}

// configure leads the daemon to the relays, and makes it poll as often as it may.
func (w *killWorld) configure(jira, hub string) {
	w.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	_ = l.Close()
	w.board = "http://" + l.Addr().String()
	file := filepath.Join(w.dir, "config.toml")
	text, err := os.ReadFile(file)
	if err != nil {
		w.t.Fatal(err)
	}
	if w.at == "" {
		w.at = server.URL(w.t, filepath.Join(w.dir, "sim.db"))
	}
	text = bytes.Replace(text, []byte("sqlite:sim.db"), []byte(w.at), 1)
	config := strings.NewReplacer(`"`+w.jira+`"`, `"`+jira+`"`, `"`+w.github+`"`, `"`+hub+`"`,
		"127.0.0.1:8080", l.Addr().String(), `poll = "1s"`, "poll = \"200ms\"\nmax_change = \"100%\"\nmax_close = \"100%\"\nmax_create = 1000",
		"jira = \"FIN\"\ngithub = \"acme/infra\"\n", "jira = \"FIN\"\ngithub = \"acme/infra\"\nmirror = \"jira-to-github\"\nmirror_text = \"title\"\n",
		`over = "ask"`, `over = "show"`, // the choices that a contract puts on tickets go by the clock, and would be writes at rest
	).Replace(string(text))
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// start runs the daemon. That it ends by itself is found out by answers.
func (w *killWorld) start() {
	w.t.Helper()
	cmd := exec.Command("parley", "--config", filepath.Join(w.dir, "config.toml"), "run")
	cmd.Env = tokens()
	said := &words{}
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.daemon, w.ended, w.said = cmd, ended, said
}

// words are what a process says, to be read while it goes on.
type words struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write adds to them.
func (w *words) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

// String is all of them so far.
func (w *words) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// tokens are the environment of a process that signs in as Parley.
func tokens() []string {
	return append(os.Environ(), "PARLEY_DEMO_JIRA_TOKEN=demo-jira-parley-acme", "PARLEY_DEMO_GITHUB_TOKEN=demo-github-parley-acme")
}

// kill ends the daemon with SIGKILL and waits until it is dead.
func (w *killWorld) kill() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.daemon != nil {
		_ = w.daemon.Process.Signal(syscall.SIGKILL)
		<-w.ended
	}
}

// dead says what a daemon said that ended without being asked to.
func (w *killWorld) dead() (said string, dead bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case <-w.ended:
		return w.said.String(), true
	default:
		return "", false
	}
}

// waitFor is until that also fails when the daemon dies by itself.
func (w *killWorld) waitFor(what string, limit time.Duration, met func() bool) {
	w.t.Helper()
	until(w.t, what, limit, func() bool {
		if said, dead := w.dead(); dead {
			w.t.Fatalf("while waiting for %s the daemon ended by itself:\n%s", what, said)
		}
		return met()
	})
}

// api asks the daemon.
func (w *killWorld) api(method, path string, body, out any) (int, error) {
	return exchange(method, w.board+"/api/v1/"+path, body, out, func(r *http.Request) { r.Header.Set("Origin", w.board) })
}

func (w *killWorld) answers() bool {
	code, err := w.api("GET", "board", nil, nil)
	return err == nil && code == http.StatusOK
}

func (w *killWorld) allPaired() bool {
	for _, p := range w.pairs {
		if c, ok := w.card(p); !ok || len(c.Sides) != 2 {
			return false
		}
	}
	return true
}

// boardCard is what the test reads of a card.
type boardCard struct {
	ID       string
	Rev      int64
	Column   string
	Priority *string
	Sides    []struct{ Side, Status, Priority, Error string }
	Pending  []struct{ State string }
	Badges   []struct{ Kind, Text string }
}

// busy reports whether something is on its way. What is held waits for a person.
func (c boardCard) busy() bool {
	return slices.ContainsFunc(c.Pending, func(op struct{ State string }) bool { return op.State != "held" })
}

func (w *killWorld) card(p twins) (c boardCard, ok bool) {
	code, err := w.api("GET", "cards/"+p.key, nil, &c)
	return c, err == nil && code == http.StatusOK
}
