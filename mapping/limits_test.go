package mapping

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
)

func TestLimitsOfUnitsClassesAndPeople(t *testing.T) {
	t.Parallel()
	labelled := Condition{GitHub: []Test{{Property: PropertyLabel, Any: []string{"any"}}}}
	c := Config{
		Units:   []UnitConfig{{Key: "risk", Name: "Risk", WIP: 4, Match: labelled}, {Key: "ops", Match: labelled}},
		Persons: []PersonConfig{{Name: "Ana", GitHub: "ana", WIP: 3, Hard: true}, {Name: "Bo", GitHub: "bo"}},
		Limits:  []LimitConfig{{Class: "fixed-date", WIP: 2, Hard: true}},
	}
	rules, problems := Compile(c, nil)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	want := []kanban.Limit{
		{Scope: kanban.ScopeUnit, Key: "risk", Name: "Risk", WIP: 4},
		{Scope: kanban.ScopeClass, Key: "fixed-date", Name: "Fixed date", WIP: 2, Hard: true},
		{Scope: kanban.ScopePerson, Key: "Ana", Name: "Ana", WIP: 3, Hard: true},
	}
	if diff := cmp.Diff(want, rules.Layout().Limits); diff != "" {
		t.Errorf("limits (-want +got):\n%s", diff)
	}
	before := rules.Fingerprint()
	c.Units[0].WIP, c.Limits[0].WIP = 5, 3
	again, _ := Compile(c, nil)
	if again.Fingerprint() != before {
		t.Error("a limit changed what values mean")
	}
}

func TestLimitsThatMeanNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		config Config
		want   string
	}{
		{Config{Limits: []LimitConfig{{Class: "expidite", WIP: 1}}}, `limit[0].class: there is no class of service "expidite"; did you mean "expedite"?`},
		{Config{Limits: []LimitConfig{{Class: "vip", WIP: 1}}}, `limit[0].class: there is no class of service "vip"; it is one of expedite, fixed-date, standard, intangible`},
		{Config{Limits: []LimitConfig{{Class: "standard"}}}, `limit[0].wip: the limit says no number`},
		{Config{Limits: []LimitConfig{{Class: "standard", WIP: 1}, {Class: "standard", WIP: 2}}}, `limit[1].class: there are two limits of the class "standard"`},
		{Config{Units: []UnitConfig{{Key: "risk", WIP: -1}}}, `unit[0].wip: unit "risk" has a negative WIP limit; 0 means no limit`},
		{Config{Persons: []PersonConfig{{Name: "Ana", GitHub: "ana", Hard: true}}}, `person[0].wip_hard: Ana has no WIP limit that could be hard; write wip = NUMBER beside it`},
		{Config{Columns: []ColumnConfig{{Key: "doing", Category: kanban.Active, WIPHard: true, GitHub: []string{"open"}}}}, `column[0].wip_hard: column "doing" has no WIP limit that could be hard`},
		{Config{Columns: []ColumnConfig{{Key: "done", Category: kanban.Done, WIP: 9, GitHub: []string{"closed"}}}}, `column[0].wip: column "done" has a WIP limit, but in the category done cards have ended and stay: it will be over its limit for good; take wip out, or limit the column before it`},
		{Config{Columns: []ColumnConfig{{Key: "no", Category: kanban.Cancelled, WIP: 9, WIPHard: true, GitHub: []string{"closed"}}}}, `column[0].wip: column "no" has a WIP limit, but in the category cancelled cards have ended and stay: once it is full, nothing can be moved there on the board`},
	} {
		_, problems := Compile(c.config, nil)
		var all []string
		for _, p := range problems {
			all = append(all, p.String())
		}
		if text := strings.Join(all, "\n"); !strings.Contains(text, c.want) {
			t.Errorf("problems\n%s\nwant\n%s", text, c.want)
		}
	}
}

func TestLimitsOfWorkInProgressAreNotWarnedOf(t *testing.T) {
	t.Parallel()
	for _, c := range []kanban.Category{kanban.Option, kanban.Queue, kanban.Active, kanban.Wait} {
		_, problems := Compile(Config{Columns: []ColumnConfig{{Key: "here", Category: c, WIP: 9, WIPHard: true, GitHub: []string{"open"}}}}, nil)
		for _, p := range problems {
			if strings.Contains(p.Path, "wip") {
				t.Errorf("%s: %s", c, p)
			}
		}
	}
}
