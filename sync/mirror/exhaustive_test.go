package mirror

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// The world of one create: a container whose issues take effect late and become
// visible later, a process that may crash between any two steps, polls that would mirror
// back whatever is not known to be a mirror, and somebody who may take the mark out of
// the issue. Time goes in seconds; what must have happened by now happens before the
// clock moves on.

const (
	late    = 2 // H_w, in seconds
	visible = 2 // Λ
	crashes = 3
)

// issue is one that a request made.
type issue struct {
	born  int
	shown bool // a look-up and a poll bring it
	named bool // and with its mark
	bare  bool // somebody took the mark away
}

// request is under way: sent, and it may take effect until sent+late.
type request struct {
	sent   int
	landed int // 1 + the issue, 0: not yet
	gone   bool
}

// look is a look-up whose answer was not stored yet.
type look struct {
	on    bool
	began int
	found []Item
}

type world struct {
	saga     Saga
	now      int
	issues   []issue
	requests []request
	pending  bool // Send is stored, its request has not left
	waiting  bool // this process waits for the last request's answer
	look     look
	crashes  int
	reverse  bool // a mirror was mirrored back
}

// variant spoils what the code decides, the way weaker designs do.
type variant struct {
	name    string
	machine func(*Machine)
	after   func(*Saga) // after every step
	deaf    bool        // inbound issues are not judged
	hasty   bool        // an issue of our own without a mark is not waited for
	stale   bool        // a look-up counts from when it ended
	rash    bool        // suspects are forgotten
	blind   bool        // nobody polls, so that what goes wrong is a second mirror
	want    string      // what goes wrong
}

func (w *world) clone() *world {
	c := *w
	c.issues, c.requests, c.look.found = slices.Clone(w.issues), slices.Clone(w.requests), slices.Clone(w.look.found)
	return &c
}

func at(n int) time.Time { return time.Unix(1_800_000_000+int64(n), 0).UTC() }

// item is an issue as a list shows it now.
func (w *world) item(m Machine, i int) Item {
	it := Item{Issue: fmt.Sprint(i + 1), Container: "acme/x", Own: true, Created: at(w.issues[i].born)}
	if w.issues[i].named && !w.issues[i].bare {
		it.Mark = m.Mark("jira", "10007", "acme/x")
	}
	return it
}

type step struct {
	name string
	do   func(*world)
}

// checker walks every schedule.
type checker struct {
	m     Machine
	v     variant
	known map[string]struct{}
	rest  int
	most  int
}

func (c *checker) spoil(w *world) {
	if c.v.after != nil {
		c.v.after(&w.saga)
	}
}

// steps lists everything that can happen next.
func (c *checker) steps(w *world) []step {
	var out []step
	add := func(name string, do func(*world)) { out = append(out, step{name, do}) }
	c.parley(w, add)
	c.tracker(w, add)
	if w.crashes < crashes && (w.pending || w.waiting || w.look.on || w.saga.State == Planned) {
		add("crash", func(w *world) {
			w.crashes++
			w.pending, w.waiting, w.look = false, false, look{}
			w.saga = Resume(w.saga, at(w.now))
			c.spoil(w)
		})
	}
	if !w.must() {
		add("a second passes", func(w *world) { w.now++ })
	}
	return out
}

func (c *checker) parley(w *world, add func(string, func(*world))) {
	s := w.saga
	if s.State == Planned && !w.pending && !at(w.now).Before(s.NextAt) {
		add("stored as sending", func(w *world) {
			var ok bool
			if w.saga, ok = c.m.Send(w.saga, 1, at(w.now)); ok {
				w.pending = true
			}
			c.spoil(w)
		})
	}
	if w.pending {
		add("the request leaves", func(w *world) {
			w.pending, w.waiting = false, true
			w.requests = append(w.requests, request{sent: w.now})
		})
	}
	if w.waiting {
		r := w.requests[len(w.requests)-1]
		if r.landed > 0 {
			add("201", func(w *world) {
				w.waiting = false
				w.saga = Created(w.saga, fmt.Sprint(r.landed), at(w.now))
				c.spoil(w)
			})
		}
		add("no answer", func(w *world) {
			w.waiting = false
			w.saga = Unanswered(w.saga, "timeout", at(w.now))
			c.spoil(w)
		})
	}
	if s.State == Unknown && !w.look.on && !at(w.now).Before(s.NextAt) {
		add("a look-up begins", func(w *world) {
			w.look = look{on: true, began: w.now}
			for i, is := range w.issues {
				if is.shown {
					w.look.found = append(w.look.found, w.item(c.m, i))
				}
			}
		})
	}
	if w.look.on {
		add("the look-up is stored", func(w *world) {
			began := w.look.began
			if c.v.stale {
				began = w.now
			}
			w.saga = c.m.Looked(w.saga, w.look.found, at(began), at(w.now))
			if c.v.rash {
				w.saga = Release(forget(w.saga), at(w.now))
			}
			w.look = look{}
			c.spoil(w)
		})
	}
	for i, is := range w.issues {
		if is.shown && !c.v.blind {
			add(fmt.Sprintf("a poll brings issue %d", i+1), func(w *world) { c.poll(w, w.item(c.m, i)) })
		}
	}
}

