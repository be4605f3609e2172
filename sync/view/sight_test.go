package view_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"parley/kanban"
	"parley/sync/store"
	"parley/sync/view"
)

// double is a shelf on which every key is that of two cards, one of each unit.
type double struct{ *shelf }

func (d double) Resolve(_ context.Context, text string) (kanban.CardID, error) {
	if text != "OPS-12" {
		return kanban.CardID(text), nil
	}
	return "", store.AmbiguousError{Cards: []kanban.CardID{"card0000", "card0001"}}
}

func (d double) Faces(ctx context.Context, q store.FaceQuery) ([]store.Face, error) {
	if len(q.IDs) == 2 {
		return slices.Clone(d.faces), nil
	}
	return d.shelf.Faces(ctx, q)
}

// TestAKeyOfSeveralCards: whoever may know one of them gets it, whoever may know none gets
// the answer for a key that there is not, and the others are told the ids.
func TestAKeyOfSeveralCards(t *testing.T) {
	t.Parallel()
	s := double{&shelf{}}
	for _, unit := range []kanban.UnitKey{"risk", "trading"} {
		c := inWork("doing", 1)
		c.Unit, c.Sides = unit, []kanban.CardSide{{Side: "jira", Key: "OPS-12"}}
		s.put(c)
	}
	views := s.of(shelfRules(t), view.Somebody()).Views
	views.Source = s
	for audience, want := range map[view.Audience]struct {
		one  kanban.CardID
		both bool
	}{view.AudienceOps: {"", true}, "unit:risk": {"card0000", false}, "unit:trading": {"card0001", false}, "unit:other": {}} {
		c, err := views.As(view.Viewer{Audience: audience}).Glance(t.Context(), "OPS-12")
		several, both := errors.AsType[*view.SeveralError](err)
		if c.ID != want.one || both != want.both || errors.Is(err, view.ErrUnknown) != (want.one == "" && !want.both) {
			t.Errorf("%s gets %q, %v", audience, c.ID, err)
		}
		if both && !slices.Equal(several.Cards, []kanban.CardID{"card0000", "card0001"}) {
			t.Errorf("%s is told %v", audience, several)
		}
	}
}
