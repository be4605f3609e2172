package sim

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"strconv"
	"time"
)

// Fault is what goes wrong with one request. The zero Fault is none.
type Fault struct {
	Name   string            // for the log
	Status int               // answer this instead, without doing anything unless Done
	Header map[string]string // of that answer; without Status, added to the real one
	Body   string            // with Status
	// Done does the work all the same before it answers with Status.
	Done bool
	// Nobody takes the credential off the request, as a proxy does that does not know it.
	Nobody bool
	// Half does the work and cuts the connection in the middle of the answer's body.
	Half bool
	// Lost does the work and then cuts the connection without an answer.
	Lost bool
	// Cut drops the connection before anything is done.
	Cut bool
	// Inside names a way to go wrong that the simulator itself carries out; see Inside.
	Inside string
}

// insideKey holds what Inside gives.
type insideKey struct{}

// Inside is the Fault.Inside of the request's fault, "" for none.
func Inside(r *http.Request) string {
	name, _ := r.Context().Value(insideKey{}).(string)
	return name
}

// Faults decides per request what goes wrong. Nil means nothing does.
type Faults func(r *http.Request) Fault

// wrapped is a simulator's handler with the log and the faults around it.
type wrapped struct {
	handler  http.Handler
	clock    Clock
	log      *Log
	faults   func() Faults
	mutating func(*http.Request) bool
}

// Wrap puts the log and the faults around a simulator's handler. mutating tells
// which requests could change state; nil takes every method but GET and HEAD.
func Wrap(h http.Handler, clock Clock, log *Log, faults func() Faults, mutating func(*http.Request) bool) http.Handler {
	if mutating == nil {
		mutating = func(r *http.Request) bool { return r.Method != http.MethodGet && r.Method != http.MethodHead }
	}
	return &wrapped{h, clock, log, faults, mutating}
}

// ServeHTTP answers one request, or lets it go wrong.
func (x *wrapped) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rec := Request{At: x.clock.Now(), Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery, Mutating: x.mutating(r)}
	if rec.Mutating && r.Body != nil {
		body, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		rec.Body = string(body)
		r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), r.Body))
	}
	fault := x.fault(r)
	fault.noted(r)
	rec.Fault = fault.Name
	if fault.Nobody {
		r = r.Clone(r.Context())
		r.Header.Del("Authorization")
	}
	if fault.Inside != "" {
		r = r.WithContext(context.WithValue(r.Context(), insideKey{}, fault.Inside))
	}
	switch {
	case fault.Cut:
		x.log.add(rec)
		panic(http.ErrAbortHandler)
	case fault.Lost, fault.Half:
		x.broken(w, r, rec, fault)
	case fault.Status != 0:
		if fault.Done {
			x.handler.ServeHTTP(&buffer{header: http.Header{}, status: http.StatusOK}, r)
		}
		x.instead(w, rec, fault)
	default:
		sw := &statusWriter{ResponseWriter: w, status: http.StatusOK, extra: fault.Header}
		x.handler.ServeHTTP(sw, r)
		sw.add() // nothing was written
		rec.Status = sw.status
		x.log.add(rec)
	}
}

func (x *wrapped) fault(r *http.Request) Fault {
	if x.faults == nil {
		return Fault{}
	}
	if f := x.faults(); f != nil {
		return f(r)
	}
	return Fault{}
}

// instead answers without doing anything.
func (x *wrapped) instead(w http.ResponseWriter, rec Request, fault Fault) {
	w.Header().Set("Date", x.clock.Now().UTC().Format(http.TimeFormat))
	for k, v := range fault.Header {
		w.Header().Set(k, v)
	}
	rec.Status = fault.Status
	x.log.add(rec)
	w.WriteHeader(fault.Status)
	_, _ = io.WriteString(w, fault.Body)
}

// broken does the work and gives nothing of the answer, or half of it. An answer
// without a body has no half.
func (x *wrapped) broken(w http.ResponseWriter, r *http.Request, rec Request, fault Fault) {
	answer := &buffer{header: http.Header{}, status: http.StatusOK}
	x.handler.ServeHTTP(answer, r)
	rec.Status = answer.status
	x.log.add(rec)
	if n := len(answer.body); fault.Half && n > 0 {
		maps.Copy(w.Header(), answer.header)
		w.Header().Set("Content-Length", strconv.Itoa(n))
		w.WriteHeader(answer.status)
		_, _ = w.Write(answer.body[:n/2])
		if f, ok := w.(http.Flusher); ok {
			f.Flush()
		}
	}
	panic(http.ErrAbortHandler)
}

// buffer takes an answer that nobody will see whole.
type buffer struct {
	header http.Header
	status int
	body   []byte
}

func (b *buffer) Header() http.Header    { return b.header }
func (b *buffer) WriteHeader(status int) { b.status = status }

func (b *buffer) Write(p []byte) (int, error) {
	b.body = append(b.body, p...)
	return len(p), nil
}

type statusWriter struct {
	http.ResponseWriter

	status int
	extra  map[string]string
}

// WriteHeader notes the status, and adds what the fault has to say.
func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.add()
	w.ResponseWriter.WriteHeader(status)
}

// add puts the fault's headers over those of the answer, once.
func (w *statusWriter) add() {
	for k, v := range w.extra {
		w.Header().Set(k, v)
	}
	w.extra = nil
}

// Write is the answer's body, with the header before it.
func (w *statusWriter) Write(p []byte) (int, error) {
	if w.extra != nil {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(p)
}

// RetryAfter is a wait in the form of the header: whole seconds, at least one.
func RetryAfter(wait time.Duration) string {
	return strconv.Itoa(max(1, int((wait+time.Second-1)/time.Second)))
}
