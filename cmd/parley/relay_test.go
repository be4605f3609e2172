package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// relay stands between the daemon and a simulated tracker. It sees every write the
// daemon sends and can kill the daemon at the very moment of one.
type relay struct {
	tracker string // jira, github
	target  string // address of the tracker
	log     *writeLog
	client  *http.Client
	// before, where there are several daemons, is told of every request.
	before func(req *http.Request, write bool) (fault, func())
}

// botWrite is one mutating request of the daemon.
type botWrite struct {
	at      time.Time
	tracker string
	method  string
	path    string
	body    string
	status  int  // what the tracker answered, 0 where it was never asked
	done    bool // already true before the write: writing it was of no use
}

// String is the write in one line.
func (w botWrite) String() string {
	return fmt.Sprintf("%s %s %s %s %s → %d", w.at.Format("15:04:05.000"), w.tracker, w.method, w.path, w.body, w.status)
}

// moment is where in the life of a write the daemon is killed.
type moment string

// The moments. A request is lost on its way, or its answer is, or the daemon has the
// answer and no time to store it.
const (
	beforeWrite  moment = "before a write arrives"
	beforeAnswer moment = "after a write, before its answer"
	afterAnswer  moment = "right after the answer to a write"
	anyMoment    moment = "at any moment"
)

// writeLog keeps the writes of all relays and what is to happen at the next one.
type writeLog struct {
	mu     sync.Mutex
	writes []*botWrite
	armed  moment
	kill   func() // kills the daemon and waits until it is dead
	fired  chan struct{}
	polls  map[string]int // by tracker, since the daemon last did anything else
}

// read takes in a request that changes nothing. Looking for twins is work, which may lead
// to writes; a poll is not.
func (l *writeLog) read(tracker string, req *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch path := req.URL.Path; {
	case strings.Contains(path, "/remotelink"):
		l.polls = nil
	case strings.Contains(path, "/search"), strings.HasSuffix(path, "/issues"):
		if l.polls == nil {
			l.polls = map[string]int{}
		}
		l.polls[tracker]++
	}
}

// stir forgets the polls so far: the daemon has something to do.
func (l *writeLog) stir() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.polls = nil
}

// idle is how many polls of each tracker the daemon has made since it did anything else.
func (l *writeLog) idle() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return min(l.polls["jira"], l.polls["github"])
}

// arm makes the next write kill the daemon; fired is closed when that was done.
func (l *writeLog) arm(at moment, kill func()) (fired <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.armed, l.kill, l.fired = at, kill, make(chan struct{})
	return l.fired
}

// disarm takes arm back, and says whether that was in time.
func (l *writeLog) disarm() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	inTime := l.armed != ""
	l.armed = ""
	return inTime
}

// reach kills the daemon if this is the moment it waits for.
func (l *writeLog) reach(at moment) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.armed != at {
		return false
	}
	l.armed = ""
	l.kill()
	close(l.fired)
	return true
}

func (l *writeLog) add(w *botWrite) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.writes, l.polls = append(l.writes, w), nil
}

// count is how many writes were seen.
func (l *writeLog) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.writes)
}

// all gives a copy of the writes so far.
func (l *writeLog) all() []botWrite {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]botWrite, len(l.writes))
	for i, w := range l.writes {
		out[i] = *w
	}
	return out
}

// serve begins to relay and gives the relay's address.
func (r *relay) serve(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(r)
	t.Cleanup(s.Close)
	return s.URL
}

// ServeHTTP hands a request on and its answer back.
func (r *relay) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return
	}
	read := req.Method == http.MethodGet || strings.Contains(req.URL.Path, "/search")
	if r.before != nil {
		wrong, after := r.before(req, !read)
		defer after()
		if wrong == refusedFault {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		if wrong == lostFault {
			w = &deaf{ResponseWriter: w}
			defer func() { panic(http.ErrAbortHandler) }()
		}
	}
	if read {
		r.log.read(r.tracker, req)
		r.forward(w, req, body, nil)
		return
	}
	write := &botWrite{at: time.Now(), tracker: r.tracker, method: req.Method, path: req.URL.EscapedPath(), body: strings.TrimSpace(string(body))}
	if !write.isCreate() && r.log.reach(beforeWrite) {
		panic(http.ErrAbortHandler)
	}
	write.done = r.holds(write)
	r.forward(w, req, body, write)
}

// forward sends the request under the name it came to, so that links in answers lead
// through the relay again.
func (r *relay) forward(w http.ResponseWriter, req *http.Request, body []byte, write *botWrite) {
	out, err := http.NewRequest(req.Method, r.target+req.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	out.Header, out.Host = req.Header.Clone(), req.Host
	resp, err := r.client.Do(out)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if write != nil {
		write.status = resp.StatusCode
		r.log.add(write)
		if r.log.reach(beforeAnswer) {
			panic(http.ErrAbortHandler)
		}
	}
	maps.Copy(w.Header(), resp.Header)
	w.WriteHeader(resp.StatusCode)
	_, _ = w.Write(answer)
	if write != nil {
		_ = http.NewResponseController(w).Flush()
		r.log.reach(afterAnswer)
	}
}

// deaf is a client that does not hear the answer.
type deaf struct{ http.ResponseWriter }

// Write drops the answer.
func (*deaf) Write(p []byte) (int, error) { return len(p), nil }

// WriteHeader drops the head of it.
func (*deaf) WriteHeader(int) {}
