package engine

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/mapping"
)

func TestTargetsByWorkflow(t *testing.T) {
	t.Parallel()
	// To Do (1) → In Progress (2) → In Review (3) → Done (4)
	chain := []Edge{{"1", "2", true}, {"2", "3", true}, {"3", "4", true}, {"4", "3", true}}
	closed := []Edge{{"1", "2", true}, {"2", "1", true}}
	for name, c := range map[string]struct {
		known  []Edge
		paired bool
		want   []Target
	}{
		"nothing known": {nil, false, []Target{{"doing", true, ReachUnknown, ""}, {"review", true, ReachUnknown, ""}, {"done", true, ReachUnknown, ""}}},
		"all of a way":  {chain, false, []Target{{"doing", true, ReachYes, ""}, {"review", true, ReachYes, ""}, {"done", true, ReachYes, ""}}},
		"no way": {closed, false, []Target{
			{"doing", true, ReachYes, ""}, {"review", false, ReachNo, "Jira's workflow has no way to review from here"}, {"done", false, ReachNo, "Jira's workflow has no way to done from here"},
		}},
		"no way, and a twin that goes": {closed, true, []Target{
			{"doing", true, ReachYes, ""}, {"review", true, ReachNo, "Jira's workflow has no way to review from here; GitHub alone would show it"},
			{"done", true, ReachNo, "Jira's workflow has no way to done from here; GitHub alone would show it"},
		}},
		"a way that only somebody took": {[]Edge{{"1", "2", false}}, false, []Target{{"doing", true, ReachYes, ""}, {"review", true, ReachUnknown, ""}, {"done", true, ReachUnknown, ""}}},
		"an exit that asks for a field": {[]Edge{{"1", "", true}}, true, []Target{
			{"doing", true, ReachNo, "Jira's workflow has no way to doing from here; GitHub alone would show it"}, {"review", true, ReachNo, "Jira's workflow has no way to review from here; GitHub alone would show it"},
			{"done", true, ReachNo, "Jira's workflow has no way to done from here; GitHub alone would show it"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := paired(t)
			if !c.paired {
				d.card = d.lone(kanban.Jira)
			}
			if diff := cmp.Diff(c.want, d.eng.Targets(&d.card, c.known)); diff != "" {
				t.Errorf("targets (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTargetsThatATrackerCannotShow(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	config := board()
	config.Columns[1].Jira, config.Columns[2].GitHub, config.Columns[3].Jira, config.Columns[3].GitHub = nil, nil, nil, nil
	d.eng.Rules, _ = mapping.Compile(config, directories())
	d.card = d.lone(kanban.Jira)
	step, _, err := d.eng.Pair(d.card, d.lone(kanban.GitHub), Pairing{How: HowHand}, d.now)
	if err != nil {
		t.Fatal(err)
	}
	want := []Target{
		{"doing", true, ReachYes, "Jira cannot show doing; GitHub alone would"},
		{"review", true, ReachUnknown, "GitHub cannot show review; Jira alone would"},
		{"done", false, ReachYes, "neither tracker of this card can show done"},
	}
	if diff := cmp.Diff(want, d.eng.Targets(&step.Card, nil)); diff != "" {
		t.Errorf("targets (-want +got):\n%s", diff)
	}
	d = paired(t, func(p *mapping.PairConfig) {
		p.Fields = map[kanban.Field]mapping.Direction{kanban.FieldPriority: mapping.DirectionBoth}
	})
	step = d.eng.Step(d.card, Resumed{}, d.now)
	step.Card.Pairing.How = "key-in-title"
	for _, got := range d.eng.Targets(&step.Card, nil) {
		if got.OK || got.Reason == "" {
			t.Errorf("%s: %+v, want a refusal where the status is not carried", got.Column, got)
		}
	}
}

// TestTargetsGoNoFurtherThanAWrite: a way of more steps than a write takes is none.
func TestTargetsGoNoFurtherThanAWrite(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.card = d.lone(kanban.Jira)
	way := []Edge{{"1", "5", true}, {"5", "6", true}, {"6", "7", true}, {"7", "8", true}, {"8", "2", true}, {"2", "3", true}, {"3", "4", true}}
	got := d.eng.Targets(&d.card, way)
	if got[0].Reach != ReachYes || got[1].Reach != ReachNo {
		t.Errorf("five steps %s, six %s; want yes and no", got[0].Reach, got[1].Reach)
	}
}
