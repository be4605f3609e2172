package mapping

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"parley/connectors"
)

// kept counts the changes of what is remembered of a card: with another number all cards
// are gone through once more after an upgrade, as after a change of the configuration.
const kept = 2

// fingerprint hashes what the meaning of native values depends on: the
// configuration, and the ids and names that it is resolved against. Who may read a
// place belongs to it, for that decides which texts may be written there, and which
// priorities a project uses.
func fingerprint(c Config, dirs []connectors.Directory) string {
	type known struct {
		Tracker    string
		Statuses   []connectors.Status
		Priorities []connectors.Option
		Public     map[string]bool
		Web        string              `json:",omitempty"` // it decides which addresses are issues
		Schemes    map[string][]string `json:",omitempty"`
	}
	h := sha256.New()
	enc := json.NewEncoder(h)
	_ = enc.Encode(kept)
	_ = enc.Encode(c) // plain data: neither this nor writing to a hash can fail
	for _, d := range dirs {
		public, schemes := map[string]bool{}, map[string][]string{}
		for _, c := range d.Containers {
			public[c.Key] = c.Public
			if c.Priorities != nil {
				schemes[c.Key] = c.Priorities
			}
		}
		_ = enc.Encode(known{d.Tracker, d.Statuses, d.Priorities, public, d.Web, schemes})
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
