package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"parley/cmd/parley/internal/config"
	"parley/sync/store"
)

// settingMarks is the setting that keeps every key that marks were ever signed with: a
// token that is renewed must not make strangers of the issues created before.
const settingMarks = "mark_keys"

// markKeys gives the keys that prove which issues Parley has created, the one that signs
// first. They derive from secrets of the configuration, not from the store, so that a
// lost store still knows its own.
func markKeys(ctx context.Context, s *store.Store, c *config.Config) ([][]byte, error) {
	keys := derived(c)
	text, _, err := s.Setting(ctx, settingMarks)
	if err != nil {
		return nil, err
	}
	known := strings.Fields(text)
	for _, word := range known {
		key, err := hex.DecodeString(word)
		if err != nil {
			return nil, fmt.Errorf("read the keys of marks: %w", err)
		}
		if !slices.ContainsFunc(keys, func(k []byte) bool { return string(k) == string(key) }) {
			keys = append(keys, key)
		}
	}
	if len(keys) == len(known) {
		return keys, nil
	}
	words := make([]string, len(keys))
	for i, key := range keys {
		words[i] = hex.EncodeToString(key)
	}
	return keys, s.SetSetting(ctx, settingMarks, strings.Join(words, " "))
}

// derived gives the keys of the present configuration. A hash of a secret tells nothing
// of it, as tokens are long and random.
func derived(c *config.Config) [][]byte {
	var secrets []string
	if c.Sync.MarkerKey.Set() {
		secrets = append(secrets, c.Sync.MarkerKey.Reveal())
	}
	for _, j := range c.Jira {
		secrets = append(secrets, j.Token.Reveal())
	}
	for _, g := range c.GitHub {
		secrets = append(secrets, g.Token.Reveal())
	}
	var keys [][]byte
	for _, secret := range slices.Compact(secrets) {
		if sum := sha256.Sum256([]byte("parley marks\x00" + secret)); secret != "" {
			keys = append(keys, sum[:])
		}
	}
	return keys
}
