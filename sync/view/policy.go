package view

import (
	"slices"

	"parley/kanban"
)

// Facet is a part of a card that an audience is allowed to read, or is not.
type Facet string

// The facets of a card. What belongs to none of them (column, unit, class, priority,
// work type, age, turn, planned or not) everybody reads: it is what totals are made of.
const (
	FacetTitle      Facet = "title"      // title, epic or milestone, due date
	FacetJira       Facet = "jira"       // key, link, status, priority and labels in Jira
	FacetGitHub     Facet = "github"     // key, link and whether it is open in GitHub
	FacetDetail     Facet = "detail"     // status, labels and errors in GitHub's words
	FacetPeople     Facet = "people"     // who works on it, who did what
	FacetRequester  Facet = "requester"  // who asked for it
	FacetReason     Facet = "reason"     // why it is blocked, in words
	FacetRestricted Facet = "restricted" // all of this also of restricted cards
)

// Facets lists them.
func Facets() []Facet {
	return []Facet{FacetTitle, FacetJira, FacetGitHub, FacetDetail, FacetPeople, FacetRequester, FacetReason, FacetRestricted}
}

// Policy says what each audience reads. What it does not grant is not shown: it is
// data, and an empty one shows masked cards to everybody.
type Policy struct {
	Own   []Facet // a business unit, of its own cards
	Other []Facet // a business unit, of all other cards
	IT    []Facet
	Ops   []Facet
	Wall  []Facet
}

// DefaultPolicy is what holds where the configuration says nothing (facts of the board,
// who sees what): a unit reads its own cards with GitHub's state in a word, and of
// others only that they are there; IT reads everything but restricted cards; a wall
// hangs where guests pass, and names nobody.
func DefaultPolicy() Policy {
	return Policy{
		Own:   []Facet{FacetTitle, FacetJira, FacetGitHub, FacetRequester, FacetReason},
		Other: nil,
		IT:    []Facet{FacetTitle, FacetJira, FacetGitHub, FacetDetail, FacetPeople, FacetRequester, FacetReason},
		Ops:   Facets(),
		Wall:  []Facet{FacetTitle, FacetJira, FacetGitHub, FacetDetail, FacetReason},
	}
}

// grant is the set of facets that one viewer reads of one card.
type grant struct {
	title, jira, github, detail, people, requester, reason bool
}

// side reports whether a tracker's issue may be known.
func (g grant) side(name string) bool {
	return name == kanban.Jira.String() && g.jira || name == kanban.GitHub.String() && g.github
}

// native reports whether a tracker's own words may be read.
func (g grant) native(name string) bool {
	return name == kanban.Jira.String() && g.jira || name == kanban.GitHub.String() && g.detail
}

// keysOnly is what is left of a grant where the words of a card are for few: those who
// run the trackers' side of things may know which issue it is.
func (g grant) keysOnly(w Viewer) grant {
	if !w.inside() {
		return grant{}
	}
	return grant{jira: g.jira, github: g.github, detail: g.detail}
}

// grant is what a viewer may read of a card that is the own unit's or is not, and is
// restricted or is not.
func (p Policy) grant(w Viewer, own, restricted bool) grant {
	facets := p.facets(w, own)
	has := func(f Facet) bool { return slices.Contains(facets, f) }
	g := grant{
		title: has(FacetTitle), jira: has(FacetJira), github: has(FacetGitHub), detail: has(FacetGitHub) && has(FacetDetail),
		people: has(FacetPeople), requester: has(FacetRequester), reason: has(FacetReason),
	}
	if restricted && !(w.Proved && has(FacetRestricted)) {
		return g.keysOnly(w)
	}
	return g
}

func (p Policy) facets(w Viewer, own bool) []Facet {
	switch {
	case w.Audience == AudienceOps:
		return p.Ops
	case w.Audience == AudienceIT:
		return p.IT
	case w.Audience == AudienceWall:
		return p.Wall
	case own:
		return p.Own
	case w.Audience.Unit() != "":
		return p.Other
	}
	return nil
}
