package mapping

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/kanban"
)

func TestCompany(t *testing.T) {
	t.Parallel()
	l := companyRules(t).Layout()
	want := kanban.Column{Key: "doing", Name: "In progress", Category: kanban.Active, Turn: kanban.IT, WIP: 3}
	if got, _ := l.Column("doing"); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got, _ := l.Column("requests"); got.Turn != kanban.Business || got.Name != "requests" {
		t.Errorf("defaults of a column: %+v", got)
	}
	wantPriority := []kanban.Priority{{Key: "high", Name: "High", Rank: 1}, {Key: "normal", Name: "normal", Rank: 2}, {Key: "low", Name: "low", Rank: 3}}
	if diff := cmp.Diff(wantPriority, l.Priorities); diff != "" {
		t.Error(diff)
	}
}

// TestProblems changes the company's configuration and expects one problem more.
func TestProblems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		change   func(*Config)
		severity Severity
		path     string
		also     string
		message  string
	}{
		{"status twice", func(c *Config) { c.Columns[5].Jira = []string{"resolved"} }, Error, "column[5].jira[0]", "column[3].jira[0]", `status Resolved (id 5) is in column "verify" and in column "withdrawn"`},
		{"status by name and id", func(c *Config) { c.Columns[5].Jira = []string{"3"} }, Error, "column[5].jira[0]", "column[1].jira[0]", `status In Arbeit (id 3) is in column "doing"`},
		{"resolution twice", func(c *Config) { c.Columns[0].Jira = []string{"Open", "closed + resolution:WON'T FIX"} }, Error, "column[5].jira[0]", "column[0].jira[1]", `Closed, Won't Fix (id 6)`},
		{"unknown status", func(c *Config) { c.Columns[3].Jira = []string{"Resolvd"} }, Error, "column[3].jira[0]", "", `no project has the status "Resolvd"; OPS has: Open, In Arbeit, Building, Resolved, Closed; did you mean "Resolved"?`},
		{"unknown id", func(c *Config) { c.Columns[3].Jira = []string{"55"} }, Error, "column[3].jira[0]", "", `no project has the status "55"`},
		{"unclaimed status", func(c *Config) { c.Columns[3].Jira = nil }, Warning, "jira[0]", "", `no column lists the status Resolved (id 5) of jira`},
		{"priority that GitHub cannot show", func(c *Config) { c.Priorities[1].GitHub = nil }, Warning, "priority[1]", "", `github cannot show priority "normal": cards there keep their github priority`},
		{"a side without priorities", func(c *Config) {
			for i := range c.Priorities {
				c.Priorities[i].GitHub = nil
			}
		}, Warning, "priority[0]", "", "github cannot show any priority"},
		{"status that nothing lists", func(c *Config) { c.Columns[1].Jira = []string{"In Progress"} }, Warning, "jira[0]", "", "no column lists the status Building (id 10007)"},
		{"label whose half nothing lists", func(c *Config) { c.Priorities[2].GitHub = []string{"label:P2 + label:late"} }, Warning, "github[0]", "", `no priority lists GitHub issues that are "late", "P2"`},
		{"label that is a due date", func(c *Config) { c.Priorities[2].GitHub = []string{"label:Due:2026-12-24"} }, Error, "priority[2].github[0]", "", `label "Due:2026-12-24" means priority "low" and is also how GitHub shows the due date "2026-12-24"`},
		{"column that Jira cannot show", func(c *Config) { c.Columns[2].Jira = nil }, Warning, "column[2]", "", `jira cannot show column "review"`},
		{"unknown priority", func(c *Config) { c.Priorities[0].Jira = []string{"Hihgest"} }, Error, "priority[0].jira[0]", "", `no Jira has the priority "Hihgest"; jira has: Highest, High, Medium, Low, Lowest; did you mean "Highest"?`},
		{"unclaimed priority", func(c *Config) { c.Priorities[2].Jira = []string{"Low"} }, Warning, "jira[0]", "", `no priority lists the priority Lowest (id 5) of jira`},
		{"narrowed priority", func(c *Config) { c.Priorities[0].Jira = []string{"Highest + resolution:x"} }, Error, "priority[0].jira[0]", "", "only a status can be narrowed"},
		{"resolution without a name", func(c *Config) { c.Columns[5].Jira = []string{"Closed + resolution: "} }, Error, "column[5].jira[0]", "", "is not understood"},
		{"label twice, in other letters", func(c *Config) { c.Columns[2].GitHub = []string{"open + label:STATUS:doing"} }, Error, "column[2].github[0]", "column[1].github[0]", `label "STATUS:doing" is in column "doing" and in column "review"`},
		{"label of a column as priority", func(c *Config) { c.Priorities[0].GitHub = []string{"label:accepted"} }, Error, "priority[0].github[0]", "column[4].github[0]", `label "accepted" is in column "done" and in priority "high"`},
		{"state twice", func(c *Config) { c.Columns[2].GitHub = []string{"closed:not_planned"} }, Error, "column[5].github[0]", "column[2].github[0]", `"closed:not_planned" is in column "review" and in column "withdrawn"`},
		{"target of another", func(c *Config) { c.Columns[5].GitHub = []string{"closed"} }, Error, "column[5].github[0]", "", `Parley would write "closed:completed", which means "verify"`},
		{"unlisted close reason", func(c *Config) { c.Columns[5].GitHub = []string{"closed:not_planned"} }, Warning, "github[0]", "", `no column lists GitHub issues that are "closed as duplicate"`},
		{"no selector", func(c *Config) { c.Columns[2].GitHub = []string{"label:x"} }, Error, "column[2].github[0]", "", `"label:x" does not begin with open, closed`},
		{"mistyped label", func(c *Config) { c.Columns[2].GitHub = []string{"open + lable:x"} }, Error, "column[2].github[0]", "", `is not label:NAME`},
		{"no blanks", func(c *Config) { c.Columns[2].GitHub = []string{"open+label:x"} }, Error, "column[2].github[0]", "", `does not begin with`},
		{"state of a priority", func(c *Config) { c.Priorities[0].GitHub = []string{"open + label:x"} }, Error, "priority[0].github[0]", "", `"open" in "open + label:x" is not label:NAME`},
		{"label to create", func(c *Config) { c.Columns[2].GitHub = []string{"open + label:In Review"} }, Warning, "github[0].repos[0]", "", `acme/payments has no label In Review`},
		{"shares with itself", func(c *Config) { c.Columns[2].Jira = []string{"same:review"} }, Error, "column[2].jira[0]", "", "same:review shares with no other column"},
		{"shares what is shared", func(c *Config) { c.Columns[4].Jira = []string{"same:review", "Closed"} }, Error, "column[4].jira[0]", "", "same:review shares with no other column"},
		{"key in capitals", func(c *Config) { c.Columns[2].Key = "Review" }, Error, "column[2].key", "", `"Review" is not a key`},
		{"key with a meaning", func(c *Config) { c.Columns[2].Key = "unmapped" }, Error, "column[2].key", "", "has a meaning of its own"},
		{"key twice", func(c *Config) { c.Priorities[2].Key = "high" }, Error, "priority[2].key", "priority[0].key", `two of the priority "high"`},
		{"negative limit", func(c *Config) { c.Columns[2].WIP = -1 }, Error, "column[2].wip", "", "negative WIP limit"},
		{"third party's turn", func(c *Config) { c.Columns[2].Turn = kanban.Third }, Error, "column[2].turn", "", `has the turn "third"`},
		{"pair twice", func(c *Config) { c.Pairs = append(c.Pairs, c.Pairs[0]) }, Error, "pair[1]", "pair[0]", "paired twice"},
		{"pair of a repository that is not read", func(c *Config) { c.Pairs[0].GitHub = "acme/payment" }, Error, "pair[0].github", "", `did you mean "acme/payments"?`},
		{"mistyped evidence", func(c *Config) { c.Pairs[0].Match = []Evidence{"remotelink"} }, Error, "pair[0].match[0]", "", `did you mean "remote-link"?`},
		{"field that does not exist", func(c *Config) { c.Pairs[0].Fields = map[kanban.Field]Direction{"titel": "both"} }, Error, "pair[0].fields", "", `"titel" is not known here; did you mean "title"?`},
		{"unit that matches nothing", func(c *Config) { c.Units = []UnitConfig{{Key: "a"}} }, Error, "unit[0].match", "", "can never match"},
		{"unit of those without", func(c *Config) {
			c.Units = []UnitConfig{{Key: "unassigned", Match: Condition{Jira: []Test{{Property: PropertyType, Any: []string{"Bug"}}}}}}
		}, Error, "unit[0].key", "", "has a meaning of its own"},
		{"rule without effect", func(c *Config) {
			c.Rules = []RuleConfig{{When: Condition{Jira: []Test{{Property: PropertyType, Any: []string{"Bug"}}}}}}
		}, Error, "rule[0].set", "", "sets nothing"},
		{"tracker of no kind", func(c *Config) { c.Trackers = append(c.Trackers, TrackerConfig{Name: "x", Kind: "gitlab"}) }, Error, "tracker", "", `"gitlab" is neither jira nor github`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			config := company()
			c.change(&config)
			r, ps := Compile(config, directories())
			if !slices.ContainsFunc(ps, func(p Problem) bool {
				return p.Severity == c.severity && p.Path == c.path && p.Also == c.also && strings.Contains(p.String(), c.message)
			}) {
				t.Errorf("not among %+v", ps)
			}
			if (r == nil) != Failed(ps) {
				t.Errorf("rules %v with problems %v", r != nil, ps)
			}
		})
	}
}

