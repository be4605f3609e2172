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
	Nobody   int            `json:"nobody_seconds"`  // done, before it was reopened, or where nobody has the turn
}

// Courts is where a card's age was spent. Everybody may know: it is made of columns, of the
// turn, and of when it was blocked, as flow counts it. An unknown card is an ErrUnknown.
func (v *Sight) Courts(ctx context.Context, ref string) (Courts, error) {
	f, err := v.face(ctx, ref)
	if err != nil {
		return Courts{}, err
	}
	past := f.Card.Past
	from, to := f.Card.Journey.Span(v.Now())
	spells := kanban.Spells(past.Steps, past.Blocks, v.rules().Layout(), from, to)
	sum := kanban.Tally(spells)
	return Courts{
		Spells: nonNil(spells), Business: seconds(sum.Business), IT: seconds(sum.IT), Third: seconds(sum.Third),
		Blocked: seconds(sum.Blocked), Nobody: seconds(sum.Nobody),
	}, nil
}

func seconds(d time.Duration) int { return int(d / time.Second) }
