package storetest

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// crashEnv tells a test program to be the victim of Crash.
const crashEnv = "PARLEY_STORETEST_VICTIM"

// perCommit is how many cards the victim writes in one commit.
const perCommit = 20

// Connect opens the store at an address, which is the engine's own.
type Connect func(ctx context.Context, address string) (*store.Store, error)

// Victim commits without end where Crash asks this program to; false at once
// everywhere else. Call it first in TestMain and end where it was the victim.
func Victim(connect Connect) bool {
	address := os.Getenv(crashEnv)
	if address == "" {
		return false
	}
	ctx := context.Background()
	s, err := connect(ctx, address)
	for n := int64(1); err == nil; n++ {
		if _, err = s.Commit(ctx, crashCommit(n)); err == nil {
			_, err = fmt.Println(n) //nolint:forbidigo // the line tells the parent how far it is
		}
	}
	fmt.Fprintln(os.Stderr, err)
	return true
}

func crashCommit(n int64) store.Commit {
	c := store.Commit{
		Now:    epoch(),
		Cursor: &store.SourceState{Tracker: "jira", FeedHead: n},
		Record: engine.Record{Activity: []engine.Activity{{Kind: engine.DidChange, Text: "n"}}},

		Settings:   map[string]string{"n": strconv.FormatInt(n, 10)},
		Quarantine: []store.Quarantined{{Tracker: "jira", Issue: strconv.FormatInt(n, 10), Reason: "odd"}},
	}
	for i := range perCommit {
		w := newCard(kanban.CardID(fmt.Sprintf("n%dc%d", n, i)), "crash")
		c.Cards = append(c.Cards, w)
		c.Issues = append(c.Issues, rowOf(w))
	}
	return c
}

// Crash kills a process in the middle of its commits and looks at what it left
// at the address: whole commits, all that were confirmed, and at most one more.
func Crash(t *testing.T, connect Connect, address string) {
	t.Helper()
	confirmed := kill(t, address)
	s := Opened(t, connect, address)
	seq := must(s.Seq(t.Context()))(t)
	if seq < confirmed {
		t.Errorf("sequence %d, but %d commits were confirmed", seq, confirmed)
	}
	if n := must(s.Counts(t.Context()))(t).Cards; n != perCommit*seq {
		t.Errorf("%d cards after %d commits of %d", n, seq, perCommit)
	}
	if st := must(s.Source(t.Context(), "jira", ""))(t); st.FeedHead != seq {
		t.Errorf("cursor at %d after %d commits", st.FeedHead, seq)
	}
	if l := must(s.Activity(t.Context(), store.ActivityQuery{}))(t); int64(len(l)) != seq {
		t.Errorf("%d lines of activity after %d commits", len(l), seq)
	}
	if n := len(must(s.Quarantine(t.Context()))(t)); int64(n) != seq {
		t.Errorf("%d issues in quarantine after %d commits", n, seq)
	}
	if n, _, err := s.Setting(t.Context(), "n"); err != nil || n != strconv.FormatInt(seq, 10) {
		t.Errorf("setting %q, %v after %d commits", n, err, seq)
	}
	if found := must(s.Check(t.Context()))(t); len(found) != 0 {
		t.Errorf("a check finds %q", found)
	}
	commit(t, s, crashCommit(seq+1)) // and life goes on
}

// kill starts a victim and kills it after some commits; it gives the last one
// that the victim knew to be written.
func kill(t *testing.T, address string) int64 {
	t.Helper()
	const enough = 25
	cmd := exec.CommandContext(t.Context(), os.Args[0]) //nolint:gosec // this very program
	cmd.Env = append(os.Environ(), crashEnv+"="+address)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var confirmed int64
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, err := fmt.Sscan(lines.Text(), &confirmed); err != nil {
			t.Errorf("the victim says %q", lines.Text())
		}
		if confirmed == enough {
			_ = cmd.Process.Kill() // it may have ended by itself, which the number shows
		}
	}
	_ = cmd.Wait() // killed
	if confirmed < enough {
		t.Fatalf("the victim ended after %d commits", confirmed)
	}
	return confirmed
}
