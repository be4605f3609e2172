package runner

import (
	"fmt"
	"sync"
	"time"

	"parley/kanban"
	"parley/sync/engine"
)

// Where more than every tenth change of a pair rule is in conflict, something is wrong
// that people should look at before more is written: a mapping, a clock, another bridge.
const (
	quarrelsEnough = 20
	quarrelShare   = 0.10
	quarrelFor     = time.Hour
)

// quarrels counts, per pair rule, the changes of the last hour and those in conflict.
type quarrels struct {
	mu sync.Mutex
	of map[string]*quarrel
}

type quarrel struct {
	since              time.Time
	changes, conflicts int
}

// note counts what a step recorded.
func (q *quarrels) note(rule string, rec engine.Record, now time.Time) {
	changes, conflicts := stirred(rec)
	q.add(rule, changes, conflicts, now)
}

// stirred counts the changes that a step recorded, and those in conflict.
func stirred(rec engine.Record) (changes, conflicts int) {
	for _, a := range rec.Activity {
		if a.Kind == engine.DidChange {
			changes++
		}
	}
	return changes, len(rec.Conflicts)
}

// add counts changes by a rule and those in conflict.
func (q *quarrels) add(rule string, changes, conflicts int, now time.Time) {
	if rule == "" || changes+conflicts == 0 {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.of == nil {
		q.of = map[string]*quarrel{}
	}
	n := q.of[rule]
	if n == nil || now.Sub(n.since) > quarrelFor {
		n = &quarrel{since: now}
		q.of[rule] = n
	}
	n.changes += changes
	n.conflicts += conflicts
}

// excess says that a rule's changes are in conflict too often, "" where they are not.
func (q *quarrels) excess(rule string, zone *time.Location) string {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := q.of[rule]
	if n == nil || n.conflicts < quarrelsEnough || float64(n.conflicts) <= quarrelShare*float64(n.changes+n.conflicts) {
		return ""
	}
	return fmt.Sprintf("%d of %d changes since %s were in conflict", n.conflicts, n.changes+n.conflicts, kanban.Moment(n.since, zone))
}

// settled forgets a rule's quarrels: a person has looked.
func (q *quarrels) settled(rule string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.of, rule)
}
