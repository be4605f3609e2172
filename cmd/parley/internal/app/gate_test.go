package app

import (
	"errors"
	"net"
	"testing"
)

func openGate(t *testing.T) *gate {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := newGate(l)
	t.Cleanup(func() { _ = g.Close() })
	return g
}

func (g *gate) call(t *testing.T) {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", g.Addr().String())
	if err != nil {
		t.Fatalf("the address is closed: %v", err)
	}
	t.Cleanup(func() { _ = c.Close() })
}

// TestWhoComesBetweenTwoServersWaits: the end of one turn closes nothing, and the next one
// gets what came meanwhile, once each.
func TestWhoComesBetweenTwoServersWaits(t *testing.T) {
	t.Parallel()
	g := openGate(t)
	first := g.turn()
	g.call(t)
	if c, err := first.Accept(); err != nil || c.Close() != nil {
		t.Fatal(err)
	}
	if err := errors.Join(first.Close(), first.Close()); err != nil {
		t.Fatal(err)
	}
	g.call(t)
	g.call(t)
	if _, err := first.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("a turn that is over takes what is for the next: %v", err)
	}
	second := g.turn()
	if second.Addr().String() != g.Addr().String() {
		t.Error(second.Addr())
	}
	for range 2 {
		if c, err := second.Accept(); err != nil || c.Close() != nil {
			t.Fatal(err)
		}
	}
}

// TestAClosedGateEndsEveryTurn: who waits at a gate that is closed for good is let go.
func TestAClosedGateEndsEveryTurn(t *testing.T) {
	t.Parallel()
	g := openGate(t)
	ended := make(chan error)
	go func() {
		_, err := g.turn().Accept()
		ended <- err
	}()
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
}
