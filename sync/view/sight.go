package view

import (
	"context"
	"errors"
	"slices"
	"strings"

	"parley/kanban"
	"parley/sync/store"
)

// Sight is everything that is read, as one viewer sees it. There is no other way to read
// a card: what a viewer may not know is left out here, and nowhere else.
type Sight struct {
	*Views
	Viewer Viewer
	grants map[whose]grant // every answer there is: it is asked once a card
}

// whose is what a grant depends on besides the viewer.
type whose struct{ own, restricted bool }

// As gives the views of one viewer.
func (v *Views) As(w Viewer) *Sight {
	s := &Sight{Views: v, Viewer: w, grants: map[whose]grant{}}
	for _, of := range []whose{{}, {own: true}, {restricted: true}, {true, true}} {
		s.grants[of] = v.Policy.grant(w, of.own, of.restricted)
	}
	return s
}

// grant is what the viewer may read of a card. The title of a card that is in GitHub only
// is one of GitHub's words.
func (v *Sight) grant(c kanban.Card) grant {
	g := v.grants[whose{v.Viewer.Owns(c.Unit), c.Restricted}]
	if !g.detail && len(c.Sides) > 0 && c.Sides[0].Side == kanban.GitHub.String() {
		g.title = false
	}
	return g
}

// face finds a card by its id, a former id, or a key that the viewer may know. To others
// the key of a card is that of an unknown one. A key that several cards have, of which the
// viewer may know more than one, is a *SeveralError.
func (v *Sight) face(ctx context.Context, ref string) (*store.Face, error) {
	_, all, err := v.picture.latest(ctx, v.Source) // what is usual is known of it, too
	if err != nil {
		return nil, err
	}
	if ref, err = v.spelled(ref, all); err != nil {
		return nil, err
	}
	ids, err := v.named(ctx, ref)
	if err != nil {
		return nil, err
	}
	faces, err := v.Source.Faces(ctx, store.FaceQuery{IDs: ids})
	if err != nil {
		return nil, err
	}
	if isKey(ref) {
		faces = slices.DeleteFunc(faces, func(f store.Face) bool { return !v.knows(f.Card, ref) })
	}
	switch len(faces) {
	case 0:
		return nil, unknown(ref)
	case 1:
		return &faces[0], nil
	}
	several := &SeveralError{}
	for _, f := range faces {
		several.Cards = append(several.Cards, f.Card.ID)
	}
	return nil, several
}

// named are the cards that a text names, whoever asks: one, but for a key that two
// trackers use.
func (v *Sight) named(ctx context.Context, ref string) ([]kanban.CardID, error) {
	id, err := v.Source.Resolve(ctx, ref)
	if both, ok := errors.AsType[store.AmbiguousError](err); ok {
		return both.Cards, nil
	}
	if errors.Is(err, store.ErrUnknown) {
		err = unknown(ref)
	}
	return []kanban.CardID{id}, err
}

// known gives all cards by their ids.
func (v *Sight) known(ctx context.Context) (map[kanban.CardID]*store.Face, error) {
	_, faces, err := v.picture.latest(ctx, v.Source)
	out := make(map[kanban.CardID]*store.Face, len(faces))
	for _, f := range faces {
		out[f.Card.ID] = f
	}
	return out, err
}

// of is what the viewer may read of a card, which is nothing where it is gone.
func (v *Sight) of(f *store.Face) grant {
	if f == nil {
		return grant{}
	}
	return v.grant(f.Card)
}

// knows reports whether the viewer may know that a key is a card's. A former key is known
// to those who know all of its present ones.
func (v *Sight) knows(c kanban.Card, key string) bool {
	g := v.grant(c)
	i := slices.IndexFunc(c.Sides, func(s kanban.CardSide) bool { return strings.EqualFold(s.Key, key) })
	if i < 0 {
		return g.jira && g.github
	}
	return g.side(c.Sides[i].Side)
}

// fresh tells how true the picture of each tracker is. Its sources and what is wrong with
// them are for those who can mend it.
func (v *Sight) fresh(ctx context.Context) ([]Fresh, error) {
	all, err := v.freshness(ctx)
	for i := range all {
		if !all[i].OKAt.IsZero() {
			all[i].OKAt = all[i].OKAt.In(v.zone())
		}
	}
	if err != nil || v.Viewer.inside() {
		return all, err
	}
	for i, f := range all {
		all[i] = Fresh{Tracker: f.Tracker, Kind: f.Kind, OKAt: f.OKAt, Age: f.Age, Poll: f.Poll, Level: f.Level}
	}
	return all, nil
}

// inside reports whether the viewer is of those who run the trackers' side of things.
func (w Viewer) inside() bool { return w.Audience == AudienceOps || w.Audience == AudienceIT }
