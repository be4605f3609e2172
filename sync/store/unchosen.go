package store

import (
	"context"
	"database/sql"
	"fmt"

	"parley/kanban"
)

// Unchosen is a card about which nobody has decided anything. A commit that names one is made
// only where no decision about contracts was recorded after a data sequence, and no swap of
// the card is open: what was read before holds.
type Unchosen struct {
	Card  kanban.CardID
	Since int64
}

func unchosen(ctx context.Context, tx *sql.Tx, u *Unchosen) error {
	if u == nil {
		return nil
	}
	n, err := one[int64](ctx, tx, `SELECT (SELECT COUNT(*) FROM decision WHERE seq > $1) + (SELECT COUNT(*) FROM trade WHERE is_open = 1 AND (down = $2 OR up = $2))`, u.Since, string(u.Card))
	switch {
	case err != nil:
		return fmt.Errorf("look for choices about card %s: %w", u.Card, err)
	case n > 0:
		return fmt.Errorf("somebody has decided about card %s meanwhile: %w", u.Card, ErrStale)
	}
	return nil
}
