package l3_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"time"
)

// front stands before a simulated tracker: it makes requests fail in all the ways in
// which they do, and holds the client to what it may do (P6, P19).
type front struct {
	name    string
	inner   http.Handler
	rates   rates
	latency time.Duration                                 // of an answer, at most
	sending func(ctx context.Context, issue string) error // P6: what the journal says when a write arrives

	mu     sync.Mutex
	rng    *rand.Rand
	calm   bool
	count  int
	writes []arrival
	quiet  []silence
	wrong  []string
}

// arrival is one mutating request.
type arrival struct {
	at          time.Time
	method, uri string
	issue       string
}

// silence is a time in which the tracker asked to be left alone.
type silence struct {
	from, until time.Time
	asked       string // by the answer to what
}

// rates are the shares of requests that fail, in percent, by what happens to them. The
// rest is answered.
type rates struct{ Limited, Broken, Cut, Lost, Slow, Late int }

// fate is what happens to one request.
type fate int

const (
	answered fate = iota
	limited       // 429 or 403 with Retry-After
	broken        // 500, 502, 503
	cut           // the connection breaks before anything is done
	lost          // it is done, and the connection breaks
	slow          // the answer takes its time, maybe more than the client has
	late          // it is done long after the client has given up
)

// ServeHTTP hands a request on, or not.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	what, wait, code := f.meet(r)
	if f.latency > 0 {
		time.Sleep(wait % f.latency)
	}
	switch what {
	case limited:
		seconds := 1 + int(wait/time.Second)
		f.askForQuiet(time.Duration(seconds)*time.Second, r.Method+" "+r.URL.Path)
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
		status := http.StatusTooManyRequests
		if f.name == "github" && code%2 == 0 {
			status = http.StatusForbidden
		}
		refuse(w, status, "You have exceeded a secondary rate limit")
	case broken:
		refuse(w, []int{500, 502, 503}[code%3], "unwell")
	case cut:
		panic(http.ErrAbortHandler)
	case lost:
		f.inner.ServeHTTP(httptest.NewRecorder(), r.WithContext(context.WithoutCancel(r.Context())))
		panic(http.ErrAbortHandler)
	case slow:
		f.inner.ServeHTTP(w, r)
		time.Sleep(wait) // virtual time
	case late:
		time.Sleep(wait + time.Minute) // beyond the client's patience
		f.inner.ServeHTTP(w, r.WithContext(context.WithoutCancel(r.Context())))
	default:
		f.inner.ServeHTTP(w, r)
	}
}

func refuse(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"message":%q,"errorMessages":[%q]}`, message, message)
}

// underWay is how long after an answer that asks for quiet a request may still arrive that
// was sent before the client had read the answer. One that lay with the tracker when its
// connection broke comes again within the latency: net/http repeats reads by itself then.
const underWay = 10 * time.Millisecond

// meet notes an arrival and draws its fate.
func (f *front) meet(r *http.Request) (what fate, wait time.Duration, code int) {
	mutating := r.Method != http.MethodGet && r.Method != http.MethodHead && !strings.Contains(r.URL.Path, "/search")
	issue := issueOf(r.URL.Path)
	if mutating {
		if err := f.sending(r.Context(), issue); err != nil {
			f.wrongf("P6: %s %s arrives: %v", r.Method, r.URL.Path, err)
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.count++
	now := time.Now()
	for _, q := range f.quiet {
		if now.After(q.from.Add(underWay+f.latency)) && now.Before(q.until) {
			f.notef("P19: %s %s arrives %s after the answer to %s asked for %s of quiet", r.Method, r.URL.Path, now.Sub(q.from), q.asked, q.until.Sub(q.from))
		}
	}
	if mutating {
		f.writes = append(f.writes, arrival{now, r.Method, r.URL.RequestURI(), issue})
		f.pace(now, issue)
	}
	return f.draw()
}

// pace holds writes to the budgets of P19.
func (f *front) pace(now time.Time, issue string) {
	n := len(f.writes) - 1
	if f.name == "github" && n > 0 && now.Sub(f.writes[n-1].at) < time.Second {
		f.notef("P19: two writes to GitHub within %s: %s %s, %s %s", now.Sub(f.writes[n-1].at), f.writes[n-1].method, f.writes[n-1].uri, f.writes[n].method, f.writes[n].uri)
	}
	if f.name != "jira" {
		return
	}
	for window, most := range map[time.Duration]int{2 * time.Second: 20, 30 * time.Second: 100} {
		within := 0
		for i := n; i >= 0 && now.Sub(f.writes[i].at) < window; i-- {
			if f.writes[i].issue == issue {
				within++
			}
		}
		if within > most {
			f.notef("P19: %d writes to %s within %s", within, issue, window)
		}
	}
}

// draw chooses what happens to a request.
func (f *front) draw() (what fate, wait time.Duration, code int) {
	wait, code = time.Duration(f.rng.Int64N(int64(50*time.Second))), f.rng.IntN(6)
	if f.calm {
		return answered, wait, code
	}
	n := f.rng.IntN(100)
	for i, rate := range []int{f.rates.Limited, f.rates.Broken, f.rates.Cut, f.rates.Lost, f.rates.Slow, f.rates.Late} {
		if n -= rate; n < 0 {
			return limited + fate(i), wait, code
		}
	}
	return answered, wait, code
}

func (f *front) askForQuiet(d time.Duration, asked string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	f.quiet = append(f.quiet, silence{now, now.Add(d), asked})
}

func (f *front) wrongf(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.notef(format, args...)
}

// notef keeps what was done wrong; the caller holds the lock.
func (f *front) notef(format string, args ...any) {
	f.wrong = append(f.wrong, time.Now().Format("15:04:05.000 ")+f.name+" "+fmt.Sprintf(format, args...))
}

// soothe ends all faults.
func (f *front) soothe() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calm = true
}

// tally says how many requests came and which of them were writes.
func (f *front) tally() (requests int, writes []arrival, wrong []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.count, append([]arrival(nil), f.writes...), append([]string(nil), f.wrong...)
}

// issueOf finds the issue in a path: OPS-7, or acme/payments#7.
func issueOf(path string) string {
	if _, rest, ok := strings.Cut(path, "/issue/"); ok {
		key, _, _ := strings.Cut(rest, "/")
		return key
	}
	part := strings.Split(strings.Trim(path, "/"), "/")
	if len(part) > 4 && part[0] == "repos" && part[3] == "issues" {
		return part[1] + "/" + part[2] + "#" + part[4]
	}
	return path
}
