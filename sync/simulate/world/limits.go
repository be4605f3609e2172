package world

import (
	"slices"
	"time"

	"parley/connectors"
)

// Jira's limits of writes to one issue.
const (
	writesShort = 20
	spanShort   = 2 * time.Second
	writesLong  = 100
	spanLong    = 30 * time.Second
)

// tooMany refuses a write to an issue that was written to too often of late.
func (q *request) tooMany(i *issue) error {
	now := q.h.w.now
	i.writes = slices.DeleteFunc(i.writes, func(t time.Time) bool { return !t.After(now.Add(-spanLong)) })
	short := 0
	for _, t := range i.writes {
		if t.After(now.Add(-spanShort)) {
			short++
		}
	}
	if short < writesShort && len(i.writes) < writesLong {
		i.writes = append(i.writes, now)
		return nil
	}
	q.h.w.count("limit per issue")
	e := q.fail(connectors.RateLimit, 429, "Too many writes to this issue.")
	e.Scope, e.RetryAt = "issue", now.Add(spanShort)
	if len(i.writes) >= writesLong {
		e.RetryAt = i.writes[0].Add(spanLong)
	}
	return e
}
