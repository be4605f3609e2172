package secrecy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"parley/cmd/parley/internal/app"
	"parley/cmd/parley/internal/config"
	"parley/sync/view"
)

// settings is the configuration but for the addresses, the people and what is shown.
const settings = `
[server]
listen = %[1]q
public_url = "http://%[1]s"
auth = "proxy"
metrics_token = "file:metrics"
[server.proxy]
trusted = ["127.0.0.1/32"]
groups = [
  { group = "ops", audience = "ops", role = "ops" }, { group = "it", audience = "it", role = "developer" }, { group = "wall", audience = "wall", role = "viewer" },
  { group = "risk", audience = "unit:risk", role = "requester" }, { group = "trading", audience = "unit:trading", role = "liaison" },
]
[store]
url = %[8]q
[sync]
poll = "100ms"
write = "on"
max_change = "100%%"
max_close = "100%%"
marker_key = "file:marker"
[[jira]]
name = "jira"
url = %[2]q
auth = "basic"
user = "bot@acme.example"
token = "file:jira"
webhook_secret = "file:jirahook"
projects = ["OPS", "FIN"]
[[github]]
name = "github"
url = %[3]q
token = "file:github"
webhook_secret = "file:githubhook"
repos = [%[4]s]
[[column]]
key = "requests"
name = "Requests"
category = "option"
jira = ["10000"]
github = ["open"]
[[column]]
key = "doing"
name = "In progress"
category = "active"
jira = ["3"]
github = ["open + label:status:doing"]
[[column]]
key = "review"
name = "Review"
category = "active"
jira = ["10001"]
github = ["open + label:status:review"]
[[column]]
key = "done"
name = "Done"
category = "done"
jira = ["Done"]
github = ["closed"]
[[priority]]
key = "high"
name = "High"
jira = ["High", "Highest"]
github = ["label:priority:high"]
[[priority]]
key = "normal"
name = "Normal"
jira = ["Medium"]
github = ["label:priority:normal"]
[[unit]]
key = "risk"
name = "Risk"
match = { jira_component = "risk", github_label = "bu:risk" }
[[unit.contract]]
from = "2024-01-01"
slots = 2
cutoff = "tue 12:00"
answer_days = 2
accept_days = 2
agreed = { business = "Leila", it = "Ana" }
[[unit]]
key = "trading"
name = "Trading"
match = { jira_component = "trading", github_label = "bu:trading" }
[[unit.contract]]
from = "2024-01-01"
slots = 2
cutoff = "tue 12:00"
answer_days = 2
accept_days = 2
agreed = { business = "Hanna", it = "Ana" }
[unit.digest]
jira_issue = "OPS-1"
email = ["hanna@acme.example"]
webhook = "file:address"
secret = "file:digest"
[smtp]
host = "127.0.0.1"
tls = "none"
port = %[6]d
user = "parley"
password = "file:smtp"
from = "parley@acme.example"
[tracing]
endpoint = %[7]q
header = "X-API-Key"
token = "file:tracing"
[[rule]]
when = { jira_component = "trading" }
set = { blocked = "third", reason = %[5]q }
`

// pairSettings is a pair rule: project, repository, and what is mirrored.
const pairSettings = `
[[pair]]
jira = %q
github = %q
%s
match = ["remote-link"]
fields = { status = "both", priority = "both", title = "both", labels = "both", assignees = "both" }
`

// daemon is Parley at work on the company.
type daemon struct {
	*company
	dir, file, base string
	policy          view.Policy
	log             *lines
	app             *app.App
	stop            func() error
}

// lines are everything that was logged.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// start runs Parley on the store in dir by a policy in the words of the configuration.
func (c *company) start(dir, visibility string) *daemon {
	c.t.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(c.t.Context(), "tcp", "127.0.0.1:0")
	c.check(err)
	d := &daemon{company: c, dir: dir, file: filepath.Join(dir, "config.toml"), base: "http://" + l.Addr().String(), log: &lines{}}
	for name, token := range c.tokens {
		c.check(os.WriteFile(filepath.Join(dir, name), []byte(token), 0o600))
	}
	var repos []string
	var pairs strings.Builder
	for i, r := range c.repos {
		repos = append(repos, fmt.Sprintf("%q", r))
		project, mirror := "OPS", ""
		if i == 3 {
			project, mirror = "FIN", "mirror = \"jira-to-github\"\nmirror_text = \"title+body\""
		}
		fmt.Fprintf(&pairs, pairSettings, project, r, mirror)
	}
	out := fmt.Sprintf(settings, l.Addr().String(), c.jira, c.github, strings.Join(repos, ", "), c.ruledReason, c.mails.Port, c.traces.URL, c.store) + pairs.String() + "[visibility]\nrestricted = { labels = [\"confidential\"] }\n" + visibility
	c.check(os.WriteFile(d.file, []byte(out), 0o600))
	cfg, problems := config.Load(d.file)
	if config.Failed(problems) {
		c.t.Fatal(problems)
	}
	d.policy = cfg.Policy()
	d.app, err = app.New(c.t.Context(), app.Options{Config: cfg, Log: slog.New(slog.NewJSONHandler(d.log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	c.check(err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- d.app.Run(ctx, l) }()
	d.stop = sync.OnceValue(func() error { cancel(); return errors.Join(<-ended, d.app.Close()) })
	c.t.Cleanup(func() {
		if err := d.stop(); err != nil {
			c.t.Errorf("stop Parley: %v", err)
		}
	})
	return d
}

// drift changes the configuration's file under the running daemon, so that the page about
// the mapping tells what the new one would do.
func (d *daemon) drift() {
	d.t.Helper()
	was, err := os.ReadFile(d.file)
	d.check(err)
	more := "[[column]]\nkey = \"odd\"\nname = \"Odd\"\ncategory = \"active\"\njira = [\"20002\"]\ngithub = [\"open + label:odd\"]\n"
	d.check(os.WriteFile(d.file, append(was, more...), 0o600))
}

// await waits for something to come true.
func (c *company) await(what string, met func() bool) {
	c.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	late := time.After(time.Minute)
	for !met() {
		select {
		case <-tick.C:
		case <-late:
			c.t.Fatalf("waited a minute for %s", what)
		}
	}
}
