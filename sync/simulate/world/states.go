package world

import (
	"errors"
	"time"

	"parley/connectors"
)

// errBroken is what is wrong with a row that cannot be read.
var errBroken = errors.New("decode issue: updated is missing")

// strike begins a state that lasts a while, of the issue of a request or of the
// container it is in; without an issue, of one that the request's list could show.
func (h *host) strike(q *request, i *issue) {
	switch q.fault {
	case MissingRow, BrokenRow, NoPermission, ReadOnly:
	default:
		return
	}
	if i == nil {
		i = h.anyIssue(q)
	}
	if i == nil || i.deleted() {
		return
	}
	r := q.struck()
	until := h.w.now.Add(upTo(r, 10*time.Minute))
	box := i.last().box
	switch q.fault {
	case MissingRow:
		h.hide(i, until)
	case BrokenRow:
		i.poisoned = until
	case NoPermission:
		box.hidden = until
		h.darken(box, until)
	case ReadOnly:
		box.archived = until
	}
}

// hide leaves an issue out of lists for a while, no longer than its last change may
// be late in them, unless lags are unbounded.
func (h *host) hide(i *issue, until time.Time) {
	if latest := i.now().at.Add(h.overlap - staleMost); !h.w.opts.Swarm.LongLag && until.After(latest) {
		until = latest
	}
	if until.After(i.hidden) {
		i.hidden = until
	}
}

// darken takes a project out of searches, which at Jira are then silently shorter. A
// repository's list fails instead.
func (h *host) darken(b *container, until time.Time) {
	if h.kind != connectors.Jira {
		return
	}
	for _, i := range h.w.issues {
		if i.kind == connectors.Jira && i.last().box == b {
			h.hide(i, until)
		}
	}
}

// anyIssue is some issue of the host that Parley reads.
func (h *host) anyIssue(q *request) *issue {
	r := h.w.chance(streamReplica, uint64(q.n), 1)
	for range 8 {
		if i := pick(r, h.w.issues); i.kind == h.kind && i.last().box.read {
			return i
		}
	}
	return nil
}