func (c *checker) poll(w *world, it Item) {
	if c.v.deaf {
		w.reverse = w.reverse || it.Issue != w.saga.Issue
		return
	}
	w.saga = c.m.Seen(w.saga, []Item{it}, at(w.now))
	sagas := []Saga{w.saga}
	if c.v.hasty && it.Mark == "" && w.saga.State.Unresolved() {
		sagas = nil
	}
	if v, _ := c.m.Judge(it, sagas); v != Ours && v != Wait {
		w.reverse = true
	}
	c.spoil(w)
}

func (c *checker) tracker(w *world, add func(string, func(*world))) {
	for i, r := range w.requests {
		if r.landed > 0 || r.gone {
			continue
		}
		add("the request takes effect", func(w *world) {
			w.issues = append(w.issues, issue{born: w.now})
			w.requests[i].landed = len(w.issues)
		})
		add("the request is lost", func(w *world) { w.requests[i].gone = true })
	}
	for i, is := range w.issues {
		switch {
		case !is.shown:
			add("the issue can be seen", func(w *world) { w.issues[i].shown = true })
		case !is.named:
			add("and its mark be read", func(w *world) { w.issues[i].named = true })
		case !is.bare:
			add("somebody takes its mark away", func(w *world) { w.issues[i].bare = true })
		}
	}
}

// must reports whether something has to happen before the clock moves on.
func (w *world) must() bool {
	if w.pending {
		return true // a request leaves within its lease, or never
	}
	for _, r := range w.requests {
		if r.landed == 0 && !r.gone && w.now >= r.sent+late {
			return true
		}
	}
	for _, is := range w.issues {
		if !is.named && w.now >= is.born+visible {
			return true
		}
	}
	return false
}

// key leaves out what is long past: only differences from now matter, up to where
// they stop making one.
func (w *world) key() string {
	rel := func(t time.Time) int {
		if t.IsZero() {
			return 99
		}
		return max(int(t.Sub(at(w.now)).Seconds()), -(late + visible + 1))
	}
	s := w.saga
	var b strings.Builder
	fmt.Fprint(&b, s.State, s.Issue, s.Doubles, s.Suspects, min(s.Looks, 4), rel(s.SentAt), rel(s.NextAt), w.pending, w.waiting, w.crashes, w.reverse)
	for _, is := range w.issues {
		fmt.Fprint(&b, "|", max(is.born-w.now, -visible-1), is.shown, is.named, is.bare, !is.named && is.born < w.now-visible)
	}
	for i, r := range w.requests {
		if waited := w.waiting && i == len(w.requests)-1; waited || r.landed == 0 && !r.gone {
			fmt.Fprint(&b, "/", max(r.sent-w.now, -late-1), r.landed, r.gone)
		}
	}
	if w.look.on {
		fmt.Fprint(&b, "?", max(w.look.began-w.now, -(late+visible+1)), w.look.found)
	}
	return b.String()
}

// wrong says what must never be, and what must be at the end.
func (w *world) wrong() string {
	if n := len(w.issues); n > 1 {
		return fmt.Sprintf("P4: %d mirrors", n)
	}
	if w.reverse {
		return "P5: a mirror was mirrored back"
	}
	if w.saga.State.Linked() && len(w.issues) == 0 {
		return "linked with nothing"
	}
	return ""
}

func (w *world) atRest() bool {
	for _, r := range w.requests {
		if r.landed == 0 && !r.gone {
			return false
		}
	}
	return (!w.saga.State.Open() || w.saga.Suspended()) && !w.waiting && !w.look.on
}

