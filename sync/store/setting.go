package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"

	"parley/sync/store/internal/stored"
)

// SettingMapping is the setting that holds the fingerprint of the rules for which
// all cards were last touched.
const SettingMapping = "mapping"

// Setting gives what is remembered under a key; false where nothing is.
func (s *Store) Setting(ctx context.Context, key string) (string, bool, error) {
	value, err := one[string](ctx, s.db.Reader, `SELECT value FROM setting WHERE name = $1`, stored.Brief(key))
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("read setting %.80q: %w", key, err)
	}
	return value, true, nil
}

// SetSetting remembers a value under a key, instead of the one that was.
func (s *Store) SetSetting(ctx context.Context, key, value string) error {
	err := s.write(ctx, func(tx *sql.Tx) error { return s.settings(ctx, tx, map[string]string{key: value}) })
	if err != nil {
		return fmt.Errorf("write setting %.80q: %w", key, err)
	}
	return nil
}

// KeepSetting remembers a value under a key that has none yet, and gives the one that stands
// there: of several who do it at once all get the same.
func (s *Store) KeepSetting(ctx context.Context, key, value string) (string, error) {
	var stands string
	err := s.write(ctx, func(tx *sql.Tx) error {
		into := insertion{into: `setting (name, value)`, columns: 2, then: `ON CONFLICT (name) DO NOTHING`}
		if err := s.insert(ctx, tx, into, [][]any{{stored.Brief(key), stored.Clean(value)}}); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `SELECT value FROM setting WHERE name = $1`, stored.Brief(key)).Scan(&stands)
	})
	if err != nil {
		return "", fmt.Errorf("keep setting %.80q: %w", key, err)
	}
	return stands, nil
}

func intoSetting() insertion {
	return insertion{into: `setting (name, value)`, columns: 2, then: `ON CONFLICT (name) DO UPDATE SET value = excluded.value`}
}

// settings writes settings in the order of their keys: two commits that write the
// same ones must not wait for each other.
func (s *Store) settings(ctx context.Context, tx *sql.Tx, values map[string]string) error {
	rows := make([][]any, 0, len(values))
	for _, key := range slices.Sorted(maps.Keys(values)) {
		rows = append(rows, []any{stored.Brief(key), stored.Clean(values[key])})
	}
	return s.insert(ctx, tx, intoSetting(), stored.Last(rows, func(row []any) any { return row[0] }))
}
