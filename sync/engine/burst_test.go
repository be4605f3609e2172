package engine

import (
	"fmt"
	"testing"
	"time"

	"parley/connectors"
	"parley/kanban"
)

func TestManyWritesToOneIssueKeepToJirasLimits(t *testing.T) {
	t.Parallel()
	d := paired(t, carrying(kanban.FieldLabels))
	var changes []connectors.Change
	for i := range 150 {
		changes = append(changes, to(kanban.ChangeLabel, fmt.Sprintf("label-%d", i)))
	}
	d.edit(kanban.GitHub, "ben", "", changes...)
	d.poll(kanban.GitHub)
	var sent []time.Time
	d.fail = func(q Request) error {
		d.now = d.now.Add(-time.Second) // the desk's trackers answer at once here
		if q.Kind == Send {
			sent = append(sent, d.now)
		}
		return nil
	}
	for range 2000 {
		q := d.next()
		if q == nil {
			break
		}
		before := d.now
		d.step(d.perform(*q))
		d.now = before.Add(10 * time.Millisecond)
	}
	if len(sent) != 150 {
		t.Fatalf("%d writes, want 150", len(sent))
	}
	for i := range sent {
		for _, limit := range []struct {
			n      int
			within time.Duration
		}{{20, 2 * time.Second}, {100, 30 * time.Second}} {
			if j := i + limit.n; j < len(sent) && sent[j].Sub(sent[i]) < limit.within {
				t.Fatalf("%d writes within %s", limit.n+1, sent[j].Sub(sent[i]))
			}
		}
	}
}
