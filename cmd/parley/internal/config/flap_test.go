package config

import (
	"slices"
	"strings"
	"testing"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
)

// trackersOnly is a configuration without a table, to which each test adds its own.
const trackersOnly = `[[jira]]
url = "https://acme.atlassian.net"
user = "parley@acme.example"
token = "env:JIRA_TOKEN"
projects = ["OPS"]
[[github]]
token = "env:GITHUB_TOKEN"
repos = ["acme/payments"]
[[pair]]
jira = "OPS"
github = "acme/payments"
fields = { status = "both", priority = "both", due = "both", labels = "both", assignees = "both" }
`

// known is what the trackers of these tests say of themselves: the status 3 is
// "In Arbeit" for the account that asks, and "In Progress" untranslated.
func known() []connectors.Directory {
	status := func(id, name, untranslated string) connectors.Status {
		return connectors.Status{Option: connectors.Option{ID: id, Name: name}, Untranslated: untranslated}
	}
	return []connectors.Directory{
		{Tracker: "jira", Kind: connectors.Jira,
			Statuses:   []connectors.Status{status("1", "Open", ""), status("3", "In Arbeit", "In Progress"), status("6", "Closed", "")},
			Priorities: []connectors.Option{{ID: "1", Name: "P1"}, {ID: "2", Name: "P2"}, {ID: "3", Name: "P3"}}},
		{Tracker: "github", Kind: connectors.GitHub, Labels: map[string][]string{}},
	}
}

// compiled loads a configuration and compiles it with what is known of the trackers,
// as at start, and gives everything that is printed.
func compiled(t *testing.T, text string) (*mapping.Rules, []string) {
	t.Helper()
	c, ps := LoadEnv(write(t, trackersOnly+text), environment)
	if c == nil {
		return nil, lines(ps)
	}
	rules, more := c.Compile(known())
	return rules, append(lines(ps), lines(more)...)
}

// table writes columns and priorities, each from line 13 on: "x jira | github".
func table(kind string, rows ...string) string {
	var out strings.Builder
	for _, row := range rows {
		key, values, _ := strings.Cut(row, " ")
		jira, github, _ := strings.Cut(values, " | ")
		out.WriteString("[[" + kind + "]]\nkey = \"" + key + "\"\n")
		if kind == "column" {
			out.WriteString("category = \"active\"\n")
		}
		out.WriteString("jira = [" + jira + "]\ngithub = [" + github + "]\n")
	}
	return out.String()
}

