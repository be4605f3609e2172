package transfer

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// kills is how often a process that moves a store is killed.
const kills = 12

// A process that moves a store is killed with SIGKILL at random moments again and again, and
// the next one goes on; then everything is there, and nothing twice.
func TestKilledMove(t *testing.T) {
	t.Parallel()
	for name, pair := range map[string][2]string{"sqlite to postgres": {"sqlite", "postgres"}, "postgres to sqlite": {"postgres", "sqlite"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := move(filled(t, engines()[pair[0]]), engines()[pair[1]](t))
			inflate(t, m.From)
			want := held(t, m.From)
			rng := rand.New(rand.NewPCG(1, uint64(len(name))))
			killed := 0
			for range kills {
				if !moveKilled(t, m, time.Duration(rng.IntN(600))*time.Millisecond) {
					break // it was through
				}
				killed++
			}
			counts, err := m.Run(t.Context())
			if err != nil && !strings.Contains(err.Error(), "was moved to") {
				t.Fatal(err)
			}
			if err == nil {
				if diff := cmp.Diff(want, counts); diff != "" {
					t.Errorf("moved (-was +is):\n%s", diff)
				}
			} else if diff := cmp.Diff(want, held(t, m.To)); diff != "" {
				t.Errorf("moved (-was +is):\n%s", diff)
			}
			if killed < 2 {
				t.Errorf("it was killed %d times only", killed)
			}
			t.Logf("killed %d times", killed)
			works(t, m)
		})
	}
}

// inflate adds so many rows that a move takes a while.
func inflate(t *testing.T, url string) {
	t.Helper()
	s := at(t, url)
	rows, err := s.Unswept(t.Context(), "jira", nil, now().AddDate(9, 0, 0), "", 1)
	if err != nil || len(rows) == 0 {
		t.Fatal(len(rows), err)
	}
	for part := range 60 {
		c := store.Commit{Now: now()}
		for i := range 300 {
			c.Record.Events = append(c.Record.Events, kanban.Event{Tracker: "jira", Issue: rows[0].ID, SourceID: fmt.Sprintf("more-%d-%d", part, i), At: now(), Actor: strings.Repeat("x", 300)})
			c.Record.Activity = append(c.Record.Activity, engine.Activity{Text: strings.Repeat("y", 300)})
		}
		if _, err := s.Commit(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
}

// moveKilled moves in a process that is killed after a while; false where it was through
// before.
func moveKilled(t *testing.T, m Move, after time.Duration) bool {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), victim+"="+m.From+"\n"+m.To)
	var said strings.Builder
	cmd.Stdout = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	err := cmd.Wait()
	if strings.Contains(said.String(), "was moved to") {
		return false // the last one was killed when all was done
	}
	if cmd.ProcessState.Exited() && err != nil && !strings.Contains(said.String(), "a parley run works on it") {
		t.Fatalf("%v: %s", err, said.String()) // the server may take a moment to notice that the last one is dead
	}
	return err != nil
}
