package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// quiet is how long no write must have been sent before things count as at rest, and
// how long they are watched after that. It is longer than any doubt about clocks.
const quiet = 4 * time.Second

// quietPolls is how often each tracker must have been polled meanwhile: a busy machine
// may leave the daemon no time to begin with anything.
const quietPolls = 12

// settled is how long it may take after the last kill until nothing is pending: what a
// tracker took and never shows, because somebody was quicker, is looked for eight times
// with growing pauses before it is given up.
const settled = 5 * time.Minute

// comeToRest waits until the daemon has nothing to write any more.
func (w *killWorld) comeToRest() {
	w.t.Helper()
	begun, rested := time.Now(), false
	w.log.stir()
	w.t.Cleanup(func() {
		if !rested {
			w.t.Log(w.unrest())
		}
	})
	w.waitFor("rest: nothing pending, no write for a while", settled, func() bool {
		last := begun
		if ws := w.log.all(); len(ws) > 0 && ws[len(ws)-1].at.After(begun) {
			last = ws[len(ws)-1].at
		}
		if time.Since(last) < quiet || w.log.idle() < quietPolls || !w.ready() {
			return false
		}
		for _, p := range w.pairs {
			if c, ok := w.card(p); !ok || c.busy() {
				return false
			}
		}
		return true
	})
	rested = true
	w.staysAtRest(w.ofTwin)
}

// staysAtRest fails where the daemon goes on writing. What is exempt may still come.
func (w *killWorld) staysAtRest(exempt func(botWrite) bool) {
	w.t.Helper()
	before := len(w.log.all())
	<-time.After(quiet)
	still := w.log.all()[before:]
	if still = slices.DeleteFunc(still, exempt); len(still) > 0 {
		w.t.Errorf("at rest the daemon still wrote:\n%s", lines(still))
	}
}

// ofTwin reports whether a write makes a twin of a request, or something of one: where
// its fate is in doubt the daemon waits for minutes.
func (w *killWorld) ofTwin(x botWrite) bool {
	if _, rest, named := strings.Cut(x.path, "/issue/"); named {
		id, _, _ := strings.Cut(rest, "/")
		_, is := w.requests[id]
		return is
	}
	return x.isCreate() || !slices.ContainsFunc(w.pairs, func(p twins) bool { return strings.HasPrefix(x.path+"/", p.hubPath()+"/") })
}

// unrest tells what keeps the daemon busy: its last writes, and what is pending.
func (w *killWorld) unrest() string {
	all := w.log.all()
	text := fmt.Sprintf("ready %t; %d writes by the daemon, the last:\n%s", w.ready(), len(all), lines(all[max(0, len(all)-20):]))
	for _, p := range w.pairs {
		if c, ok := w.card(p); !ok || c.busy() {
			text += fmt.Sprintf("%s: answered %t, pending %v, badges %v\n%s", p.key, ok, c.Pending, c.Badges, w.story(p))
		}
	}
	return text
}

func (w *killWorld) ready() bool {
	code, err := exchange("GET", w.board+"/readyz", nil, nil, nil)
	return err == nil && code == http.StatusOK
}

func lines[T fmt.Stringer](list []T) string {
	var b strings.Builder
	for _, x := range list {
		fmt.Fprintln(&b, x)
	}
	return b.String()
}

// judge compares the two trackers and the board pair by pair, and all that happened
// with what was promised.
func (w *killWorld) judge(kills int) {
	w.t.Helper()
	writes := w.log.all()
	for _, x := range writes {
		if x.status >= 200 && x.status < 300 && x.done {
			w.t.Errorf("written a second time: %s", x)
		}
	}
	explained := 0
	for _, p := range w.pairs {
		if w.agree(p) {
			explained++
		}
		w.writtenOnce(p)
	}
	if explained > len(w.pairs)/4 {
		w.t.Errorf("%d of %d pairs differ, each for a reason: too many to say that the others agree", explained, len(w.pairs))
	}
	w.oneTwinEach(kills)
	w.nothingLost()
	w.fewEnough(kills)
	w.inOrder()
	w.t.Logf("killed %v; %d changes by people, %d writes by the daemon, %d of %d pairs differ and the board says why, %d twins made",
		w.killed, len(w.did), len(writes), explained, len(w.pairs), len(w.twins()))
}

