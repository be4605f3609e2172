package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// errNone says that no PostgreSQL is installed.
var errNone = errors.New("no PostgreSQL binaries")

const (
	port     = "5432" // only in the name of the socket: nothing listens on TCP
	patience = 60 * time.Second
)

// cluster is a private server in a folder of its own, reached by a socket there.
type cluster struct {
	dir    string
	as     *syscall.SysProcAttr
	binary string
	sync   string // whether a commit that was answered outlives a crash of the server
	server *exec.Cmd
	ended  chan struct{} // closed when the server has ended
	result error         // of the server, once it has
}

// startCluster makes a cluster that trusts its one user and forgets durability.
func startCluster(durable bool) (_ *cluster, err error) {
	initdb, postgres, err := binaries()
	if err != nil {
		return nil, err
	}
	as, owner, err := account()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "pg") // short: a socket's path is limited to some 100 bytes
	if err != nil {
		return nil, err
	}
	c := &cluster{dir: dir, as: as, binary: postgres, sync: "off"}
	if durable {
		c.sync = "on"
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.stop())
		}
	}()
	if owner != nil {
		if err := os.Chown(dir, owner.uid, owner.gid); err != nil {
			return nil, err
		}
	}
	data := filepath.Join(dir, "data")
	out, err := command(as, initdb, "-D", data, "-U", "parley", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C").CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	return c, c.start()
}

// start runs the server and waits until it answers.
func (c *cluster) start() error {
	c.server = command(c.as, c.binary, "-D", filepath.Join(c.dir, "data"), "-k", c.dir, "-p", port, "-c", "listen_addresses=",
		"-c", "fsync=off", "-c", "synchronous_commit="+c.sync, "-c", "full_page_writes=off", "-c", "max_connections=1000")
	if err := c.server.Start(); err != nil {
		return fmt.Errorf("start postgres: %w", err)
	}
	server, ended := c.server, make(chan struct{})
	c.ended = ended
	go func() {
		defer close(ended)
		c.result = server.Wait()
	}()
	return c.wait()
}

// end ends the server by a signal and waits for it.
func (c *cluster) end(by syscall.Signal) error {
	if c.server == nil || c.server.Process == nil {
		return nil
	}
	err := c.server.Process.Signal(by)
	if errors.Is(err, os.ErrProcessDone) {
		err = nil
	}
	<-c.ended
	return err
}

// url is the address of the cluster's database.
func (c *cluster) url() string {
	q := url.Values{"host": {c.dir}, "port": {port}}
	return "postgres://parley@/postgres?" + q.Encode()
}

// wait returns when the server answers.
func (c *cluster) wait() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	db, err := sql.Open("pgx", c.url())
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if err = db.PingContext(ctx); err == nil {
			return nil
		}
		select {
		case <-c.ended:
			return fmt.Errorf("postgres ended at start: %w", errors.Join(c.result, err))
		case <-ctx.Done():
			return fmt.Errorf("postgres does not answer: %w", err)
		case <-tick.C:
		}
	}
}

// stop ends the server at once and removes its files.
func (c *cluster) stop() error {
	err := c.end(syscall.SIGQUIT) // at once: the data is thrown away anyway
	return errors.Join(err, os.RemoveAll(c.dir))
}

// binaries finds initdb and postgres in PATH, or where Debian puts them.
func binaries() (initdb, postgres string, err error) {
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // the pattern is well formed
	slices.Reverse(dirs)                                  // newest first
	for _, dir := range append([]string{""}, dirs...) {
		initdb, err1 := exec.LookPath(filepath.Join(dir, "initdb"))
		postgres, err2 := exec.LookPath(filepath.Join(dir, "postgres"))
		if err1 == nil && err2 == nil {
			return initdb, postgres, nil
		}
	}
	return "", "", errNone
}

type ids struct{ uid, gid int }

// account is whom the server runs as: PostgreSQL refuses root, which therefore
// lends it the account of that name, or nobody's.
func account() (*syscall.SysProcAttr, *ids, error) {
	if os.Geteuid() != 0 {
		return nil, nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		u, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, nil, fmt.Errorf("find an account for postgres: %w", err)
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return nil, nil, err
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return nil, nil, err
	}
	credential := &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return &syscall.SysProcAttr{Credential: credential}, &ids{uid, gid}, nil
}

func command(as *syscall.SysProcAttr, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...) //nolint:gosec,noctx // found by binaries; it lives as long as the tests
	if as != nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as.Credential}
	}
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	return cmd
}
