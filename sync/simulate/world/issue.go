package world

import (
	"slices"
	"time"

	"parley/connectors"
)

// state is an issue at one moment. It is never changed once it is part of a version:
// a change makes a copy, and replaces slices instead of writing into them.
type state struct {
	box                 *container
	key                 string
	number              int
	title, body, marker string
	status              string    // Jira: id
	resolution          string    // Jira: name
	priority            string    // Jira: id
	resolved, crossed   time.Time // Jira: when the resolution was set, and the category changed
	closed              time.Time // GitHub
	reason              string    // GitHub: completed, …, reopened
	labels              []string
	assignees           []string // accounts
	due, security       string
	archived            bool
	archivedAt          time.Time
	updated             time.Time // the tracker's clock
	picture             *connectors.Issue
}

// version is a state and what belongs to it.
type version struct {
	*state  // nil: deleted
	at      time.Time
	shown   time.Time // from when lists and searches show it
	n       int64     // counts the versions of all issues
	entries int       // how much of the history is older or of the same moment
}

// issue is an issue through its life.
type issue struct {
	host     *host
	num      int64
	id       string
	kind     connectors.Kind
	typ      string
	creator  string
	created  time.Time // the tracker's clock
	versions []version // the last few, oldest first; never empty
	pushed   int       // versions so far
	entries  []connectors.Entry
	links    []connectors.Link
	writes   []time.Time // when Parley has written to it lately
	movedTo  *issue      // GitHub: where it was transferred to
	truth    *Issue

	listed   *version
	hidden   time.Time // lists leave it out until then
	poisoned time.Time // its rows cannot be read until then
}

// now is the present version.
func (i *issue) now() *version { return &i.versions[len(i.versions)-1] }

// deleted reports whether it is gone, by deletion or transfer.
func (i *issue) deleted() bool { return i.now().state == nil }

// state is the present state, the last one of an issue that is gone.
func (i *issue) last() *state {
	for _, v := range slices.Backward(i.versions) {
		if v.state != nil {
			return v.state
		}
	}
	return &state{box: i.host.boxes[0]}
}

// asOf is the version that was present at a moment: the oldest kept where the moment
// lies before it.
func (i *issue) asOf(t time.Time) *version {
	for n := len(i.versions) - 1; n > 0; n-- {
		if !i.versions[n].at.After(t) {
			return &i.versions[n]
		}
	}
	return &i.versions[0]
}

// visible is the version that lists show at a moment: the newest that has arrived.
func (i *issue) visible(t time.Time) *version {
	for n := len(i.versions) - 1; n >= 0; n-- {
		if !i.versions[n].shown.After(t) {
			return &i.versions[n]
		}
	}
	return nil
}

// keepFor is how long old versions are kept for late replicas.
const keepFor = 2 * time.Minute

// prune forgets versions that neither a list nor a late replica can show any more.
func (i *issue) prune(now time.Time) {
	if len(i.versions) < 8 {
		return
	}
	keep := 0
	for n := range i.versions {
		if v := &i.versions[n]; !v.shown.After(now) && v.at.Before(now.Add(-keepFor)) {
			keep = n
		}
	}
	if keep > 0 {
		i.versions = slices.Delete(i.versions, 0, keep)
	}
}

// history is a part of the entries that its reader cannot append into.
func (i *issue) history(from, to int) []connectors.Entry {
	if from >= to {
		return nil
	}
	return i.entries[from:to:to]
}

// ref addresses the issue as it is called in a state.
func (i *issue) ref(s *state) connectors.Ref {
	return connectors.Ref{Tracker: i.host.name, ID: i.id, Key: s.key, Container: s.box.key, Number: s.number}
}
