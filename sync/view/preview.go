package view

import (
	"cmp"
	"context"
	"slices"
	"time"

	"parley/kanban"
	"parley/mapping"
	"parley/sync/engine"
)

// Preview is what another mapping would do, before it does it: how cards would change, and
// what would be written. It goes by what was read already.
type Preview struct {
	Cards   int            `json:"cards"`   // looked at
	Changed int            `json:"changed"` // of them, those that change in any way
	Unread  int            `json:"unread"`  // of them, those whose issues would be read again before anything is decided
	Retold  Retold         `json:"retold"`
	Shifts  []Shift        `json:"shifts"`  // from column to column and so on, the largest first
	Changes []Change       `json:"changes"` // card by card; what people lose sight of first
	Writes  []PlanWrite    `json:"writes"`  // that would be made by the new mapping and not by the old one
	Dropped []PlanWrite    `json:"dropped"` // the other way round
	Counts  map[string]int `json:"counts"`  // of Writes: per tracker and field, and "total"
}

// Shift counts the cards of which one thing changes alike.
type Shift struct {
	What  string `json:"what"` // column, sides (whether they agree), priority, unit, class, type, turn, planned, blocked, restricted
	From  string `json:"from"` // as people call it
	To    string `json:"to"`
	Cards int    `json:"cards"`
	Lost  bool   `json:"lost"` // the new mapping has no place for it, or hides it
}

// Change is one thing that changes of one card.
type Change struct {
	Shift
	Card  kanban.CardID `json:"card"`
	Key   string        `json:"key"`
	Title string        `json:"title"`
}

// whatsPreviewed are the things that are compared, in the order in which they are told.
func whatsPreviewed() []string {
	return []string{"column", "sides", "priority", "unit", "restricted", "class", "type", "planned", "blocked", "turn"}
}

// batch is how many cards a preview has in hand at once.
const batch = 500

// Preview tells what the rules next would do in the place of the running ones. Nothing is
// stored, and no tracker is asked. names gives units the words of the new configuration.
// It is for ops; to others it is empty.
func (v *Sight) Preview(ctx context.Context, next *mapping.Rules, names []Named) (Preview, error) {
	p := newComparison(v, next, names)
	if v.Viewer.Audience != AudienceOps {
		return p.out, nil
	}
	err := v.eachCard(ctx, func(c *engine.Card) { p.compare(c) })
	if err == nil {
		err = p.retell(ctx)
	}
	return p.sorted(), err
}

// eachCard hands over every card that is stored.
func (v *Sight) eachCard(ctx context.Context, do func(*engine.Card)) error {
	ids, err := v.cardIDs(ctx)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(ids, batch) {
		cards, err := v.Source.Cards(ctx, part)
		if err != nil {
			return err
		}
		for _, id := range part {
			if c, ok := cards[id]; ok {
				do(&c)
			}
		}
	}
	return nil
}

// cardIDs names every card that is stored, in the order of their ids.
func (v *Sight) cardIDs(ctx context.Context) ([]kanban.CardID, error) {
	_, faces, err := v.picture.latest(ctx, v.Source)
	ids := make([]kanban.CardID, 0, len(faces))
	for _, f := range faces {
		ids = append(ids, f.Card.ID)
	}
	slices.Sort(ids)
	return ids, err
}

// comparison holds every card against two mappings.
type comparison struct {
	*Sight
	now       time.Time
	old, next *engine.Engine
	unitNames [2][]Named
	shifts    map[Shift]int
	out       Preview
}

func newComparison(v *Sight, next *mapping.Rules, names []Named) *comparison {
	p := &comparison{Sight: v, now: v.Now(), shifts: map[Shift]int{}, unitNames: [2][]Named{v.units(), append(slices.Clone(names), unassigned())}}
	p.out = Preview{Shifts: []Shift{}, Changes: []Change{}, Writes: []PlanWrite{}, Dropped: []PlanWrite{}, Counts: map[string]int{"total": 0}}
	old, renewed := *v.Engine(), *v.Engine()
	renewed.Rules = next
	old.NewID = func() string { return "preview" }
	renewed.NewID = old.NewID
	p.old, p.next = &old, &renewed
	return p
}

// compare takes one card as far as both mappings would without asking anybody.
func (p *comparison) compare(c *engine.Card) {
	p.out.Cards++
	before, after := p.old.Step(*c, engine.Resumed{}, p.now).Card, p.next.Step(*c, engine.Resumed{}, p.now).Card
	was, is := p.old.Face(&before), p.next.Face(&after)
	for i := range after.Sides {
		if s, o := after.Sides[i], before.Sides[i]; s != nil && s.Need != engine.NeedNothing && o.Need == engine.NeedNothing {
			p.out.Unread++
			break
		}
	}
	if p.changes(was, is) {
		p.out.Changed++
	}
	p.writes(&before, &after, was, is)
}

