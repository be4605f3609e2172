// Package sole tells whether this process is the only one that works on a store.
//
// A lease says who works on a store, but not whether that process still lives: one
// that was killed is known to be gone only when its lease has run out. A lock that the
// operating system, or the database server, gives back by itself when its holder dies
// says so at once.
package sole

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
)

// ErrNoLocks says that there are no locks here to tell it by: a file system without
// them, a folder that cannot be written, an operating system that Parley does not know.
// The lease alone decides then.
var ErrNoLocks = errors.New("no locks to be had")

// Claim is this process's claim to be the only one on a store. It is safe for
// concurrent use.
type Claim struct {
	url  string
	mu   sync.Mutex
	held lock
}

// lock is a lock that is held until it is given back or the process dies.
type lock interface {
	// stands says whether it is still held: a connection to a server may have broken.
	stands(ctx context.Context) bool
	Close() error
}

// New makes a claim to the store at url, as open.Open takes it. Nothing is locked
// before Take.
func New(url string) *Claim { return &Claim{url: url} }

// Take locks the store for this process unless it is locked by it already, and says
// whether that could be done: false means that another process lives and has it. It
// does not wait. The error is ErrNoLocks, with the reason, where nobody can tell.
func (c *Claim) Take(ctx context.Context) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held != nil {
		if c.held.stands(ctx) {
			return true, nil
		}
		_ = c.held.Close() // it is gone already
		c.held = nil
	}
	held, err := take(ctx, c.url)
	if err != nil {
		return false, fmt.Errorf("lock the store: %w: %w", ErrNoLocks, err)
	}
	if held == nil {
		return false, nil
	}
	c.held = held
	return true, nil
}

// Close gives the lock back, if it is held.
func (c *Claim) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held == nil {
		return nil
	}
	err := c.held.Close()
	c.held = nil
	if err != nil {
		return fmt.Errorf("unlock the store: %w", err)
	}
	return nil
}

// take gives a lock of the kind that the store has, nil where another process holds it.
func take(ctx context.Context, url string) (lock, error) {
	scheme, rest, _ := strings.Cut(url, ":")
	switch scheme {
	case "sqlite":
		return lockBeside(rest)
	case "postgres", "postgresql":
		return lockSession(ctx, url)
	}
	return nil, fmt.Errorf("a store of kind %q: %w", scheme, errors.ErrUnsupported)
}

// lockBeside locks a file beside the database. Processes that reach the database by
// different links have to meet at the same file.
func lockBeside(path string) (lock, error) {
	if p, ok := strings.CutPrefix(path, "//"); ok && strings.HasPrefix(p, "/") {
		path = p
	}
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, err
	}
	return lockFile(target + ".lock")
}
