// Package propose makes a first configuration of what the trackers offer: which statuses
// and labels mean which column and priority, which issues may be pairs, and whose they
// are. It asks nobody and decides nothing: each line says why it stands there and how sure
// that is, and what has no place is listed for a person. All names are the trackers' and
// are trusted with nothing.
package propose

import (
	"cmp"
	"slices"

	"parley/connectors"
)

// Found is what was learned of the trackers. One of the two may be nil.
type Found struct {
	Zone   string // of the calendar, an IANA name
	Jira   *Jira
	GitHub *GitHub
}

// Jira is a site, its credential by name and what it offers.
type Jira struct {
	URL, User string // User is "" for a personal access token
	TokenEnv  string // name of the environment variable
	Directory connectors.Directory
	Places    []connectors.Place // of the projects in the directory, as far as they are known
}

// GitHub is the same of GitHub.
type GitHub struct {
	URL, TokenEnv string
	Directory     connectors.Directory
	Boards        []connectors.Board
}

// Sureness is how much stands behind a proposal.
type Sureness int

// From what a name says itself to what is merely better than nothing.
const (
	Sure Sureness = iota
	Likely
	Guess
)

// String is the word in the comment.
func (s Sureness) String() string { return [...]string{"sure", "likely", "a guess"}[s] }

// Item is one entry of a list in the configuration, and why it is there.
type Item struct {
	Value string
	Why   string
	Sure  Sureness
}

// Column is a proposed column.
type Column struct {
	Key, Name, Category, Turn string
	Why                       string
	Jira, GitHub              []Item
}

// Priority is a proposed step of the scale, highest first.
type Priority struct {
	Key, Name    string
	Jira, GitHub []Item
}

// Pair joins a project and a repository.
type Pair struct {
	Jira, GitHub string
	Sure         Sureness
	Why          string
}

// Unit is a proposed business unit. One of Project and Component is set.
type Unit struct{ Key, Name, Project, Component, Label string }

// Rule gives cards a work type.
type Rule struct {
	Type      string
	Unplanned bool
	Jira      []string // issue types
	GitHub    []string // labels
}

// Open is what a person has to decide.
type Open struct {
	What string   // one sentence
	Line []string // lines of the configuration that would do it
}

// Proposal is a configuration before it is written down.
type Proposal struct {
	Found      Found
	Columns    []Column
	Priorities []Priority
	Pairs      []Pair
	Units      []Unit
	Rules      []Rule
	Open       []Open
	// StatusIn and PriorityIn name the board that holds these in GitHub; "" is labels.
	StatusIn, PriorityIn string
	StatusField          string
	PriorityField        string
	manyPairs            bool
}

// Bounds of what is written: a configuration is read by a person.
const (
	mostItems = 12 // of one list
	mostUnits = 12
	mostPairs = 16
	mostOpen  = 40
	mostName  = 100 // runes of a name that is worth proposing
)

// Make proposes a configuration. It never fails: where nothing is known it proposes what
// is usual.
func Make(f Found) Proposal {
	m := &maker{Found: f, words: vocabulary(), columns: map[slot]*Column{}}
	m.chooseBoard()
	m.placeStatuses()
	m.placeLabels()
	m.out.Found = f
	m.out.Columns = m.finishColumns()
	m.out.Priorities = m.scale()
	m.pairs()
	m.units()
	m.rules()
	return m.out
}

// maker holds what is being made.
type maker struct {
	Found

	words   map[string]word
	columns map[slot]*Column
	labels  []label
	board   *connectors.Board // that holds the status, nil for labels
	out     Proposal
}

func (m *maker) open(what string, line ...string) {
	m.out.Open = append(m.out.Open, Open{what, line})
}

// column is the column of a slot, begun where it was not.
func (m *maker) column(s slot) *Column {
	if m.columns[s] == nil {
		m.columns[s] = &Column{Key: string(s)}
	}
	return m.columns[s]
}

// sorted puts what is surest first, as the first of a list is what Parley writes, and
// drops what a person would not read.
func sorted(items []Item) []Item {
	slices.SortStableFunc(items, func(a, b Item) int { return cmp.Compare(a.Sure, b.Sure) })
	return items[:min(len(items), mostItems)]
}

func has(items []Item, value string) bool {
	return slices.ContainsFunc(items, func(i Item) bool { return fold(i.Value) == fold(value) })
}
