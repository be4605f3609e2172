package engine

import (
	"strings"
	"testing"

	"parley/kanban"
	"parley/sync/mirror"
	"parley/sync/reconcile"
)

// asking is a sound card with a write that is open and one that is done, and a field
// that waits for a person.
func asking(t *testing.T) Card {
	t.Helper()
	d := paired(t)
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangePriority, "22"))
	d.poll(kanban.Jira)
	d.work()
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "2"))
	d.poll(kanban.Jira)
	c := d.card
	c.Priority.Frozen = reconcile.FrozenAsk
	c.Asking = []Question{{Conflict: "x", Field: kanban.FieldPriority}}
	if found := Fsck(c); found != nil || len(c.Ops) < 2 {
		t.Fatalf("a sound card with %d writes: %q", len(c.Ops), found)
	}
	return c
}

// open is the write of a card that is not closed yet.
func openWrite(c *Card) *reconcile.Op {
	for i := range c.Ops {
		if c.Ops[i].State.Open() {
			return &c.Ops[i]
		}
	}
	return nil
}

func TestFsckFindsWhatCannotBe(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		harm func(c *Card)
		want string
	}{
		"no id":               {func(c *Card) { c.ID = ""; c.Ops = nil }, "the card has no id"},
		"no revision":         {func(c *Card) { c.Rev = 0 }, "revision 0"},
		"no issue":            {func(c *Card) { *c = Card{ID: c.ID, Rev: 1} }, "no issue in any tracker"},
		"an issue without id": {func(c *Card) { c.Sides[0].Issue.ID = "" }, `"OPS-1" of tracker "jira" has no id`},
		"paired somehow":      {func(c *Card) { c.Pairing = nil }, "not known how they were paired"},
		"elements without a twin": {func(c *Card) {
			*c = Card{ID: c.ID, Rev: 1, Sides: [2]*Side{c.Sides[0]}, Status: reconcile.State{Sides: [2]reconcile.SideState{{Known: true}}}, Priority: reconcile.State{Sides: [2]reconcile.SideState{{Known: true}}},
				More: map[kanban.Field]reconcile.State{kanban.FieldTitle: {Sides: [2]reconcile.SideState{{Known: true}}}}}
		}, "keeps 1 fields in agreement with a twin"},
		"seen the future":       {func(c *Card) { c.Status.Sides[1].Seen = c.Status.Version + 1 }, "status: people in GitHub have seen version"},
		"changed in the future": {func(c *Card) { c.Status.Changed = c.Status.Version + 1 }, "status: the agreed value last changed in version"},
		"edited nowhere":        {func(c *Card) { c.Status.Support = []reconcile.Edit{{Value: "doing"}} }, "made nowhere"},
		"refused the future":    {func(c *Card) { c.Status.Sides[0].Refused = &reconcile.Refusal{Version: 99} }, "Jira refused version 99"},
		"never taken in":        {func(c *Card) { c.Status.Sides[0].Known = false }, "status: what Jira shows was never taken in"},
		"remembered of nobody":  {func(c *Card) { c.Sides[1], c.Pairing = nil, nil }, "something is remembered of GitHub"},
		"histories apart":       {func(c *Card) { c.Priority.Sides[0].Seq += 3 }, "priority: the history of Jira is folded up to entry"},
		"nobody is asked":       {func(c *Card) { c.Asking = nil }, "priority: it waits for a person, and no conflict asks one"},
		"nobody waits":          {func(c *Card) { c.Priority.Frozen = reconcile.Thawed }, "nothing waits for the answer"},
		"asked twice":           {func(c *Card) { c.Asking = append(c.Asking, c.Asking[0]) }, "asked about twice"},
		"asked about nothing":   {func(c *Card) { c.Asking = append(c.Asking, Question{"y", "due"}) }, "a field that the card does not keep"},
		"two writes":            {func(c *Card) { op := *openWrite(c); op.ID = "other"; c.Ops = append(c.Ops, op) }, "a second write of status to GitHub is open"},
		"an id twice":           {func(c *Card) { c.Ops = append(c.Ops, c.Ops[0]) }, "its id is used twice"},
		"another card's write":  {func(c *Card) { openWrite(c).Card = "else" }, "it belongs to card else"},
		"open and closed":       {func(c *Card) { openWrite(c).Closed = monday }, "it is planned, and closed at"},
		"closed at no time":     {func(c *Card) { openWrite(c).State = reconcile.Cancelled }, "it is cancelled, and closed at"},
		"sent at no time":       {func(c *Card) { openWrite(c).State = reconcile.Sending }, "it is sending and was sent at no time"},
		"to another issue":      {func(c *Card) { openWrite(c).Issue = "4" }, "it goes to issue 4 of GitHub"},
		"to nobody":             {func(c *Card) { c.Sides[1] = nil }, "it goes to GitHub, where the card has no issue"},
		"about nothing":         {func(c *Card) { openWrite(c).Field = "due" }, "it is about due"},
		"of a version to come":  {func(c *Card) { openWrite(c).Version = 9 }, "it carries version 9 of status"},
		"held and on its way":   {func(c *Card) { openWrite(c).Hold = reconcile.HoldPlan }, "it is planned although it is held (plan)"},
		"let go and held": {func(c *Card) {
			op := openWrite(c)
			op.State, op.Hold, op.Approved = reconcile.Held, reconcile.HoldPlan, true
		}, "a person let it go, and it is held"},
		"an odd create":           {func(c *Card) { c.Mirror = &mirror.Saga{State: "perhaps"} }, `a state that does not exist: "perhaps"`},
		"created without a trace": {func(c *Card) { c.Mirror = &mirror.Saga{State: mirror.Done} }, "the creation of a twin is done"},
		"created at no time":      {func(c *Card) { c.Mirror = &mirror.Saga{State: mirror.Sending} }, "the creation of a twin is sending"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := asking(t)
			c = c.clone()
			x.harm(&c)
			if found := strings.Join(Fsck(c), "\n"); !strings.Contains(found, x.want) {
				t.Errorf("found %q, want %q", found, x.want)
			}
		})
	}
}

func BenchmarkFsck(b *testing.B) {
	d := paired(b)
	for range 2 {
		d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "2"))
		d.poll(kanban.Jira)
		d.work()
		d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "1"))
		d.poll(kanban.Jira)
		d.work()
	}
	b.ReportAllocs()
	for b.Loop() {
		if Fsck(d.card) != nil {
			b.Fatal("a sound card")
		}
	}
}
