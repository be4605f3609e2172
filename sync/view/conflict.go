package view

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/store"
)

// Clash is a conflict: two edits of one field whose authors did not know of each other.
type Clash struct {
	ID        string        `json:"id"`
	Short     string        `json:"-"` // the shortest beginning of ID that names it among all that were read, 8 letters at least
	Card      kanban.CardID `json:"card"`
	Key       string        `json:"key"` // of the card's leading issue
	Title     string        `json:"title"`
	Field     kanban.Field  `json:"field"`
	Name      string        `json:"name"` // what people call the field
	At        time.Time     `json:"at"`
	State     string        `json:"state"`  // open, auto, dismissed, restored
	Policy    string        `json:"policy"` // jira, github, newest, ask
	Rule      string        `json:"rule"`   // the policy in words
	Ambiguous bool          `json:"ambiguous"`
	// Winner is the edit that won; null while a person has to choose. Kept is the edit that
	// the card went by then: the winner, or meanwhile the one that the other one met.
	Winner *Said `json:"winner"`
	Kept   Said  `json:"kept"`
	Loser  Said  `json:"loser"`
	// Now is what the field of the card stands at, whatever was set after the conflict; ""
	// where the conflict is over or the card is gone.
	Now string `json:"now"`
	// Superseded says that the field was set to something else since a rule decided it.
	Superseded bool `json:"superseded"`
	// Restorable says whether the value that lost can be given back to the card here.
	Restorable bool `json:"restorable"`
}

// Open reports whether a person has to choose.
func (c Clash) Open() bool { return c.State == reconcile.ConflictOpen }

// Actionable reports whether a person can still end it: it is open, or a rule decided it.
func (c Clash) Actionable() bool { return actionable(c.State) }

// Over reports whether a choice about it, restore or dismiss, was taken before.
func (c Clash) Over(choice string) bool {
	return choice == "restore" && c.State == reconcile.ConflictRestored || choice == "dismiss" && c.State == reconcile.ConflictDismissed
}

func actionable(state string) bool {
	return state == reconcile.ConflictOpen || state == reconcile.ConflictAuto
}

// Stays is what the field of the card is left at where the conflict is put away.
func (c Clash) Stays() string {
	if c.Now == "" {
		return "as it is"
	}
	return c.Now
}

// AnySide stands for all sides in the choice of conflicts.
const AnySide = "any"

// Group is what conflicts are chosen by: the field, of sets without the element, and the
// side of the edit that lost or stands against what the card shows.
func (c Clash) Group() (field kanban.Field, side string) {
	return hiddenField(c.Field), c.Loser.Side
}

// GroupName is what people call the fields of its group.
func (c Clash) GroupName() string {
	switch f := hiddenField(c.Field); f {
	case kanban.FieldLabels:
		return "Labels"
	case kanban.FieldAssignees:
		return "Assignees"
	default:
		return engine.FieldName(f)
	}
}

// In reports whether it belongs to the conflicts of a field, "" being any, whose other
// edit was made on a side, "" or AnySide being any.
func (c Clash) In(field, side string) bool {
	f, s := c.Group()
	return matches(field, string(f)) && (side == AnySide || matches(side, s))
}

// Said is one edit: what it wanted, in the board's words and its tracker's, whose it
// was, where and when.
type Said struct {
	Value  string    `json:"value"`  // the board's words; "" where it means nothing to the board
	Native string    `json:"native"` // the tracker's words; "" of an edit on the board
	Side   string    `json:"side"`   // jira, github, board; "" where that is not known
	Who    string    `json:"who"`    // "" where that is not known
	At     time.Time `json:"at,omitzero"`
	// First says that it stood there when the issue was first seen: nobody knows who set it
	// and when, and At is when the issue had last been changed in any way.
	First bool `json:"first,omitempty"`
}

// Words is the edit's value as its author would call it.
func (s Said) Words() string {
	switch {
	case s.Value == "" && s.Native == "":
		return "nothing"
	case s.Value == "":
		return s.Native
	case s.Native == "" || strings.EqualFold(s.Native, s.Value):
		return s.Value
	default:
		return fmt.Sprintf("%s (%s)", s.Value, s.Native)
	}
}

// By is who made the edit, and where; or where it was first seen.
func (s Said) By() string {
	where := map[string]string{"jira": "in Jira", "github": "in GitHub", reconcile.SideBoard: "on the board"}[s.Side]
	switch {
	case s.First:
		return strings.TrimSpace("first seen " + where)
	case s.Who == "" && where == "":
		return "somebody"
	case s.Who == "":
		return "somebody " + where
	default:
		return strings.TrimSpace(s.Who + " " + where)
	}
}

// Conflicts are the conflicts that were recorded, open ones first, then the newest. All
// of them, for as long as Parley runs they grow, or only those that can still be acted on:
// open ones and those a rule decided.
func (v *Sight) Conflicts(ctx context.Context, all bool) ([]Clash, error) {
	var q store.ConflictQuery
	if !all {
		q.States = []string{reconcile.ConflictOpen, reconcile.ConflictAuto} // as Clash.Actionable
	}
	cs, err := v.Source.Conflicts(ctx, q)
	if err != nil {
		return nil, err
	}
	faces, err := v.known(ctx)
	if err != nil {
		return nil, err
	}
	cards, err := v.disputed(ctx, cs)
	if err != nil {
		return nil, err
	}
	short := shorten(cs)
	out := make([]Clash, 0, len(cs))
	for _, c := range cs {
		if !v.tells(faces[c.Card]) {
			continue
		}
		x := v.clash(c, faces[c.Card], cards)
		x.Short = short[c.ID]
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(a, b Clash) int {
		return cmp.Or(cmp.Compare(closed(a), closed(b)), b.At.Compare(a.At))
	})
	return out, nil
}

