package web

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
)

// event is one event of a stream.
type event struct {
	Name string
	ID   int64
	Data string
}

// text is the event without its data, where that is a page fragment.
func (e event) String() string {
	var d struct {
		ID  string
		Seq int64
	}
	_ = json.Unmarshal([]byte(e.Data), &d)
	return fmt.Sprintf("%s#%d %s%d", e.Name, e.ID, d.ID, d.Seq)
}

// field is a text in the data of the event.
func (e event) field(t *testing.T, key string) string {
	t.Helper()
	var d map[string]any
	if err := json.Unmarshal([]byte(e.Data), &d); err != nil {
		t.Fatalf("%s: %v", e.Data, err)
	}
	s, ok := d[key].(string)
	if !ok {
		t.Fatalf("%s has no %s", e.Data, key)
	}
	return s
}

// readEvent reads the next event as a browser does.
func readEvent(r *bufio.Reader) (event, error) {
	var e event
	for {
		text, err := r.ReadString('\n')
		if err != nil {
			return e, err
		}
		key, value, _ := strings.Cut(strings.TrimSuffix(text, "\n"), ": ")
		switch key {
		case "id":
			if e.ID, err = strconv.ParseInt(value, 10, 64); err != nil {
				return e, err
			}
		case "event":
			e.Name = value
		case "data":
			e.Data += value
		case "":
			return e, nil
		default:
			return e, fmt.Errorf("a line that is not of a stream: %q", text)
		}
	}
}

// streamed is all that a stream shows of the board to a page that knows nothing, as
// the browser would put it on the page.
func streamed(t *testing.T, h http.Handler) string {
	t.Helper()
	ctx, leave := context.WithCancel(t.Context())
	rec := httptest.NewRecorder()
	h.ServeHTTP(hangingUp{rec, leave}, request(http.MethodGet, "/api/v1/events", "").WithContext(ctx))
	var all strings.Builder
	for r := bufio.NewReader(rec.Body); ; {
		e, err := readEvent(r)
		if errors.Is(err, io.EOF) {
			return all.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		var data map[string]any
		if err := json.Unmarshal([]byte(e.Data), &data); err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(&all, data["html"], data["pulse_html"], data["fresh_html"])
	}
}

// listener is an open page. It takes events while it is not stuck.
type listener struct {
	header   http.Header
	leave    context.CancelFunc
	done     chan struct{} // closed when the stream has ended
	mu       sync.Mutex
	got      []event
	stuck    chan struct{} // where set, writes wait until it is closed or they are too late
	deadline time.Time
	broken   error
}

// listen opens a stream. It has to be called in a bubble of synctest.
func listen(t *testing.T, h http.Handler, target string, lastEventID string, set ...func(*listener)) *listener {
	t.Helper()
	ctx, leave := context.WithCancel(t.Context())
	l := &listener{header: http.Header{}, leave: leave, done: make(chan struct{})}
	for _, f := range set {
		f(l)
	}
	r := request(http.MethodGet, target, "").WithContext(ctx)
	r.Header.Set("Accept-Encoding", "gzip")
	if lastEventID != "" {
		r.Header.Set("Last-Event-ID", lastEventID)
	}
	go func() {
		defer close(l.done)
		h.ServeHTTP(l, r)
	}()
	t.Cleanup(leave)
	return l
}

// Header is http.ResponseWriter's.
func (l *listener) Header() http.Header { return l.header }

// WriteHeader is http.ResponseWriter's.
func (l *listener) WriteHeader(int) {}

// Flush is http.Flusher's.
func (l *listener) Flush() {}

// SetWriteDeadline is http.ResponseController's.
func (l *listener) SetWriteDeadline(at time.Time) error {
	l.deadline = at
	return nil
}

// Write takes one event.
func (l *listener) Write(p []byte) (int, error) {
	if l.broken != nil {
		return 0, l.broken
	}
	if l.stuck != nil {
		select {
		case <-l.stuck:
		case <-time.After(time.Until(l.deadline)):
			return 0, os.ErrDeadlineExceeded
		}
	}
	e, err := readEvent(bufio.NewReader(bytes.NewReader(p)))
	if err != nil {
		return 0, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.got = append(l.got, e)
	return len(p), nil
}

// take gives the events that have come since it was last called.
func (l *listener) take() []event {
	l.mu.Lock()
	defer l.mu.Unlock()
	got := l.got
	l.got = nil
	return got
}

// ended reports whether the stream has ended.
func (l *listener) ended() bool {
	select {
	case <-l.done:
		return true
	default:
		return false
	}
}

// told compares events with what is expected of them, one line each.
func told(t *testing.T, got []event, want ...string) {
	t.Helper()
	var have []string
	for _, e := range got {
		have = append(have, e.String())
	}
	if a, b := strings.Join(have, "\n"), strings.Join(want, "\n"); a != b {
		t.Errorf("the stream told\n%s\nwant\n%s", a, b)
	}
}

// described holds the data of events against the document.
func described(t *testing.T, doc *openapi3.T, events []event) {
	t.Helper()
	schemas := map[string]string{"card": "CardEvent", "gone": "GoneEvent", "board": "BoardEvent", "resync": "ResyncEvent"}
	for _, e := range events {
		var data any
		if err := json.Unmarshal([]byte(e.Data), &data); err != nil {
			t.Errorf("%s: %v", e.Data, err)
			continue
		}
		schema := doc.Components.Schemas[schemas[e.Name]]
		if schema == nil {
			t.Errorf("the document knows no event %q", e.Name)
		} else if err := schema.Value.VisitJSON(data); err != nil {
			t.Errorf("%s: %v", e.Name, err)
		}
	}
}
