package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestSecondDaemonIsRefused holds that a store has one daemon: a second one ends and says
// who has it, and the first one does not notice. When that one is killed, the next one
// takes its place.
func TestSecondDaemonIsRefused(t *testing.T) {
	t.Parallel()
	w := startKillWorld(t, 1, 0)
	w.start()
	w.waitFor("the first daemon to answer", 60*time.Second, w.answers)
	text, err := os.ReadFile(filepath.Join(w.dir, "config.toml"))
	if err != nil {
		t.Fatal(err)
	}
	second := filepath.Join(w.dir, "second.toml")
	elsewhere := strings.ReplaceAll(string(text), strings.TrimPrefix(w.board, "http://"), "127.0.0.1:0")
	if err := os.WriteFile(second, []byte(elsewhere), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("parley", "--config", second, "run")
	cmd.Env = tokens()
	said, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(said), "another parley run (") || !strings.Contains(string(said), "stop it first") {
		t.Errorf("the second daemon ended with %v and said\n%s", err, said)
	}
	if said, dead := w.dead(); dead || !w.answers() {
		t.Fatalf("the first daemon was disturbed: dead %t\n%s", dead, said)
	}
	w.kill()
	w.start()
	w.waitFor("the next daemon to read the trackers", 60*time.Second, w.ready)
}
