package engine

import (
	"testing"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/mirror"
)

func mirroring(p *mapping.PairConfig) { p.Mirror = mapping.MirrorBoth }

// creator is a desk with a Jira issue that nobody names as a twin.
func creator(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t, mirroring)
	d.eng.MarkKeys = [][]byte{[]byte("key")}
	d.card = d.lone(kanban.Jira)
	d.step(Unmatched{Tracker: "github"})
	if d.card.Mirror == nil || d.card.Mirror.State != mirror.Planned {
		t.Fatalf("no create is planned: %+v", d.card.Mirror)
	}
	return d
}

// ask expects the next request to be of a kind.
func (d *desk) ask(kind RequestKind) Request {
	d.t.Helper()
	q := d.next()
	if q == nil || q.Kind != kind {
		d.t.Fatalf("asked for %+v, want %s", q, kind)
	}
	return *q
}

// twin is the issue that a request creates.
func (d *desk) twin(q Request, source connectors.Issue) connectors.Issue {
	d.t.Helper()
	draft, err := d.eng.Draft(&d.card, source, connectors.Container{Key: q.Ref.Container})
	if err != nil {
		d.t.Fatalf("draft: %v", err)
	}
	i := d.issue[q.Side]
	i.Title, i.Body, i.Marker, i.Own, i.Created, i.Updated = draft.Title, draft.Body, draft.Marker, true, d.now, d.now
	return i
}

// join makes one card of the source's and the twin's.
func (d *desk) join() {
	d.t.Helper()
	step, _, err := d.eng.Pair(d.card, d.lone(kanban.GitHub), Pairing{How: HowMirror, At: d.now}, d.now)
	if err != nil {
		d.t.Fatalf("pair: %v", err)
	}
	d.keep(step)
}

func TestTwinIsCreatedAndToldWhatWasAgreed(t *testing.T) {
	t.Parallel()
	d := newDesk(t, mirroring)
	d.eng.MarkKeys = [][]byte{[]byte("key")}
	d.issue[kanban.Jira].Status = statuses[1]
	d.card = d.lone(kanban.Jira)
	d.step(Unmatched{Tracker: "github"})
	q := d.ask(Create)
	d.issue[kanban.GitHub] = d.twin(q, d.issue[kanban.Jira])
	d.step(Created{Op: q.Op, Issue: d.issue[kanban.GitHub]})
	d.join()
	d.work()
	d.expect(kanban.FieldStatus, "doing", "2", "open + label:doing")
	d.expect(kanban.FieldPriority, "medium", "23", "label:p-medium")
	if len(d.record.Conflicts) > 0 {
		t.Errorf("conflicts %+v", d.record.Conflicts)
	}
}

func TestQuickPersonOnAFreshTwinIsNotOverwrittenSilently(t *testing.T) {
	t.Parallel()
	d := creator(t)
	q := d.ask(Create)
	d.issue[kanban.GitHub] = d.twin(q, d.issue[kanban.Jira])
	d.edit(kanban.GitHub, "ben", "", to(kanban.ChangeLabel, "review"))
	d.step(Created{Op: q.Op, Issue: d.issue[kanban.GitHub]})
	d.join()
	d.work()
	if len(d.record.Conflicts) != 1 || d.record.Conflicts[0].Winner.Value != "review" && d.record.Conflicts[0].Loser.Value != "review" {
		t.Errorf("conflicts %+v; want Ben's review in one", d.record.Conflicts)
	}
}

func TestLostAnswerIsLookedForAndFound(t *testing.T) {
	t.Parallel()
	d := creator(t)
	q := d.ask(Create)
	d.issue[kanban.GitHub] = d.twin(q, d.issue[kanban.Jira])
	d.step(Created{Op: q.Op, Err: &connectors.Error{Kind: connectors.Unknown}})
	for i := range 3 {
		look := d.ask(LookUp)
		ev := LookedUp{Op: look.Op, Began: d.now}
		if i == 2 {
			ev.Issues = []connectors.Issue{d.issue[kanban.GitHub]}
		}
		d.now = d.now.Add(time.Second)
		d.step(ev)
	}
	if s := d.card.Mirror; s.State != mirror.Adopted || s.Issue != "77" || s.Attempts != 1 {
		t.Errorf("the create is %+v", s)
	}
}

