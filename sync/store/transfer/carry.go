package transfer

import (
	"context"
	"fmt"

	"parley/sync/store"
)

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
