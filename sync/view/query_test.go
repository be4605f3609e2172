package view_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/kanban"
	"parley/mapping"
	"parley/sync/view"
)

// counted is how many cards a query brings onto the board.
func counted(t testing.TB, v *view.Sight, q view.Query) int {
	t.Helper()
	b, err := v.Board(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, c := range b.Columns {
		n += c.Count
	}
	return n
}

// TestEveryFigureLinksToItsCards: each number at the top of the board is that of the
// cards which its link selects, whoever looks.
func TestEveryFigureLinksToItsCards(t *testing.T) {
	t.Parallel()
	rules := shelfRules(t)
	rapid.Check(t, func(r *rapid.T) {
		s := anyShelf(r)
		v := s.of(rules, anyViewer(r))
		b, err := v.Board(t.Context(), view.Query{})
		if err != nil {
			r.Fatal(err)
		}
		p := b.Pulse
		for name, c := range map[string]struct {
			figure int
			q      view.Query
		}{
			"in work":        {p.InWork, view.Query{Stage: view.StageWork}},
			"nobody planned": {p.Unplanned, view.Query{Stage: view.StageWork, Planned: "no"}},
			"business":       {p.Business, view.Query{Stage: view.StageWork, Turn: "business"}},
			"IT":             {p.IT, view.Query{Stage: view.StageWork, Turn: "it"}},
			"third":          {p.Third, view.Query{Stage: view.StageWork, Turn: "third"}},
			"calm":           {p.Calm, view.Query{Age: "calm", Stage: view.StageWork}},
			"watch":          {p.Watch, view.Query{Age: "watch", Stage: view.StageWork}},
			"risk":           {p.Risk, view.Query{Age: "risk", Stage: view.StageWork}},
			"late":           {p.Late, view.Query{Age: "late", Stage: view.StageWork}},
			"older":          {p.Older(), view.Query{Age: view.AgeOlder, Stage: view.StageWork}},
			"saving":         {p.Saving, view.Query{State: view.StateSaving, Earlier: true}},
			"to look at":     {p.Mismatch, view.Query{State: view.StateLook, Earlier: true}},
		} {
			if n := counted(t, v, c.q); n != c.figure {
				r.Errorf("%s says %d, and %d cards are behind it", name, c.figure, n)
			}
		}
		if sum := p.Calm + p.Watch + p.Risk + p.Late; p.Baseline.Known() && sum != p.InWork || !p.Baseline.Known() && sum != 0 {
			r.Errorf("the bands hold %d of %d cards: %+v", sum, p.InWork, p)
		}
	})
}

// TestNoFilterTellsMoreThanACardShows: two worlds that look the same to a viewer give the
// same counts for every query.
func TestNoFilterTellsMoreThanACardShows(t *testing.T) {
	t.Parallel()
	rules := shelfRules(t)
	rapid.Check(t, func(r *rapid.T) {
		s, w := anyShelf(r), anyViewer(r)
		other := &shelf{}
		for i, f := range s.faces {
			if rapid.Bool().Draw(r, "change") {
				other.put(s.disguised(r, rules, w, i))
			} else {
				other.put(f.Card)
			}
		}
		q := anyQuery(r)
		a, b := s.of(rules, w), other.of(rules, w)
		if x, y := counted(t, a, q), counted(t, b, q); x != y {
			r.Fatalf("%+v gives %d and %d to %+v, who sees the same", q, x, y, w)
		}
	})
}

// disguised is a card with other words where its viewer does not read them.
func (s *shelf) disguised(r *rapid.T, rules *mapping.Rules, w view.Viewer, i int) kanban.Card {
	c := s.faces[i].Card
	shown, err := s.of(rules, w).Glance(r.Context(), string(c.ID))
	if err != nil {
		r.Fatal(err)
	}
	if shown.Masked {
		c.Title = "Ledger"
	}
	if shown.Group == "" {
		c.Group = rapid.SampledFrom([]string{"PRG-1", "Autumn"}).Draw(r, "another group")
		c = keepUnlessShown(r, c, s.faces[i].Card, rules, w, func(v view.Card) bool { return v.Group != "" })
	}
	if shown.Assignee == "" {
		with := c
		with.Assignee = rapid.SampledFrom([]string{"Ana", "Ben"}).Draw(r, "another assignee")
		c = keepUnlessShown(r, with, c, rules, w, func(v view.Card) bool { return v.Assignee != "" })
	}
	if len(shown.Sides) == 0 && len(c.Sides) > 0 {
		c.Sides = []kanban.CardSide{{Side: c.Sides[0].Side, Key: rapid.SampledFrom([]string{"OPS-9", "acme/core#9"}).Draw(r, "another key")}}
	}
	return c
}

// keepUnlessShown gives the changed card where its viewer does not see the change.
func keepUnlessShown(r *rapid.T, changed, was kanban.Card, rules *mapping.Rules, w view.Viewer, seen func(view.Card) bool) kanban.Card {
	one := &shelf{}
	one.put(changed)
	shown, err := one.of(rules, w).Glance(r.Context(), "card0000")
	if err != nil || seen(shown) {
		return was
	}
	return changed
}

// anyQuery draws one filter over what may be hidden: more at once find next to nothing.
func anyQuery(r *rapid.T) view.Query {
	pick := func(from ...string) string { return rapid.SampledFrom(from).Draw(r, "value") }
	q := view.Query{Earlier: true}
	switch rapid.IntRange(0, 4).Draw(r, "filter") {
	case 0:
		q.Assignee = pick("Ana", "Ben", view.None)
	case 1:
		q.Epic = pick("PRG-1", "Autumn", view.None)
	case 2:
		q.Project = pick("OPS", "acme/web", "acme/core")
	case 3:
		q.Search = pick("ana", "prg", "ledger", "positions", "ops-", "core", "autumn")
	default:
		q.State = pick(view.StateBlocked, view.StateSaving, view.StateLook)
	}
	return q
}

func TestFilters(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	for i := range 10 { // days 1 to 10: half took 5 at most, 85 of 100 took 9, 95 took 10
		s.put(finished(i+1, 40))
	}
	plain, watched, risky, late := inWork("doing", 3), inWork("doing", 4), inWork("waiting", 8), inWork("verify", 9)
	watched.Class, watched.Assignee, watched.Planned, watched.Group = "expedite", "Ana", false, "PRG-1"
	risky.Blocked = &kanban.Block{Party: kanban.Third}
	late.Pending, late.Badges = []kanban.Pending{{Side: "jira"}}, []kanban.Badge{{Kind: kanban.BadgeDiffers}}
	late.Sides = []kanban.CardSide{{Side: "jira", Key: "OPS-1"}, {Side: "github", Key: "acme/web#3"}}
	late.Title = "Straße nach Rom"
	young := inWork("requests", 30)
	young.Journey.Started, young.Journey.Committed = nil, nil
	s.put(plain, watched, risky, late, young, finished(5, 13), finished(5, 14))
	v := s.of(shelfRules(t), view.Viewer{Audience: view.AudienceOps})
	for name, c := range map[string]struct {
		q    view.Query
		want int
	}{
		"everything on the board":   {view.Query{}, 6},
		"and what ended long ago":   {view.Query{Earlier: true}, 17},
		"a class":                   {view.Query{Class: "expedite"}, 1},
		"calm":                      {view.Query{Age: "calm"}, 1},
		"an age on a line is above": {view.Query{Age: "watch"}, 1},
		"risk":                      {view.Query{Age: "risk"}, 1},
		"late":                      {view.Query{Age: "late"}, 1},
		"older than usual":          {view.Query{Age: view.AgeOlder}, 2},
		"nobody planned":            {view.Query{Planned: "no"}, 1},
		"in work":                   {view.Query{Stage: view.StageWork}, 4},
		"blocked":                   {view.Query{State: view.StateBlocked}, 1},
		"saving":                    {view.Query{State: view.StateSaving}, 1},
		"to look at":                {view.Query{State: view.StateLook}, 1},
		"a person":                  {view.Query{Assignee: "Ana"}, 1},
		"nobody":                    {view.Query{Assignee: view.None}, 5},
		"an epic":                   {view.Query{Epic: "PRG-1"}, 1},
		"no epic":                   {view.Query{Epic: view.None, Stage: view.StageWork}, 3},
		"a project":                 {view.Query{Project: "OPS"}, 1},
		"a repository":              {view.Query{Project: "acme/web"}, 1},
		"half a repository":         {view.Query{Project: "acme"}, 0},
		"a word":                    {view.Query{Search: "STRASSE"}, 0},
		"a word in any case":        {view.Query{Search: "STRAßE"}, 1},
		"a person's name":           {view.Query{Search: "ana"}, 1},
		"an epic's name":            {view.Query{Search: "prg"}, 1},
	} {
		if n := counted(t, v, c.q); n != c.want {
			t.Errorf("%s: %d cards, want %d", name, n, c.want)
		}
	}
	if b, err := v.Board(t.Context(), view.Query{}); err != nil || strings.Count(heads(b), "done:1+11") != 1 {
		t.Errorf("heads %s, %v", heads(b), err)
	}
}
