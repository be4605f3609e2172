package engine

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/reconcile"
)

// scene is an edit somebody makes and what has to come of it.
type scene struct {
	name         string
	make         func(*desk)
	asked        []string
	field        kanban.Field
	agreed       kanban.Value
	jira, github kanban.Native
	stopsHalfway bool // takes several requests
}

func scenes() []scene {
	return []scene{
		{name: "Jira priority", field: kanban.FieldPriority, agreed: "high", jira: "22", github: "label:p-high",
			make: func(d *desk) {
				d.edit(kanban.GitHub, "ben", "", to(kanban.ChangeLabel, "p-high"))
				d.poll(kanban.GitHub)
			},
			asked: []string{"recount github", "read jira", "send jira 22"}},
		{name: "Jira status over three hops", field: kanban.FieldStatus, agreed: "done", jira: "4", github: "closed:completed", stopsHalfway: true,
			make: func(d *desk) {
				d.edit(kanban.GitHub, "ben", "", to(kanban.ChangeState, "closed:completed"))
				d.poll(kanban.GitHub)
			},
			asked: []string{"recount github", "read jira", "route jira", "send jira to-2", "route jira", "send jira to-3", "route jira", "send jira to-4", "read jira"}},
		{name: "GitHub labels in two requests", field: kanban.FieldStatus, agreed: "review", jira: "3", github: "open + label:review", stopsHalfway: true,
			make: func(d *desk) {
				d.edit(kanban.GitHub, "ben", "", to(kanban.ChangeLabel, "doing"))
				d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "2"))
				d.poll(kanban.GitHub)
				d.poll(kanban.Jira)
				d.work()
				d.asked, d.sent = nil, 0
				d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "3"))
				d.poll(kanban.Jira)
			},
			asked: []string{"read github", "send github +review", "send github -doing", "recount github"}},
		{name: "GitHub label and state", field: kanban.FieldStatus, agreed: "done", jira: "4", github: "closed:completed", stopsHalfway: true,
			make: func(d *desk) {
				d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "2"))
				d.poll(kanban.Jira)
				d.work()
				d.asked, d.sent = nil, 0
				d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "4"))
				d.poll(kanban.Jira)
			},
			asked: []string{"read github", "send github -doing", "send github closed completed", "recount github"}},
	}
}

func TestLifeOfAWrite(t *testing.T) {
	t.Parallel()
	for _, c := range scenes() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := paired(t)
			c.make(d)
			d.work()
			if diff := cmp.Diff(c.asked, d.asked); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
			d.expect(c.field, c.agreed, c.jira, c.github)
			if op := d.lastOp(); op.State != reconcile.Finished || op.Closed.IsZero() {
				t.Errorf("the write is %+v", op)
			}
			d.asked = nil
			d.poll(kanban.Jira)
			d.poll(kanban.GitHub)
			if d.work(); len(d.asked) > 0 {
				t.Errorf("at rest it asks %v (P14)", d.asked)
			}
		})
	}
}

// TestCrashAnywhere is P7: a process that ends before or after any request, knowing
// nothing but the stored card, comes to the same end.
func TestCrashAnywhere(t *testing.T) {
	t.Parallel()
	for _, c := range scenes() {
		for at := range len(c.asked) {
			for _, landed := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, request %d, took effect %v", c.name, at, landed), func(t *testing.T) {
					t.Parallel()
					d := paired(t)
					c.make(d)
					for range at {
						d.step(d.perform(*d.next()))
					}
					if q := d.next(); landed {
						d.perform(*q)
					}
					d.step(Resumed{})
					d.poll(kanban.Jira) // others go on reading meanwhile
					d.poll(kanban.GitHub)
					d.work()
					d.expect(c.field, c.agreed, c.jira, c.github)
					if len(d.record.Conflicts) > 0 || d.card.Field(c.field).Frozen != reconcile.Thawed {
						t.Errorf("conflicts %+v, frozen %q", d.record.Conflicts, d.card.Field(c.field).Frozen)
					}
				})
			}
		}
	}
}

// TestFailuresAnywhere lets every request in turn fail in every way that says nothing
// happened or nobody knows.
func TestFailuresAnywhere(t *testing.T) {
	t.Parallel()
	for _, kind := range []connectors.ErrorKind{connectors.RateLimit, connectors.Transient, connectors.Unknown, connectors.Malformed, connectors.Conflict, connectors.NotFound, connectors.Auth} {
		for _, c := range scenes() {
			for at := range len(c.asked) {
				t.Run(fmt.Sprintf("%s, %s, request %d", kind, c.name, at), func(t *testing.T) {
					t.Parallel()
					d := paired(t)
					c.make(d)
					n := 0
					d.fail = func(Request) error {
						if n++; n-1 == at {
							return &connectors.Error{Kind: kind, Tracker: "x", Doing: "try"}
						}
						return nil
					}
					d.work()
					d.poll(kanban.Jira)
					d.poll(kanban.GitHub)
					d.work()
					d.expect(c.field, c.agreed, c.jira, c.github)
					if state := d.card.Field(c.field); state.Frozen != reconcile.Thawed || len(d.record.Conflicts) > 0 {
						t.Errorf("frozen %q, conflicts %+v\n%s", state.Frozen, d.record.Conflicts, d.story())
					}
				})
			}
		}
	}
}

