package transfer

import (
	"context"
	"errors"
	"fmt"

	"parley/sync/store"
	"parley/sync/store/open"
)

// Abandon gives a move up that is under way: the store that was to be left is worked with
// again as it was. What has come into the other one is of no use any more.
func (m Move) Abandon(ctx context.Context) (err error) {
	if err := there(ctx, m.From); err != nil {
		return fmt.Errorf("abandon the move: %w", err)
	}
	ctx, g, err := seize(ctx, m.From)
	if err != nil {
		return fmt.Errorf("abandon the move: %w", err)
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	held, err := g.Closed(ctx)
	switch {
	case err != nil:
	case held == nil:
		err = errors.New("it is not being moved")
	case held.Why != store.ClosedLeaving || held.Other != open.Name(m.To):
		err = held
	default:
		if err = m.arrived(ctx, held.ID); err == nil {
			err = g.Fill(ctx, func(r store.Rows) error { return r.Shut(ctx, nil) })
		}
	}
	if err != nil {
		return fmt.Errorf("abandon the move: %s: %w", g.name, err)
	}
	return nil
}

// arrived is an error where a move has come to its end in the target, or nobody can tell:
// two stores must not be worked with.
func (m Move) arrived(ctx context.Context, id string) error {
	s, err := open.At(ctx, m.To, store.AsItIs)
	if errors.Is(err, store.ErrNothing) {
		return nil
	}
	if err != nil {
		return err
	}
	arrived, _, err := s.Setting(ctx, settingArrived)
	if err == nil && arrived == id {
		err = errors.New("everything is in the new store already; repeat parley migrate to end the move")
	}
	return errors.Join(err, s.Close())
}
