package view

import (
	"cmp"
	"context"
	"slices"
	"time"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// Sync is how the trackers are read and written, for the page about it.
type Sync struct {
	Trackers []Channel
	Troubles []Trouble // most urgent first
}

// Channel is one tracker: how it is read, and what waits to be written to it.
type Channel struct {
	Fresh
	Quotas   []Quota // left of what may be asked; none where the tracker tells none
	Requests int64   // polls sent so far
	Sources  []Feed
	Waiting  int // writes that are on their way or about to be
	Held     int // writes that wait for permission
	Failed   int // cards with something that it refused or does not show
}

// Quota is what is left of what may be asked of a tracker within a period.
type Quota struct {
	Name    string // what it is counted for, "" the whole
	Limit   int
	Left    int
	Reserve int // of it, kept for people and for whoever else uses the credential
	Reset   time.Time
}

// Feed is one of a tracker's sources.
type Feed struct {
	Name     string
	Age      int // seconds since its last answer that was believed, -1 where there was none
	Requests int64
	Problem  string
}

// Trouble is something that went wrong with a card, in plain words.
type Trouble struct {
	Card  kanban.CardID // "" of an issue that is on no card
	Key   string
	Title string
	Side  string // where; "" where it is the card's
	Kind  string // a kind of badge; unread, or quarantine
	Text  string
	Since time.Time
	Retry bool // trying again may help
}

// Kinds of Trouble beside those of badges.
const (
	TroubleUnread     = "unread"     // an issue cannot be read or written
	TroubleQuarantine = "quarantine" // an issue is left alone because it could not be understood
)

// Sync is how the trackers are read and written, as far as the viewer may know: what is
// wrong with the trackers themselves is for those who can mend it, what is wrong with a
// card for those who read it.
func (v *Sight) Sync(ctx context.Context) (Sync, error) {
	fresh, err := v.fresh(ctx)
	if err != nil {
		return Sync{}, err
	}
	_, faces, err := v.picture.latest(ctx, v.Source)
	if err != nil {
		return Sync{}, err
	}
	out := Sync{}
	for _, f := range faces {
		if v.tells(f) {
			out.Troubles = append(out.Troubles, v.troubles(v.card(f, v.Now()))...)
		}
	}
	states, err := v.Source.Sources(ctx)
	if err != nil {
		return Sync{}, err
	}
	for i, f := range fresh {
		out.Trackers = append(out.Trackers, v.channel(f, v.Trackers[i], states, faces))
	}
	if v.Viewer.inside() {
		left, err := v.Source.Quarantine(ctx)
		if err != nil {
			return Sync{}, err
		}
		late, err := v.lateDigests(ctx)
		if err != nil {
			return Sync{}, err
		}
		out.Troubles = append(append(out.Troubles, aside(left)...), late...)
	}
	slices.SortStableFunc(out.Troubles, func(a, b Trouble) int {
		return cmp.Or(cmp.Compare(urgency(a.Kind), urgency(b.Kind)), cmp.Compare(a.Key, b.Key), cmp.Compare(a.Text, b.Text))
	})
	return out, nil
}

// channel is what is known of one tracker.
func (v *Sight) channel(f Fresh, t TrackerName, states []store.SourceState, faces []*store.Face) Channel {
	c := Channel{Fresh: f}
	for _, face := range faces {
		for _, p := range face.Card.Pending {
			switch {
			case p.Tracker != t.Name:
			case p.State == "held":
				c.Held++
			default:
				c.Waiting++
			}
		}
		if slices.ContainsFunc(face.Card.Badges, func(b kanban.Badge) bool { return b.Side == t.Kind && b.Kind == kanban.BadgeRefused }) {
			c.Failed++
		}
	}
	if !v.Viewer.inside() {
		return c
	}
	if t.Quotas != nil {
		c.Quotas = t.Quotas()
	}
	for _, s := range states {
		if s.Tracker != t.Name {
			continue
		}
		age := -1
		if !s.OKAt.IsZero() {
			age = int(v.Now().Sub(s.OKAt).Seconds())
		}
		c.Requests += s.Requests
		c.Sources = append(c.Sources, Feed{Name: s.Source, Age: age, Requests: s.Requests, Problem: s.Error})
	}
	return c
}

// troubles are what is wrong with a card as the viewer sees it.
func (v *Sight) troubles(c Card) []Trouble {
	var out []Trouble
	t := Trouble{Card: c.ID, Title: c.Title, Key: keyOf(c)}
	for _, b := range c.Badges {
		switch b.Kind {
		case kanban.BadgeRefused, kanban.BadgeUnmapped, kanban.BadgeAmbiguous, kanban.BadgeAway, kanban.BadgeClash, kanban.BadgeDiffers:
			t.Kind, t.Text, t.Side, t.Retry = b.Kind, b.Text, b.Side, b.Side != "" && (b.Kind == kanban.BadgeRefused || b.Kind == kanban.BadgeAway)
			out = append(out, t)
		}
	}
	for _, s := range c.Sides {
		if s.Error != "" && !slices.ContainsFunc(out, func(t Trouble) bool { return t.Text == s.Error }) {
			t.Kind, t.Text, t.Side, t.Retry = TroubleUnread, s.Error, s.Side, true
			out = append(out, t)
		}
	}
	for _, p := range c.Pending {
		if p.Problem != "" {
			t.Kind, t.Side, t.Since, t.Retry = TroubleUnread, p.Side, p.Since, true
			t.Text = engine.FieldName(p.Field) + " is not written to " + productName(p.Side) + " yet: " + p.Problem
			out = append(out, t)
		}
	}
	return out
}

// keyOf is what people call a card: the key of the issue that leads it.
func keyOf(c Card) string {
	if len(c.Sides) > 0 {
		return c.Sides[0].Key
	}
	return string(c.ID)
}

// aside are the issues that are left alone because they could not be understood.
func aside(qs []store.Quarantined) []Trouble {
	var out []Trouble
	for _, q := range qs {
		out = append(out, Trouble{Key: cmp.Or(q.Key, q.Issue), Side: q.Tracker, Kind: TroubleQuarantine, Text: "It is left alone until it changes: " + q.Reason, Since: q.At})
	}
	return out
}

// urgency orders troubles: what was refused or cannot be read, then what nobody chose.
func urgency(kind string) int {
	return slices.Index([]string{kanban.BadgeRefused, TroubleUnread, kanban.BadgeAway, TroubleQuarantine, TroubleDigest, kanban.BadgeAmbiguous, kanban.BadgeUnmapped, kanban.BadgeClash, kanban.BadgeDiffers}, kind)
}
