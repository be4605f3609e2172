package rig

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// Servers are simulators on loopback sockets. The zero value serves nothing.
type Servers struct{ all []*http.Server }

// Serve answers at the address that it gives, until Close.
func (s *Servers) Serve(ctx context.Context, h http.Handler) (string, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("open a simulator's address: %w", err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	s.all = append(s.all, server)
	go func() { _ = server.Serve(l) }()
	return "http://" + l.Addr().String(), nil
}

// Close ends all of them.
func (s *Servers) Close() {
	for _, server := range s.all {
		_ = server.Close()
	}
}

// Stream hands the JSON documents that produce encodes to consume while they are being made.
func Stream(produce func(*json.Encoder) error, consume func(io.Reader) error) error {
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() {
		buffered := bufio.NewWriter(w)
		err := produce(json.NewEncoder(buffered))
		if err == nil {
			err = buffered.Flush()
		}
		done <- err
		_ = w.CloseWithError(err)
	}()
	err := consume(r)
	_ = r.CloseWithError(errors.Join(err, io.ErrClosedPipe)) // a producer that is still at it gives up
	if made := <-done; made != nil && !errors.Is(made, io.ErrClosedPipe) {
		return made
	}
	return err
}
