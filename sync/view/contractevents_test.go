package view

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/kanban"
	"parley/kanban/contract"
	"parley/mapping"
)

func acting(t *testing.T, persons ...mapping.PersonConfig) actors {
	t.Helper()
	rules, _ := mapping.Compile(mapping.Config{Persons: persons, Trackers: []mapping.TrackerConfig{{Name: "jira", Kind: "jira"}, {Name: "code", Kind: "github"}}}, nil)
	if rules == nil {
		t.Fatal("no rules")
	}
	return actors{rules: rules, kinds: map[string]connectors.Kind{"jira": connectors.Jira, "code": connectors.GitHub}, units: map[string]bool{"risk": true}, known: len(persons) > 0}
}

func TestWhoActsForWhichSide(t *testing.T) {
	t.Parallel()
	named := acting(t, mapping.PersonConfig{Name: "Ana", Jira: "ana-7", GitHub: "ana", Team: "payments"}, mapping.PersonConfig{Name: "Leila", Jira: "leila-1", GitHub: "leila", Team: "Risk"})
	for _, c := range []struct {
		by, event string
		who       actors
		want      kanban.Party
	}{
		{"ana-7", "jira/1", named, kanban.IT}, {"ana", "code/1", named, kanban.IT}, {"leila-1", "jira/1", named, kanban.Business}, {"leila", "code/1", named, kanban.Business},
		{"somebody", "jira/1", named, kanban.Business}, {"somebody", "code/1", named, kanban.IT}, {"somebody", "jira/1", acting(t), ""},
		{"", "jira/1", named, ""}, {"ana-7", "jira/board/1", named, ""}, {"ana-7", "jira/board/business/1", named, kanban.Business}, {"", "code/board/it/1", acting(t), kanban.IT}, {"ana-7", "", named, ""}, {"ana-7", "gone/1", named, ""},
	} {
		if got := c.who.of(c.by, c.event); got != c.want {
			t.Errorf("%q by %q acts for %q, want %q", c.by, c.event, got, c.want)
		}
	}
}

func TestACardsPastInTheTermsOfTheContracts(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2026, 11, 2+n, 9, 0, 0, 0, time.UTC) }
	layout := kanban.Layout{Columns: []kanban.Column{{Key: "requests", Category: kanban.Option}, {Key: "ready", Category: kanban.Option}, {Key: "doing", Category: kanban.Active}}}
	c := kanban.Card{ID: "c", Unit: "risk", Class: kanban.ClassExpedite, Due: "2026-12-01", Journey: kanban.Journey{Created: day(0)}, Sides: []kanban.CardSide{{Side: "jira"}}, Past: kanban.Past{
		Steps:  []kanban.Step{{Column: "requests", At: day(0)}, {Column: "ready", At: day(1), By: "ana-7", Event: "jira/11"}, {Column: "doing", At: day(2), By: "ana", Event: "code/5"}},
		Ranks:  []kanban.Ranking{{Priority: "low", At: day(0)}, {Priority: "high", At: day(2), By: "leila-1", Event: "jira/12"}},
		Blocks: []kanban.Hindrance{{From: day(2), To: day(3), Party: kanban.Third}},
	}}
	who := acting(t, mapping.PersonConfig{Name: "Ana", Jira: "ana-7", GitHub: "ana", Team: "payments"}, mapping.PersonConfig{Name: "Leila", Jira: "leila-1", Team: "risk"})
	var got []string
	for _, e := range contractEvents(&c, layout, who) {
		got = append(got, fmt.Sprintf("%s %s %s %s%s by %q for %q", e.At.Format("02"), e.ID, e.Kind, e.To, e.Traits.Priority, e.Who, e.By))
	}
	want := []string{
		`02 c/created created requestslow by "" for "business"`,
		`03 jira/11 moved ready by "ana-7" for "it"`,
		`03 jira/11 triaged  by "ana-7" for "it"`,
		`04 jira/12 described high by "leila-1" for "business"`,
		`04 code/5 moved doing by "ana" for "it"`,
		fmt.Sprintf(`04 c/blocked/%d/ blocked  by "" for "third"`, day(2).UnixMilli()),
		fmt.Sprintf(`05 c/unblocked/%d/ unblocked  by "" for ""`, day(3).UnixMilli()),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	events := contractEvents(&c, layout, who)
	if traits := events[0].Traits; traits.Has != "due,priority" || !traits.Expedite || !traits.Unplanned || traits.Internal {
		t.Errorf("%+v", traits)
	}
	if shuffled := contract.Sequence([]contract.Event{events[5], events[4], events[3], events[2], events[1], events[0]}); !cmp.Equal(shuffled, events[:6]) {
		t.Errorf("another order than the card went through: %+v", shuffled)
	}
}

func TestEveryReadyFieldCanBeFilled(t *testing.T) {
	t.Parallel()
	full := kanban.Card{Due: "2026-12-01", Priority: "high", Requester: "Leila", Assignee: "Ana", Sides: []kanban.CardSide{{Labels: []string{"x"}}}, Components: []string{"Fees"}, Group: "Epic"}
	for _, f := range ReadyFields() {
		if !filled(&full, f) || filled(&kanban.Card{}, f) {
			t.Errorf("%s cannot be told", f)
		}
	}
}