func closed(c Clash) int {
	if c.Open() {
		return 0
	}
	return 1
}

// disputed are the cards whose conflicts can still be acted on.
func (v *Sight) disputed(ctx context.Context, cs []reconcile.Conflict) (map[kanban.CardID]engine.Card, error) {
	var ids []kanban.CardID
	for _, c := range cs {
		if actionable(c.State) {
			ids = append(ids, c.Card)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	slices.Sort(ids)
	return v.Source.Cards(ctx, slices.Compact(ids))
}

// stand says where a conflict's field stands by now.
func (v *Sight) stand(x *Clash, c reconcile.Conflict, cards map[kanban.CardID]engine.Card) {
	card, ok := cards[c.Card]
	if !ok || !x.Actionable() {
		return
	}
	x.Now, x.Superseded = v.value(c.Field, card.Field(c.Field).Agreed), engine.Superseded(&card, c)
	x.Restorable = c.Loser.Value != "" && !x.Superseded
}

// clash tells a conflict of a card, which may be gone. cards are those that conflicts are
// about.
func (v *Sight) clash(c reconcile.Conflict, f *store.Face, cards map[kanban.CardID]engine.Card) Clash {
	x := Clash{
		ID: c.ID, Card: c.Card, Field: c.Field, Name: engine.FieldName(c.Field), At: c.At, State: c.State,
		Policy: string(c.Policy), Rule: rule(c.Policy), Ambiguous: c.Ambiguous,
		Kept: v.said(c.Field, standing(c)), Loser: v.said(c.Field, c.Loser),
	}
	if c.Winner.Side != "" {
		x.Winner = &x.Kept
	}
	if x.Open() && x.Kept.First && x.Loser.First {
		x.Rule = "the two issues differed when they were first paired; a person decides"
	}
	if f == nil {
		return x
	}
	v.stand(&x, c, cards)
	shown := v.card(f, v.Now())
	if x.Title = shown.Title; len(shown.Sides) > 0 {
		x.Key = shown.Sides[0].Key
	}
	g := v.grant(f.Card)
	for _, s := range []*Said{&x.Kept, &x.Loser, x.Winner} {
		if s != nil {
			g.said(s, f.Card, c.Field)
		}
	}
	if g.hides(c.Field) {
		if x.Now != "" {
			x.Now = hidden
		}
		x.Name, x.Field = hiddenName(c.Field), hiddenField(c.Field)
	}
	return x
}

// standing is the edit that a conflict's loser met.
func standing(c reconcile.Conflict) reconcile.Edit {
	if n := len(c.Support); c.Winner.Side == "" && n > 0 {
		return c.Support[n-1]
	}
	return c.Winner
}

func (v *Sight) said(f kanban.Field, e reconcile.Edit) Said {
	s := Said{Side: e.Side, Who: engine.PersonName(v.rules(), e.Side, e.Actor), At: e.At, First: e.Met}
	if e.Value != "" {
		s.Value = v.value(f, e.Value)
	}
	if side, ok := sideOf(e.Side); ok {
		s.Native = v.rules().Describe(side, f, e.Native)
	}
	return s
}

func sideOf(name string) (kanban.Side, bool) {
	for _, s := range kanban.Sides {
		if s.String() == name {
			return s, true
		}
	}
	return 0, false
}

// How much of an id names a conflict: no less is taken, and no less is shown.
const (
	leastPrefix = 6
	shownPrefix = 8
)

// shorten gives the shortest beginning by which each conflict is told from all others.
func shorten(cs []reconcile.Conflict) map[string]string {
	ids := make([]string, len(cs))
	for i, c := range cs {
		ids[i] = c.ID
	}
	slices.Sort(ids)
	out := make(map[string]string, len(ids))
	for i, id := range ids {
		n := shownPrefix
		if i > 0 {
			n = max(n, common(id, ids[i-1])+1)
		}
		if i+1 < len(ids) {
			n = max(n, common(id, ids[i+1])+1)
		}
		out[id] = id[:min(n, len(id))]
	}
	return out
}

// common is the length of the beginning that two texts share.
func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// NameError says why a text names no conflict.
type NameError struct {
	Reason string
	Short  bool // it is too short to name any
}

// Error is the reason.
func (e *NameError) Error() string { return e.Reason }

// Conflict finds the conflict that an id, or the beginning of one, names. The error is a
// *NameError where that is none or several.
func (v *Sight) Conflict(ctx context.Context, name string) (Clash, error) {
	all, err := v.Conflicts(ctx, true)
	if err != nil {
		return Clash{}, err
	}
	name = strings.ToLower(strings.TrimSpace(name))
	var found []Clash
	for _, c := range all {
		if c.ID == name {
			return c, nil
		}
		if strings.HasPrefix(strings.ToLower(c.ID), name) {
			found = append(found, c)
		}
	}
	switch {
	case len(name) < leastPrefix:
		return Clash{}, &NameError{Reason: fmt.Sprintf("%.40q is too short to name a conflict; give %d letters of its id or more", name, leastPrefix), Short: true}
	case len(found) == 1:
		return found[0], nil
	case len(found) == 0:
		return Clash{}, &NameError{Reason: fmt.Sprintf("there is no conflict %.40q", name)}
	}
	var ids []string
	for _, c := range found {
		ids = append(ids, c.Short)
	}
	return Clash{}, &NameError{Reason: fmt.Sprintf("%.40q names %d conflicts: %s; give more of the id", name, len(found), strings.Join(ids[:min(len(ids), 5)], ", "))}
}

// IsName reports whether an error says that a text names no conflict.
func IsName(err error) bool {
	_, ok := errors.AsType[*NameError](err)
	return ok
}
