package app

import (
	"context"
	"net"
	"net/http"
	"sync"
)

// callers are the connections on which a request is on its way, or may be. A server that shuts
// down drops what it has not begun to read: where another one takes its place at once, that
// would be an answer that somebody waits for and never gets.
type callers struct {
	mu   sync.Mutex
	on   map[net.Conn]bool
	left chan struct{} // holds a turn once one has left
}

func newCallers() *callers { return &callers{on: map[net.Conn]bool{}, left: make(chan struct{}, 1)} }

// note is a server's ConnState.
func (c *callers) note(conn net.Conn, s http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s == http.StateNew || s == http.StateActive {
		c.on[conn] = true
		return
	}
	delete(c.on, conn)
	select {
	case c.left <- struct{}{}:
	default:
	}
}

func (c *callers) none() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.on) == 0
}

// leave waits until all have their answers, or ctx ends.
func (c *callers) leave(ctx context.Context) {
	for !c.none() {
		select {
		case <-c.left:
		case <-ctx.Done():
			return
		}
	}
}
