package world

import (
	"math/rand/v2"
	"time"

	"parley/connectors"
)

// draw decides what goes wrong with a request.
func (w *World) draw(q *request) Fault {
	if w.calm || w.troubles == 0 || w.opts.Only != nil && !w.opts.Only[q.n] {
		return NoFault
	}
	r := w.chance(streamFault, uint64(q.n), 0)
	at := r.Float64()
	if at >= w.troubles {
		return NoFault
	}
	for f, rate := range w.opts.Swarm.Rates {
		if at -= rate; at < 0 {
			return Fault(f)
		}
	}
	return NoFault
}

// struck notes that a fault really hit something.
func (q *request) struck() *rand.Rand {
	q.h.w.count(q.fault.String())
	q.h.w.incidents = append(q.h.w.incidents, Incident{N: q.n, Tracker: q.h.name, Request: q.name, Issue: q.issue, Fault: q.fault})
	return q.h.w.chance(streamMishap, uint64(q.n), uint64(q.fault))
}

// Incident is a fault that hit a request.
type Incident struct {
	N       int64 // of the request
	Tracker string
	Request string
	Issue   string
	Fault   Fault
}

// Incidents are all faults that hit something so far, in order.
func (w *World) Incidents() []Incident { return w.incidents }

// refused is the error of a request that does nothing, nil for one that goes on.
func (q *request) refused() error {
	if q.h.expired.After(q.h.w.now) {
		return q.fail(connectors.Auth, 401, "Bad credentials")
	}
	switch q.fault {
	case RateLimited, RateBare, Secondary:
		return q.limited()
	case ServerError:
		return q.broken(pick(q.struck(), []int{500, 502, 503}))
	case NoConnection:
		q.struck()
		return q.fail(connectors.Transient, 0, "dial: connection refused")
	case LoginPage:
		q.struck()
		return q.page()
	case Expired:
		q.h.expired = q.h.w.now.Add(upTo(q.struck(), 5*time.Minute))
		return q.fail(connectors.Auth, 401, "Bad credentials")
	}
	return nil
}

// limited is a refusal for too many requests. It did nothing.
func (q *request) limited() error {
	r := q.struck()
	e := q.fail(connectors.RateLimit, 429, "rate limit exceeded")
	switch {
	case q.fault == RateLimited:
		e.RetryAt = q.h.w.now.Add(time.Duration(1+r.IntN(60)) * time.Second)
	case q.h.kind == connectors.GitHub:
		e.Status, e.RetryAt = 403, q.h.w.now.Add(time.Minute)
		if q.fault == RateBare {
			e.Status = 429
		}
	case q.fault == Secondary:
		e.Scope, e.RetryAt = "issue", q.h.w.now.Add(2*time.Second)
	}
	return e
}

// broken is a failure of the server: nobody knows whether a write took effect.
func (q *request) broken(status int) error {
	if q.write {
		return q.fail(connectors.Unknown, status, "server error")
	}
	return q.fail(connectors.Transient, status, "server error")
}

// page is a sign-in page in place of an answer.
func (q *request) page() error {
	if q.write && q.h.kind == connectors.GitHub {
		return q.fail(connectors.Unknown, 200, "the answer is no JSON at all")
	}
	return q.fail(connectors.Malformed, 200, "a page with the title: Sign in")
}

// lost turns the answer of a request whose work was done into none, nil where the
// answer arrives.
func (q *request) lost() error {
	switch q.fault {
	case Timeout, LostAnswer, CutBody:
		q.struck()
		if q.write && q.fault == CutBody && q.h.kind == connectors.Jira {
			return nil // the head of the answer said yes
		}
		if q.write {
			return q.fail(connectors.Unknown, 0, "the connection broke")
		}
		return q.fail(connectors.Transient, 0, "the connection broke")
	case ServerLate:
		q.struck()
		return q.broken(502)
	}
	return nil
}

// behind is how far the replica is behind that answers, 0 for none.
func (q *request) behind(f Fault) time.Duration {
	if q.fault != f {
		return 0
	}
	return upTo(q.struck(), staleMost)
}
