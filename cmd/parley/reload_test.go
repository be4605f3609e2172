package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestReloadedAtRandomMoments has the daemon read its configuration again and again while
// people change things in Jira, in GitHub and on the board. It must be in force each time,
// nobody may ever be refused a connection, and at the end all that a kill is held to holds:
// both trackers and the board agree, no edit is lost and no write is applied twice.
func TestReloadedAtRandomMoments(t *testing.T) {
	t.Parallel()
	reloads := number(t, "PARLEY_RELOADS", 5)
	w := startKillWorld(t, uint64(number(t, "PARLEY_SEED", int(time.Now().UnixNano()%1e9))), reloads)
	w.start()
	w.waitFor("every pair to be one card", 60*time.Second, w.allPaired)
	longest := time.Duration(0)
	for i := range reloads {
		name := fmt.Sprintf("Review %d", i)
		w.rename(name)
		for range 1 + w.rng.IntN(3) {
			w.change()
		}
		began := time.Now()
		w.hangUp()
		w.change()
		w.waitFor("the new configuration to be in force", 30*time.Second, func() bool { return strings.Contains(w.page(), name) })
		longest = max(longest, time.Since(began))
		w.change()
		w.schedule = append(w.schedule, "reload") // people move on to other pairs by it
	}
	w.comeToRest()
	w.judge(reloads)
	t.Logf("%d reloads, the longest %.2f s", reloads, longest.Seconds())
}

// TestAReloadThatCannotBeIsRefused: a file with an error, and one that needs a restart,
// leave everything as it is and say why.
func TestAReloadThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	w := startKillWorld(t, 1, 1)
	w.start()
	w.waitFor("the daemon to answer", 60*time.Second, w.answers)
	file := filepath.Join(w.dir, "config.toml")
	good := w.read(file)
	for i, bad := range []string{
		strings.Replace(good, `name = "Review"`, `nome = "Never"`, 1),
		strings.Replace(good, `"In Review"`, `"In Revue"`, 1),
		strings.Replace(good, filepath.Base(w.at), filepath.Base(w.at)+"other", 1),
	} {
		w.write(file, bad)
		w.hangUp()
		w.waitFor("the file to be refused", 30*time.Second, func() bool { return strings.Count(w.said.String(), "refused, and nothing has changed") == i+1 })
		if !w.answers() || !strings.Contains(w.page(), ">Review<") {
			t.Errorf("after file %d the board is another", i+1)
		}
	}
	w.write(file, strings.Replace(good, `name = "Review"`, `name = "Good again"`, 1))
	w.hangUp()
	w.waitFor("the good one to be in force", 30*time.Second, func() bool { return strings.Contains(w.page(), "Good again") })
	for _, want := range []string{"unknown key; did you mean name?", `no project has the status "In Revue"`, "refused, and nothing has changed: the file has errors",
		"refused, and nothing has changed: store.url can only be changed by a restart", `column "review".name: "Review" → "Good again"`, "in force by "} {
		if !strings.Contains(w.said.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, w.said)
		}
	}
	if strings.Contains(w.said.String(), "demo-jira") {
		t.Error("a token is told")
	}
}

func (w *killWorld) read(file string) string {
	w.t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(text)
}

func (w *killWorld) write(file, text string) {
	w.t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// rename gives the column of what is reviewed another name, and with it another poll.
func (w *killWorld) rename(name string) {
	w.t.Helper()
	file := filepath.Join(w.dir, "config.toml")
	head, rest, found := strings.Cut(w.read(file), "key = \"review\"\nname = \"")
	_, tail, closed := strings.Cut(rest, `"`)
	if !found || !closed {
		w.t.Fatal("the configuration has no column for reviews")
	}
	w.write(file, head+"key = \"review\"\nname = \""+name+`"`+tail)
}

// hangUp asks the daemon to read its configuration again.
func (w *killWorld) hangUp() {
	w.mu.Lock()
	defer w.mu.Unlock()
	_ = w.daemon.Process.Signal(syscall.SIGHUP)
}

// page is the board. That it cannot be reached is a failure: the address stays open.
func (w *killWorld) page() string {
	w.t.Helper()
	client := http.Client{Timeout: 20 * time.Second}
	defer client.CloseIdleConnections()
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.board+"/", http.NoBody)
	if err != nil {
		w.t.Fatal(err)
	}
	resp, err := client.Do(req)
	if err != nil {
		w.t.Fatalf("the board cannot be reached: %v", err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatalf("the board breaks off: %v", err)
	}
	return string(text)
}
