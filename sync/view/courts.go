package view

import (
	"context"
	"strings"
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
	events, err := v.Source.Events(ctx, f.Card.ID)
	if err != nil {
		return Courts{}, err
	}
	from, to := f.Card.Journey.Span(v.Now())
	spells := kanban.Spells(card.Steps, hindrances(f.Card, events), v.rules().Layout(), from, to)
	sum := kanban.Tally(spells)
	return Courts{
		Spells: nonNil(spells), Business: seconds(sum.Business), IT: seconds(sum.IT), Third: seconds(sum.Third),
		Blocked: seconds(sum.Blocked), Nobody: seconds(sum.Nobody),
	}, nil
}

// Of what is done in Parley itself and is in no tracker's history: how the ids of its
// events begin, and the change that says that a card is blocked, or is not any more.
const (
	boardEvent    = "board/"
	changeBlocked = "blocked"
)

// hindrances are what is known to have blocked a card: what rules say of it now, and what
// people said on the board, oldest first.
func hindrances(c kanban.Card, events []kanban.Event) []kanban.Hindrance {
	var out []kanban.Hindrance
	open := -1
	for _, e := range events {
		for _, ch := range e.Changes {
			if ch.Field != changeBlocked || !strings.HasPrefix(e.SourceID, boardEvent) {
				continue
			}
			if open >= 0 {
				out[open].To = e.At
			}
			if open = -1; ch.To != "" {
				open = len(out)
				out = append(out, kanban.Hindrance{Party: kanban.Party(ch.To), From: e.At})
			}
		}
	}
	if c.Blocked != nil && !c.Blocked.Since.IsZero() {
		out = append(out, kanban.Hindrance{Party: c.Blocked.Party, From: c.Blocked.Since})
	}
	return out
}

func seconds(d time.Duration) int { return int(d / time.Second) }
