package jira

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/connectors"
)

// Cloud looks up to 50 issues of a search up where they are kept, past the index, if it
// is told their ids. Without, a search may show a row as it was before our own write.
const (
	maxReconciled   = 50
	reconciledAfter = 10 * time.Minute // the index knows a write by then, or the slow readings will find it
)

// wrote remembers that an issue was written to, or may have been.
func (c *Client) wrote(ref connectors.Ref, err error) {
	id, bad := strconv.ParseInt(ref.ID, 10, 64)
	if bad != nil || err != nil && connectors.KindOf(err) != connectors.Unknown {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.written == nil {
		c.written = map[int64]time.Time{}
	}
	c.written[id] = c.config.Now()
	c.forgetWritten()
}

// forgetWritten drops the writes that the index knows by now. Hold the lock.
func (c *Client) forgetWritten() {
	now := c.config.Now()
	maps.DeleteFunc(c.written, func(_ int64, at time.Time) bool { return now.Sub(at) > reconciledAfter })
}

// reconciled gives the issues that were written to in the last minutes, the newest
// writes where those are too many, by their ids with commas. It forgets older ones.
func (c *Client) reconciled() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forgetWritten()
	ids := slices.SortedFunc(maps.Keys(c.written), func(a, b int64) int {
		return cmp.Or(c.written[b].Compare(c.written[a]), cmp.Compare(a, b))
	})
	ids = ids[:min(len(ids), maxReconciled)]
	slices.Sort(ids)
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(texts, ",")
}

// idList takes apart what reconciled has put together; what is no id there is left out.
func idList(text string) []int64 {
	var ids []int64
	for part := range strings.SplitSeq(text, ",") {
		if id, err := strconv.ParseInt(part, 10, 64); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}
