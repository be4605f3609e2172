package app

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"parley/sync/view"
	"parley/web"
)

// hasty waits for nobody for long.
func hasty() waits {
	return waits{head: 300 * time.Millisecond, body: 600 * time.Millisecond, answer: 1500 * time.Millisecond, idle: time.Second}
}

// dial opens a connection to a board that is served in haste; h is served under /huge.
func dial(t *testing.T, huge http.HandlerFunc) net.Conn {
	t.Helper()
	a, _ := stored(t)
	mux := http.NewServeMux()
	mux.Handle("/", a.handler(t.Context(), entrance{identity: web.Everybody(view.Somebody())}))
	mux.HandleFunc("/huge", huge)
	l, err := a.Listen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	srv := a.server(t.Context(), mux, hasty())
	go func() { _ = srv.Serve(l) }()
	t.Cleanup(func() { _ = srv.Close() })
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// rest is what comes until the server hangs up; late where it does not within d.
func rest(c net.Conn, d time.Duration) (text string, late bool) {
	_ = c.SetReadDeadline(time.Now().Add(d))
	body, err := io.ReadAll(c)
	return string(body), errors.Is(err, os.ErrDeadlineExceeded)
}

func TestSlowClientsAreNotWaitedFor(t *testing.T) {
	t.Parallel()
	const host = "Host: localhost\r\n"
	for name, c := range map[string]struct{ send, want string }{
		"nothing":          {"", ""},
		"half a head":      {"GET / HTTP/1.1\r\n" + host + "X: ", ""},
		"half a body":      {"POST /api/v1/cards/x/move HTTP/1.1\r\n" + host + "Content-Length: 100\r\n\r\n{\"to\":", "400 Bad Request"},
		"half a form":      {"POST /card/x/move HTTP/1.1\r\n" + host + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nto=", "400 Bad Request"},
		"a head too long":  {"GET / HTTP/1.1\r\n" + host + "X: " + strings.Repeat("x", longHead+8<<10) + "\r\n\r\n", "431 Request Header Fields Too Large"},
		"a body too long":  {"POST /api/v1/cards/x/move HTTP/1.1\r\n" + host + "Content-Length: 100000\r\n\r\n{\"to\":\"" + strings.Repeat("x", 99993), "the body is longer than 65536 bytes"},
		"a form too long":  {"POST /card/x/move HTTP/1.1\r\n" + host + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\nto=" + strings.Repeat("x", 99997), "400 Bad Request"},
		"nothing after it": {"GET /healthz HTTP/1.1\r\n" + host + "\r\n", "200 OK"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := dial(t, nothing)
			go func() { _, _ = io.WriteString(conn, c.send) }()
			text, late := rest(conn, 5*time.Second)
			if late || !strings.Contains(text, c.want) {
				t.Errorf("late %v: %.300q, want %q", late, text, c.want)
			}
		})
	}
}

// nothing answers nothing.
func nothing(http.ResponseWriter, *http.Request) {}

func TestAnswersThatNobodyTakesEnd(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 1)
	conn := dial(t, func(w http.ResponseWriter, _ *http.Request) {
		var err error
		for err == nil {
			_, err = w.Write(make([]byte, 1<<20))
		}
		ended <- err
	})
	fmt.Fprint(conn, "GET /huge HTTP/1.1\r\nHost: localhost\r\n\r\n")
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Error("the server goes on writing to a client that reads nothing")
	}
}
