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
		if cause := context.Cause(ctx); cause != nil && ctx.Err() != nil {
			err = cause
		}
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
	return id, target.name, counts, err
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

// carry brings all rows over, looks whether they are the same, and lets people work there.
func (m Move) carry(ctx context.Context, source, target *grip, id string) ([]Count, error) {
	tables, err := tablesOf(ctx, source.Store)
	if err != nil {
		return nil, err
	}
	into, err := tablesOf(ctx, target.Store)
	if err != nil {
		return nil, err
	}
	if err := sameTables(tables, into); err != nil {
		return nil, err
	}
	for _, t := range tables {
		switch {
		case t.Name == tableLease:
		case t.Keyless || t.Name == "setting":
			err = m.replace(ctx, source, target, t)
		default:
			err = m.extend(ctx, source, target, t)
		}
		if err != nil {
			return nil, fmt.Errorf("carry table %s: %w", t.Name, err)
		}
	}
	counts, err := m.compare(ctx, source, target)
	if err != nil {
		return nil, err
	}
	return counts, m.arrive(ctx, source, target, tables, id)
}

// replace carries a small table at once, with what is the target's own left in its place.
func (m Move) replace(ctx context.Context, source, target *grip, t store.Table) error {
	if err := m.step("replace " + t.Name); err != nil {
		return err
	}
	held, err := target.Closed(ctx)
	if err != nil {
		return err
	}
	return target.Fill(ctx, func(to store.Rows) error {
		if err := to.Clear(ctx, t); err != nil {
			return err
		}
		l := load{into: to, table: t}
		err := source.Picture(ctx, func(from store.Rows) error {
			return from.Each(ctx, t, nil, 0, func(row []any) error {
				if own(t, row) {
					return nil
				}
				return l.add(ctx, row)
			})
		})
		if err == nil {
			err = l.flush(ctx)
		}
		if err != nil || t.Name != "setting" {
			return err
		}
		return to.Shut(ctx, held)
	})
}

// extend carries a table on from its last row in the target, one batch after the other.
func (m Move) extend(ctx context.Context, source, target *grip, t store.Table) error {
	var rows int64
	err := target.Picture(ctx, func(r store.Rows) (err error) {
		rows, err = r.Count(ctx, t)
		return err
	})
	for more := true; err == nil && more; {
		m.Tell(t.Name, rows)
		if err := m.step("extend " + t.Name); err != nil {
			return err
		}
		var n int64
		err = target.Fill(ctx, func(to store.Rows) (err error) {
			n, err = batch(ctx, source, to, t)
			return err
		})
		rows, more = rows+n, n == batchRows
	}
	m.Tell(t.Name, rows)
	return err
}

func batch(ctx context.Context, source *grip, to store.Rows, t store.Table) (n int64, err error) {
	last, err := to.Last(ctx, t)
	if err != nil {
		return 0, err
	}
	l := load{into: to, table: t}
	err = source.Picture(ctx, func(from store.Rows) error {
		return from.Each(ctx, t, last, batchRows, func(row []any) error {
			n++
			return l.add(ctx, row)
		})
	})
	if err != nil {
		return 0, err
	}
	return n, l.flush(ctx)
}

// compare looks at every row of both stores.
func (m Move) compare(ctx context.Context, source, target *grip) ([]Count, error) {
	was, err := m.counted(ctx, source)
	if err != nil {
		return nil, err
	}
	is, err := m.counted(ctx, target)
	if err != nil {
		return nil, err
	}
	if table := differ(was, is); table != "" {
		return nil, fmt.Errorf("%s is not the same in both stores: something else has written to one of them; "+
			"give the move up with parley migrate --abandon, and begin anew with an empty target", table)
	}
	return is, nil
}

// arrive ends the move in the target: whoever had the lease of the source is fenced there.
func (m Move) arrive(ctx context.Context, source, target *grip, tables []store.Table, id string) error {
	if err := m.step("arrive"); err != nil {
		return err
	}
	target.rest()
	return target.Fill(ctx, func(to store.Rows) error {
		for _, t := range tables {
			if t.Name != tableLease {
				continue
			}
			if err := leases(ctx, source, to, t, target.epoch); err != nil {
				return err
			}
		}
		if err := to.Set(ctx, settingArrived, id); err != nil {
			return err
		}
		return to.Shut(ctx, nil)
	})
}

// leases carries the epochs of all leases: they only ever grow.
func leases(ctx context.Context, source *grip, to store.Rows, t store.Table, least int64) error {
	if err := to.Clear(ctx, t); err != nil {
		return err
	}
	l := load{into: to, table: t}
	err := source.Picture(ctx, func(from store.Rows) error {
		return from.Each(ctx, t, nil, 0, func(row []any) error {
			row = renewed(t, row)
			if i := t.At("epoch"); i >= 0 {
				if n, ok := row[i].(int64); ok {
					row[i] = max(n, least+1)
				}
			}
			return l.add(ctx, row)
		})
	})
	if err != nil {
		return err
	}
	return l.flush(ctx)
}

// counted tells what a store holds now.
func (m Move) counted(ctx context.Context, g *grip) (counts []Count, err error) {
	err = g.Picture(ctx, func(r store.Rows) error {
		tables, err := r.Tables(ctx)
		if err == nil {
			counts, err = census(ctx, r, tables, m.Tell)
		}
		return err
	})
	return counts, err
}

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
