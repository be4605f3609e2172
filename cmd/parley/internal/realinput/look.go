package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"parley/cmd/parley/internal/rig"
)

// look runs the daemon on the same issues for a person to look at, until the context
// ends. Their dates are moved so that the last edit was made within the past week, and
// each issue that was resolved gets the one step of its history that its own fields
// tell: without dates of today there is no flow of today, and without a step no card
// was ever finished.
func look(ctx context.Context, out io.Writer, in input, dir, listen string) error {
	jira, err := latest(in.jira, "updated")
	if err != nil {
		return err
	}
	polls, err := fold(in.polls)
	if err != nil {
		return err
	}
	gitHub, err := polls.latest()
	if err != nil {
		return err
	}
	now := time.Now()
	w, err := load(ctx, in, ahead{jira: weeks(jira, now), gitHub: weeks(gitHub, now), steps: true})
	if err != nil {
		return err
	}
	defer w.servers.Close()
	fmt.Fprintf(out, "loaded %d Jira issues, moved %d weeks ahead, and %d GitHub issues, moved %d weeks ahead\n",
		w.issues, int(w.ahead.jira/week), w.gitHub.Issues, int(w.ahead.gitHub/week))
	d, err := rig.Start(context.WithoutCancel(ctx), dir, listen, lookText(w, listen))
	if err != nil {
		return err
	}
	p, err := w.importAll(ctx, d)
	if err != nil {
		return fmt.Errorf("%w\n%w", err, d.LastWords())
	}
	fmt.Fprintf(out, "read after %s; look at %s/flow?days=365 and %s/workload, and stop it with Ctrl-C\n", seconds(p.whole), d.URL, d.URL)
	<-ctx.Done()
	return d.Stop()
}

const week = 7 * 24 * time.Hour

// ahead is by how much the dates of the raw files are moved. Whole weeks keep the days
// of the week as they were.
type ahead struct {
	jira, gitHub time.Duration
	steps        bool // tell each resolution as a step of the history
}

// weeks are the whole weeks from a moment to another, less than one of them short.
func weeks(last, now time.Time) time.Duration { return now.Sub(last).Truncate(week) }

// latest is the last moment that a field of the file's lines names.
func latest(path, field string) (last time.Time, err error) {
	err = eachLine(path, func(line []byte) error {
		var in map[string]json.RawMessage
		if err := json.Unmarshal(line, &in); err != nil {
			return fmt.Errorf("decode issue: %w", err)
		}
		at, err := moment(in[field])
		last = later(last, at)
		return err
	})
	return last, err
}

// latest is when an issue was changed last.
func (r *repository) latest() (last time.Time, err error) {
	for n, raw := range r.byNumber {
		var in map[string]json.RawMessage
		if err := json.Unmarshal(raw, &in); err != nil {
			return last, fmt.Errorf("decode issue %d: %w", n, err)
		}
		at, err := moment(in["updated_at"])
		if err != nil {
			return last, fmt.Errorf("issue %d: %w", n, err)
		}
		last = later(last, at)
	}
	return last, nil
}

// The forms of a moment: Jira's, and GitHub's.
const (
	jiraTime   = "2006-01-02T15:04:05.000-0700"
	gitHubTime = time.RFC3339
)

// moment reads a text of either form; null is the zero moment.
func moment(raw json.RawMessage) (time.Time, error) {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil || text == "" {
		return time.Time{}, err
	}
	if strings.HasSuffix(text, "Z") {
		return time.Parse(gitHubTime, text)
	}
	return time.Parse(jiraTime, text)
}

// moved moves a moment of Jira's, if there is one.
func moved(text string, by time.Duration) string {
	at, err := time.Parse(jiraTime, text)
	if err != nil {
		return text
	}
	return at.Add(by).Format(jiraTime)
}

// later moves the moments of all issues of the repository.
func (r *repository) later(by time.Duration) error {
	for n, raw := range r.byNumber {
		var in map[string]json.RawMessage
		if err := json.Unmarshal(raw, &in); err != nil {
			return fmt.Errorf("decode issue %d: %w", n, err)
		}
		for _, field := range []string{"created_at", "updated_at", "closed_at"} {
			at, err := moment(in[field])
			if err != nil {
				return fmt.Errorf("issue %d: %s: %w", n, field, err)
			}
			if !at.IsZero() {
				in[field], _ = json.Marshal(at.Add(by).Format(gitHubTime))
			}
		}
		out, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("encode issue %d: %w", n, err)
		}
		r.byNumber[n] = out
	}
	return nil
}

// statuses are those of the Jira file with the numbers that a Jira gives them.
func statuses() map[string]string {
	return map[string]string{"Open": "1", "In Progress": "3", "Reopened": "4", "Resolved": "5", "Closed": "6", "In Review": "10001", "In QE Test": "10002"}
}

// step is the way from Open to what an issue is now, at its resolution.
func (in rawIssue) step() object {
	if in.ResolutionDate == "" || in.Status == "Open" {
		return object{"histories": []object{}}
	}
	return object{"histories": []object{{"created": in.ResolutionDate, "author": named(in.Assignee), "items": []object{{
		"field": "status", "fieldId": "status", "fieldtype": "jira",
		"from": statuses()["Open"], "fromString": "Open", "to": statuses()[in.Status], "toString": in.Status,
	}}}}}
}

const lookRules = `
[calendar]
timezone = "America/Los_Angeles"

[[rule]]
when = { jira_type = "Bug", jira_priority = ["Critical", "High"] }
set = { class = "expedite", planned = false, type = "defect" }

[[rule]]
when = { jira_type = "Bug" }
set = { type = "defect" }

[[rule]]
when = { jira_type = "Improvement" }
set = { type = "improvement" }
`

// lookText is the daemon's configuration for looking: an issue is in work from the day
// it was opened, since the file tells no later beginning, a resolved one is done, each
// project is a unit's, and urgent bugs were not planned.
func lookText(w *trackers, listen string) string {
	var b strings.Builder
	fmt.Fprintf(&b, head, listen, "http://"+listen, (10 * time.Second).String(), "plan", w.jiraURL, botMail, w.gitHubURL, repo, repo)
	for _, c := range []struct{ key, name, category, jira, gitHub string }{
		{"open", "Open", "active", `"Open", "Reopened"`, "open"},
		{"in-progress", "In progress", "active", `"In Progress"`, ""},
		{"review", "Review", "active", `"In Review", "In QE Test"`, ""},
		{"closed", "Closed", "done", `"Closed", "Resolved"`, "closed"},
	} {
		fmt.Fprintf(&b, "\n[[column]]\nkey = %q\nname = %q\ncategory = %q\njira = [%s]\n", c.key, c.name, c.category, c.jira)
		if c.gitHub != "" {
			fmt.Fprintf(&b, "github = [%q]\n", c.gitHub)
		}
	}
	writePriorities(&b)
	for _, u := range []struct{ project, name string }{{"TIMOB", "SDK"}, {"AC", "Community"}, {"ALOY", "Alloy"}, {"MOD", "Modules"}, {"DAEMON", "Daemon"}} {
		fmt.Fprintf(&b, "\n[[unit]]\nkey = %q\nname = %q\nmatch = { jira_project = %q }\n", strings.ToLower(u.project), u.name, u.project)
	}
	b.WriteString(lookRules)
	return b.String()
}
