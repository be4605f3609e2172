package view

import (
	"context"
	"time"

	"parley/kanban"
)

// Courts tells whose turn a card was over its age, and for how long.
type Courts struct {
	Spells   []kanban.Spell `json:"spells"` // oldest first; they last from the card's start to now, or its end
	Business int            `json:"business_seconds"`
	IT       int            `json:"it_seconds"`
	Third    int            `json:"third_seconds"`
	Blocked  int            `json:"blocked_seconds"` // in nobody's court, whoever it waited for
	Nobody   int            `json:"nobody_seconds"`  // done, before it was reopened
}

// Courts is where a card's age was spent. Everybody may know: it is made of columns and
// of the turn alone. An unknown card is an ErrUnknown.
func (v *Sight) Courts(ctx context.Context, ref string) (Courts, error) {
	f, err := v.face(ctx, ref)
	if err != nil {
		return Courts{}, err
	}
	card, err := v.Source.Card(ctx, f.Card.ID)
	if err != nil {
		return Courts{}, err
	}
	from, to := f.Card.Journey.Span(v.Now())
	spells := kanban.Spells(card.Steps, hindrances(f.Card), v.rules().Layout(), from, to)
	sum := kanban.Tally(spells)
	return Courts{
		Spells: nonNil(spells), Business: seconds(sum.Business), IT: seconds(sum.IT), Third: seconds(sum.Third),
		Blocked: seconds(sum.Blocked), Nobody: seconds(sum.Nobody),
	}, nil
}

// hindrances are what is known to have blocked a card.
func hindrances(c kanban.Card) []kanban.Hindrance {
	if c.Blocked == nil || c.Blocked.Since.IsZero() {
		return nil
	}
	return []kanban.Hindrance{{Party: c.Blocked.Party, From: c.Blocked.Since}}
}

func seconds(d time.Duration) int { return int(d / time.Second) }
