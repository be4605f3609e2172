package mapping

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/kanban"
)

func TestStrangers(t *testing.T) {
	t.Parallel()
	r := setRules(t)
	people := []connectors.Person{{ID: "zoe", Name: "Zoe"}, {ID: "ANA-codes"}, {ID: ""}, {ID: "Carl"}, {ID: "carl"}, {ID: "u-mia"}}
	if diff := cmp.Diff([]connectors.Person{{ID: "Carl"}, {ID: "u-mia"}, {ID: "zoe", Name: "Zoe"}}, r.Strangers(kanban.GitHub, people)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]connectors.Person{{ID: "ANA-codes"}, {ID: "Carl"}, {ID: "zoe", Name: "Zoe"}}, r.Strangers(kanban.Jira, people)); diff != "" {
		t.Error(diff)
	}
}

func TestPersonsAreToldApart(t *testing.T) {
	t.Parallel()
	c := company()
	c.Persons = []PersonConfig{{Name: "Ana", Jira: "ana", GitHub: "ana"}, {Name: "Ben", Jira: "ben"}, {Name: "Cleo", Jira: "cleo", GitHub: "Ana"}, {Name: "ben", GitHub: "b"}}
	_, ps := Compile(c, nil)
	want := []Problem{
		{Path: "person[3].name", Also: "person[1].name", Message: `the name "ben" is that of Ben as well`, Fix: "tell them apart by their names"},
		{Path: "person[2].github", Also: "person[0].github", Message: `the account "Ana" belongs to Ana as well`, Fix: "keep it with one of them"},
	}
	if diff := cmp.Diff(want, ps); diff != "" {
		t.Error(diff)
	}
}
