package sim

import (
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
