package main

import (
	"fmt"
	"strings"
	"time"

	"parley/cmd/parley/internal/rig"
)

// poll is short, so that idle polls need not be waited for.
const poll = 5 * time.Second

const head = `[server]
listen = %[1]q
public_url = "http://%[1]s"

[store]
url = "sqlite:parley.db"

[sync]
poll = %[2]q
write = "on"

[[jira]]
name = "jira"
url = %[3]q
user = %[4]q
token = "env:%[5]s"
projects = [%[6]q]

[[github]]
name = "github"
url = %[7]q
token = "env:%[5]s"
repos = [%[8]q]

[[pair]]
jira = %[6]q
github = %[8]q
match = ["key-in-title"]
`

// config is the daemon's configuration. Remote links are not asked for, which is one request
// an issue in the background.
func (c *company) config(listen string) string {
	var b strings.Builder
	fmt.Fprintf(&b, head, listen, poll.String(), c.jiraURL, botMail, rig.TokenEnv, project, c.gitHubURL, repo)
	for _, s := range stages() {
		gitHub := "open + label:" + s.label
		if s.label == "" {
			gitHub = map[string]string{"todo": "open", "done": "closed"}[s.key]
		}
		fmt.Fprintf(&b, "\n[[column]]\nkey = %q\nname = %q\ncategory = %q\njira = [%q]\ngithub = [%q]\n", s.key, s.name, s.category, s.name, gitHub)
	}
	for _, p := range priorities() {
		fmt.Fprintf(&b, "\n[[priority]]\nkey = %q\nname = %q\njira = [%q]\ngithub = [%q]\n", p.key, p.jira, p.jira, "label:"+p.label)
	}
	return b.String()
}
