package engine

import (
	"testing"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/reconcile"
)

// TestAHopThatSomebodyTookBackIsAnotherWrite has somebody put an issue back while a write
// leads it through Jira's workflow. The agreed value wins by the policy and goes over theirs:
// by a write of its own, for they had not seen it, and only once their edit is on record.
func TestAHopThatSomebodyTookBackIsAnotherWrite(t *testing.T) {
	t.Parallel()
	d := paired(t, func(c *mapping.PairConfig) {
		c.Conflict = map[kanban.Field]mapping.Policy{kanban.FieldStatus: mapping.PolicyGitHub}
	})
	d.edit(kanban.GitHub, "ben", "", to(kanban.ChangeState, "closed:completed"))
	d.poll(kanban.GitHub)
	for d.issue[kanban.Jira].Status.ID != "2" {
		d.step(d.perform(*d.next()))
	}
	first := d.lastOp().ID
	d.edit(kanban.Jira, "ana-7", "", to(kanban.ChangeStatus, "1"))
	d.fail = func(q Request) error {
		if q.Kind == Send && len(d.record.Conflicts) == 0 {
			t.Errorf("%s goes over an edit that is not on record", inWords(q))
		}
		return nil
	}
	d.work()
	d.expect(kanban.FieldStatus, "done", "4", "closed:completed")
	var took []string
	for _, e := range d.entries[kanban.Jira] {
		if e.Own {
			took = append(took, e.Op)
		}
	}
	if len(took) != 4 || took[0] != first || took[1] == first || took[1] != took[3] {
		t.Errorf("hops by %v, the first write was %s; want one by it, three by another\n%s", took, first, d.story())
	}
	if c := d.record.Conflicts; len(c) != 1 || c[0].Loser.Actor != "ana-7" {
		t.Errorf("on record: %+v", c)
	}
}

// TestAHopThatWasRefusedIsTakenAgain holds that a hop which the tracker did not take is no
// hop: the same write takes it later.
func TestAHopThatWasRefusedIsTakenAgain(t *testing.T) {
	t.Parallel()
	d := paired(t)
	d.edit(kanban.GitHub, "ben", "", to(kanban.ChangeState, "closed:completed"))
	d.poll(kanban.GitHub)
	refusals := 2
	d.fail = func(q Request) error {
		if q.Kind == Send && refusals > 0 {
			refusals--
			return &connectors.Error{Kind: connectors.Transient, Tracker: "jira", Doing: "move the issue"}
		}
		return nil
	}
	d.work()
	d.expect(kanban.FieldStatus, "done", "4", "closed:completed")
	if op := d.lastOp(); len(d.card.Ops) != 1 || op.State != reconcile.Finished {
		t.Errorf("not by one write:\n%s", d.story())
	}
}
