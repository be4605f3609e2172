package engine

import (
	"strings"
	"testing"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/mirror"
)

// doubted is a desk whose create got no answer, and whose twin lost its mark to a person
// before anybody had seen it.
func doubted(t *testing.T) *desk {
	t.Helper()
	d := creator(t)
	q := d.ask(Create)
	d.issue[kanban.GitHub] = d.twin(q, d.issue[kanban.Jira])
	d.issue[kanban.GitHub].Marker = ""
	d.step(Created{Op: q.Op, Err: &connectors.Error{Kind: connectors.Unknown}})
	for range 100 {
		next := d.next()
		if next == nil {
			return d
		}
		if next.Kind != LookUp {
			t.Fatalf("asks for %+v", next)
		}
		d.step(LookedUp{Op: next.Op, Began: d.now, Issues: []connectors.Issue{d.issue[kanban.GitHub]}})
	}
	t.Fatal("looks for ever")
	return nil
}

func TestTwinWithoutItsMarkIsNotMadeAgain(t *testing.T) {
	t.Parallel()
	d := doubted(t)
	badge, ok := mirrorBadge(&d.card)
	if d.card.Mirror.State != mirror.Held || !ok || !strings.Contains(badge.Text, d.issue[kanban.GitHub].Key) {
		t.Errorf("the create is %+v, the badge says %q", d.card.Mirror, badge.Text)
	}
	if v := d.eng.Judge(d.issue[kanban.GitHub], &d.card); v != mirror.Wait {
		t.Errorf("the twin counts as %s, and would be mirrored itself", v)
	}
	d.now = d.now.Add(24 * time.Hour)
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "4"))
	if d.poll(kanban.Jira); d.card.Mirror.State != mirror.Held {
		t.Errorf("once the work has ended the create is %s: what is suspected would be forgotten", d.card.Mirror.State)
	}
}

func TestPersonSaysThatItIsNotTheTwin(t *testing.T) {
	t.Parallel()
	d := doubted(t)
	d.step(Approved{Ops: []string{d.card.Mirror.ID}, By: "olga"})
	q := d.ask(Create)
	d.step(Created{Op: q.Op, Err: &connectors.Error{Kind: connectors.Unknown}})
	for range 100 {
		next := d.next()
		if next.Kind == Create {
			return // what was looked at once does not hold it again
		}
		d.step(LookedUp{Op: next.Op, Began: d.now, Issues: []connectors.Issue{d.issue[kanban.GitHub]}})
	}
	t.Errorf("the create is %+v", d.card.Mirror)
}

func TestMarkThatIsPutBackTells(t *testing.T) {
	t.Parallel()
	d := doubted(t)
	d.issue[kanban.GitHub].Marker = d.card.Mirror.Mark
	d.step(Sighted{Issue: d.issue[kanban.GitHub]})
	if s := d.card.Mirror; s.State != mirror.Adopted || s.Issue != d.issue[kanban.GitHub].ID {
		t.Errorf("the create is %+v", s)
	}
}
