package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// SettingHold is the setting that keeps everybody from working with a store.
const SettingHold = "store hold"

// Hold says why nobody may work with a store for now, or for ever.
type Hold struct {
	Why   HoldKind  `json:"why"`
	ID    string    `json:"id"`    // of the move or restoring: two stores of one move have the same
	Other string    `json:"other"` // the other store, or the backup, by a name without secrets
	Since time.Time `json:"since"`
}

// HoldKind is the reason of a Hold.
type HoldKind string

// Reasons.
const (
	HoldLeaving   HoldKind = "leaving"   // the store is being moved into Other
	HoldArriving  HoldKind = "arriving"  // Other is being moved into this store
	HoldGone      HoldKind = "gone"      // the store was moved into Other
	HoldRestoring HoldKind = "restoring" // the backup Other is being restored into this store
)

// Error says what a person can do.
func (h Hold) Error() string {
	since := h.Since.UTC().Format(time.RFC3339)
	switch h.Why {
	case HoldLeaving:
		return fmt.Sprintf("the store is being moved to %s since %s: let parley migrate finish, repeat it with the same --from and --to if it was interrupted, or give the move up with parley migrate --abandon", h.Other, since)
	case HoldArriving:
		return fmt.Sprintf("%s is being moved into this store since %s, and only a part of it may be here: repeat parley migrate with the same --from and --to", h.Other, since)
	case HoldGone:
		return fmt.Sprintf("the store was moved to %s at %s, and what is here is not kept up: set [store] url to the new one", h.Other, since)
	default:
		return fmt.Sprintf("the backup %s is being restored into this store since %s and is not through: repeat parley restore with the same backup", h.Other, since)
	}
}

// Held gives the Hold on the store, nil where anybody may work with it.
func (s *Store) Held(ctx context.Context) (*Hold, error) {
	text, there, err := s.Setting(ctx, SettingHold)
	if err != nil || !there {
		return nil, err
	}
	var h Hold
	if err := json.Unmarshal([]byte(text), &h); err != nil {
		return nil, fmt.Errorf("read the hold on the store: %w", err)
	}
	return &h, nil
}

// Hold keeps everybody else from working with the store, in the same transaction; nil lets
// them again.
func (r Rows) Hold(ctx context.Context, h *Hold) error {
	if h == nil {
		return r.Forget(ctx, SettingHold)
	}
	text, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("write the hold on the store: %w", err)
	}
	return r.Set(ctx, SettingHold, string(text))
}