func TestSameNameTwiceBelongsToTheColumn(t *testing.T) {
	t.Parallel()
	dirs := directories()
	dirs[0].Statuses = append(dirs[0].Statuses, connectors.Status{Option: connectors.Option{ID: "10099", Name: "in progress"}, Used: []string{"OPS"}})
	r := compiled(t, company(), dirs)
	want := []kanban.Native{"3", "10099", "10007"}
	if diff := cmp.Diff(want, r.Lens("jira", "").Forward(kanban.Jira, "status", "doing", "1")); diff != "" {
		t.Error(diff)
	}
}

func TestOfflineNamesStandForThemselves(t *testing.T) {
	t.Parallel()
	r := compiled(t, company(), nil)
	i := connectors.Issue{Ref: connectors.Ref{Tracker: "jira"}, Kind: connectors.Jira,
		Status: connectors.Option{ID: "6", Name: "Closed"}, Resolution: connectors.Option{Name: "Won't Fix"}}
	n := r.Native(i, kanban.FieldStatus)
	if got, opinion := r.Lens("jira", "").Back(kanban.Jira, "status", n, ""); got != "withdrawn" || opinion != kanban.Says {
		t.Errorf("%q is %q, %s", n, got, opinion)
	}
	i.Status = connectors.Option{ID: "10007", Name: "Building"} // configured by its id
	if got := r.Native(i, kanban.FieldStatus); got != "10007" {
		t.Errorf("native is %q", got)
	}
	i.Status = connectors.Option{ID: "10007", Name: "Open"} // renamed to a name that is configured too
	if got := r.Native(i, kanban.FieldStatus); got != "10007" {
		t.Errorf("the name was believed before the id: %q", got)
	}
}

func TestTwoSites(t *testing.T) {
	t.Parallel()
	c, dirs := company(), directories()
	c.Trackers = append(c.Trackers, TrackerConfig{Name: "other", Kind: "jira", Containers: []string{"X"}})
	dirs = append(dirs, connectors.Directory{Tracker: "other", Kind: connectors.Jira,
		Statuses: []connectors.Status{{Option: connectors.Option{ID: "3", Name: "Closed"}, Used: []string{"X"}}}, Priorities: dirs[0].Priorities})
	r := compiled(t, c, dirs, `jira[1]: other cannot show column "requests", "doing", "review", "verify": it has none of the values listed there`)
	for tracker, want := range map[string]kanban.Value{"jira": "doing", "other": "done"} {
		if got, _ := r.Lens(tracker, "").Back(kanban.Jira, "status", "3", ""); got != want {
			t.Errorf("status 3 of %s is %q, want %q", tracker, got, want)
		}
	}
}
