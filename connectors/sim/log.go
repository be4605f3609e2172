package sim

import (
	"bytes"
	"io"
	"net/http"
	"sync"
	"time"
)

// Request is one request a simulator answered.
type Request struct {
	At       time.Time
	Method   string
	Path     string // escaped, as sent
	Query    string
	Body     string // mutating requests only
	Status   int
	Mutating bool // could have changed state; searches by POST are not
	Fault    string
}

// Log records requests in order. It is safe for concurrent use.
type Log struct {
	mu       sync.Mutex
	requests []Request
}

// Requests gives a copy of everything recorded so far.
func (l *Log) Requests() []Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]Request(nil), l.requests...)
}

// Mutations gives the mutating requests recorded so far.
func (l *Log) Mutations() []Request {
	var out []Request
	for _, r := range l.Requests() {
		if r.Mutating {
			out = append(out, r)
		}
	}
	return out
}

// Len is how many requests were recorded.
func (l *Log) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.requests)
}

// Reset forgets everything recorded.
func (l *Log) Reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.requests = nil
}

func (l *Log) add(r Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.requests = append(l.requests, r)
}

// Fault is what goes wrong with one request. The zero Fault is none.
type Fault struct {
	Name   string            // for the log
	Status int               // answer this instead, without doing anything unless Done
	Header map[string]string // with Status
	Body   string            // with Status
	// Done does the work all the same before it answers with Status.
	Done bool
	// Lost does the work and then cuts the connection without an answer.
	Lost bool
	// Cut drops the connection before anything is done.
	Cut bool
}

// Faults decides per request what goes wrong. Nil means nothing does.
type Faults func(r *http.Request) Fault

// Wrap puts the log and the faults around a simulator's handler. mutating tells
// which requests could change state; nil takes every method but GET and HEAD.
func Wrap(h http.Handler, clock Clock, log *Log, faults func() Faults, mutating func(*http.Request) bool) http.Handler {
	if mutating == nil {
		mutating = func(r *http.Request) bool { return r.Method != http.MethodGet && r.Method != http.MethodHead }
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := Request{At: clock.Now(), Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery, Mutating: mutating(r)}
		if rec.Mutating && r.Body != nil {
			body, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20))
			rec.Body = string(body)
			r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), r.Body))
		}
		var fault Fault
		if faults != nil {
			if f := faults(); f != nil {
				fault = f(r)
			}
		}
		rec.Fault = fault.Name
		switch {
		case fault.Cut:
			log.add(rec)
			panic(http.ErrAbortHandler)
		case fault.Lost:
			sink := &discard{header: http.Header{}, status: http.StatusOK}
			h.ServeHTTP(sink, r)
			rec.Status = sink.status
			log.add(rec)
			panic(http.ErrAbortHandler)
		case fault.Status != 0:
			if fault.Done {
				h.ServeHTTP(&discard{header: http.Header{}, status: http.StatusOK}, r)
			}
			w.Header().Set("Date", clock.Now().UTC().Format(http.TimeFormat))
			for k, v := range fault.Header {
				w.Header().Set(k, v)
			}
			rec.Status = fault.Status
			log.add(rec)
			w.WriteHeader(fault.Status)
			_, _ = io.WriteString(w, fault.Body)
		default:
			sw := &statusWriter{ResponseWriter: w, status: http.StatusOK}
			h.ServeHTTP(sw, r)
			rec.Status = sw.status
			log.add(rec)
		}
	})
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// discard takes an answer that nobody will see.
type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(status int)      { d.status = status }
