package mapping

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"parley/connectors"
)

// fingerprint hashes what the meaning of native values depends on: the
// configuration, and the ids and names that it is resolved against.
func fingerprint(c Config, dirs []connectors.Directory) string {
	type known struct {
		Tracker    string
		Statuses   []connectors.Status
		Priorities []connectors.Option
	}
	h := sha256.New()
	enc := json.NewEncoder(h)
	_ = enc.Encode(c) // plain data: neither this nor writing to a hash can fail
	for _, d := range dirs {
		_ = enc.Encode(known{d.Tracker, d.Statuses, d.Priorities})
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
