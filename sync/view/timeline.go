package view

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/kanban"
	"parley/sync/challenge"
	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/store"
)

// storySource is what stories and previews are made of.
type storySource interface {
	Events(ctx context.Context, card kanban.CardID) ([]kanban.Event, error)
	Activity(ctx context.Context, q store.ActivityQuery) ([]engine.Activity, error)
	Conflicts(ctx context.Context, q store.ConflictQuery) ([]reconcile.Conflict, error)
	Quarantine(ctx context.Context) ([]store.Quarantined, error)
	QuestionsOf(ctx context.Context, card kanban.CardID) ([]challenge.Question, error)
}

// Timeline is what happened to a card in both trackers and on the board, newest first.
type Timeline struct {
	Moments []Moment `json:"moments"`
	Next    string   `json:"next"` // names the page after this one; "" at the end
}

// Moment is one thing that happened to a card.
type Moment struct {
	ID     string           `json:"id"`
	At     time.Time        `json:"at"`
	Where  string           `json:"where"`         // jira, github, board; "" where it was Parley's own doing
	Who    string           `json:"who,omitempty"` // "" where that is not known, or not for this reader
	Kind   string           `json:"kind"`          // created, changed, blocked, or a kind of activity
	Text   string           `json:"text"`
	Column kanban.ColumnKey `json:"column,omitempty"` // that the card entered
	Mark   string           `json:"mark"`             // category of that column; blocked, wrote, attention; "" none
	Own    bool             `json:"own,omitempty"`    // Parley did it

	Parts []string `json:"-"` // of Text, where it tells of several changes

	Day  string `json:"-"` // in the zone of the board
	Hour string `json:"-"`
}

// Kinds of Moment beside those of activity.
const (
	MomentCreated = "created-issue"
	MomentChanged = "tracker"
	MomentBlocked = "blocked-since"
)

// momentsPerPage is how many moments a page holds where none are asked for, and the most.
const (
	momentsPerPage = 30
	mostMoments    = 200
)

// Timeline is a page of what happened to a card: before names it as Next of another page
// did, "" is the newest. An unknown card is an ErrUnknown.
func (v *Sight) Timeline(ctx context.Context, ref, before string, limit int) (Timeline, error) {
	f, err := v.face(ctx, ref)
	if err != nil {
		return Timeline{}, err
	}
	if !v.tells(f) {
		return Timeline{Moments: []Moment{}}, nil
	}
	all, err := v.moments(ctx, f)
	if err != nil {
		return Timeline{}, err
	}
	if limit <= 0 {
		limit = momentsPerPage
	}
	return pageOf(all, before, min(limit, mostMoments)), nil
}

// moments are all that the viewer may know of what happened to a card, newest first.
func (v *Sight) moments(ctx context.Context, f *store.Face) ([]Moment, error) {
	card, err := v.Source.Card(ctx, f.Card.ID)
	if err != nil {
		return nil, err
	}
	events, err := v.Source.Events(ctx, f.Card.ID)
	if err != nil {
		return nil, err
	}
	account, err := v.Source.Activity(ctx, store.ActivityQuery{Card: f.Card.ID})
	if err != nil {
		return nil, err
	}
	t := teller{Sight: v, face: f, card: &card, grant: v.grant(f.Card)}
	out := slices.Concat(t.births(), t.told(events, account), t.blocks(account))
	slices.SortStableFunc(out, func(a, b Moment) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) })
	out = t.gathered(out)
	v.dated(out)
	return out, nil
}

// pageOf cuts a page out of moments, which are newest first.
func pageOf(all []Moment, before string, limit int) Timeline {
	if before != "" {
		i := slices.IndexFunc(all, func(m Moment) bool { return m.cursor() == before })
		all = all[i+1:]
	}
	out := Timeline{Moments: slices.Clone(all[:min(limit, len(all))])}
	if out.Moments == nil {
		out.Moments = []Moment{}
	}
	if len(all) > limit {
		out.Next = out.Moments[limit-1].cursor()
	}
	return out
}

// cursor names a moment in an address.
func (m Moment) cursor() string { return m.ID }

// teller turns what is stored of a card into moments as one viewer may know them.
type teller struct {
	*Sight
	face  *store.Face
	card  *engine.Card
	grant grant
}

// births are the creation of the card's issues.
func (t teller) births() []Moment {
	var out []Moment
	for _, s := range kanban.Sides {
		side := t.card.Sides[s]
		if side == nil || !t.grant.side(s.String()) {
			continue
		}
		i := side.Issue
		who := i.Creator
		if who.ID == "" && who.Name == "" {
			who = i.Reporter
		}
		m := Moment{ID: "c-" + s.String(), At: i.Created, Where: s.String(), Kind: MomentCreated, Text: i.Key + " was created", Own: i.Own}
		if m.Mark = t.mark(i.Created); m.Mark == "" && len(out) == 0 {
			m.Mark = string(kanban.Option) // where the card began
		}
		m.Who = t.grant.names(t.person(s.String(), who.ID, cmp.Or(who.Name, who.ID)), t.face.Card)
		if i.Own {
			m.Who = ""
		}
		out = append(out, m)
	}
	return out
}

// mark is the category of the column that the card entered at a moment, "" where it
// entered none.
func (t teller) mark(at time.Time) string {
	if _, c, ok := t.entered(at); ok {
		return string(c.Category)
	}
	return ""
}

func (t teller) entered(at time.Time) (kanban.ColumnKey, kanban.Column, bool) {
	key, ok := entering(t.card.Steps, at)
	c, _ := t.rules().Layout().Column(key)
	return key, c, ok
}

// blocks is since when rules call the card blocked, unless somebody did so on the board.
func (t teller) blocks(account []engine.Activity) []Moment {
	b := t.face.Card.Blocked
	if b == nil || b.Since.IsZero() || slices.ContainsFunc(account, func(a engine.Activity) bool { return strings.HasPrefix(a.Kind, "block") && a.At.Equal(b.Since) }) {
		return nil
	}
	m := Moment{ID: "b", At: b.Since, Kind: MomentBlocked, Mark: "blocked", Text: fmt.Sprintf("Blocked, it waits for %s", b.Party.Words())}
	if b.Reason != "" && t.grant.reason {
		m.Text += ": " + clipped(b.Reason)
	}
	return []Moment{m}
}

// clipped shortens a value that people wrote to what a line has room for.
func clipped(s string) string { return clippedTo(s, 140) }

func clippedTo(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most]) + "…"
}
