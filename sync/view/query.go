package view

import (
	"slices"
	"strings"
	"time"

	"parley/kanban"
	"parley/sync/store"
)

// Query selects cards for a board or a list. The zero Query is everything that is on the
// board. A value that cannot be is refused with a *FilterError; one that nobody has at present
// selects nothing.
type Query struct {
	Unit     string
	Turn     string
	Priority string // or None
	Class    string
	Age      string // a kanban.Band, or AgeOlder
	Planned  string // "yes" or "no"
	Stage    string // StageWork
	State    string // StateBlocked, StateSaving or StateLook
	Assignee string // as the board names people, or None
	Epic     string // epic, parent or milestone, or None
	Project  string // a Jira project or a GitHub repository with its owner
	Search   string // in titles, keys, people and epics, any case

	After  string // cards beyond this id, for paging a list
	Limit  int    // per column on a board (0: 50), of a list (0: 100, at most 1000)
	Column string // expand one column; of a list, cards in it only

	Earlier bool   // also cards that left the board long ago; a list has them always
	Lanes   string // LanesUnit, LanesClass, LanesAssignee or LanesEpic: divides the columns of a board
}

// Words of a Query.
const (
	None         = "none"  // has no priority, assignee, epic
	AgeOlder     = "older" // older than usual: risk or late
	StageWork    = "work"  // in a started column
	StateBlocked = "blocked"
	StateSaving  = "saving" // a change of it is not in a tracker yet
	StateLook    = "look"   // somebody should look at it
)

// sift decides which cards a query selects for a viewer: no filter and no search tells
// more of a card than it shows.
type sift struct {
	Query
	sight  *Sight
	now    time.Time
	search string // in lower case
}

func (v *Sight) sift(q Query, now time.Time) sift {
	return sift{Query: q, sight: v, now: now, search: strings.ToLower(q.Search)}
}

// selects reports whether a card is asked for, as far as its reader may know.
func (s sift) selects(f *store.Face) bool {
	c := &f.Card
	if !s.told(c) {
		return false
	}
	if s.State == "" && s.Assignee == "" && s.Epic == "" && s.Project == "" && s.search == "" {
		return true
	}
	g := s.sight.grant(*c)
	return s.inState(c, g) && s.named(c, g) && s.finds(c, g)
}

// told holds a card against the filters over what everybody may know of every card.
func (s sift) told(c *kanban.Card) bool {
	return matches(s.Unit, string(c.Unit)) && matches(s.Turn, string(c.Turn)) && matches(s.Priority, orNone(string(c.Priority))) &&
		matches(s.Class, c.Class) && matches(s.Planned, YesNo(c.Planned)) &&
		(s.Stage == "" || s.Stage == StageWork && s.sight.started(c.Column)) && s.aged(c)
}

func matches(want, have string) bool { return want == "" || want == have }

func orNone(s string) string {
	if s == "" {
		return None
	}
	return s
}

func (s sift) aged(c *kanban.Card) bool {
	if s.Age == "" {
		return true
	}
	band := s.sight.band(*c, s.now)
	return band != kanban.BandNone && (s.Age == string(band) || s.Age == AgeOlder && band.Older())
}

func (s sift) inState(c *kanban.Card, g grant) bool {
	switch s.State {
	case "":
		return true
	case StateBlocked:
		return c.Blocked != nil
	case StateSaving:
		return g.changes(*c) > 0
	case StateLook:
		return g.noticed(*c)
	}
	return false
}

// named holds a card against the names of people and of what it belongs to. That it has
// none is not told either, to those who may not know it.
func (s sift) named(c *kanban.Card, g grant) bool {
	return (s.Assignee == "" || g.people && s.Assignee == orNone(c.Assignee)) &&
		(s.Epic == "" || g.epic(*c) && s.Epic == orNone(c.Group)) &&
		(s.Project == "" || slices.Contains(g.projects(*c), s.Project))
}

// projects are the Jira project and the GitHub repository of a card, as far as they may
// be known.
func (g grant) projects(c kanban.Card) []string {
	var out []string
	for _, s := range c.Sides {
		if g.side(s.Side) {
			out = append(out, project(s))
		}
	}
	return out
}

// project is where an issue is, by its key: OPS of OPS-12, acme/web of acme/web#3.
func project(s kanban.CardSide) string {
	if i := strings.LastIndexAny(s.Key, "#-"); i > 0 {
		return s.Key[:i]
	}
	return s.Key
}

func (s sift) finds(c *kanban.Card, g grant) bool {
	if s.search == "" {
		return true
	}
	has := func(text string) bool { return strings.Contains(strings.ToLower(text), s.search) }
	if g.title && has(c.Title) || g.epic(*c) && has(c.Group) || g.people && has(c.Assignee) || g.requester && has(c.Requester) {
		return true
	}
	return slices.ContainsFunc(c.Sides, func(side kanban.CardSide) bool { return g.side(side.Side) && has(side.Key) })
}
