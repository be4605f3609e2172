package view

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/store"
)

// Explain tells, per field, why a card shows what it shows.
func (v *Sight) Explain(ctx context.Context, ref string) (Explanation, error) {
	f, err := v.face(ctx, ref)
	if err != nil {
		return Explanation{}, err
	}
	card, err := v.Source.Card(ctx, f.Card.ID)
	if err != nil {
		return Explanation{}, err
	}
	conflicts, err := v.Source.Conflicts(ctx, store.ConflictQuery{Card: card.ID})
	if err != nil {
		return Explanation{}, err
	}
	lines, err := v.Source.Activity(ctx, store.ActivityQuery{Card: card.ID, Limit: 50})
	if err != nil {
		return Explanation{}, err
	}
	out := Explanation{Card: v.card(f, v.Now()), Log: []Line{}}
	if p := card.Pairing; p != nil {
		out.Paired = fmt.Sprintf("%s, since %s", paired(p.How), p.At.In(v.zone()).Format("2 Jan 15:04 MST"))
	}
	g := v.grant(f.Card)
	if !v.tells(f) { // what it shows is all there is to know
		out.Paired, out.Fields = "", []FieldStory{}
		return out, nil
	}
	out.Sort = v.sorting(&card, g)
	if out.Questions, err = v.questions(ctx, f.Card, g); err != nil {
		return Explanation{}, err
	}
	clashes := v.clashes(conflicts, f, card)
	for _, field := range card.Fields() {
		story := v.story(&card, field)
		story.Lost = append(story.Lost, clashes[field]...)
		out.Fields = append(out.Fields, g.story(story))
	}
	for _, a := range lines {
		out.Log = append(out.Log, v.line(a, f))
	}
	return out, nil
}

// paired says why two issues are one card.
func paired(how string) string {
	switch how {
	case "remote-link":
		return "because the Jira issue links to GitHub's"
	case "key-in-title":
		return "because GitHub's title names the Jira key"
	case "url-in-description":
		return "because one description links to the other issue"
	case engine.HowHand:
		return "because somebody said so by hand"
	case engine.HowMirror:
		return "because Parley made one for the other"
	}
	return "by " + how
}

// sorting tells by whose word a card counts as planned.
func (v *Sight) sorting(c *engine.Card, g grant) *SortStory {
	s := v.Engine().Sorting(c)
	said := s.Said
	if said == nil {
		out := &SortStory{Planned: s.Planned, Rule: s.Rule}
		if a := s.Arrived; a != nil {
			out.Arrived = &Arrival{At: a.At, Minutes: max(0, int(a.After.Minutes()))}
		}
		return out
	}
	out := &SortStory{Planned: s.Planned, By: "somebody", At: said.At}
	if g.people {
		out.By = cmp.Or(said.By, out.By)
	}
	if g.reason {
		out.Reason = said.Reason
	}
	return out
}

// clashes tells the conflicts of one card by their fields.
func (v *Sight) clashes(cs []reconcile.Conflict, f *store.Face, card engine.Card) map[kanban.Field][]Clash {
	out := map[kanban.Field][]Clash{}
	for _, c := range cs {
		out[c.Field] = append(out[c.Field], v.clash(c, f, map[kanban.CardID]engine.Card{card.ID: card}))
	}
	return out
}

func (v *Sight) story(c *engine.Card, f kanban.Field) FieldStory {
	eng, state := v.Engine(), c.Field(f)
	policy := eng.Policy(c, f)
	s := FieldStory{
		Field: f, Name: engine.FieldName(f), Agreed: v.value(f, state.Agreed), Version: state.Version, Since: state.At, By: v.by(state), First: first(state),
		Frozen: frozen(state.Frozen), Carry: carry(policy.Carry), Policy: rule(policy.Conflict),
		Sides: []SideStory{}, Writes: []WriteStory{}, Lost: []Clash{},
	}
	for _, side := range kanban.Sides {
		if c.Sides[side] != nil {
			s.Sides = append(s.Sides, v.sideStory(eng, c, f, side))
		}
	}
	for _, op := range slices.Backward(c.Ops) {
		if op.Field == f {
			s.Writes = append(s.Writes, v.write(c, op))
		}
	}
	return s
}

func (v *Views) value(f kanban.Field, val kanban.Value) string {
	return engine.ValueName(v.rules().Layout(), f, val)
}

// by says whose edit the agreed value is.
func (v *Sight) by(s reconcile.State) string {
	if n := len(s.Support); n > 0 {
		e := s.Support[n-1]
		return Said{Side: e.Side, Who: engine.PersonName(v.rules(), e.Side, e.Actor), First: e.Met}.By()
	}
	return ""
}

// first reports whether the agreed value is what stood there when the issue was first seen.
func first(s reconcile.State) bool {
	n := len(s.Support)
	return n > 0 && s.Support[n-1].Met
}

func frozen(f reconcile.Freeze) string {
	switch f {
	case reconcile.FrozenUnmapped:
		return "a tracker shows a value that is not in the configuration; nothing is written before a column or a priority lists it"
	case reconcile.FrozenAmbiguous:
		return "a tracker shows two values at once; nothing is written"
	case reconcile.FrozenAsk:
		return "the trackers differ; a person has to choose"
	default:
		return ""
	}
}

func carry(c reconcile.Carry) string {
	switch c {
	case reconcile.CarryJira:
		return "changes made in Jira and on the board"
	case reconcile.CarryGitHub:
		return "changes made in GitHub and on the board"
	case reconcile.CarryOff:
		return "nothing"
	default:
		return "changes made anywhere"
	}
}

func rule(p reconcile.Verdict) string {
	switch p {
	case reconcile.JiraWins:
		return "Jira wins a conflict"
	case reconcile.GitHubWins:
		return "GitHub wins a conflict"
	case reconcile.NewestWins:
		return "the newest edit wins a conflict"
	default:
		return "a person decides a conflict"
	}
}

func (v *Sight) sideStory(eng *engine.Engine, c *engine.Card, f kanban.Field, side kanban.Side) SideStory {
	state, m := c.Field(f), eng.Machine(c, f)
	sd := state.Sides[side]
	value, opinion := m.Lens.Back(side, f, sd.Native, state.Agreed)
	s := SideStory{
		Side: side.String(), Key: c.Sides[side].Issue.Key, Native: eng.Rules.Describe(side, f, sd.Native),
		Means: opinion.String(), Agrees: m.Shows(state, side), Seen: sd.Seen,
	}
	if opinion == kanban.Says {
		s.Means = v.value(f, value)
	}
	if sd.Refused != nil {
		s.Refused = sd.Refused.Reason
	}
	return s
}

func (v *Sight) write(c *engine.Card, op reconcile.Op) WriteStory {
	w := WriteStory{
		Op: op.ID, Side: op.Side.String(), Tracker: op.Tracker, From: v.rules().Describe(op.Side, op.Field, op.From), To: v.rules().Describe(op.Side, op.Field, op.To),
		State: string(op.State), Held: v.held(op), Reason: op.Reason, Problem: op.Problem, At: op.Created,
	}
	if s := c.Sides[op.Side]; s != nil {
		w.Issue = s.Issue.Key
	}
	if !op.SentAt.IsZero() {
		w.At = op.SentAt
	}
	return w
}
