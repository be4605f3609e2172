package engine

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/connectors"
	"parley/kanban"
)

// prioritise gives GitHub's issue another priority label.
func (d *desk) prioritise(label string) {
	var changes []connectors.Change
	for _, l := range d.issue[kanban.GitHub].Labels {
		if l == label {
			return
		}
		if l == "p-high" || l == "p-medium" || l == "p-low" {
			changes = append(changes, off(l))
		}
	}
	d.edit(kanban.GitHub, "ben", "", append(changes, to(kanban.ChangeLabel, label))...)
}

// The record alone makes the priorities that were remembered step by step: with edits in
// both trackers, our own writes and their echoes, choices on the board, and those that were
// taken back.
func TestTheRecordTellsThePriorities(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		d := paired(r)
		keys := []kanban.Value{"high", "medium", "low"}
		for n := range rapid.IntRange(1, 8).Draw(r, "edits") {
			d.now = d.now.Add(time.Duration(rapid.IntRange(60, 90000).Draw(r, "seconds")) * time.Second)
			switch key := fmt.Sprint("k", n); rapid.IntRange(0, 3).Draw(r, "kind") {
			case 0:
				d.edit(kanban.Jira, "ana", "", to(kanban.ChangePriority, rapid.SampledFrom([]string{"21", "22", "23", "24"}).Draw(r, "priority")))
				d.poll(kanban.Jira)
			case 1:
				d.prioritise(rapid.SampledFrom([]string{"p-high", "p-medium", "p-low"}).Draw(r, "label"))
				d.poll(kanban.GitHub)
			case 2:
				d.askFor(kanban.FieldPriority, rapid.SampledFrom(keys).Draw(r, "choice"), key)
			default:
				before := slices.Clone(d.card.Ranks)
				d.askFor(kanban.FieldPriority, rapid.SampledFrom(keys).Draw(r, "choice"), key)
				d.now = d.now.Add(time.Second)
				if st, _, refused := d.eng.Undo(d.card, Undo{Key: key, Actor: "lea", At: d.now}); refused == nil {
					d.keep(st)
					if diff := cmp.Diff(priorities(before), priorities(d.card.Ranks)); diff != "" && len(d.card.Ranks) <= len(before) {
						r.Fatalf("taken back (-before +after):\n%s", diff)
					}
				}
			}
			d.work()
		}
		after := d.eng.Retell(d.card, slices.Concat(d.record.Events, d.record.Events))
		if diff := cmp.Diff(priorities(d.card.Ranks), priorities(after.Ranks)); diff != "" {
			r.Fatalf("(-live +told):\n%s\n%s", diff, d.story())
		}
		for i, told := range after.Ranks {
			if gap := told.At.Sub(d.card.Ranks[i].At).Abs(); gap > time.Minute {
				r.Fatalf("priority %d is told %s apart", i, gap)
			}
		}
		if again := d.eng.Retell(after, d.record.Events); !slices.Equal(again.Ranks, after.Ranks) {
			r.Fatalf("told a second time: %v, then %v", after.Ranks, again.Ranks)
		}
	})
}

// A raise names who made it, where and by which event; what Parley wrote because of it is
// nobody's raise.
func TestARaiseNamesItsAuthor(t *testing.T) {
	t.Parallel()
	d := paired(t)
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangePriority, "21"))
	raised := d.now
	d.poll(kanban.Jira)
	d.work()
	d.now = d.now.Add(time.Hour)
	d.prioritise("p-low")
	lowered := d.now
	d.poll(kanban.GitHub)
	d.work()
	want := []kanban.Ranking{
		{Priority: "medium", At: monday},
		{Priority: "high", At: raised, By: "ana", Event: "jira/jira1"},
		{Priority: "low", At: lowered, By: "ben", Event: "github/github2"},
	}
	got := d.card.Ranks
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("live (-want +got):\n%s\n%s", diff, d.story())
	}
	if diff := cmp.Diff(want, d.eng.Retell(d.card, d.record.Events).Ranks); diff != "" {
		t.Errorf("told anew (-want +got):\n%s", diff)
	}
	if face := d.eng.Face(&d.card); !slices.Equal(face.Past.Ranks, want) || len(face.Past.By(raised).Ranks) != 2 {
		t.Errorf("the face has %v", face.Past.Ranks)
	}
}

// The priority that an issue was created with is what its first change came from.
func TestTheFirstPriorityIsTold(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeLabel, "odd"))
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangePriority, "21"))
	d.edit(kanban.GitHub, "ben", "", to(kanban.ChangeLabel, "odd"), to(kanban.ChangeLabel, "p-low"))
	for s, want := range map[kanban.Side][]kanban.PriorityKey{kanban.Jira: {"medium", "high"}, kanban.GitHub: {"low"}} {
		met := d.eng.Step(Card{ID: "c"}, Observed{Side: s, Observation: connectors.Observation{Issue: d.issue[s], Entries: d.entries[s], Since: -1}}, d.now)
		if diff := cmp.Diff(want, priorities(met.Card.Ranks)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", s, diff)
		}
		if first := met.Card.Steps[0]; !first.At.Equal(d.issue[s].Created) || first.Column != "todo" {
			t.Errorf("%s begins in %v", s, first)
		}
	}
}
