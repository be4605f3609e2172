package world

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"parley/connectors"
)

// Act is a kind of thing that people do.
type Act string

// Acts. On the other tracker than the one they are made for they do nothing.
const (
	Move       Act = "move"       // another status; To: Jira transition id, GitHub number of a look
	Sloppy     Act = "sloppy"     // GitHub: one label or the state alone; To "+name", "-name", "open", "closed:reason"
	Prioritise Act = "prioritise" // To: Jira priority id, GitHub number of a label set, "" none
	Revert     Act = "revert"     // back to what the last edit of the status or priority replaced
	Agree      Act = "agree"      // to what the twin on the other tracker shows
	Retitle    Act = "retitle"    // To: the title
	Redate     Act = "redate"     // Jira; To: the date, "" none
	Assign     Act = "assign"     // To: a person's name
	Unassign   Act = "unassign"
	AddLabel   Act = "add-label"
	DropLabel  Act = "drop-label"
	Comment    Act = "comment" // "updated" moves, nothing else
	Describe   Act = "describe"
	Raise      Act = "raise"    // a new issue; To: its title, Box: where
	Clone      Act = "clone"    // a copy with labels and marker
	Forge      Act = "forge"    // To: the id of the issue whose marker is pasted
	Bulk       Act = "bulk"     // up to 200 issues get one status or priority; Field: "status" or "priority"
	Transfer   Act = "transfer" // to another container, Box
	Delete     Act = "delete"
	Hide       Act = "hide" // Jira: a security level is set; again: taken off
	Archive    Act = "archive"
	Migrate    Act = "migrate"      // admin, Jira: another status without "updated"
	RenameStat Act = "rename-state" // admin, Jira: a status gets another name
	RenameLab  Act = "rename-label" // admin, GitHub: a label gets another name everywhere
)

// Deed is one thing that somebody does. All that chance decided is in it, so that it
// can be done again in another run.
type Deed struct {
	N     int64 // names it in the truth
	Act   Act
	Kind  connectors.Kind
	Issue string // id
	Who   string // the person's name; "" is whoever has Parley's password
	To    string
	Box   string
	Field string
	Many  []string      // Bulk: ids
	Slow  time.Duration // GitHub: pause between the single edits it takes
}

// String is the deed in one line, for a trace.
func (d Deed) String() string {
	parts := []string{d.Who, string(d.Act), string(d.Kind), d.Issue, d.Field, d.To, d.Box}
	if len(d.Many) > 0 {
		parts = append(parts, fmt.Sprintf("×%d", len(d.Many)))
	}
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), " ")
}

// Deed lets people do one thing, drawn by chance, and tells what. Most of it falls on
// a few issues, and on both sides of their pairs.
func (w *World) Deed() string {
	w.deeds++
	d := w.draft(w.chance(streamDeed, uint64(w.deeds), 0))
	d.N = w.deeds
	return w.Do(d)
}

// Do does a deed, and tells whether it changed anything. Deeds that no longer make
// sense do nothing.
func (w *World) Do(d Deed) string {
	w.deeds = max(w.deeds, d.N)
	w.script = append(w.script, d)
	before := w.edits + int64(len(w.issues))
	w.human += int64(max(1, len(d.Many)))
	w.act(d)
	if w.edits+int64(len(w.issues)) == before {
		return d.String() + ": nothing changes"
	}
	w.count(string(d.Act))
	return d.String()
}

// Script is everything that was done by people so far.
func (w *World) Script() []Deed { return w.script }

// subject is an issue that people work at, or a pair of them.
type subject struct{ jira, github *issue }

// of is the subject's issue on a tracker, else the other one.
func (s *subject) of(k connectors.Kind) *issue {
	if k == connectors.Jira && s.jira != nil || s.github == nil {
		return s.jira
	}
	return s.github
}

// hot is how many subjects most deeds fall on.
const hot = 3

// choose picks an issue to work at.
func (w *World) choose(r *rand.Rand) *issue {
	n := len(w.subjects)
	if n == 0 {
		return nil
	}
	at := r.IntN(n)
	if r.IntN(4) > 0 {
		// The few that are hot change as time goes by.
		at = (int(w.deeds/64)*hot + r.IntN(hot)) % n
	}
	kind := connectors.Jira
	if r.IntN(2) == 0 {
		kind = connectors.GitHub
	}
	return w.subjects[at].of(kind)
}
