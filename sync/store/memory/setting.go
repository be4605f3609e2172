package memory

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"parley/sync/store/internal/stored"
)

// Setting gives what is remembered under a key; false where nothing is.
func (s *Store) Setting(ctx context.Context, key string) (string, bool, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return "", false, fmt.Errorf("read setting %.80q: %w", key, err)
	}
	value, ok := s.settings[stored.Brief(key)]
	return value, ok, nil
}

// Settings gives all that is remembered under keys that begin with prefix, by key.
func (s *Store) Settings(ctx context.Context, prefix string) (map[string]string, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("read settings %.80q: %w", prefix, err)
	}
	out := maps.Clone(s.settings)
	maps.DeleteFunc(out, func(key, _ string) bool { return !strings.HasPrefix(key, prefix) })
	return out, nil
}

// SetSetting remembers a value under a key, instead of the one that was.
func (s *Store) SetSetting(ctx context.Context, key, value string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("write setting %.80q: %w", key, err)
	}
	s.writeSettings(map[string]string{key: value})
	return nil
}

// KeepSetting remembers a value under a key that has none yet, and gives the one that stands
// there.
func (s *Store) KeepSetting(ctx context.Context, key, value string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return "", fmt.Errorf("keep setting %.80q: %w", key, err)
	}
	if _, ok := s.settings[stored.Brief(key)]; !ok {
		s.writeSettings(map[string]string{key: value})
	}
	return s.settings[stored.Brief(key)], nil
}

func (t *tables) writeSettings(values map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(values)) {
		t.settings[stored.Brief(key)] = stored.Clean(values[key])
	}
}
