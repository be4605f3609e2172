package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// SettingClosed is the setting that keeps everybody from working with a store.
const SettingClosed = "store closed"

// Closed says why nobody may work with a store for now, or for ever.
type Closed struct {
	Why   ClosedKind `json:"why"`
	ID    string     `json:"id"`    // of the move or restoring: two stores of one move have the same
	Other string     `json:"other"` // the other store, or the backup, by a name without secrets
	Since time.Time  `json:"since"`
}

// ClosedKind is the reason for which a store is closed.
type ClosedKind string

// Reasons.
const (
	ClosedLeaving   ClosedKind = "leaving"   // the store is being moved into Other
	ClosedArriving  ClosedKind = "arriving"  // Other is being moved into this store
	ClosedGone      ClosedKind = "gone"      // the store was moved into Other
	ClosedRestoring ClosedKind = "restoring" // the backup Other is being restored into this store
)

// Error says what a person can do.
func (c Closed) Error() string {
	since := c.Since.UTC().Format(time.RFC3339)
	switch c.Why {
	case ClosedLeaving:
		return fmt.Sprintf("the store is being moved to %s since %s: let parley migrate finish, repeat it with the same --from and --to if it was interrupted, or give the move up with parley migrate --abandon", c.Other, since)
	case ClosedArriving:
		return fmt.Sprintf("%s is being moved into this store since %s, and only a part of it may be here: repeat parley migrate with the same --from and --to", c.Other, since)
	case ClosedGone:
		return fmt.Sprintf("the store was moved to %s at %s, and what is here is not kept up: set [store] url to the new one", c.Other, since)
	default:
		return fmt.Sprintf("the backup %s is being restored into this store since %s and is not through: repeat parley restore with the same backup", c.Other, since)
	}
}

// Closed gives why the store is closed, nil where anybody may work with it.
func (s *Store) Closed(ctx context.Context) (*Closed, error) {
	text, there, err := s.Setting(ctx, SettingClosed)
	if err != nil || !there {
		return nil, err
	}
	var c Closed
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return nil, fmt.Errorf("read why the store is closed: %w", err)
	}
	return &c, nil
}

// Shut keeps everybody else from working with the store, in the same transaction; nil lets
// them again.
func (r Rows) Shut(ctx context.Context, c *Closed) error {
	if c == nil {
		return r.Forget(ctx, SettingClosed)
	}
	text, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("write why the store is closed: %w", err)
	}
	return r.Set(ctx, SettingClosed, string(text))
}
