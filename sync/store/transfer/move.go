package transfer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/sync/store"
	"parley/sync/store/open"
)

// Move moves a store into an empty one, of the same or another engine. It can be repeated
// after whatever stopped it, with the same stores, and goes on where it was.
type Move struct {
	From, To string // URLs as open.Open takes them
	NewID    func() string
	Now      func() time.Time
	// Tell hears how far it is: so many rows of a table.
	Tell func(table string, rows int64)

	step func(string) error // before each step that changes a store; tests stop there
}

// settingArrived keeps the id of the move by which everything came into a store.
const settingArrived = "store arrived"

// Run moves everything and gives what was moved. Until it is through nobody can run on
// either store, and from then on only on the new one.
func (m Move) Run(ctx context.Context) (_ []Count, err error) {
	if m.step == nil {
		m.step = func(string) error { return nil }
	}
	if open.Name(m.From) == open.Name(m.To) {
		return nil, errors.New("migrate store: both are the same store")
	}
	counts, err := m.run(ctx)
	if err != nil {
		return nil, fmt.Errorf("migrate store: %w", err)
	}
	return counts, nil
}

func (m Move) run(ctx context.Context) (_ []Count, err error) {
	if err := there(ctx, m.From); err != nil {
		return nil, err
	}
	ctx, source, err := seize(ctx, m.From)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	id, target, counts, err := m.bring(ctx, source)
	if err != nil {
		return nil, err
	}
	// The target is closed by now, so that its last rows are on the disk.
	return counts, m.shut(ctx, source, &store.Closed{Why: store.ClosedGone, ID: id, Other: target, Since: m.Now()})
}

// bring makes the target hold what the source does, and gives the id of the move and the
// target's name.
func (m Move) bring(ctx context.Context, source *grip) (id, name string, counts []Count, err error) {
	ctx, target, err := seize(ctx, m.To)
	if err != nil {
		return "", "", nil, err
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	id, done, err := m.begin(ctx, source, target)
	switch {
	case err != nil:
	case done:
		counts, err = m.counted(ctx, target)
	default:
		counts, err = m.carry(ctx, source, target, id)
	}
	return id, target.name, counts, because(ctx, err)
}

// there makes sure that there is a store to be read: opening would make one.
func there(ctx context.Context, url string) error {
	s, err := open.At(ctx, url, store.AsItIs)
	if err != nil {
		return err
	}
	return s.Close()
}

// shut closes a store.
func (m Move) shut(ctx context.Context, g *grip, h *store.Closed) error {
	if err := m.step("shut"); err != nil {
		return err
	}
	return g.Fill(ctx, func(r store.Rows) error { return r.Shut(ctx, h) })
}

// begin keeps everybody from both stores, and gives the id of the move; done where all rows
// are there already. The source is held first: what is in a target that is held is of a move
// that its source knows of.
func (m Move) begin(ctx context.Context, source, target *grip) (id string, done bool, err error) {
	leaving, err := source.Closed(ctx)
	if err != nil {
		return "", false, err
	}
	arriving, err := target.Closed(ctx)
	if err != nil {
		return "", false, err
	}
	switch {
	case leaving == nil && arriving != nil:
		return "", false, fmt.Errorf("%s: %w", target.name, arriving)
	case leaving == nil:
		if err := m.vacant(ctx, target); err != nil {
			return "", false, err
		}
		id = m.NewID()
		if err := m.shut(ctx, source, &store.Closed{Why: store.ClosedLeaving, ID: id, Other: target.name, Since: m.Now()}); err != nil {
			return "", false, err
		}
	case arriving != nil && arriving.Why == store.ClosedArriving && arriving.ID == leaving.ID:
		return leaving.ID, false, nil
	case leaving.Why != store.ClosedLeaving || leaving.Other != target.name:
		return "", false, fmt.Errorf("%s: %w", source.name, leaving)
	default:
		id = leaving.ID
		if arrived, _, err := target.Setting(ctx, settingArrived); err != nil || arrived == id {
			return id, true, err
		}
		if err := m.vacant(ctx, target); err != nil {
			return "", false, err
		}
	}
	return id, false, m.shut(ctx, target, &store.Closed{Why: store.ClosedArriving, ID: id, Other: source.name, Since: m.Now()})
}

func (m Move) vacant(ctx context.Context, target *grip) error {
	return target.Picture(ctx, func(r store.Rows) error {
		tables, err := r.Tables(ctx)
		if err == nil {
			err = vacant(ctx, r, tables)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", target.name, err)
		}
		return nil
	})
}