// agree fails unless Jira, GitHub and the board say the same, or a badge on the card
// says why they do not.
func (w *killWorld) agree(p twins) (explained bool) {
	w.t.Helper()
	j, g := w.jiraIssue(p.key), w.hubIssue(p)
	c, ok := w.card(p)
	if !ok {
		w.t.Errorf("%s is not on the board", p.key)
		return false
	}
	priority := ""
	if c.Priority != nil {
		priority = *c.Priority
	}
	column, mute := columnInGitHub(g)
	level, muteLevel := priorityInGitHub(g)
	same := columnInJira(j.Fields.Status.Name) == c.Column && (mute || column == c.Column) &&
		priorityInJira(j.Fields.Priority.Name) == priority && (muteLevel || level == priority)
	if same {
		return false
	}
	picture := fmt.Sprintf("%s: Jira %s, %s; GitHub %s %s %v; board %s, %s; badges %v", p.key, j.Fields.Status.Name, j.Fields.Priority.Name,
		g.State, g.Reason, g.labels(), c.Column, priority, c.Badges)
	if len(c.Badges) > 0 {
		w.t.Log("explained: " + picture)
		return true
	}
	w.t.Errorf("they differ and nothing says why: %s\n%s", picture, w.story(p))
	return false
}

// writtenOnce looks at the trackers' own histories for a write that was applied twice.
func (w *killWorld) writtenOnce(p twins) {
	w.t.Helper()
	w.jiraOnce(p, w.jiraIssue(p.key).Changelog.Histories)
	last := map[string]string{}
	for _, e := range w.hubEvents(p) {
		about, did := e.Label.Name, e.Event
		if did != "labeled" && did != "unlabeled" {
			about, did = "", did+" "+e.Reason // closed for another reason is another write
		}
		if last[about] == did && e.Actor.Login == botLogin {
			w.t.Errorf("%s: GitHub's history has %s %s twice in a row, by the daemon\n%s", p.key, did, about, w.story(p))
		}
		last[about] = did
	}
}

// jiraOnce looks for a step that one operation took, that a person took back, and that
// the same operation took again: the write would have been applied twice and a person's
// edit lost. Nor may an operation go there and back by itself, in search of a way
// through a workflow, and there again.
func (w *killWorld) jiraOnce(p twins, histories []jiraHistory) {
	w.t.Helper()
	took := map[string]int{} // where in the history each step was taken
	edited := -1             // the last change by a person
	for i, h := range histories {
		op := h.Metadata.ExtraData.Op
		if h.Author.AccountID != botAccount {
			edited = i
			continue
		}
		for _, item := range h.Items {
			step := fmt.Sprintf("%s: %s from %s to %s", op, item.Field, item.FromString, item.ToString)
			before, twice := took[step]
			switch {
			case op == "":
				w.t.Errorf("%s: a write to Jira carries no operation: %s", p.key, step)
			case twice && before < edited:
				w.t.Errorf("%s: applied again after a person had changed it: %s\n%s", p.key, step, w.story(p))
			case twice:
				w.t.Errorf("%s: went there and back and there again: %s\n%s", p.key, step, w.story(p))
			}
			took[step] = i
		}
	}
}

// story is everything that happened to a pair, for a failing test.
func (w *killWorld) story(p twins) string {
	var b strings.Builder
	for _, d := range w.did {
		if strings.Contains(d, " "+p.key+":") {
			fmt.Fprintln(&b, "  person ", d)
		}
	}
	for _, x := range w.log.all() {
		if strings.HasPrefix(x.path, p.hubPath()) || x.tracker == "jira" && strings.Contains(x.path, p.key) {
			fmt.Fprintln(&b, "  daemon ", x)
		}
	}
	for _, h := range w.jiraIssue(p.key).Changelog.Histories {
		fmt.Fprintf(&b, "  jira    %s %s %s %v\n", h.Created, h.Author.AccountID, h.Metadata.ExtraData.Op, h.Items)
	}
	for _, e := range w.hubEvents(p) {
		fmt.Fprintf(&b, "  github  %s %s %s %s\n", e.Created, e.Actor.Login, e.Event, e.Label.Name)
	}
	var why any
	if _, err := w.api("GET", "cards/"+p.key+"/explain", nil, &why); err == nil {
		fmt.Fprintf(&b, "  explain %v\n", why)
	}
	return b.String()
}
