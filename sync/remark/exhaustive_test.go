package remark

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/connectors"
	"parley/sync/mirror"
)

// The world of one comment: requests that take effect late, a list that shows it late, a
// process that may crash between any two steps, an asker who may want another text or none
// at any time, and a person who may edit or delete the comment. Time goes in seconds; what
// must have happened by now happens before the clock moves on.

const (
	late    = 1 // H_w, in seconds
	visible = 1 // Λ
)

// post is a comment that a request has made.
type post struct {
	born  int
	text  string
	shown bool // a list brings it, and a read
	gone  bool
	moved int // edits so far, which move its date
}

// request is under way: sent, and it may take effect until sent+late.
type request struct {
	Request

	sent int
	done bool // took effect
	gone bool // is lost
}

type world struct {
	remark   Remark
	now      int
	posts    []post
	requests []request
	pending  *Request // stored, has not left
	waiting  bool     // for the answer to the last request
	look     *LookedUp
	read     *ReadAnswered
	crashes  int
	rewrites int
	withdraw bool
	person   string // what a person wrote
	lost     bool   // and it was overwritten
	deleted  bool   // by a person
}

// scope is what may happen in a check.
type scope struct {
	name               string
	crashes, rewrites  int
	withdraws          bool
	persons, deletions bool
}

// variant spoils what the code decides, the way weaker designs do.
type variant struct {
	name  string
	scope scope
	spoil func(*Remark)
	want  string
}

func at(n int) time.Time { return time.Unix(1_800_000_000+int64(n), 0).UTC() }

func issue() connectors.Ref {
	return connectors.Ref{Tracker: "jira", ID: "10007", Key: "OPS-7", Container: "OPS"}
}

func (w *world) comment(i int) connectors.Comment {
	p := w.posts[i]
	return connectors.Comment{ID: fmt.Sprint(i + 1), Own: true, Body: p.text, Created: at(p.born), Updated: at(p.born).Add(time.Duration(p.moved) * time.Millisecond), Marker: w.remark.Post.Mark}
}

func (w *world) clone() *world {
	c := *w
	c.posts, c.requests = slices.Clone(w.posts), slices.Clone(w.requests)
	return &c
}

type step struct {
	name string
	do   func(*world)
}

type checker struct {
	m     Machine
	s     scope
	spoil func(*Remark)
	known map[string]struct{}
	rest  int
}

func (c *checker) steps(w *world) []step {
	var out []step
	add := func(name string, do func(*world)) { out = append(out, step{name, do}) }
	c.parley(w, add)
	c.tracker(w, add)
	c.people(w, add)
	if !w.must() {
		add("a second passes", func(w *world) { w.now++ })
	}
	return out
}

func (c *checker) take(w *world, ev Event) {
	w.remark = c.m.Take(w.remark, ev, at(w.now))
	if c.spoil != nil {
		c.spoil(&w.remark)
	}
}

func (c *checker) parley(w *world, add func(string, func(*world))) {
	switch {
	case w.pending != nil:
		add(string(w.pending.Kind)+" leaves", func(w *world) {
			w.requests = append(w.requests, request{Request: *w.pending, sent: w.now})
			w.pending, w.waiting = nil, true
		})
	case w.waiting:
		c.answers(w, add)
	case w.look != nil:
		add("the look-up is stored", func(w *world) { ev := *w.look; w.look = nil; c.take(w, ev) })
	case w.read != nil:
		add("the read is stored", func(w *world) { ev := *w.read; w.read = nil; c.take(w, ev) })
	default:
		if _, ask, _ := c.m.Next(w.remark, at(w.now)); ask != nil {
			add("next: "+string(ask.Kind), func(w *world) { c.next(w) })
		} else if next, _, _ := c.m.Next(w.remark, at(w.now)); next.State() != w.remark.State() {
			add("it is settled", func(w *world) { w.remark, _, _ = c.m.Next(w.remark, at(w.now)) })
		}
	}
	if w.crashes < c.s.crashes && (w.pending != nil || w.waiting || w.look != nil || w.read != nil) {
		add("crash", func(w *world) {
			w.crashes++
			w.pending, w.waiting, w.look, w.read = nil, false, nil, nil
			w.remark = c.m.Resume(w.remark, at(w.now))
			if c.spoil != nil {
				c.spoil(&w.remark)
			}
		})
	}
}