func TestCreateIsSentAgainOnlyAfterTheHorizon(t *testing.T) {
	t.Parallel()
	d := creator(t)
	began := d.now
	q := d.ask(Create)
	d.step(Created{Op: q.Op, Err: &connectors.Error{Kind: connectors.Unknown}})
	for range 100 {
		next := d.next()
		if next.Kind == Create {
			break
		}
		d.step(LookedUp{Op: next.Op, Began: d.now})
	}
	if waited := d.now.Sub(began); d.card.Mirror.Attempts != 2 || waited < mirror.LateDefault+mirror.VisibleGitHub {
		t.Errorf("sent %d times, again after %s", d.card.Mirror.Attempts, waited)
	}
}

func TestNobodysTwinIsCreated(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*desk){
		"the work has ended":          func(d *desk) { d.issue[kanban.Jira].Status = statuses[3] },
		"the status is not mapped":    func(d *desk) { d.issue[kanban.Jira].Status = statuses[4] },
		"it is a mirror itself":       func(d *desk) { d.issue[kanban.Jira].Own, d.issue[kanban.Jira].Marker = true, "v1 m=x" },
		"no rule asks for it":         func(d *desk) { d.compile(false) },
		"only the other way is asked": func(d *desk) { d.compile(false, func(p *mapping.PairConfig) { p.Mirror = mapping.MirrorGitHubToJira }) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, mirroring)
			d.eng.MarkKeys = [][]byte{[]byte("key")}
			change(d)
			d.card = d.lone(kanban.Jira)
			if d.step(Unmatched{Tracker: "github"}); d.card.Mirror != nil {
				t.Errorf("planned %+v", d.card.Mirror)
			}
		})
	}
}

func TestPlannedCreateIsGivenUpWhenTheWorkEnds(t *testing.T) {
	t.Parallel()
	d := creator(t)
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "4"))
	if d.poll(kanban.Jira); d.card.Mirror.State != mirror.Cancelled {
		t.Errorf("the create is %s", d.card.Mirror.State)
	}
	if q := d.next(); q != nil {
		t.Errorf("asks for %+v", q)
	}
}

func TestPlanModeCreatesNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t, mirroring)
	d.eng.MarkKeys, d.eng.Write = [][]byte{[]byte("key")}, false
	d.card = d.lone(kanban.Jira)
	d.step(Unmatched{Tracker: "github"})
	if q := d.next(); q != nil || d.card.Mirror.State != mirror.Held {
		t.Errorf("asks for %+v, the create is %s", q, d.card.Mirror.State)
	}
	d.step(Approved{Ops: []string{d.card.Mirror.ID}, By: "olga"})
	d.ask(Create)
}

func TestCreatedTwinGetsWhatItsSourceHas(t *testing.T) {
	t.Parallel()
	change := func(p *mapping.PairConfig) {
		mirroring(p)
		carrying(kanban.FieldTitle, kanban.FieldDue, kanban.FieldLabels, kanban.FieldAssignees)(p)
	}
	d := newDesk(t, change)
	d.eng.MarkKeys = [][]byte{[]byte("key")}
	source := &d.issue[kanban.Jira]
	source.Labels, source.Due, source.Assignees = []string{"audit"}, "2026-12-01", []connectors.Person{{ID: "ana-7"}}
	d.card = d.lone(kanban.Jira)
	d.step(Unmatched{Tracker: "github"})
	q := d.ask(Create)
	d.issue[kanban.GitHub] = d.twin(q, *source)
	d.step(Created{Op: q.Op, Issue: d.issue[kanban.GitHub]})
	d.join()
	d.work()
	equal(t, "the twin's labels", d.issue[kanban.GitHub].Labels, "audit", "due:2026-12-01")
	if p := d.issue[kanban.GitHub].Assignees; len(p) != 1 || p[0].ID != "ana" {
		t.Errorf("the twin is assigned to %v", p)
	}
	if len(d.record.Conflicts) > 0 {
		t.Errorf("conflicts %+v", d.record.Conflicts)
	}
}
