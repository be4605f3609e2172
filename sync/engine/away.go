package engine

import (
	"fmt"
	"slices"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/reconcile"
)

// An issue that cannot be read may be deleted, moved or hidden, and Parley's account may
// have lost a permission: absence proves nothing. It counts as gone only after several
// reads by its id over a day, while another issue of the same project or repository
// can be read.
const (
	awayReads = 3
	awayFor   = 24 * time.Hour
	awayRetry = 6 * time.Hour // the longest pause between two reads
	// One that counts as deleted is read again after as long as it was away, at most
	// that long: a permission may be given back without a trace in any list.
	goneRetry = 30 * 24 * time.Hour
)

// Away says since when an issue cannot be read.
type Away struct {
	Since time.Time            `json:"since"`
	Reads int                  `json:"reads"` // by id, all in vain
	Kind  connectors.ErrorKind `json:"kind"`
	// Gone says that it counts as deleted: nothing is written to it, nor to its twin
	// because of it. It comes back by being seen again.
	Gone bool `json:"gone,omitempty"`
}

// miss takes in a read by id that did not find the issue. witness says that another
// issue of the same container can be read.
func (t *turn) miss(s kanban.Side, err error, witness bool) {
	kind := connectors.KindOf(err)
	if !absent(kind) {
		return
	}
	side := t.card.Sides[s]
	away := Away{Since: t.now}
	if side.Away != nil {
		away = *side.Away
	}
	away.Reads++
	away.Kind = kind
	was := away.Gone
	away.Gone = was || kind == connectors.Gone || kind != connectors.Forbidden && witness && away.Reads >= awayReads && t.now.Sub(away.Since) >= awayFor
	side.Away = &away
	side.Problem.Until = latest(side.Problem.Until, t.now.Add(away.pause(t.now)))
	if kind == connectors.Gone {
		side.Need = NeedNothing // the tracker has said so
	}
	if away.Gone && !was {
		t.log(Activity{Kind: DidLose, Side: s.String(), Text: fmt.Sprintf("%s counts as deleted; its twin is left as it is", side.Issue.Key)})
	}
}

// absent reports whether a failure says that an issue cannot be seen.
func absent(k connectors.ErrorKind) bool { return away(k) || k == connectors.Forbidden }

// pause is how long an issue is left in peace before it is read again.
func (a Away) pause(now time.Time) time.Duration {
	if a.Gone {
		return min(max(now.Sub(a.Since), awayRetry), goneRetry)
	}
	return min(time.Minute<<min(a.Reads-1, 10), awayRetry)
}

// gone reports whether a side's issue counts as deleted.
func (t *turn) gone(s kanban.Side) bool { return t.card.gone(s) }

func (c *Card) gone(s kanban.Side) bool {
	side := c.Sides[s]
	return side != nil && side.Away != nil && side.Away.Gone
}

// Deleted names an issue of the card that counts as deleted.
func (c *Card) Deleted() (key string, deleted bool) {
	for _, s := range kanban.Sides {
		if c.gone(s) {
			return c.Sides[s].Issue.Key, true
		}
	}
	return "", false
}

// letGo closes the writes to an issue that counts as deleted, or is another one by now.
func (t *turn) letGo(s kanban.Side) {
	for i := range t.card.Ops {
		switch op := &t.card.Ops[i]; {
		case op.Side != s || !op.State.Open():
		case op.State.Sent():
			t.close(op, reconcile.Dead)
		default:
			t.close(op, reconcile.Cancelled)
		}
	}
}

// Missing says that a full reading of a source did not bring a side's issue. It proves
// nothing but is worth a read by id.
type Missing struct{ Side kanban.Side }

func (m Missing) apply(t *turn) {
	if side := t.card.Sides[m.Side]; side != nil && side.Need == NeedNothing && !t.gone(m.Side) {
		side.Need = NeedRead
	}
}

// Reappeared says that a slow reading has brought a side's issue that could not be read. A
// list may be old and proves nothing either, but the issue is read by its id at once.
type Reappeared struct{ Side kanban.Side }

func (r Reappeared) apply(t *turn) {
	side := t.card.Sides[r.Side]
	if !side.Missed() {
		return
	}
	if side.Need == NeedNothing {
		side.Need = NeedRead
	}
	if p := side.Problem; p != nil && absent(p.Kind) {
		hurried := *p
		hurried.Until = t.now
		side.Problem = &hurried
	}
}

// Missed reports whether an issue cannot be read and may yet come back: a tracker that
// calls it deleted is believed.
func (s *Side) Missed() bool { return s != nil && s.Away != nil && s.Away.Kind != connectors.Gone }

// forsaken reports whether no issue of the card is left that could be written to.
func (t *turn) forsaken() bool {
	for _, s := range kanban.Sides {
		if t.card.Sides[s] != nil && !t.gone(s) {
			return false
		}
	}
	return true
}

// Lost counts the sides of a card that cannot be read.
func (c *Card) Lost() []kanban.Side {
	return slices.DeleteFunc(slices.Clone(kanban.Sides[:]), func(s kanban.Side) bool {
		return c.Sides[s] == nil || c.Sides[s].Away == nil
	})
}