func (c *checker) next(w *world) {
	var ask *Request
	w.remark, ask, _ = c.m.Next(w.remark, at(w.now))
	switch ask.Kind {
	case LookUp:
		w.look = &LookedUp{Began: at(w.now)}
		for i, p := range w.posts {
			if p.shown && !p.gone {
				w.look.Comments = append(w.look.Comments, w.comment(i))
			}
		}
	case Read:
		w.read = &ReadAnswered{Began: at(w.now), Err: &connectors.Error{Kind: connectors.Gone}}
		if i := index(ask.ID); !w.posts[i].gone && w.posts[i].shown {
			w.read = &ReadAnswered{Began: at(w.now), Comment: w.comment(i)}
		}
	case Follow:
		c.take(w, Followed{})
	default:
		w.pending = ask
	}
	if c.spoil != nil {
		c.spoil(&w.remark)
	}
}

func index(id string) int { return int(id[0]-'0') - 1 }

// answers are those to the last request.
func (c *checker) answers(w *world, add func(string, func(*world))) {
	r := w.requests[len(w.requests)-1]
	if r.done {
		add("yes", func(w *world) {
			w.waiting = false
			switch r.Kind {
			case Post:
				c.take(w, PostAnswered{Comment: w.comment(len(w.posts) - 1)})
			case Edit:
				var a ChangeAnswered
				if a.Comment = w.comment(index(r.ID)); w.posts[index(r.ID)].gone {
					a.Err = &connectors.Error{Kind: connectors.Gone}
				}
				c.take(w, a)
			default:
				c.take(w, ChangeAnswered{})
			}
		})
	}
	add("no answer", func(w *world) {
		w.waiting = false
		err := &connectors.Error{Kind: connectors.Unknown}
		if r.Kind == Post {
			c.take(w, PostAnswered{Err: err})
			return
		}
		c.take(w, ChangeAnswered{Err: err})
	})
}

func (c *checker) tracker(w *world, add func(string, func(*world))) {
	for i, r := range w.requests {
		if r.done || r.gone {
			continue
		}
		add(string(r.Kind)+" takes effect", func(w *world) { w.effect(i) })
		add(string(r.Kind)+" is lost", func(w *world) { w.requests[i].gone = true })
	}
	for i, p := range w.posts {
		if !p.shown {
			add("it is shown", func(w *world) { w.posts[i].shown = true })
		}
	}
}

func (w *world) effect(i int) {
	r := &w.requests[i]
	r.done = true
	if r.Kind == Post {
		w.posts = append(w.posts, post{born: w.now, text: r.Draft.Text()})
		return
	}
	p := &w.posts[index(r.ID)]
	w.lost = w.lost || w.person != "" && p.text == w.person && !p.gone
	if p.gone {
		return
	}
	if p.gone = r.Kind == Delete; !p.gone {
		p.text = r.Draft.Text()
		p.moved++
	}
}