// TestEffectWithoutAnswer: the request arrived, the answer did not (timeout).
func TestEffectWithoutAnswer(t *testing.T) {
	t.Parallel()
	for _, c := range scenes() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := paired(t)
			c.make(d)
			d.deaf = func(q Request) error {
				if q.Kind == Send {
					return &connectors.Error{Kind: connectors.Unknown, Tracker: "x", Doing: "try"}
				}
				return nil
			}
			want := 0
			for _, a := range c.asked {
				if len(a) > 4 && a[:4] == "send" {
					want++
				}
			}
			d.work()
			d.expect(c.field, c.agreed, c.jira, c.github)
			if d.sent != want {
				t.Errorf("%d requests were sent, want %d: what arrived is not sent again\n%s", d.sent, want, d.story())
			}
		})
	}
}

func TestEachKindOfNo(t *testing.T) {
	t.Parallel()
	retry := monday.Add(time.Hour)
	for _, c := range []struct {
		kind    connectors.ErrorKind
		state   reconcile.OpState
		refused bool
		problem bool // the side rests
		next    string
	}{
		{kind: connectors.Invalid, state: reconcile.Rejected, refused: true},
		{kind: connectors.Forbidden, state: reconcile.Rejected, refused: true},
		{kind: connectors.RateLimit, state: reconcile.Planned, problem: true, next: "read jira"},
		{kind: connectors.Auth, state: reconcile.Planned, problem: true, next: "read jira"},
		{kind: connectors.Transient, state: reconcile.Planned, problem: true, next: "read jira"},
		{kind: connectors.Conflict, state: reconcile.Planned, next: "read jira"},
		{kind: connectors.NotFound, state: reconcile.Planned, problem: true, next: "read jira"},
		{kind: connectors.Gone, state: reconcile.Planned, problem: true, next: "read jira"},
		{kind: connectors.Moved, state: reconcile.Planned, problem: true, next: "read jira"},
		{kind: connectors.Unknown, state: reconcile.Uncertain, next: "read jira"},
		{kind: connectors.Malformed, state: reconcile.Uncertain, next: "read jira"},
	} {
		t.Run(string(c.kind), func(t *testing.T) {
			t.Parallel()
			d := paired(t)
			scenes()[0].make(d)
			var q *Request
			for q = d.next(); q.Kind != Send; q = d.next() {
				d.step(d.perform(*q))
			}
			d.step(Answered{Op: q.Op, Err: &connectors.Error{Kind: c.kind, Tracker: "jira", Doing: "set priority", RetryAt: retry, Hint: "do something"}})
			op, side := d.lastOp(), d.card.Sides[kanban.Jira]
			if op.State != c.state || op.Problem == "" || (side.Problem != nil) != c.problem {
				t.Errorf("write %+v, problem %+v", op, side.Problem)
			}
			if got := d.card.Priority.Sides[kanban.Jira].Refused != nil; got != c.refused {
				t.Errorf("refused: %v", got)
			}
			if c.problem && side.Problem.Until.Before(retry) {
				t.Errorf("the side is left in peace until %v, the tracker said %v", side.Problem.Until, retry)
			}
			got := ""
			if q := d.next(); q != nil {
				got = inWords(*q)
			}
			if got != c.next {
				t.Errorf("asks %q next, want %q", got, c.next)
			}
			if c.problem && d.now.Before(retry) {
				t.Errorf("asked at %v, before %v", d.now, retry)
			}
		})
	}
}

func TestAnswersToNobody(t *testing.T) {
	t.Parallel()
	d := paired(t)
	before := d.card
	for _, ev := range []Event{
		Answered{Op: "never", Err: errors.New("x")}, Routed{Op: "never"}, Recounted{Side: kanban.Jira},
		Resumed{},
	} {
		d.step(ev)
		if d.card.Rev != before.Rev || len(d.card.Ops) != 0 {
			t.Errorf("%T changed the card", ev)
		}
	}
	lone := d.eng.Step(d.lone(kanban.Jira), Recounted{Side: kanban.GitHub}, d.now).Card
	lone = d.eng.Step(lone, Failed{Side: kanban.GitHub, Err: errors.New("x")}, d.now).Card
	if lone.Sides[kanban.GitHub] != nil {
		t.Error("a side came out of nothing")
	}
}

func TestPlanModeHoldsEverything(t *testing.T) {
	t.Parallel()
	d := paired(t)
	d.eng.Write = false
	scenes()[0].make(d)
	d.work()
	if d.sent != 0 || d.lastOp().State != reconcile.Held {
		t.Errorf("sent %d, write %+v", d.sent, d.lastOp())
	}
	if badges := d.eng.Face(&d.card).Badges; !slices.ContainsFunc(badges, func(b kanban.Badge) bool { return b.Kind == kanban.BadgeHeld }) {
		t.Errorf("badges %+v", badges)
	}
	d.eng.Write = true
	d.step(Resumed{})
	d.work()
	d.expect(kanban.FieldPriority, "high", "22", "label:p-high")
}

func TestStepChangesNothingItWasGiven(t *testing.T) {
	t.Parallel()
	d := paired(t)
	scenes()[0].make(d)
	before := d.card
	copied := before.clone()
	q := d.next()
	d.step(d.perform(*q))
	d.work()
	if diff := cmp.Diff(copied, before); diff != "" {
		t.Errorf("the card given was changed:\n%s", diff)
	}
}
