package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"parley/sync/store/internal/stored"
)

// Acquire takes a lease for ttl and gives its epoch, which grows with every
// taker. An owner that takes its own lease again makes its former epoch
// worthless. ErrHeld says who holds it.
func (s *Store) Acquire(ctx context.Context, name, owner string, ttl time.Duration, now time.Time) (int64, error) {
	epoch, err := one[int64](ctx, s.db.Writer, `INSERT INTO lease (name, owner, epoch, until_at) VALUES ($1, $2, 1, $3)
		ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, epoch = lease.epoch + 1, until_at = excluded.until_at,
			taken = lease.taken + CASE WHEN lease.owner IN ('', excluded.owner) THEN 0 ELSE 1 END
		WHERE lease.until_at <= $4 OR lease.owner = excluded.owner RETURNING epoch`,
		stored.Brief(name), stored.Brief(owner), stored.Micros(now.Add(ttl)), stored.Micros(now))
	if errors.Is(err, sql.ErrNoRows) {
		err = s.holder(ctx, name)
	}
	if err != nil {
		return 0, fmt.Errorf("acquire lease %s: %w", name, err)
	}
	return epoch, nil
}

// Lease is one that somebody holds, or held and has not given back.
type Lease struct {
	Name  string
	Owner string
	Epoch int64
	Until time.Time
}

// Leases lists those that begin so and were not given back, by name.
func (s *Store) Leases(ctx context.Context, prefix string) ([]Lease, error) {
	begin := stored.Brief(prefix)
	all, err := collect(ctx, s.db.Reader, func(row scanner) (l Lease, err error) {
		var until int64
		err = row.Scan(&l.Name, &l.Owner, &l.Epoch, &until)
		l.Until = stored.Moment(until)
		return l, err
	}, `SELECT name, owner, epoch, until_at FROM lease WHERE owner <> '' AND substr(name, 1, $1) = $2 ORDER BY name`, int64(utf8.RuneCountInString(begin)), begin)
	if err != nil {
		return nil, fmt.Errorf("list leases %.80q: %w", prefix, err)
	}
	return all, nil
}

// LeaseOf gives the lease of this name; ErrUnknown where nobody has it.
func (s *Store) LeaseOf(ctx context.Context, name string) (Lease, error) {
	l := Lease{Name: name}
	var until int64
	err := s.db.Reader.QueryRowContext(ctx, `SELECT owner, epoch, until_at FROM lease WHERE owner <> '' AND name = $1`, stored.Brief(name)).
		Scan(&l.Owner, &l.Epoch, &until)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrUnknown
	}
	if err != nil {
		return Lease{}, fmt.Errorf("look who has lease %.80q: %w", name, err)
	}
	l.Until = stored.Moment(until)
	return l, nil
}

// Takeovers counts how often a lease was taken from an owner that had not given it back.
func (s *Store) Takeovers(ctx context.Context) (int64, error) {
	n, err := one[int64](ctx, s.db.Reader, `SELECT CAST(COALESCE(SUM(taken), 0) AS BIGINT) FROM lease`)
	if err != nil {
		return 0, fmt.Errorf("count take-overs: %w", err)
	}
	return n, nil
}

// ForgetLeases forgets the leases that begin so and ran out before a moment, with their
// epochs: a name that may be used again must not be forgotten.
func (s *Store) ForgetLeases(ctx context.Context, prefix string, before time.Time) error {
	begin := stored.Brief(prefix)
	_, err := s.db.Writer.ExecContext(ctx, `DELETE FROM lease WHERE until_at < $1 AND substr(name, 1, $2) = $3`,
		stored.Micros(before), int64(utf8.RuneCountInString(begin)), begin)
	if err != nil {
		return fmt.Errorf("forget leases %.80q: %w", prefix, err)
	}
	return nil
}

// holder says in an ErrHeld who holds a lease.
func (s *Store) holder(ctx context.Context, name string) error {
	var held ErrHeld
	var until int64
	err := s.db.Writer.QueryRowContext(ctx, `SELECT owner, until_at FROM lease WHERE name = $1`, stored.Brief(name)).
		Scan(&held.Owner, &until)
	if err != nil {
		return err
	}
	held.Until = stored.Moment(until)
	return held
}

// Renew keeps a lease for another ttl from now; ErrFenced where it was taken or
// released since.
func (s *Store) Renew(ctx context.Context, name string, epoch int64, ttl time.Duration, now time.Time) error {
	n, err := affected(s.db.Writer.ExecContext(ctx, `UPDATE lease SET until_at = $3 WHERE name = $1 AND epoch = $2`,
		stored.Brief(name), epoch, stored.Micros(now.Add(ttl))))
	if err == nil && n == 0 {
		err = ErrFenced
	}
	if err != nil {
		return fmt.Errorf("renew lease %s: %w", name, err)
	}
	return nil
}

// Release gives a lease back; commits under its epoch are refused from then on.
// Releasing a lease that is no longer held does nothing.
func (s *Store) Release(ctx context.Context, name string, epoch int64) error {
	_, err := s.db.Writer.ExecContext(ctx, `UPDATE lease SET owner = '', until_at = 0, epoch = epoch + 1
		WHERE name = $1 AND epoch = $2`, stored.Brief(name), epoch)
	if err != nil {
		return fmt.Errorf("release lease %s: %w", name, err)
	}
	return nil
}
