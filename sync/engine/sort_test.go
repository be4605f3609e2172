package engine

import (
	"strings"
	"testing"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
)

// sortAs says of the desk's card whether it was planned.
func (d *desk) sortAs(to kanban.Value, reason, key string) (IntentState, *Refusal) {
	d.t.Helper()
	st, state, refused := d.eng.Ask(d.card, Intent{Key: key, Card: d.card.ID, Field: kanban.FieldPlanned, To: to, Reason: reason, Rev: d.card.Rev, Actor: "lea", At: d.now})
	if refused == nil {
		d.keep(st)
	}
	return state, refused
}

func TestWhatWasPlannedIsCorrectedByHand(t *testing.T) {
	t.Parallel()
	d := paired(t)
	d.record = Record{}
	rev := d.card.Rev
	if state, refused := d.sortAs(kanban.SortUnplanned, " it came\n in overnight", "one"); refused != nil || state != IntentDone || d.card.Rev != rev+1 {
		t.Fatalf("%s, %v, revision %d after %d", state, refused, d.card.Rev, rev)
	}
	if face := d.eng.Face(&d.card); face.Planned || face.Sorted != "lea" {
		t.Errorf("planned %v, said by %q", face.Planned, face.Sorted)
	}
	a, e := d.record.Activity, d.record.Events
	if len(a) != 1 || a[0].Kind != DidSort || a[0].Actor != "lea" || a[0].Text != "counts as unplanned: it came in overnight" {
		t.Errorf("account %+v", a)
	}
	if len(e) != 1 || !strings.HasPrefix(e[0].SourceID, kanban.SourceBoard) || e[0].Changes[0] != (kanban.Change{Field: kanban.ChangePlanned, To: "unplanned", ToName: "it came in overnight"}) {
		t.Errorf("events %+v", e)
	}
	if after := d.eng.Retell(d.card, d.record.Events); d.eng.Face(&after).Planned {
		t.Error("told anew, the correction is lost")
	}
	d.now = d.now.Add(time.Second)
	if refused := d.undo("one"); refused != nil || !d.eng.Face(&d.card).Planned || d.eng.Face(&d.card).Sorted != "" {
		t.Errorf("taken back: %v, %+v", refused, d.card.Sorted)
	}
	_, _ = d.sortAs(kanban.SortPlanned, "", "two")
	rev = d.card.Rev
	if _, refused := d.sortAs(kanban.SortPlanned, "", "three"); refused != nil || d.card.Rev != rev {
		t.Errorf("the same again: %v, revision %d after %d", refused, d.card.Rev, rev)
	}
	_, _ = d.sortAs(kanban.SortPlanned, "it was on the list", "because")
	if _, refused := d.sortAs(kanban.SortPlanned, "", "again"); refused != nil || d.card.Sorted.Reason != "it was on the list" {
		t.Errorf("said again without a reason: %v, %+v", refused, d.card.Sorted)
	}
	if _, refused := d.sortAs(kanban.SortRules, "", "four"); refused != nil || d.card.Sorted != nil {
		t.Errorf("to the rules: %v", refused)
	}
	for name, in := range map[string]struct {
		to     kanban.Value
		reason string
	}{"nothing": {"", ""}, "another word": {"maybe", ""}, "a long reason": {kanban.SortPlanned, strings.Repeat("x", maxReason+1)}} {
		if _, refused := d.sortAs(in.to, in.reason, name); refused == nil || refused.Stale {
			t.Errorf("%s: %v", name, refused)
		}
	}
	d.card.Rev++
	if _, _, refused := d.eng.Ask(d.card, Intent{Key: "late", Field: kanban.FieldPlanned, To: kanban.SortPlanned, Rev: d.card.Rev - 1}); refused == nil || !refused.Stale {
		t.Errorf("on another revision: %v", refused)
	}
}

func TestExpediteIsUnplannedUnlessSomebodySaysSo(t *testing.T) {
	t.Parallel()
	yes := true
	expedite := kanban.ClassExpedite
	d := newDesk(t)
	for name, c := range map[string]struct {
		card  Card
		class string
		rules *bool
		want  bool
	}{
		"what no rule tells of":     {Card{}, mapping.DefaultClass, nil, true},
		"expedite":                  {Card{}, expedite, nil, false},
		"expedite, planned by rule": {Card{}, expedite, &yes, true},
		"a person decides":          {Card{Sorted: &Sorted{}}, expedite, &yes, false},
	} {
		if got := d.eng.sorting(&c.card, mapping.Traits{Class: c.class, Planned: c.rules}); got.Planned != c.want || got.Arrived != nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestWhatArrivesInWorkIsUnplanned has a card that was begun three hours after its issue was
// created, on a board with a queue that it did not pass.
func TestWhatArrivesInWorkIsUnplanned(t *testing.T) {
	t.Parallel()
	yes := true
	for name, c := range map[string]struct {
		arrival time.Duration
		way     []kanban.ColumnKey
		sorted  *Sorted
		rules   *bool
		class   string
		planned bool
		arrived bool
	}{
		"soon":                   {arrival: 24 * time.Hour, way: []kanban.ColumnKey{"todo", "doing"}, arrived: true},
		"at the last moment":     {arrival: 3 * time.Hour, way: []kanban.ColumnKey{"todo", "doing"}, arrived: true},
		"too late":               {arrival: 2 * time.Hour, way: []kanban.ColumnKey{"todo", "doing"}, planned: true},
		"where that is off":      {way: []kanban.ColumnKey{"todo", "doing"}, planned: true},
		"committed to":           {arrival: 24 * time.Hour, way: []kanban.ColumnKey{"todo", "agreed", "doing"}, planned: true},
		"a rule says otherwise":  {arrival: 24 * time.Hour, way: []kanban.ColumnKey{"todo", "doing"}, rules: &yes, planned: true},
		"a person says so first": {arrival: 24 * time.Hour, way: []kanban.ColumnKey{"todo", "doing"}, sorted: &Sorted{Planned: true}, planned: true},
		"expedited too":          {arrival: 24 * time.Hour, way: []kanban.ColumnKey{"todo", "doing"}, class: kanban.ClassExpedite},
	} {
		d := newDesk(t)
		d.eng.Rules = arriving(t, c.arrival)
		created := monday.Add(-3 * time.Hour)
		card := Card{Sorted: c.sorted}
		card.Sides[kanban.Jira] = &Side{Issue: connectors.Issue{Created: monday}} // a twin made later
		card.Sides[kanban.GitHub] = &Side{Issue: connectors.Issue{Created: created}}
		for n, column := range c.way {
			card.Steps = append(card.Steps, kanban.Step{Column: column, At: created.Add(3 * time.Hour * time.Duration(n) / time.Duration(len(c.way)-1))})
		}
		got := d.eng.sorting(&card, mapping.Traits{Class: c.class, Planned: c.rules})
		if got.Planned != c.planned || (got.Arrived != nil) != c.arrived {
			t.Errorf("%s: %+v", name, got)
		}
		if c.arrived && *got.Arrived != (Arrival{At: monday, After: 3 * time.Hour}) {
			t.Errorf("%s: %+v", name, *got.Arrived)
		}
	}
}

// arriving are the rules of a desk with a queue.
func arriving(t *testing.T, within time.Duration) *mapping.Rules {
	t.Helper()
	config := board()
	config.Arrival = within
	config.Columns = append(config.Columns, mapping.ColumnConfig{Key: "agreed", Category: kanban.Queue, GitHub: []string{"open + label:agreed"}})
	rules, problems := mapping.Compile(config, directories())
	if rules == nil {
		t.Fatal(problems)
	}
	return rules
}
