package secrecy

import (
	"fmt"
	"slices"
	"strings"

	"parley/sync/view"
)

// way is one way in which somebody may read a word: on a card, with all of these facets.
type way struct {
	card   int
	facets []view.Facet
}

// plant is a word that stands in one place of a tracker and nowhere else.
type plant struct {
	word, place string
	ways        []way
	// known marks what those who run Parley know from its configuration: names of
	// repositories stand in metrics, in the log, and in what IT and ops read of the trackers.
	known bool
	// shown is false for words that no page is meant to show.
	shown bool
}

// about says what a card is to those who look.
type about struct {
	unit       string // "unassigned" for none
	restricted bool
}

// garden is all that was planted.
type garden struct {
	cards  []about
	plants map[string]*plant
}

// sow makes a word for a place.
func (g *garden) sow(place string, shown bool, ways ...way) string {
	word := fmt.Sprintf("zqx%s%dxqz", strings.ToLower(strings.ReplaceAll(place, " ", "")), len(g.plants))
	g.plants[word] = &plant{word: word, place: place, ways: ways, shown: shown}
	return word
}

// never makes a word that is for nobody.
func (g *garden) never(place string) string { return g.sow(place, false) }

// reader is somebody who asks Parley for things.
type reader struct {
	name     string
	audience view.Audience
	proved   bool
	group    string // that the proxy tells of them
	link     string // the token of a read-only link they came by
}

// may says in the words of the specification who may read what. It shares no line with
// the product.
func (g *garden) may(p view.Policy, r reader, w *plant) bool {
	inside := r.audience == "ops" || r.audience == "it"
	if w.known && inside {
		return true
	}
	return slices.ContainsFunc(w.ways, func(w way) bool {
		granted := p.Wall
		c := g.cards[w.card]
		switch {
		case r.audience == "ops":
			granted = p.Ops
		case r.audience == "it":
			granted = p.IT
		case r.audience == "":
			granted = nil
		case r.audience == view.Audience("unit:"+c.unit):
			granted = p.Own
		case r.audience.Unit() != "":
			granted = p.Other
		}
		if c.restricted && !(r.proved && slices.Contains(granted, view.FacetRestricted)) {
			granted = keysOnly(granted, inside)
		}
		return !slices.ContainsFunc(w.facets, func(f view.Facet) bool { return !slices.Contains(granted, f) })
	})
}

// keysOnly is what is left for those who may not read restricted cards: to those who run
// the trackers' side of things which issue it is and what it shows, to others nothing.
func keysOnly(granted []view.Facet, inside bool) []view.Facet {
	if !inside {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(granted), func(f view.Facet) bool {
		return f != view.FacetJira && f != view.FacetGitHub && f != view.FacetDetail
	})
}
