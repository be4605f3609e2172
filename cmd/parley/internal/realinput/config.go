package main

import (
	"fmt"
	"strings"
	"time"
)

// poll is short, so that idle polls need not be waited for.
const poll = 2 * time.Second

// column is one column of the board: each Jira status has one of its own, so that
// the counts of the two can be compared one to one.
type column struct{ key, status, category, gitHub string }

func columns() []column {
	return []column{
		{"open", "Open", "option", "open"},
		{"reopened", "Reopened", "queue", ""},
		{"in-progress", "In Progress", "active", ""},
		{"in-review", "In Review", "active", ""},
		{"in-qe-test", "In QE Test", "active", ""},
		{"resolved", "Resolved", "active", ""},
		{"closed", "Closed", "done", "closed"},
	}
}

// priorities of the Jira file, highest first. "None" is one of them, beside issues
// that have no priority at all.
func priorities() []string { return []string{"Critical", "High", "Medium", "Low", "Trivial", "None"} }

const head = `[server]
listen = %q
public_url = %q

[store]
url = "sqlite:parley.db"

[sync]
poll = %q
write = %q

[[jira]]
name = "jira"
url = %q
user = %q
token = "env:RIG_TOKEN"
projects = ["TIMOB", "AC", "ALOY", "MOD", "DAEMON"]

[[github]]
name = "github"
url = %q
token = "env:RIG_TOKEN"
repos = [%q]

[[pair]]
jira = "TIMOB"
github = %q
`

// configText is the daemon's configuration. Writing is on: that nothing is written
// has to come by itself.
func configText(w *trackers, listen string) string {
	var b strings.Builder
	fmt.Fprintf(&b, head, listen, "http://"+listen, poll.String(), "on", w.jiraURL, botMail, w.gitHubURL, repo, repo)
	for _, c := range columns() {
		fmt.Fprintf(&b, "\n[[column]]\nkey = %q\nname = %q\ncategory = %q\njira = [%q]\n", c.key, c.status, c.category, c.status)
		if c.gitHub != "" {
			fmt.Fprintf(&b, "github = [%q]\n", c.gitHub)
		}
	}
	writePriorities(&b)
	return b.String()
}

func writePriorities(b *strings.Builder) {
	for _, p := range priorities() {
		fmt.Fprintf(b, "\n[[priority]]\nkey = %q\nname = %q\njira = [%q]\n", strings.ToLower(p), p, p)
	}
}
