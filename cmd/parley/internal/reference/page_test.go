package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const root = "../../../.."

// TestReferenceIsTrue: the page in docs is what the code says now, and it tells each kind of
// thing that a reader looks for.
func TestReferenceIsTrue(t *testing.T) {
	t.Parallel()
	text, err := page(root)
	if err != nil {
		t.Fatal(err)
	}
	have, err := os.ReadFile(filepath.Join(root, "docs", "CONFIGURATION.md"))
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != text {
		t.Error("docs/CONFIGURATION.md is not what the code says; make reference writes it anew")
	}
	for _, row := range []string{
		"| `poll` | duration | `\"30s\"` |",
		"| `write` | text | `\"plan\"` | `plan`, `on` |",
		"| `max_change` | percentage | `\"20%\"` |",
		"| `token` | secret |  |",
		"| `category` | text |  | `option`, `queue`, `active`, `wait`, `done`, `cancelled` |",
		"| `mirror` | text |  | `none`, `jira-to-github`, `github-to-jira`, `both` |",
		"| `listen` | text | `\"127.0.0.1:8080\"` |",
		"| `role` | text |  | `viewer`, `requester`, `liaison`, `developer`, `ops` |",
		"| `cutoff` | text | `\"tue 12:00\"` |",
		"| `jira_label` | text or texts |",
		"| `wall` | list of texts | `[\"title\",",
		"| `tls` | text | `\"starttls\"` | `starttls`, `implicit`, `none` |",
		"| `audience` | text |  | `ops`, `it`, `wall`, `unit:KEY` |",
		"| `priorities` | list of texts |  |  |",
		"`[[unit.contract]]`: one version of the terms",
	} {
		if !strings.Contains(text, row) {
			t.Errorf("no row begins with %s", row)
		}
	}
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "| `") && strings.Count(strings.ReplaceAll(line, `\|`, ""), "|") != 7 {
			t.Errorf("a cell is broken: %s", line)
		}
	}
}
