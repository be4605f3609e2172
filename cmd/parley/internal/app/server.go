package app

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// waits is how long a client is waited for. Event streams and webhooks set their own
// deadlines, as they know how long they last.
type waits struct {
	head   time.Duration // for the head of a request to arrive
	body   time.Duration // for all of it
	answer time.Duration // for the answer to be taken
	idle   time.Duration // between two requests
}

// patient waits for slow networks, and not for clients that are slow on purpose.
func patient() waits {
	return waits{head: 10 * time.Second, body: 30 * time.Second, answer: time.Minute, idle: 2 * time.Minute}
}

// longHead is the longest head of a request, in bytes: proxies pass on long lists of
// groups.
const longHead = 64 << 10

// server is the web server.
func (a *App) server(ctx context.Context, h http.Handler, w waits) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: w.head, ReadTimeout: w.body, WriteTimeout: w.answer, IdleTimeout: w.idle, MaxHeaderBytes: longHead,
		BaseContext: func(net.Listener) context.Context { return ctx },
		ErrorLog:    slog.NewLogLogger(a.Log.Handler(), slog.LevelDebug),
	}
}
