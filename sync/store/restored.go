package store

import (
	"context"
	"fmt"

	"parley/kanban"
)

// SettingRead begins the names of the settings that keep, per source, by which rules
// everything in it was read.
const SettingRead = "read "

// SettingRestored keeps from which backup the store was restored, see Restoring.
const SettingRestored = "restored"

// Unread forgets that everything in the sources was read: twins are created only after it was
// read from end to end again. How far each source was read by the fast poll stays.
func (r Rows) Unread(ctx context.Context) error {
	if err := r.Forget(ctx, SettingRead); err != nil {
		return err
	}
	_, err := r.tx.ExecContext(ctx, `DELETE FROM source WHERE tier = $1`, TierSweep)
	return wrap(err, "forget full readings")
}

// Unsettled lists the cards with a write or a create that is open, by their ids.
func (s *Store) Unsettled(ctx context.Context) ([]kanban.CardID, error) {
	ids, err := collect(ctx, s.db.Reader, column[kanban.CardID],
		`SELECT id FROM card WHERE creating = 1 OR id IN (SELECT card FROM op WHERE is_open = 1) ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("list cards with open writes: %w", err)
	}
	return ids, nil
}
