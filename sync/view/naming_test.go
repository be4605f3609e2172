package view_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"parley/kanban"
	"parley/sync/store"
	"parley/sync/view"
)

// keyed is a shelf that finds cards by the keys of their issues.
type keyed struct{ *shelf }

func (k keyed) Resolve(_ context.Context, ref string) (kanban.CardID, error) {
	for _, f := range k.faces {
		if slices.ContainsFunc(f.Card.Sides, func(s kanban.CardSide) bool { return strings.EqualFold(s.Key, ref) }) {
			return f.Card.ID, nil
		}
	}
	return "", store.ErrUnknown
}

// TestShortKeys: a key of GitHub is taken without its owner, as cards show it, where only one
// that the asker may know is called so. Others neither get in the way nor are named.
func TestShortKeys(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	for _, c := range []struct {
		unit kanban.UnitKey
		key  string
	}{{"risk", "acme/web#7"}, {"trading", "other/web#7"}, {"risk", "acme/web#77"}, {"risk", "acme/api#1"}} {
		card := inWork("doing", 1)
		card.Unit, card.Sides = c.unit, []kanban.CardSide{{Side: "github", Key: c.key}}
		s.put(card)
	}
	views := s.of(shelfRules(t), view.Somebody()).Views
	views.Source = keyed{s}
	ops, risk, stranger := view.AudienceOps, view.Audience("unit:risk"), view.Audience("unit:other")
	for _, c := range []struct {
		who  view.Audience
		ref  string
		card kanban.CardID
		keys []string
	}{
		{ops, "api#1", "card0003", nil}, {ops, "API#1", "card0003", nil}, {ops, "acme/api#1", "card0003", nil},
		{ops, "web#7", "", []string{"acme/web#7", "other/web#7"}}, {risk, "web#7", "card0000", nil},
		{stranger, "web#7", "", nil}, {stranger, "api#1", "", nil}, {ops, "pi#1", "", nil}, {ops, "#1", "", nil}, {ops, "web#8", "", nil},
	} {
		got, err := views.As(view.Viewer{Audience: c.who}).Glance(t.Context(), c.ref)
		several, _ := errors.AsType[*view.SeveralError](err)
		if got.ID != c.card || (several != nil) != (c.keys != nil) || several != nil && !slices.Equal(several.Keys, c.keys) || c.card == "" && c.keys == nil && !errors.Is(err, view.ErrUnknown) {
			t.Errorf("%s asks for %s: %q, %v", c.who, c.ref, got.ID, err)
		}
	}
}
