package runner

import (
	"cmp"
	"encoding/hex"
	"hash/fnv"

	"parley/connectors"
	"parley/sync/store"
)

// broken keeps the rows of an answer that could not be understood: people see them, and
// the rest of the page goes on. A row that is read well later leaves the quarantine.
func (rd *reading) broken(rows []connectors.Broken) []store.Quarantined {
	var out []store.Quarantined
	for _, b := range rows {
		h := fnv.New64a()
		_, _ = h.Write([]byte(b.Err.Error()))
		rd.Log.Warn("an issue could not be understood; the others go on", "tracker", rd.t.Name, "issue", b.Key, "error", b.Err)
		out = append(out, store.Quarantined{
			Tracker: rd.t.Name, Issue: cmp.Or(b.ID, b.Key), Key: b.Key, Fingerprint: hex.EncodeToString(h.Sum(nil)),
			Reason: b.Err.Error(), Tries: 1, At: rd.Now(),
		})
	}
	return out
}