func (c *checker) people(w *world, add func(string, func(*world))) {
	if w.rewrites < c.s.rewrites && !w.remark.Retract {
		add("another text is wanted", func(w *world) {
			w.rewrites++
			if next, err := c.m.Rewrite(w.remark, fmt.Sprintf("text %d", w.rewrites), nil, at(w.now)); err == nil {
				w.remark = next
			}
		})
	}
	if c.s.withdraws && !w.withdraw {
		add("it is not wanted any more", func(w *world) {
			w.withdraw = true
			w.remark = c.m.Withdraw(w.remark, at(w.now))
		})
	}
	// Nobody can tell a person's edit that meets a request under way.
	quiet := w.pending == nil && !w.waiting && !w.remark.Change.Checked && w.read == nil && w.look == nil && !slices.ContainsFunc(w.requests, func(r request) bool { return !r.done && !r.gone })
	if len(w.posts) != 1 || w.posts[0].gone || !quiet {
		return
	}
	if c.s.persons && w.person == "" {
		add("somebody edits it", func(w *world) {
			w.person = "a person's words"
			w.posts[0].text = w.person
			w.posts[0].moved++
		})
	}
	if c.s.deletions && !w.deleted && w.remark.ID() != "" { // one that nobody has heard of is posted anew
		add("somebody deletes it", func(w *world) { w.deleted, w.posts[0].gone = true, true })
	}
}

// must reports whether something has to happen before the clock moves on.
func (w *world) must() bool {
	if w.pending != nil {
		return true // a request leaves within its lease, or never
	}
	for _, r := range w.requests {
		if !r.done && !r.gone && w.now >= r.sent+late {
			return true
		}
	}
	for _, p := range w.posts {
		if !p.shown && w.now >= p.born+visible {
			return true
		}
	}
	return false
}

// key leaves out what is long past: only differences from now matter.
func (w *world) key() string {
	rel := func(t time.Time) int {
		if t.IsZero() {
			return 99
		}
		return max(int(t.Sub(at(w.now)).Seconds()), -(late + visible + 2))
	}
	r := w.remark
	var b strings.Builder
	fmt.Fprint(&b, r.Post.State, r.Post.Issue, r.Post.Doubles, r.Post.Suspects, min(r.Post.Looks, 3), rel(r.Post.SentAt), rel(r.Post.NextAt), rel(r.Post.Closed), r.Sought, r.Version, r.Written, r.Retract, !r.Gone.IsZero(), r.Body,
		"|", r.Change.State, r.Change.Version, r.Change.Checked, rel(r.Change.SentAt), rel(r.Change.NextAt), min(r.Change.Tries, 3), r.Change.Refused, r.Change.Sent != "", r.Change.Sent, r.Shown.Text, r.Sent,
		"|", w.waiting, w.crashes, w.rewrites, w.withdraw, w.person, w.lost, w.deleted)
	if w.pending != nil {
		fmt.Fprint(&b, "+", w.pending.Kind, w.pending.Draft.Body)
	}
	for _, p := range w.posts {
		fmt.Fprint(&b, "|", max(p.born-w.now, -visible-1), p.text, p.shown, p.gone, r.Shown.Updated.Equal(at(p.born).Add(time.Duration(p.moved)*time.Millisecond)))
	}
	for i, q := range w.requests {
		if waited := w.waiting && i == len(w.requests)-1; waited || !q.done && !q.gone {
			fmt.Fprint(&b, "/", q.Kind, q.Draft.Body, max(q.sent-w.now, -late-1), q.done, q.gone)
		}
	}
	if w.look != nil {
		fmt.Fprint(&b, "?", rel(w.look.Began), len(w.look.Comments))
		for _, c := range w.look.Comments {
			fmt.Fprint(&b, c.Body, c.ID)
		}
	}
	if w.read != nil {
		fmt.Fprint(&b, "!", w.read.Err != nil, w.read.Comment.Body, rel(w.read.Began))
	}
	return b.String()
}

// wrong says what must never be.
func (w *world) wrong() string {
	switch {
	case len(w.posts) > 1:
		return "it was posted twice"
	case w.lost:
		return "a person's words were overwritten"
	case w.remark.ID() != "" && len(w.posts) == 0:
		return "it is known and was never posted"
	}
	return ""
}

func (w *world) atRest() bool {
	for _, r := range w.requests {
		if !r.done && !r.gone {
			return false
		}
	}
	return !w.remark.Open() && !w.waiting && w.look == nil && w.read == nil && w.pending == nil
}

