package engine

import (
	"testing"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/mirror"
)

// created lets a desk's twin be created and joined, a while after or, by a clock that
// is behind, before its source.
func created(t *testing.T, after time.Duration) *desk {
	t.Helper()
	d := newDesk(t, mirroring)
	d.eng.MarkKeys = [][]byte{[]byte("key")}
	d.issue[kanban.Jira].Status = statuses[1]
	d.card = d.lone(kanban.Jira)
	d.step(Unmatched{Tracker: "github"})
	q := d.ask(Create)
	twin := d.twin(q, d.issue[kanban.Jira])
	twin.Created = d.issue[kanban.Jira].Created.Add(after)
	d.issue[kanban.GitHub] = twin
	d.step(Created{Op: q.Op, Issue: twin})
	d.join()
	d.work()
	return d
}

// Trackers' clocks differ: the twin may seem to be the elder.
func TestTwinOfALateClockIsToldWhatWasAgreed(t *testing.T) {
	t.Parallel()
	d := created(t, -time.Minute)
	d.expect(kanban.FieldStatus, "doing", "2", "open + label:doing")
	if len(d.record.Conflicts) > 0 || d.card.Mirror == nil || d.card.Mirror.State != mirror.Done {
		t.Errorf("conflicts %+v, the create is %+v", d.record.Conflicts, d.card.Mirror)
	}
}

func TestPartedTwinIsNotCreatedAgain(t *testing.T) {
	t.Parallel()
	for _, after := range []time.Duration{time.Minute, -time.Minute} {
		d := created(t, after)
		keep, own, err := d.eng.Part(d.card, "olga", d.now)
		if err != nil {
			t.Fatalf("part: %v", err)
		}
		for _, c := range []Card{keep.Card, own.Card} {
			if rule, _, ok := d.eng.Mirrorable(&c); ok {
				t.Errorf("twin made %s after its source: a twin of %s would be created by %s", after, c.lead().Key, RuleKey(rule))
			}
		}
	}
}

func TestCreateIsResolvedAlsoWherePeopleWereQuicker(t *testing.T) {
	t.Parallel()
	d := creator(t)
	q := d.ask(Create)
	d.step(Created{Op: q.Op, Err: &connectors.Error{Kind: connectors.Unknown}})
	step, _, err := d.eng.Pair(d.card, d.lone(kanban.GitHub), Pairing{How: "hand", By: "olga", At: d.now}, d.now)
	if err != nil {
		t.Fatalf("pair: %v", err)
	}
	d.keep(step)
	for range 100 {
		next := d.next()
		if next == nil {
			break
		}
		if next.Kind == LookUp {
			d.step(LookedUp{Op: next.Op, Began: d.now})
			continue
		}
		d.step(d.perform(*next))
	}
	if s := d.card.Mirror; s.State != mirror.Cancelled {
		t.Errorf("the create is %s for ever, and keeps the container's own issues waiting", s.State)
	}
}

func TestRefusedCreateIsTriedAgainWhenItsSourceChanges(t *testing.T) {
	t.Parallel()
	d := creator(t)
	q := d.ask(Create)
	d.step(Created{Op: q.Op, Err: &connectors.Error{Kind: connectors.Invalid, Message: "a component is required"}})
	d.poll(kanban.Jira)
	if d.step(Unmatched{Tracker: "github"}); d.card.Mirror.State != mirror.Rejected {
		t.Fatalf("nothing has changed, and the create is %s", d.card.Mirror.State)
	}
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeLabel, "audit"))
	d.poll(kanban.Jira)
	d.step(Unmatched{Tracker: "github"})
	d.ask(Create)
}

func TestCreateIsLetGoOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t, mirroring)
	d.eng.MarkKeys, d.eng.Write = [][]byte{[]byte("key")}, false
	d.card = d.lone(kanban.Jira)
	d.step(Unmatched{Tracker: "github"})
	d.step(Approved{Ops: []string{d.card.Mirror.ID}, By: "olga"})
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "4"))
	d.poll(kanban.Jira)
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "2"))
	d.poll(kanban.Jira)
	d.step(Unmatched{Tracker: "github"})
	if q := d.next(); q != nil || d.card.Mirror.State != mirror.Held {
		t.Errorf("another create than the one let go is %s: %+v", d.card.Mirror.State, q)
	}
}

// What is read last before the request leaves counts, not what was planned on.
func TestNoTwinOfWhatChangedAtTheLastMoment(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*connectors.Issue){
		"restricted": func(i *connectors.Issue) { i.Labels = []string{"Security"} },
		"ended":      func(i *connectors.Issue) { i.Status = statuses[3] },
		"moved":      func(i *connectors.Issue) { i.Container = "FIN" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			config := board()
			config.Pairs[0].Mirror = mapping.MirrorBoth
			config.Visibility.RestrictedLabels = []string{"Security"}
			d.eng.Rules, _ = mapping.Compile(config, directories())
			d.eng.MarkKeys = [][]byte{[]byte("key")}
			d.card = d.lone(kanban.Jira)
			d.step(Unmatched{Tracker: "github"})
			d.ask(Create)
			now := d.issue[kanban.Jira]
			change(&now)
			if draft, err := d.eng.Draft(&d.card, now, connectors.Container{Key: "acme/pay"}); err == nil {
				t.Errorf("a twin %q would be created", draft.Title)
			}
		})
	}
}
