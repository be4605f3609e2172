package world

import (
	"slices"
	"strings"
	"time"

	"parley/connectors"
	"parley/kanban"
)

// Truth is what really happened, told from outside: no engine and no tracker knows
// all of it. It goes on growing with the world.
type Truth struct {
	Issues []*Issue // by creation
	byID   map[issueID]*Issue
}

// Issue finds the story of an issue by the kind of its tracker and its id.
func (t *Truth) Issue(kind connectors.Kind, id string) (*Issue, bool) {
	i, ok := t.byID[issueID{kind, id}]
	return i, ok
}

// Cause says what kind of hand changed something.
type Cause string

// Causes.
const (
	ByPerson     Cause = "person"
	ByParley     Cause = "parley"     // a request of the account Parley uses, sent by a Parley
	ByAutomation Cause = "automation" // a rule of the tracker, which has no author
	ByAdmin      Cause = "admin"      // a migration or a rename, which touches nothing but the value
)

// Issue is the story of one issue.
type Issue struct {
	Kind    connectors.Kind
	ID      string
	Created time.Time // true time
	Who     string    // account that made it
	Cause   Cause
	Op      string // of Parley's write that made it
	Request int64  // that made it, 0: none
	Marker  string // it was made with
	CopyOf  string // id of the issue that a person copied it from
	Edits   []Edit // in the order in which they took effect
	Deleted time.Time
	MovedTo string // id of what it became by a transfer

	of    *issue
	first *state
	last  map[kanban.Field]int // the latest edit that touches each field
}

// Edit is one field changed at one moment.
type Edit struct {
	N       int64 // ascending over all issues; edits of one entry or deed follow each other
	At      time.Time
	Who     string // account on the tracker, "" for automation
	Cause   Cause
	Op      string // of the write that made it, also where the tracker does not carry it
	Request int64  // that made it, 0: a person's
	Deed    int64  // that made it, 0: a request's
	Seq     int64  // of the history entry that tells of it, 0: none does
	connectors.Change
	// Touches is the board's field that the change belongs to: a label of the status
	// family and the state are part of the status. "" is something Parley ignores.
	Touches kanban.Field
	// Overwrote is the index of the latest earlier edit that touches the same field, for
	// labels the same label; -1: the value from the creation. A person had it on the screen.
	Overwrote int
	after     *state
}

// Truth is the true history so far. Reading it also checks that nobody wrote into
// the history entries that the world has handed out.
func (w *World) Truth() *Truth {
	for _, i := range w.issues {
		i.verify()
	}
	return &w.truth
}

// verify panics where a history entry differs from the edits it came from.
func (i *issue) verify() {
	n := 0
	for _, e := range i.entries {
		for _, c := range e.Changes {
			for n < len(i.truth.Edits) && (i.truth.Edits[n].Seq == 0 || i.truth.Edits[n].Seq < e.Seq) {
				n++
			}
			if n == len(i.truth.Edits) || i.truth.Edits[n].Seq != e.Seq || i.truth.Edits[n].Change != c {
				panic("world: somebody wrote into a history entry of " + i.id)
			}
			n++
		}
	}
}

// Now is the issue as it stands, the last that was seen of one that is gone.
func (i *Issue) Now() connectors.Issue { return i.of.show(i.of.last()) }

// Gone reports whether it was deleted or transferred.
func (i *Issue) Gone() bool { return i.of.deleted() }

// First is the issue as it was made.
func (i *Issue) First() connectors.Issue { return i.of.show(i.first) }

// After is the issue as it was after an edit, by its index.
func (i *Issue) After(edit int) connectors.Issue { return i.of.show(i.Edits[edit].after) }

// Overwritten says whether a later edit touches the same field, for labels the same
// label.
func (i *Issue) Overwritten(edit int) bool { return i.last[i.Edits[edit].element()] > edit }

// element is the field of a register, or of one label of the set.
func (e *Edit) element() kanban.Field {
	if e.Touches != kanban.FieldLabels {
		return e.Touches
	}
	return kanban.Element(e.Touches, strings.ToLower(e.From+e.To))
}

// tell adds an edit to the story.
func (i *Issue) tell(e Edit) {
	e.Overwrote = -1
	key := e.element()
	if at, ok := i.last[key]; ok {
		e.Overwrote = at
	}
	i.last[key] = len(i.Edits)
	i.Edits = append(i.Edits, e)
}

// Markers lists the issues that carry a marker now, oldest first.
func (t *Truth) Markers(marker string) []*Issue {
	var out []*Issue
	for _, i := range t.Issues {
		if !i.Gone() && i.of.last().marker == marker {
			out = append(out, i)
		}
	}
	return out
}

// touches says which of the board's fields a change belongs to.
func (c *catalog) touches(k connectors.Kind, ch connectors.Change) kanban.Field {
	switch ch.Field {
	case "status", "resolution", "state":
		return kanban.FieldStatus
	case "priority":
		return kanban.FieldPriority
	case "title":
		return kanban.FieldTitle
	case "due":
		return kanban.FieldDue
	case "label":
		return c.labelField(k, ch.From, ch.To)
	case "assignee":
		return kanban.FieldAssignees
	}
	return ""
}

func (c *catalog) labelField(k connectors.Kind, from, to string) kanban.Field {
	either := func(l string) bool { return sameLabel(from)(l) || sameLabel(to)(l) }
	switch {
	case k == connectors.Jira:
		return kanban.FieldLabels
	case slices.ContainsFunc(c.family, either):
		return kanban.FieldStatus
	case slices.ContainsFunc(c.weights, either):
		return kanban.FieldPriority
	}
	return kanban.FieldLabels
}