// TestFlappingTablesAreRefused: a table by which two sides would overwrite each other
// for ever does not start, and the line that is printed names the two values.
func TestFlappingTablesAreRefused(t *testing.T) {
	t.Parallel()
	column := func(rows ...string) string { return table("column", rows...) }
	priority := func(rows ...string) string { return table("priority", rows...) }
	one := column(`doing "Open" | "open + label:doing"`)
	for _, c := range []struct{ name, text, want string }{
		{"labels that differ in case only", column(`doing "Open" | "open + label:Status:Doing"`, `review "Closed" | "open + label:status:doing"`),
			`config.toml:22: column[1].github[0]: label "status:doing" is in column "doing" and in column "review" (see also line 17); keep it in one of them`},
		{"one priority in two, told apart by equality", column(`doing "Open" | "open"`) + priority(`high "P1", "P2" | "label:p1"`, `normal "P2" | "label:p2"`),
			`config.toml:24: priority[1].jira[0]: priority P2 is in priority "high" and in priority "normal" (see also line 20); keep it in one of them, or write "same:high" to share it`},
		{"closed for whatever reason, and for one", column(`done "Closed" | "closed"`, `accepted "Open" | "closed:completed"`),
			`config.toml:17: column[0].github[0]: to show column "done" Parley would write "closed:completed", which means "accepted" (law C: written, it must be read back the same); narrow it by a label or a close reason`},
		{"a label on top of another's", column(`doing "Open" | "open + label:a"`, `review "Closed" | "open + label:a + label:b"`),
			`config.toml:22: column[1].github[0]: label "a" is in column "doing" and in column "review" (see also line 17); keep it in one of them`},
		{"a status by its name and by its id", column(`doing "In Progress" | "open + label:a"`, `review "3" | "open + label:b"`),
			`config.toml:21: column[1].jira[0]: status In Arbeit (id 3) is in column "doing" and in column "review" (see also line 16); keep it in one of them, or write "same:doing" to share it`},
		{"a status by its two names", column(`doing "In Progress" | "open + label:a"`, `review "in arbeit" | "open + label:b"`),
			`config.toml:21: column[1].jira[0]: status In Arbeit (id 3) is in column "doing" and in column "review" (see also line 16); keep it in one of them, or write "same:doing" to share it`},
		{"a resolution in other letters", column(`done "Closed + resolution:Won't Fix" | "closed"`, `gone "Closed + resolution:won't fix" | "open"`),
			`config.toml:21: column[1].jira[0]: status Closed + resolution:won't fix is in column "done" and in column "gone" (see also line 16); keep it in one of them, or write "same:done" to share it`},
		{"a state in two columns", column(`requests "Open" | "open"`, `doing "Closed" | "open"`),
			`config.toml:22: column[1].github[0]: "open" is in column "requests" and in column "doing" (see also line 17); keep it in one of them, or narrow one by a label or a close reason`},
		{"a label for a column and a priority", column(`doing "Open" | "open + label:urgent"`) + priority(`high "P1" | "label:Urgent"`),
			`config.toml:21: priority[0].github[0]: label "Urgent" is in column "doing" and in priority "high" (see also line 17); keep it in one of them`},
		{"a label for a priority and a due date", one + priority(`high "P1" | "label:due:2026-12-24"`),
			`config.toml:21: priority[0].github[0]: label "due:2026-12-24" means priority "high" and is also how GitHub shows the due date "2026-12-24"; choose another name`},
		{"an account of two people", one + "[[person]]\nname = \"Ana\"\njira = \"a\"\ngithub = \"ana\"\n[[person]]\nname = \"Anna\"\njira = \"b\"\ngithub = \"Ana\"\n",
			`config.toml:25: person[1].github: the account "Ana" belongs to Ana as well (see also line 21); keep it with one of them`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			rules, printed := compiled(t, c.text)
			if rules != nil {
				t.Fatalf("it was taken; printed:\n%s", strings.Join(printed, "\n"))
			}
			if !slices.Contains(printed, c.want) {
				t.Errorf("want\n%s\nprinted\n%s", c.want, strings.Join(printed, "\n"))
			}
		})
	}
}

// TestTablesThatWouldFlapByHand: the tables that flap where they are compared by
// equality can be written, and do not: what fits is kept, and what means nothing is
// said at start and left alone.
func TestTablesThatWouldFlapByHand(t *testing.T) {
	t.Parallel()
	r, printed := compiled(t, table("column", `doing "Open" | "open + label:Status:Doing"`, `done "Closed" | "closed:completed"`)+
		table("priority", `high "P1", "P2" | "label:high"`, `low "P3" | "label:low"`))
	if r == nil {
		t.Fatal(printed)
	}
	l := r.Lens("jira", "github")
	if v, _ := l.Back(kanban.Jira, kanban.FieldPriority, "2", "high"); v != "high" || l.Forward(kanban.Jira, kanban.FieldPriority, v, "2")[0] != "2" {
		t.Error("P2 flaps to P1")
	}
	if v, opinion := l.Back(kanban.GitHub, kanban.FieldStatus, "closed:not_planned", "doing"); v != "doing" || opinion != kanban.Unmapped {
		t.Errorf("closed as not planned is read as %s, %s", v, opinion)
	}
	want := `no column lists GitHub issues that are "closed as not planned", "closed as duplicate"; such cards are shown as unmapped and left alone`
	if !strings.Contains(strings.Join(printed, "\n"), want) {
		t.Errorf("want\n%s\nprinted\n%s", want, strings.Join(printed, "\n"))
	}
	issue := connectors.Issue{Ref: connectors.Ref{Tracker: "github"}, Kind: connectors.GitHub, State: "open", Labels: []string{"STATUS:doing"}}
	n := r.Native(issue, kanban.FieldStatus)
	if v, _ := l.Back(kanban.GitHub, kanban.FieldStatus, n, ""); v != "doing" || len(r.Steps(kanban.GitHub, kanban.FieldStatus, n, l.Forward(kanban.GitHub, kanban.FieldStatus, v, n)[0])) > 0 {
		t.Errorf("a label in other letters is %q, %q, and would be written again", n, v)
	}
}
