package runner

import (
	"context"
	"encoding/json"
	"fmt"

	"parley/sync/store"
)

// keepSetting remembers a value under a key. Where other processes work on the store as
// well it is refused once somebody else decides.
func (r *Runner) keepSetting(ctx context.Context, key, value string) error {
	if !r.desk {
		return r.Store.SetSetting(ctx, key, value)
	}
	_, err := r.put(ctx, store.Commit{Now: r.Now(), Settings: map[string]string{key: value}})
	return err
}

// keepJSON is keepSetting for what is kept as JSON; what names it in an error.
func (r *Runner) keepJSON(ctx context.Context, key, what string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write %s: %w", what, err)
	}
	return r.keepSetting(ctx, key, string(text))
}

// recallJSON reads into v what was kept by keepJSON. v stays as it is where nothing was, and
// found is false.
func (r *Runner) recallJSON(ctx context.Context, key, what string, v any) (found bool, err error) {
	text, found, err := r.Store.Setting(ctx, key)
	if err != nil || !found || text == "" {
		return false, err
	}
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return false, fmt.Errorf("read %s: %w", what, err)
	}
	return true, nil
}