// changes notes what is different about a card, and reports whether anything is.
func (p *comparison) changes(was, is kanban.Card) bool {
	from, to := p.aspects(p.old, p.unitNames[0], was), p.aspects(p.next, p.unitNames[1], is)
	changed := false
	g := p.both(was, is)
	for i, what := range whatsPreviewed() {
		if from[i].key == to[i].key { // another name for the same is no change
			continue
		}
		changed = true
		s := Shift{What: what, From: from[i].name, To: to[i].name, Lost: to[i].lost && !from[i].lost}
		if s.From == s.To { // one name, two keys
			s.From, s.To = s.From+" ("+from[i].key+")", s.To+" ("+to[i].key+")"
		}
		p.shifts[s]++
		s.Cards = 1
		x := Change{Shift: s, Card: was.ID, Key: string(was.ID)}
		if len(was.Sides) > 0 && g.side(was.Sides[0].Side) {
			x.Key = was.Sides[0].Key
		}
		if x.Title = "Restricted item"; g.title {
			x.Title = was.Title
		}
		p.out.Changes = append(p.out.Changes, x)
	}
	return changed
}

// both is what the viewer may read of a card by the old mapping and by the new one.
func (p *comparison) both(was, is kanban.Card) grant {
	if was.Restricted {
		return p.grant(was)
	}
	return p.grant(is)
}

// aspect is one thing about a card: its key, and what people call it.
type aspect struct {
	key, name string
	lost      bool
}

// aspects are what is compared, in the order of whatsPreviewed.
func (p *comparison) aspects(eng *engine.Engine, units []Named, c kanban.Card) []aspect {
	l := eng.Rules.Layout()
	column := aspect{string(c.Column), engine.ValueName(l, kanban.FieldStatus, kanban.Value(c.Column)), false}
	if c.Column == "" {
		column = aspect{"", "Unmapped", true}
	}
	priority := aspect{string(c.Priority), engine.ValueName(l, kanban.FieldPriority, kanban.Value(c.Priority)), c.Priority == ""}
	blocked := "no"
	if c.Blocked != nil {
		blocked = c.Blocked.Party.Words()
	}
	plain := func(s string) aspect { return aspect{key: s, name: orNothing(s)} }
	return []aspect{
		column, sidesOf(c), priority, {string(c.Unit), NameIn(units, string(c.Unit)), c.Unit == kanban.UnitUnassigned},
		{YesNo(c.Restricted), YesNo(c.Restricted), c.Restricted}, plain(c.Class), plain(c.Type), plain(YesNo(c.Planned)), plain(blocked), plain(string(c.Turn)),
	}
}

// sidesOf tells whether a card's issues mean the same.
func sidesOf(c kanban.Card) aspect {
	for _, kind := range []aspect{
		{kanban.BadgeUnmapped, "a value is unmapped", true}, {kanban.BadgeAmbiguous, "two values at once", true},
		{kanban.BadgeConflict, "a person has to choose", false}, {kanban.BadgeDiffers, "differ", false},
	} {
		if slices.ContainsFunc(c.Badges, func(b kanban.Badge) bool { return b.Kind == kind.key }) {
			return kind
		}
	}
	return aspect{"", "agree", false}
}

// sorted puts what matters most first.
func (p *comparison) sorted() Preview {
	for s, n := range p.shifts {
		s.Cards = n
		p.out.Shifts = append(p.out.Shifts, s)
	}
	lost := func(b bool) int { return map[bool]int{true: 0, false: 1}[b] }
	order := func(a, b Shift) int {
		what := whatsPreviewed()
		return cmp.Or(cmp.Compare(slices.Index(what, a.What), slices.Index(what, b.What)), cmp.Compare(lost(a.Lost), lost(b.Lost)),
			cmp.Compare(b.Cards, a.Cards), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	}
	slices.SortFunc(p.out.Shifts, order)
	slices.SortStableFunc(p.out.Changes, func(a, b Change) int { return cmp.Or(order(a.Shift, b.Shift), cmp.Compare(a.Key, b.Key)) })
	for _, list := range [][]PlanWrite{p.out.Writes, p.out.Dropped} {
		slices.SortStableFunc(list, func(a, b PlanWrite) int {
			return cmp.Or(cmp.Compare(a.Tracker, b.Tracker), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Issue, b.Issue), cmp.Compare(a.To, b.To))
		})
	}
	return p.out
}