// short says what is missing at the end.
func (w *world) short() string {
	there := len(w.posts) == 1 && !w.posts[0].gone
	r := &w.remark
	switch {
	case w.person != "" && there && w.posts[0].text == w.person:
		if r.State() != Refused && r.State() != Posted {
			return "a person's words stand there and it says " + string(r.State())
		}
	case w.deleted && (r.State() == Posted || r.State() == Vanished || r.State() == Deleted || r.State() == Refused):
	case r.Retract && (there || r.State() != Deleted):
		return fmt.Sprintf("not wanted and there: %v, %s", there, r.State())
	case !r.Retract && (!there || w.posts[0].text != r.Body || r.State() != Posted):
		return fmt.Sprintf("there: %v, %s", there, r.State())
	}
	return ""
}

// run explores breadth first and gives the shortest way to what goes wrong.
func (c *checker) run() error {
	type node struct {
		w   *world
		way []string
	}
	first := &world{}
	var err error
	if first.remark, err = c.m.New(Wish{Key: "k", Issue: issue(), Body: "text 0"}, "op", at(0)); err != nil {
		return err
	}
	c.known = map[string]struct{}{first.key(): {}}
	for level := []node{{w: first}}; len(level) > 0; {
		var next []node
		for _, n := range level {
			if n.w.atRest() {
				c.rest++
				if bad := n.w.short(); bad != "" {
					return fmt.Errorf("at rest: %s: %s", bad, strings.Join(n.way, ", "))
				}
			}
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

func checkerOf(s scope) *checker {
	return &checker{s: s, m: Machine{Write: true, Machine: mirror.Machine{Keys: [][]byte{[]byte("k")}, Late: late * time.Second, Visible: visible * time.Second, Slack: time.Second}}}
}

func TestNoScheduleCommentsTwiceOrLosesWords(t *testing.T) {
	t.Parallel()
	for _, s := range []scope{
		{name: "crashes", crashes: 3},
		{name: "another text", crashes: 2, rewrites: 1},
		{name: "other texts", rewrites: 2},
		{name: "withdrawn", crashes: 1, withdraws: true},
		{name: "another text and withdrawn", rewrites: 1, withdraws: true},
		{name: "people", rewrites: 1, persons: true, deletions: true},
		{name: "people, withdrawn", withdraws: true, persons: true, deletions: true},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			c := checkerOf(s)
			if err := c.run(); err != nil {
				t.Fatal(err)
			}
			t.Logf("%d states, %d at rest", len(c.known), c.rest)
			if c.rest < 3 {
				t.Errorf("the check is empty: %d states at rest", c.rest)
			}
		})
	}
}

func TestWeakerDesignsCommentTwiceOrLoseWords(t *testing.T) {
	t.Parallel()
	for _, v := range []variant{
		{"retry at once", scope{crashes: 1}, func(r *Remark) {
			if r.Post.State == mirror.Unknown {
				r.Post.State, r.Post.NextAt = mirror.Planned, time.Time{}
			}
		}, "it was posted twice"},
		{"look up once, then send again", scope{crashes: 1}, func(r *Remark) {
			if r.Post.State == mirror.Unknown && r.Post.Looks > 0 {
				r.Post.State, r.Post.NextAt = mirror.Planned, time.Time{}
			}
		}, "it was posted twice"},
		{"another text is sent before the last is resolved", scope{crashes: 1, rewrites: 2}, func(r *Remark) {
			if r.Change.State == mirror.Unknown {
				r.Change.State, r.Change.NextAt = "", time.Time{}
			}
		}, "at rest"},
		{"nobody looks before writing", scope{rewrites: 1, persons: true}, func(r *Remark) {
			r.Change.Checked = r.Change.State == "" && r.Post.State.Linked()
		}, "a person's words were overwritten"},
	} {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			c := checkerOf(v.scope)
			c.spoil = v.spoil
			err := c.run()
			if err == nil || !strings.HasPrefix(err.Error(), v.want) {
				t.Errorf("found %v in %d states, want %s", err, len(c.known), v.want)
			}
		})
	}
}