// told reports whether whoever asks is told of the one mirror: it is linked, or shown as
// what may be it where somebody took its mark away.
func (w *world) told() bool {
	if w.saga.Suspended() {
		return slices.Equal(w.saga.Suspects, []string{"1"}) && w.issues[0].bare
	}
	return w.saga.Issue == "1"
}

func forget(s Saga) Saga {
	s.Suspects = nil
	return s
}

// run explores breadth first and gives the shortest way to what goes wrong.
func (c *checker) run() error {
	type node struct {
		w   *world
		way []string
	}
	first := &world{saga: c.m.Plan(Saga{ID: "1", Source: "jira", SourceID: "10007", Tracker: "github", Container: "acme/x"}, false, at(0))}
	c.known = map[string]struct{}{first.key(): {}}
	level := []node{{w: first}}
	for len(level) > 0 {
		var next []node
		for _, n := range level {
			if n.w.atRest() {
				c.rest++
				if len(n.w.issues) != 1 || !n.w.told() {
					return fmt.Errorf("at rest with %d mirrors, linked with %q, suspects %q", len(n.w.issues), n.w.saga.Issue, n.w.saga.Suspects)
				}
			}
			c.most = max(c.most, n.w.saga.Attempts)
			for _, st := range c.steps(n.w) {
				w := n.w.clone()
				st.do(w)
				if _, met := c.known[w.key()]; met {
					continue
				}
				c.known[w.key()] = struct{}{}
				way := slices.Concat(n.way, []string{st.name})
				if bad := w.wrong(); bad != "" {
					return fmt.Errorf("%s: %s", bad, strings.Join(way, ", "))
				}
				next = append(next, node{w, way})
			}
		}
		level = next
	}
	return nil
}

func check(v variant) (*checker, error) {
	c := &checker{v: v, m: Machine{Keys: [][]byte{[]byte("k")}, Late: late * time.Second, Visible: visible * time.Second, Slack: time.Second}}
	if v.machine != nil {
		v.machine(&c.m)
	}
	return c, c.run()
}

func TestNoScheduleMakesTwoMirrors(t *testing.T) {
	t.Parallel()
	c, err := check(variant{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d states, %d at rest, up to %d requests", len(c.known), c.rest, c.most)
	if c.rest < 10 || c.most < 2 {
		t.Errorf("the check is empty: %d states at rest, %d requests", c.rest, c.most)
	}
}

// unsure is what comes of looking too early where the issue can be seen already and its
// mark not: it is suspected, and a person asked without need.
const unsure = "at rest with 1 mirrors, linked with \"\", suspects [\"1\"]"

func TestWeakerDesignsMakeTwo(t *testing.T) {
	t.Parallel()
	for _, v := range []variant{
		{name: "retry at once", blind: true, want: "P4", after: func(s *Saga) {
			if s.State == Unknown {
				s.State, s.NextAt = Planned, time.Time{}
			}
		}},
		{name: "look up, then send again", blind: true, want: unsure, machine: func(m *Machine) { m.Late, m.Visible = 0, -time.Second }},
		{name: "wait until it must be visible", blind: true, want: unsure, machine: func(m *Machine) { m.Late = 0 }},
		{name: "wait until it must have taken effect", blind: true, want: unsure, machine: func(m *Machine) { m.Visible = 0 }},
		{name: "wait a second less", blind: true, want: unsure, machine: func(m *Machine) { m.Late -= time.Second }},
		{name: "the moment of sending is stored with the answer", blind: true, want: unsure, after: func(s *Saga) {
			if s.State.Unresolved() {
				s.SentAt = time.Time{}
			}
		}},
		{name: "a crash is taken for a failure", blind: true, want: "P4", after: func(s *Saga) {
			if s.State == Unknown && s.Problem == "" {
				s.State = Planned
			}
		}},
		{name: "issues of our own are not told apart", want: "P5", deaf: true},
		{name: "unmarked issues are not waited for", want: "P5", hasty: true},
		{name: "what carries no mark is somebody else's", blind: true, rash: true, want: "P4"},
		{name: "a look-up counts from when it ended", blind: true, stale: true, want: unsure},
	} {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			c, err := check(v)
			if err == nil {
				t.Fatalf("nothing was found in %d states", len(c.known))
			}
			if !strings.HasPrefix(err.Error(), v.want) {
				t.Errorf("found %v, want %s", err, v.want)
			}
			t.Logf("%d states: %v", len(c.known), err)
		})
	}
}
