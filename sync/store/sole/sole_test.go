package sole_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/sync/store/sole"
	"parley/sync/store/storetest/pgtest"
)

// victim, when set, makes this program another process that claims the store at this
// address, says what came of it, and lives until its input ends.
const victim = "PARLEY_TEST_CLAIM"

var server pgtest.Server

func TestMain(m *testing.M) {
	if url := os.Getenv(victim); url != "" {
		claim(url)
		return
	}
	code := m.Run()
	if err := server.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, "stop PostgreSQL:", err)
		code = 1
	}
	os.Exit(code)
}

func claim(url string) {
	one := sole.New(url)
	taken, err := one.Take(context.Background())
	fmt.Println(taken, err)
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// other is another process with a claim of its own.
type other struct {
	*exec.Cmd

	says string
}

func startOther(t *testing.T, url string) other {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), victim+"="+url)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return other{cmd, strings.TrimSpace(line)}
}

// stores are one store of each kind.
func stores(t *testing.T) map[string]string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "parley.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return map[string]string{"sqlite": "sqlite:" + path, "postgres": server.Schema(t)}
}

// TestKilledHolderIsGoneAtOnce holds both kinds of lock to what they are for.
func TestKilledHolderIsGoneAtOnce(t *testing.T) {
	t.Parallel()
	for kind, url := range stores(t) {
		holder := startOther(t, url)
		if holder.says != "true <nil>" {
			t.Fatalf("%s: the first process says %q", kind, holder.says)
		}
		mine := sole.New(url)
		t.Cleanup(func() { _ = mine.Close() })
		if taken, err := mine.Take(t.Context()); taken || err != nil {
			t.Errorf("%s: while the holder lives: %v, %v; want false", kind, taken, err)
		}
		if err := holder.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = holder.Wait()
		freed(t, kind, mine)
		if second := startOther(t, url); second.says != "false <nil>" {
			t.Errorf("%s: while this process holds it another one says %q", kind, second.says)
		}
	}
}

// freed takes a claim whose holder has died. A server may need a moment to see that.
func freed(t *testing.T, kind string, c *sole.Claim) {
	t.Helper()
	deadline := time.After(5 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		taken, err := c.Take(t.Context())
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		if taken {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%s: still locked after its holder was killed", kind)
		}
	}
}

func TestClaimIsTakenOnceAndGivenBack(t *testing.T) {
	t.Parallel()
	for kind, url := range stores(t) {
		first, second := sole.New(url), sole.New(url)
		for range 2 { // the second time it is held already
			if taken, err := first.Take(t.Context()); !taken || err != nil {
				t.Fatalf("%s: %v, %v; want true", kind, taken, err)
			}
		}
		if taken, err := second.Take(t.Context()); taken || err != nil {
			t.Errorf("%s: two claims stand at once: %v, %v", kind, taken, err)
		}
		for range 2 { // the second does nothing
			if err := first.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if taken, err := second.Take(t.Context()); !taken || err != nil {
			t.Errorf("%s: given back: %v, %v; want true", kind, taken, err)
		}
		if err := second.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestLinksLeadToTheSameLock holds that two ways to one database are one claim.
func TestLinksLeadToTheSameLock(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, link := filepath.Join(dir, "parley.db"), filepath.Join(dir, "link.db")
	if err := errors.Join(os.WriteFile(path, nil, 0o600), os.Symlink(path, link)); err != nil {
		t.Fatal(err)
	}
	first, second := sole.New("sqlite:"+path), sole.New("sqlite://"+link)
	if taken, err := first.Take(t.Context()); !taken || err != nil {
		t.Fatal(taken, err)
	}
	t.Cleanup(func() { _ = first.Close() })
	if taken, err := second.Take(t.Context()); taken || err != nil {
		t.Errorf("by a link: %v, %v; want false", taken, err)
	}
}

func TestNobodyCanTell(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "parley.db")
	if err := errors.Join(os.WriteFile(path, nil, 0o600), os.Mkdir(path+".lock", 0o700)); err != nil {
		t.Fatal(err)
	}
	for name, url := range map[string]string{
		"a folder is in the way":  "sqlite:" + path,
		"there is no database":    "sqlite:" + filepath.Join(dir, "none.db"),
		"the server is not there": "postgres://u:geheim@127.0.0.1:1/d",
		"no address":              "postgres://u:geheim@[/d",
		"another kind of store":   "mysql://u:geheim@h/d",
	} {
		taken, err := sole.New(url).Take(t.Context())
		if taken || !errors.Is(err, sole.ErrNoLocks) {
			t.Errorf("%s: %v, %v; want ErrNoLocks", name, taken, err)
		}
		if strings.Contains(fmt.Sprint(err), "geheim") {
			t.Errorf("%s: the password shows: %v", name, err)
		}
	}
}
