package world

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/connectors"
	"parley/kanban"
)

// author is who changes something, and why.
type author struct {
	account string
	cause   Cause
	op      string
	request int64
	deed    int64
}

// trace says what of a change shows.
type trace uint8

const (
	open   trace = iota // history and "updated"
	still               // history; "updated" stays
	silent              // nothing but the value, with "updated"
	hushed              // nothing but the value
)

// draft is a copy of the present state that may be changed.
func (i *issue) draft() *state {
	s := *i.now().state
	s.picture = nil
	return &s
}

// commit makes a draft the present state. Nothing happens where nothing changed.
func (i *issue) commit(s *state, a author, tr trace, changes ...connectors.Change) {
	if len(changes) == 0 {
		return
	}
	at := i.moment()
	if tr == open || tr == silent {
		s.updated = at
	}
	i.record(s, a, tr, at, changes)
	i.push(s)
	i.host.settleKeys(i, s)
}

// moment is the time that a change will carry. At Jira no two changes of an issue
// share a millisecond; on GitHub time only never goes back.
func (i *issue) moment() time.Time {
	last, now := i.now().updated, i.host.stamp()
	if now.After(last) {
		return now
	}
	if i.kind == connectors.Jira {
		return last.Add(time.Millisecond)
	}
	return last
}

// historyDelay is how much later than "updated" an entry of Jira says it was made.
const historyDelay = 7 * time.Millisecond

// record adds to the history and to the truth: one entry at Jira, one a change on
// GitHub.
func (i *issue) record(s *state, a author, tr trace, at time.Time, changes []connectors.Change) {
	w := i.host.w
	for n, c := range changes {
		seq := int64(0)
		if tr == open || tr == still {
			if n == 0 || i.kind == connectors.GitHub {
				i.enter(s, a, at, changes, n)
			}
			seq = i.entries[len(i.entries)-1].Seq
		}
		w.edits++
		e := Edit{N: w.edits, At: w.now, Who: a.account, Cause: a.cause, Op: a.op, Request: a.request, Deed: a.deed,
			Seq: seq, Change: c, Touches: i.host.cat.touches(i.kind, c), after: s}
		i.truth.tell(e)
	}
}

// enter writes an entry of the tracker's history.
func (i *issue) enter(s *state, a author, at time.Time, changes []connectors.Change, n int) {
	w := i.host.w
	w.entryID += 1 + int64(mix(uint64(w.entryID))%3)
	e := connectors.Entry{Seq: w.entryID, IssueID: i.id, At: at, Actor: i.host.person(a.account), Own: a.account == i.host.me}
	if i.kind == connectors.Jira {
		e.ID, e.At, e.Op, e.Changes = strconv.FormatInt(e.Seq, 10), at.Add(historyDelay), a.op, changes
		if w.opts.Swarm.NoOps {
			e.Op = ""
		}
	} else {
		e.ID, e.Changes = "e"+strconv.FormatInt(e.Seq, 10), changes[n:n+1:n+1]
		s.box.feed = append(s.box.feed, e)
	}
	i.entries = append(i.entries, e)
}

// push adds a version, nil for a deletion, and lets lists know when they will show it.
func (i *issue) push(s *state) {
	w := i.host.w
	w.versions++
	i.pushed++
	v := version{state: s, at: w.now, n: w.versions, entries: len(i.entries)}
	v.shown = w.now.Add(w.lag(i, i.pushed == 1))
	i.prune(w.now)
	i.versions = append(i.versions, v)
	i.last().box.view.publish(i, w.now)
}

// settleKeys keeps the way from a number to its issue.
func (h *host) settleKeys(i *issue, s *state) {
	if h.kind == connectors.GitHub {
		s.box.byNum[s.number] = i
	}
}

// create makes an issue from a state without key and times.
func (h *host) create(s *state, a author, copyOf string) *issue {
	w := h.w
	num, id := h.takeID()
	s.box.last++
	s.number = s.box.last
	s.key = s.box.key + "-" + strconv.Itoa(s.number)
	if h.kind == connectors.GitHub {
		s.key = s.box.key + "#" + strconv.Itoa(s.number)
	} else {
		s.number = 0
	}
	s.updated = h.stamp()
	i := &issue{host: h, num: num, id: id, kind: h.kind, creator: a.account, created: s.updated}
	i.truth = &Issue{Kind: h.kind, ID: id, Created: w.now, Who: a.account, Cause: a.cause, Op: a.op, Request: a.request,
		Marker: s.marker, CopyOf: copyOf, of: i, first: s, last: map[kanban.Field]int{}}
	w.truth.add(i.truth)
	w.issues = append(w.issues, i)
	w.byID[issueID{h.kind, id}] = i
	i.push(s)
	h.settleKeys(i, s)
	if a.cause == ByParley {
		w.adopt(i)
	}
	return i
}

func (t *Truth) add(i *Issue) {
	if t.byID == nil {
		t.byID = map[issueID]*Issue{}
	}
	t.Issues = append(t.Issues, i)
	t.byID[issueID{i.Kind, i.ID}] = i
}

// sameLabel compares labels as GitHub does, in any letter case.
func sameLabel(name string) func(string) bool {
	return func(l string) bool { return strings.EqualFold(l, name) }
}

// bySeq orders entries.
func bySeq(a, b connectors.Entry) int { return cmp.Compare(a.Seq, b.Seq) }

// sortedSet is how Jira keeps labels: sorted, without doubles.
func sortedSet(in []string) []string {
	if len(in) == 0 {
		return nil
	}
	out := slices.Clone(in)
	slices.Sort(out)
	return slices.Compact(out)
}
