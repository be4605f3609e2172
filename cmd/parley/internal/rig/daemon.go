// Package rig runs a Parley as a process of its own, so that its memory and its time are its
// own, beside simulators that are served on loopback sockets: what the measurements share.
package rig

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Token is what the daemon's accounts sign in with: the value of TokenEnv in its environment.
const (
	Token    = "rig-token"
	TokenEnv = "RIG_TOKEN"
)

// Daemon is `parley run` as a process of its own.
type Daemon struct {
	URL     string // of its board
	dir     string
	client  *http.Client
	process *exec.Cmd
	ended   chan error
	said    *tail
}

// Start builds Parley and runs it in a folder, with its configuration and its store in it,
// until Stop. A store that is there already is worked on. The context's end kills it.
func Start(ctx context.Context, dir, listen, config string) (*Daemon, error) {
	binary := filepath.Join(dir, "parley")
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, "parley/cmd/parley") //nolint:gosec // a name in our own temporary folder
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build parley: %w\n%s", err, out)
	}
	file := filepath.Join(dir, "config.toml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		return nil, fmt.Errorf("write configuration: %w", err)
	}
	d := &Daemon{dir: dir, URL: "http://" + listen, client: &http.Client{Timeout: time.Minute}, ended: make(chan error, 1), said: &tail{}}
	d.process = exec.CommandContext(ctx, binary, "--config", file, "run") //nolint:gosec // what was just built
	d.process.Env = append(os.Environ(), TokenEnv+"="+Token)
	d.process.Stdout, d.process.Stderr = d.said, d.said
	if err := d.process.Start(); err != nil {
		return nil, fmt.Errorf("start parley: %w", err)
	}
	go func() { d.ended <- d.process.Wait() }()
	return d, nil
}

// FreeAddress finds a port that nobody listens on.
func FreeAddress(ctx context.Context) (string, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}

// Stop ends the daemon as Ctrl-C would, and waits for it. One that does not end
// well has failed.
func (d *Daemon) Stop() error {
	if err := d.process.Process.Signal(syscall.SIGINT); err != nil {
		return fmt.Errorf("stop parley: %w", err)
	}
	if err := <-d.ended; err != nil {
		return fmt.Errorf("parley did not end well: %w", err)
	}
	return nil
}

// LastWords is what the daemon printed last.
func (d *Daemon) LastWords() error { return fmt.Errorf("parley said:\n%s", d.said) }

// Get asks the daemon's API. A status other than 200 is no error.
func (d *Daemon) Get(ctx context.Context, path string, out any) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.URL+path, http.NoBody)
	if err != nil {
		return 0, err
	}
	resp, err := d.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode == http.StatusOK && out != nil {
		err = json.Unmarshal(body, out)
	}
	return resp.StatusCode, err
}

// Read asks the daemon's API for something that has to be there.
func (d *Daemon) Read(ctx context.Context, path string, out any) error {
	code, err := d.Get(ctx, path, out)
	if err == nil && code != http.StatusOK {
		err = fmt.Errorf("GET %s: HTTP %d", path, code)
	}
	return err
}

// PeakMemory is the most main memory the daemon has used so far, in bytes.
func (d *Daemon) PeakMemory() (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", d.process.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if size, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			n, err := strconv.ParseInt(strings.Fields(size)[0], 10, 64)
			return n << 10, err
		}
	}
	return 0, fmt.Errorf("no VmHWM in /proc")
}

// CPU is how much processor time the daemon has used so far.
func (d *Daemon) CPU() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", d.process.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(text), ") ") // the name before it may hold anything
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("/proc tells no times: %q", text)
	}
	var ticks int64
	for _, f := range fields[11:13] { // utime and stime, proc(5)
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("read /proc: %w", err)
		}
		ticks += n
	}
	return time.Duration(ticks) * (time.Second / 100), nil // USER_HZ is 100 wherever Linux runs
}

// DatabaseSize is what the store takes on disk, its log included, in bytes.
func (d *Daemon) DatabaseSize() (int64, error) {
	files, err := filepath.Glob(filepath.Join(d.dir, "parley.db*"))
	var sum int64
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			return 0, err
		}
		sum += info.Size()
	}
	return sum, err
}

// Alive fails once the daemon has ended.
func (d *Daemon) Alive() error {
	select {
	case err := <-d.ended:
		d.ended <- err
		return fmt.Errorf("parley ended: %w", err)
	default:
		return nil
	}
}

// tail keeps the last of what is written to it.
type tail struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write keeps p.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if over := t.text.Len() + len(p) - 1<<14; over > 0 {
		t.text.Next(over)
	}
	return t.text.Write(p)
}

// String is what was kept.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}

// Every calls fn at each tick until it says that it is done.
func Every(ctx context.Context, tick time.Duration, fn func() (done bool, err error)) error {
	t := time.NewTicker(tick)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-t.C:
		}
		if done, err := fn(); done || err != nil {
			return err
		}
	}
}
