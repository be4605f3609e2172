package jirasim_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim/jirasim"
)

// jqlWorld has OPS-1 (Highest, in progress, labels a b), OPS-2 (no priority, by
// the bot) and FIN-1 (done, Won't Do), one minute apart.
func jqlWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	for _, step := range []struct {
		actor string
		n     jirasim.NewIssue
	}{
		{"ana", jirasim.NewIssue{Project: "OPS", Type: "Bug", Summary: "Printer on fire", Priority: "Highest", Status: "In Progress", Labels: []string{"b", "a"}, Assignee: "ana"}},
		{"bot-1", jirasim.NewIssue{Project: "OPS", Type: "Task", Summary: "Buy paper", Priority: jirasim.None, Components: []string{"Office"}}},
		{"ana", jirasim.NewIssue{Project: "FIN", Type: "Task", Summary: "Pay", Priority: "Low", Status: "In Review"}},
	} {
		if _, err := w.site.Create(step.actor, step.n); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Minute)
	}
	if err := w.site.At(start.Add(2*time.Minute+time.Second)).Transition("ana", "FIN-1", "Finish", jirasim.Edit{Resolution: new("Won't Do")}); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestJQLFinds(t *testing.T) {
	t.Parallel()
	w := jqlWorld(t)
	ms := func(d time.Duration) string { return fmt.Sprint(start.Add(d).UnixMilli()) }
	for query, want := range map[string]string{
		`project = OPS`:                                     "OPS-1 OPS-2",
		`project in (ops, "Finance")`:                       "OPS-1 OPS-2 FIN-1",
		`project = NOPE`:                                    "",
		`project in (NOPE, FIN)`:                            "FIN-1",
		`project != OPS`:                                    "FIN-1",
		`NOT project = OPS`:                                 "FIN-1",
		`not (project = OPS and priority = Highest)`:        "FIN-1",
		`key = OPS-2`:                                       "OPS-2",
		`key in (OPS-2, fin-1, OPS-99)`:                     "OPS-2 FIN-1",
		`id in (10000, 10002)`:                              "OPS-1 FIN-1",
		`key = OPS-2 and project = FIN`:                     "",
		`status = "In Progress"`:                            "OPS-1",
		`status = 3`:                                        "OPS-1",
		`status in ("to do", Done)`:                         "OPS-2 FIN-1",
		`statusCategory = Done`:                             "FIN-1",
		`statusCategory != Done`:                            "OPS-1 OPS-2",
		`statusCategory in (new, indeterminate)`:            "OPS-1 OPS-2",
		`creator = currentUser()`:                           "OPS-2",
		`reporter = ana`:                                    "OPS-1 FIN-1",
		`reporter = "ana@acme.example" AND project = FIN`:   "FIN-1",
		`labels = a`:                                        "OPS-1",
		`labels in (b, c)`:                                  "OPS-1",
		`labels is empty`:                                   "OPS-2 FIN-1",
		`labels is not EMPTY`:                               "OPS-1",
		`priority = Highest`:                                "OPS-1",
		`priority != Highest`:                               "FIN-1",
		`not priority = Highest`:                            "FIN-1",
		`priority is empty`:                                 "OPS-2",
		`assignee = EMPTY`:                                  "OPS-2 FIN-1",
		`resolution = Unresolved`:                           "OPS-1 OPS-2",
		`resolution = "Won't Do"`:                           "FIN-1",
		`component = Office`:                                "OPS-2",
		`type = bug`:                                        "OPS-1",
		`summary ~ "fire"`:                                  "OPS-1",
		`paper`:                                             "OPS-2",
		`nothinglikeit`:                                     "",
		`project = OPS OR project = FIN AND type = Bug`:     "OPS-1 OPS-2",
		`(project = OPS OR project = FIN) AND type = Bug`:   "OPS-1",
		`updated >= ` + ms(time.Minute):                     "OPS-2 FIN-1",
		`updated > ` + ms(time.Minute):                      "FIN-1",
		`updated <= ` + ms(time.Minute):                     "OPS-1 OPS-2",
		`updated < ` + ms(time.Minute):                      "OPS-1",
		`updated >= ` + ms(time.Minute+1e6):                 "FIN-1",
		`created >= -2m`:                                    "OPS-2 FIN-1",
		`created >= -1h`:                                    "OPS-1 OPS-2 FIN-1",
		`created < -1d`:                                     "",
		`created >= "2026-11-02 09:01"`:                     "OPS-2 FIN-1",
		`created >= "2026/11/02 09:01" and created < now()`: "OPS-2 FIN-1",
		`created >= 2026-11-02`:                             "OPS-1 OPS-2 FIN-1",
	} {
		a := w.do("POST", "/rest/api/3/search/jql", jql(query+" ORDER BY created", `,"fields":["key"]`))
		if a.status != 200 {
			t.Errorf("%s: %d %s", query, a.status, a.text)
			continue
		}
		if got := strings.Join(a.keys(t), " "); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
}

func TestJQLRefuses(t *testing.T) {
	t.Parallel()
	w := jqlWorld(t)
	for _, query := range []string{
		`project = "OPS`, `project = `, `project` + ` = OPS AND`, `(project = OPS`, `project = OPS)`, `= OPS`, `project OPS`, `project in OPS`, `project in (OPS`, `project in ()`,
		`sprint = 4`, `status = Nonsense`, `priority = Urgent`, `type = Dream`, `reporter = nobody`, `statusCategory = x`,
		`priority > Low`, `updated in (1,2)`, `updated ~ 5`, `updated >= "1766102400000"`, `updated >= yesterday`, `updated >= -90s`, `updated >= startOfDay()`,
		`creator = membersOf()`, `creator = currentUser(x)`, `labels is a`, `status was Done`, `status changed`,
		`project = OPS ORDER BY rank`, `project = OPS ORDER updated`, `project = OPS ORDER BY`, `project = OPS ORDER BY key sideways`, `project = OPS project = FIN`,
		`project = OPS ORDER BY key` + strings.Repeat(`, key`, 7),
	} {
		a := w.do("POST", "/rest/api/3/search/jql", jql(query, ""))
		if a.status != 400 {
			t.Errorf("%s: %d %s", query, a.status, a.text)
			continue
		}
		if n := len(a.get(t, "errorMessages").([]any)); n != 1 {
			t.Errorf("%s: %d messages", query, n)
		}
	}
}

func TestWallClockIsReadInTheSearchersZone(t *testing.T) {
	t.Parallel()
	w := jqlWorld(t) // OPS-1 was made at 09:00:00.123 UTC, 11:00 in ana's zone
	q := jql(`created < "2026-11-02 10:30"`, `,"fields":["key"]`)
	if got := w.do("POST", "/rest/api/3/search/jql", q).keys(t); len(got) != 3 {
		t.Errorf("in UTC: %v", got)
	}
	w.email, w.token = w.ana.Email, w.ana.Token
	if got := w.do("POST", "/rest/api/3/search/jql", q).keys(t); len(got) != 0 {
		t.Errorf("two hours east: %v", got)
	}
	a := w.do("GET", "/rest/api/3/issue/OPS-1?fields=created", "").want(t, 200)
	if got := a.get(t, "fields.created"); got != "2026-11-02T11:00:00.123+0200" {
		t.Errorf("created shown as %v", got)
	}
}

func TestOrderBy(t *testing.T) {
	t.Parallel()
	w := jqlWorld(t)
	for order, want := range map[string]string{
		"updated":          "OPS-1 OPS-2 FIN-1",
		"updated DESC":     "FIN-1 OPS-2 OPS-1",
		"key":              "FIN-1 OPS-1 OPS-2",
		"id desc":          "FIN-1 OPS-2 OPS-1",
		"priority":         "OPS-2 FIN-1 OPS-1",
		"priority DESC":    "OPS-1 FIN-1 OPS-2",
		"created ASC, key": "OPS-1 OPS-2 FIN-1",
	} {
		a := w.do("POST", "/rest/api/3/search/jql", jql("project in (OPS, FIN) ORDER BY "+order, `,"fields":["key"]`)).want(t, 200)
		if got := a.keys(t); !slices.Equal(got, strings.Fields(want)) {
			t.Errorf("%s: %v, want %s", order, got, want)
		}
	}
}
