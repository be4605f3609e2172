package app

import (
	"errors"
	"net"
	"sync"
)

// gate keeps an address open while one server after the other takes what arrives. What
// comes in between waits.
type gate struct {
	net.Listener
	arrivals chan arrival
	shut     chan struct{}
	once     sync.Once
}

type arrival struct {
	conn net.Conn
	err  error
}

func newGate(l net.Listener) *gate {
	g := &gate{Listener: l, arrivals: make(chan arrival), shut: make(chan struct{})}
	go g.welcome()
	return g
}

// welcome takes connections until the address is closed.
func (g *gate) welcome() {
	for {
		conn, err := g.Accept()
		select {
		case g.arrivals <- arrival{conn, err}:
		case <-g.shut:
			if conn != nil {
				_ = conn.Close()
			}
			return
		}
		if errors.Is(err, net.ErrClosed) {
			return
		}
	}
}

// Close closes the address for good.
func (g *gate) Close() error {
	g.once.Do(func() { close(g.shut) })
	return g.Listener.Close()
}

// turn is a server's turn at the gate: closing it ends the turn and leaves the address open.
func (g *gate) turn() net.Listener { return &turn{gate: g, over: make(chan struct{})} }

type turn struct {
	gate *gate
	over chan struct{}
	once sync.Once
}

// Accept waits for what arrives during the turn.
func (t *turn) Accept() (net.Conn, error) {
	select {
	case <-t.over: // what arrives at the same time is for the next
		return nil, net.ErrClosed
	default:
	}
	select {
	case a := <-t.gate.arrivals:
		return a.conn, a.err
	case <-t.over:
	case <-t.gate.shut:
	}
	return nil, net.ErrClosed
}

// Close ends the turn.
func (t *turn) Close() error {
	t.once.Do(func() { close(t.over) })
	return nil
}

// Addr is the gate's.
func (t *turn) Addr() net.Addr { return t.gate.Addr() }
