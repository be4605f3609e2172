package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"parley/sync/store/internal/stored"
)

// SavePlan keeps a plan under its hash, which is found in any case. Only the newest
// stored.MaxPlans are kept. Saving a plan again makes it newer at most.
func (s *Store) SavePlan(ctx context.Context, hash string, items []byte, at time.Time) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO plan (hash, items, at) VALUES ($1, $2, $3)
			ON CONFLICT (hash) DO UPDATE SET items = excluded.items, at = excluded.at WHERE plan.at <= excluded.at`,
			stored.Fold(hash), append([]byte{}, items...), stored.Micros(at))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM plan WHERE hash NOT IN
			(SELECT hash FROM plan ORDER BY at DESC, hash DESC LIMIT $1)`, int64(stored.MaxPlans))
		return err
	})
	if err != nil {
		return fmt.Errorf("save plan %.80q: %w", hash, err)
	}
	return nil
}

// PlanOf gives the items of a plan and when it was made. A beginning of its hash
// that no other plan has will do if it has stored.MinPrefix characters. ErrUnknown
// or ErrAmbiguous where that fails.
func (s *Store) PlanOf(ctx context.Context, hash string) ([]byte, time.Time, error) {
	type plan struct {
		hash  string
		items []byte
		at    int64
	}
	name, end := stored.PlanName(hash)
	plans, err := collect(ctx, s.db.Reader, func(row scanner) (p plan, err error) {
		err = row.Scan(&p.hash, &p.items, &p.at)
		return p, err
	}, `SELECT hash, items, at FROM plan WHERE hash = $1 OR (hash >= $1 AND hash < $2) ORDER BY hash LIMIT 2`, name, end)
	switch {
	case err != nil:
	case len(plans) == 0:
		err = ErrUnknown
	case len(plans) > 1 && plans[0].hash != name: // the whole hash sorts before all that it begins
		err = fmt.Errorf("%w plan; write more of its hash", ErrAmbiguous)
	}
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("find plan %.80q: %w", hash, err)
	}
	return plans[0].items, stored.Moment(plans[0].at), nil
}
