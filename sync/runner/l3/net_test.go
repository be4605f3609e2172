package l3_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
)

// wire joins a client to a server by pipes in memory. Loopback sockets would keep the
// bubble's clock from ever moving: waiting on them does not count as waiting.
type wire struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newWire() *wire { return &wire{conns: make(chan net.Conn), closed: make(chan struct{})} }

// Accept gives the server's end of the next connection.
func (w *wire) Accept() (net.Conn, error) {
	select {
	case c := <-w.conns:
		return c, nil
	case <-w.closed:
		return nil, net.ErrClosed
	}
}

// Close ends Accept.
func (w *wire) Close() error {
	w.once.Do(func() { close(w.closed) })
	return nil
}

// Addr is a name to show.
func (w *wire) Addr() net.Addr { return address{} }

type address struct{}

// Network is no real one.
func (address) Network() string { return "pipe" }

// String is the same for all.
func (address) String() string { return "pipe" }

func (w *wire) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case w.conns <- far:
		return near, nil
	case <-ctx.Done():
	case <-w.closed:
	}
	_ = near.Close()
	_ = far.Close()
	return nil, &net.OpError{Op: "dial", Net: "pipe", Err: errors.Join(ctx.Err(), net.ErrClosed)}
}

// served is a tracker being served over a wire, and the transport that leads there.
type served struct {
	wire   *wire
	server *http.Server
	base   *http.Transport
	ended  chan error
}

func serve(h http.Handler) *served {
	w := newWire()
	s := &served{wire: w, server: &http.Server{Handler: h, ErrorLog: quietLog()}, ended: make(chan error, 1)}
	s.base = &http.Transport{DialContext: w.dial, MaxIdleConnsPerHost: 8}
	go func() { s.ended <- s.server.Serve(w) }()
	return s
}

// close ends every connection and waits until the server is gone.
func (s *served) close() error {
	s.base.CloseIdleConnections()
	err := s.server.Close()
	if ended := <-s.ended; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	return err
}
