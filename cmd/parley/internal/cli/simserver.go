package cli

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// servedSim is one simulator's address and server.
type servedSim struct {
	listener net.Listener
	server   *http.Server
}

func listenSim(ctx context.Context, address string) (*servedSim, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("open a simulator's address: %w", err)
	}
	return &servedSim{listener: l}, nil
}

func (s *servedSim) url() string { return "http://" + s.listener.Addr().String() }

// serve answers until close. What goes wrong with one connection is nobody's
// business: the simulators cut connections on purpose.
func (s *servedSim) serve(h http.Handler) {
	s.server = &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)}
	go func() { _ = s.server.Serve(s.listener) }()
}

func (s *servedSim) close() {
	if s.server != nil {
		_ = s.server.Close()
	}
	_ = s.listener.Close()
}
