package view

import (
	"context"
	"slices"
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/flow"
	"parley/mapping"
	"parley/sync/store"
)

// Flow is all cards as flow sees them, as one viewer may: what charts, shares and
// forecasts are folded from. Cards whose words are not for the viewer are counted with
// what everybody knows of every card (column, unit, class, work type, priority, age and
// planned or not) and without words and names. It is for reading only, and others read it
// too.
type Flow struct {
	Seq      int64         // data sequence that it was taken at
	Items    []flow.Item   // by ascending card id, their tracks up to Clock.Now
	Layout   kanban.Layout // columns in their order, priorities
	Board    flow.Board    // the same as flow folds it
	Clock    flow.Clock    // the present minute, and the zone of the board
	Calendar calendar.Calendar
	Floors   Floors
	Units    []Named   // with the one of cards that are nobody's
	Pace     flow.Pace // what is usual in each column in work; nil where too little is finished

	sight *Sight
	cards []*store.Face // of Items
}

// Card is one of the cards behind the numbers, as the viewer may read it: its key, title
// and links. False says that it is none of them.
func (f *Flow) Card(id kanban.CardID) (Card, bool) {
	face := f.face(id)
	if face == nil {
		return Card{}, false
	}
	return f.sight.card(face, f.Clock.Now), true
}

// face is one of the cards, nil where it is none of them.
func (f *Flow) face(id kanban.CardID) *store.Face {
	return find(f.cards, id)
}

// Flow takes the cards as they are now. A change re-folds the cards it is about; while
// nothing changes the same is given again until the minute is over.
func (v *Sight) Flow(ctx context.Context) (*Flow, error) {
	now, err := v.toldNow(ctx)
	if err != nil {
		return nil, err
	}
	return v.flowOf(now.of, now.items), nil
}

// toldNow is what the viewer is told of the cards as they are now.
func (v *Sight) toldNow(ctx context.Context) (told, error) {
	seq, faces, err := v.picture.latest(ctx, v.Source)
	if err != nil {
		return told{}, err
	}
	t := v.tracks.at(seq, faces, v.rules(), v.Now().In(v.zone()).Truncate(time.Minute), v.zone())
	return told{of: t, items: v.tracks.seen.items(v, t)}, nil
}

// FlowAt takes the cards as they had been by a moment in the past: how they have moved
// since is left out, and so are those that were created later. What else is known of them
// is as it is now.
func (v *Sight) FlowAt(ctx context.Context, at time.Time) (*Flow, error) {
	now, err := v.toldNow(ctx)
	if err != nil {
		return nil, err
	}
	at = at.In(v.zone())
	t := now.of.by(at, v.zone())
	return v.flowOf(t, v.told(t, now, words{})), nil
}

// flowOf is what the viewer may know of tracks.
func (v *Sight) flowOf(t *tracks, items []flow.Item) *Flow {
	return &Flow{
		Seq: t.seq, Items: items, Layout: t.layout, Board: t.board, Clock: flow.Clock{Now: t.now, Zone: v.zone()}, Calendar: v.Calendar, Floors: v.Floors,
		Units: v.units(), Pace: t.pace, sight: v, cards: t.cards,
	}
}

// way is a card's track as the viewer may know it: why it was blocked is words.
func (v *Sight) way(t *flow.Track, f *store.Face) *flow.Track {
	if len(t.Blocks) == 0 || v.grant(f.Card).reason {
		return t
	}
	out := *t
	out.Blocks = slices.Clone(t.Blocks)
	for i := range out.Blocks {
		out.Blocks[i].Reason = ""
	}
	return &out
}

// traits begin with what everybody may know and add what is granted.
func (v *Sight) traits(t *tracks, f *store.Face, w words) *flow.Traits {
	c, g := &f.Card, v.grant(f.Card)
	out := &flow.Traits{Unit: c.Unit, Class: c.Class, Type: c.Type, Unplanned: !c.Planned, Rank: t.ranks[c.Priority], Touched: c.Past.Touched, Key: g.key(*c)}
	if out.Hidden = !g.people; g.people {
		out.Assignee, out.Person, out.Team = c.Assignee, c.Person, c.Team
	}
	if g.title {
		out.Title, out.Due = c.Title, c.Due
		traces := g.traces(c, t.rules)
		for i := range traces {
			shared(w, &traces[i])
		}
		out.Traces = flow.NewTraces(c.Title, traces...)
	}
	if g.epic(*c) {
		out.Group, out.GroupDue, out.GroupIn = c.Group, c.GroupDue, groupIn(c)
	}
	return out
}

// traces are what a card has in common with others, in words: components, and labels that
// are not a status or a priority. What a unit or a rule goes by is what the card counts as,
// and says nothing of why it came.
func (g grant) traces(c *kanban.Card, rules *mapping.Rules) []string {
	var out []string
	if g.jira {
		for _, name := range c.Components {
			if !rules.Decides(mapping.PropertyComponent, name) {
				out = append(out, "component "+name)
			}
		}
	}
	for _, s := range c.Sides {
		if !g.native(s.Side) {
			continue
		}
		for _, name := range s.Labels {
			if rules.Free(name) && !rules.Decides(mapping.PropertyLabel, name) {
				out = append(out, "label "+name)
			}
		}
	}
	return out
}
