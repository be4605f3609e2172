package config

import (
	"os"
	"strings"
	"testing"
)

// changedBy loads the example with all switched on, and again with one text replaced, and
// gives what differs.
func changedBy(t *testing.T, old, other string) string {
	t.Helper()
	text := exampleText(t)
	if !strings.Contains(text, old) {
		t.Fatalf("the example has no %q", old)
	}
	load := func(text string) *Config {
		c, _ := InspectText("/etc/config.toml", text, func(name string) (string, bool) { return "s3cret-" + name, true })
		if c == nil {
			t.Fatal("not TOML")
		}
		return c
	}
	var out []string
	changes := Differences(load(text), load(strings.Replace(text, old, other, 1)))
	for _, c := range changes {
		out = append(out, c.String())
	}
	if r := Restart(changes); len(r) > 0 {
		out = append(out, "restart: "+strings.Join(r, ", "))
	}
	return strings.Join(out, "\n")
}

func TestDifferences(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(example); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct{ old, other, want string }{
		"nothing":                {"[sync]", "[sync] ", ""},
		"a duration":             {`poll = "30s"`, `poll = "5m"`, `sync.poll: "30s" → "5m"`},
		"a percentage":           {`max_close = "10%"`, `max_close = "20%"`, `sync.max_close: "10%" → "20%"`},
		"a name":                 {`name = "Review"`, `name = "Checking"`, `column "review".name: "Review" → "Checking"`},
		"a list":                 {`jira = ["Open", "Reopened"]`, `jira = ["Open"]`, `column "requests".jira: ["Open", "Reopened"] → ["Open"]`},
		"a table more":           {"[[priority]]\nkey = \"low\"", "[[priority]]\nkey = \"lower\"\n[[priority]]\nkey = \"low\"", `priority: new, "lower"`},
		"a table in between":     {"[[column]]\nkey = \"review\"", "[[column]]\nkey = \"build\"\ncategory = \"active\"\n[[column]]\nkey = \"review\"", `column: new, "build"`},
		"a flag":                 {"hard = false                        #", "hard = true #", `limit "expedite".hard: false → true`},
		"a word in a table":      {`status = "both", priority = "both" }     #`, `status = "both", priority = "jira" } #`, `pair "OPS with acme/payments".fields: priority = "both", status = "both" → priority = "jira", status = "both"`},
		"what needs a start":     {`listen = "127.0.0.1:8080"`, `listen = "127.0.0.1:9090"`, "server.listen: \"127.0.0.1:8080\" → \"127.0.0.1:9090\"\nrestart: server.listen"},
		"a secret":               {`token = "env:JIRA_TOKEN"`, `token = "env:OTHER_TOKEN"`, `jira "jira".token: changed`},
		"an address that is one": {`webhook = "https://hooks.acme.example/parley"`, `webhook = "https://u:p@hooks.acme.example/other"`, `unit "trading".digest.webhook: changed`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := changedBy(t, tc.old, tc.other); got != tc.want {
				t.Errorf("got\n%s\nwant\n%s", got, tc.want)
			}
		})
	}
}

// TestAnotherOrderIsToldOnce: columns that change places are one change.
func TestAnotherOrderIsToldOnce(t *testing.T) {
	t.Parallel()
	a := &Config{Column: []Column{{Key: "one"}, {Key: "two"}}}
	b := &Config{Column: []Column{{Key: "two"}, {Key: "one"}}}
	if got := Differences(a, b); len(got) != 1 || got[0].String() != `column: the order: "one", "two" → "two", "one"` {
		t.Error(got)
	}
}
