package web

import (
	"container/list"
	"fmt"
	"math"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limits is how much one reader, or one address nobody has signed in from, may ask for.
type Limits struct {
	Reads   Pace // pages and the API
	Intents Pace // whatever changes something
	SignIns Pace // steps of signing in, links that are opened, by address
	Figures Pace // pictures of flow and workload, which are computed from all cards; the zero one: they are reads as any others

	Streams    int // open event streams in total
	OwnStreams int // of one person
	OneLink    int // of one read-only link, which may hang on many walls
}

// Pace is a number of requests a second, and how many may come at once.
type Pace struct {
	PerSecond float64
	Burst     int
}

// DefaultLimits stay out of the way of people, and of programs that are not in a loop.
func DefaultLimits() Limits {
	return Limits{
		Reads: Pace{50, 300}, Intents: Pace{10, 60}, SignIns: Pace{2, 30}, Figures: Pace{5, 40},
		Streams: 1000, OwnStreams: 20, OneLink: 200,
	}
}

// LocalLimits are for a board that only its own machine can reach, where everybody is the
// same reader: programs of one's own may be quick, and all streams are somebody's.
func LocalLimits() Limits {
	return Limits{
		Reads: Pace{2000, 10000}, Intents: Pace{500, 5000}, SignIns: Pace{2, 30}, Figures: Pace{200, 1000},
		Streams: 1000, OwnStreams: 1000, OneLink: 200,
	}
}

// limits holds the requests of each reader to their pace.
type limits struct {
	Limits
	reads, intents, signIns, figures *paces

	mu    sync.Mutex
	open  int
	owned map[string]int // open streams by reader
}

func newLimits(l Limits) *limits {
	if l == (Limits{}) {
		l = DefaultLimits()
	}
	out := &limits{Limits: l, reads: newPaces(l.Reads), intents: newPaces(l.Intents), signIns: newPaces(l.SignIns), owned: map[string]int{}}
	if out.figures = out.reads; l.Figures != (Pace{}) {
		out.figures = newPaces(l.Figures)
	}
	return out
}

// tooFast is what those are told who ask too often.
const tooFast = "too many requests at once"

// limited refuses what comes faster than its sender may send.
func (s *server) limited(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.inTime(w, r) {
			next.ServeHTTP(w, r)
		}
	})
}

// inTime counts a request, and answers it where it came too early. One of which nobody
// knows whose it is counts for its address.
func (s *server) inTime(w http.ResponseWriter, r *http.Request) bool {
	if p, who := s.limits.of(r); p != nil {
		if wait := p.take(who, s.Now()); wait > 0 {
			s.tooMany(w, r, http.StatusTooManyRequests, wait, tooFast)
			return false
		}
	}
	return true
}

// of is the pace that a request is held to, and whose it is; nil for what costs nothing
// and for webhooks, which have limits of their own.
func (l *limits) of(r *http.Request) (*paces, string) {
	path := r.URL.Path
	switch {
	case path == "/healthz" || path == "/metrics" || strings.HasPrefix(path, "/static/") || strings.HasPrefix(path, "/hooks/"):
		return nil, ""
	case strings.HasPrefix(path, SignInPath) || path == SignOutPath:
		return l.signIns, peer(r)
	case !reads(r):
		return l.intents, whose(r)
	case isFigures(strings.TrimPrefix(path, "/api/v1")):
		return l.figures, whose(r)
	}
	return l.reads, whose(r)
}

// isFigures reports whether an address is one of a picture of flow or workload, or of the
// cards behind it.
func isFigures(path string) bool {
	name, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	name = strings.TrimSuffix(name, ".csv")
	return name == "flow" || name == "workload"
}

// whose names the reader of a request for its limits: the person or the link, else the
// address that it comes from.
func whose(r *http.Request) string {
	if w := viewer(r); w.Proved || w.Link {
		return fmt.Sprintf("%s %v %s", w.Audience, w.Link, w.Name)
	}
	return peer(r)
}

// peer is the address that a request comes from, without its port. Of IPv6 it is the
// network: a single machine has more addresses there than anybody can count.
func peer(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	if addr = addr.Unmap().WithZone(""); addr.Is6() && !addr.IsLoopback() {
		if network, err := addr.Prefix(64); err == nil {
			return network.String()
		}
	}
	return addr.String()
}

// tooMany says when to come again.
func (s *server) tooMany(w http.ResponseWriter, r *http.Request, status int, wait time.Duration, words string) {
	seconds := max(1, int(math.Ceil(wait.Seconds())))
	w.Header().Set("Retry-After", strconv.Itoa(seconds))
	words = fmt.Sprintf("%s; try again in %d s", words, seconds)
	if isAPI(r) {
		writeError(w, status, words)
		return
	}
	s.sorry(w, r, status, sentence(words))
}

// mostPaces is how many readers are told apart. Of more, those not heard of for longest
// begin anew.
const mostPaces = 4096

// paces is one pace for each reader.
type paces struct {
	Pace
	mu    sync.Mutex
	all   map[string]*list.Element
	order *list.List // of *pacer, the latest in front
}

type pacer struct {
	who   string
	meter *rate.Limiter
}

func newPaces(p Pace) *paces {
	return &paces{Pace: p, all: map[string]*list.Element{}, order: list.New()}
}

// take counts one request, or says how long to wait before the next.
func (p *paces) take(who string, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	at, ok := p.all[who]
	if !ok {
		at = p.order.PushFront(&pacer{who, rate.NewLimiter(rate.Limit(p.PerSecond), p.Burst)})
		p.all[who] = at
	}
	p.order.MoveToFront(at)
	if p.order.Len() > mostPaces {
		oldest, _ := p.order.Remove(p.order.Back()).(*pacer)
		delete(p.all, oldest.who)
	}
	mine, _ := at.Value.(*pacer)
	turn := mine.meter.ReserveN(now, 1)
	wait := turn.DelayFrom(now)
	if wait > 0 {
		turn.CancelAt(now)
	}
	return wait
}

// enter counts an open stream; leave gives its place back. Where there is none, status
// and words say why.
func (l *limits) enter(r *http.Request) (leave func(), status int, words string) {
	who, viewer := whose(r), viewer(r)
	most := l.Streams // nobody in particular: whoever sits at this machine
	switch {
	case viewer.Link:
		most = l.OneLink
	case viewer.Proved:
		most = l.OwnStreams
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.owned[who] >= most {
		return nil, http.StatusTooManyRequests, "you have the board open too often; close some of its tabs"
	}
	if l.open >= l.Streams {
		return nil, http.StatusServiceUnavailable, "too many boards are open at once; this one is not kept up to date"
	}
	l.open++
	l.owned[who]++
	return func() { l.left(who) }, 0, ""
}

func (l *limits) left(who string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open--
	if l.owned[who]--; l.owned[who] == 0 {
		delete(l.owned, who)
	}
}
