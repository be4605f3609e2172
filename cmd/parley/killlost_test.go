package main

import (
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"parley/sync/oracle"
)

// nothingLost is P1, told from the trackers' own histories: every edit by a person is
// the final value, or was overwritten by somebody who saw it, or is on record.
func (w *killWorld) nothingLost() {
	w.t.Helper()
	kept := w.kept()
	for _, p := range w.pairs {
		c, ok := w.card(p)
		if !ok {
			continue // said already
		}
		jira, hub := w.jiraIssue(p.key).Changelog.Histories, w.hubEvents(p)
		for _, field := range []string{"status", "priority"} {
			f := oracle.Field{First: first(field), Sides: [2][]oracle.Change{jiraChanges(jira, field), hubChanges(hub, field)}, Drags: w.drags[p.key+field], Kept: kept[c.ID+field]}
			for _, e := range f.Lost() {
				w.t.Errorf("%s: lost the edit of %s to %s at %s; on record: %v\n%s", p.key, field, e.Value, e.At.Format(time.TimeOnly), f.Kept, w.story(p))
			}
		}
	}
}

// kept gives what lost a conflict and is on record, by card and field, in the board's keys.
func (w *killWorld) kept() map[string][]string {
	w.t.Helper()
	var all struct {
		Conflicts []struct {
			Card, Field string
			Loser       struct{ Value, Native string }
		}
	}
	if code, err := w.api("GET", "conflicts", nil, &all); err != nil || code != http.StatusOK {
		w.t.Fatalf("read the conflicts: %d %v", code, err)
	}
	keys := w.boardKeys()
	out := map[string][]string{}
	for at, values := range w.records {
		out[at] = slices.Clone(values)
	}
	for _, c := range all.Conflicts {
		at := c.Card + c.Field
		out[at] = append(out[at], keys[c.Loser.Value])
	}
	return out
}

// boardKeys gives the keys of columns and priorities by their names.
func (w *killWorld) boardKeys() map[string]string {
	w.t.Helper()
	var board struct{ Columns, Priorities []struct{ Key, Name string } }
	if code, err := w.api("GET", "board", nil, &board); err != nil || code != http.StatusOK {
		w.t.Fatalf("read the board: %d %v", code, err)
	}
	out := map[string]string{}
	for _, x := range slices.Concat(board.Columns, board.Priorities) {
		out[x.Name] = x.Key
	}
	return out
}

// jiraChanges reads the changes of one field off an issue's changelog.
func jiraChanges(histories []jiraHistory, field string) []oracle.Change {
	var out []oracle.Change
	for _, h := range histories {
		for _, item := range h.Items {
			if item.FieldID != field {
				continue
			}
			value := columnInJira(item.ToString)
			if field == "priority" {
				value = priorityInJira(item.ToString)
			}
			out = append(out, oracle.Change{At: timeOf(h.Created), Value: known(value), Own: h.Author.AccountID == botAccount})
		}
	}
	return out
}

// first is what a new pair shows.
func first(field string) [2]string {
	if field == "status" {
		return [2]string{meanings()[0].column, meanings()[0].column}
	}
	return [2]string{"normal", ""}
}

// known is a value, or nothing where it is none of the board's.
func known(value string) string {
	if value == "unmapped" || strings.Contains(value, " and ") {
		return ""
	}
	return value
}

// hubChanges replays an issue's events and gives what the field came to mean. What one
// person does within seconds is one change: swapping a label takes two events.
func hubChanges(events []hubEvent, field string) []oracle.Change {
	is := hubIssue{State: "open"}
	var out []oracle.Change
	last := ""
	for _, e := range events {
		is = is.after(e)
		value := meant(is, field)
		if value == last {
			continue
		}
		last = value
		c := oracle.Change{At: timeOf(e.Created), Value: known(value), Own: e.Actor.Login == botLogin}
		if value == "" && field == "status" {
			c.Shows = meanings()[0].column // it lists plain open
		}
		if n := len(out); n > 0 && !c.Own && !out[n-1].Own && c.At.Sub(out[n-1].At) <= 10*time.Second {
			out[n-1] = c
			continue
		}
		out = append(out, c)
	}
	return out
}

func meant(is hubIssue, field string) string {
	value, silent := columnInGitHub(is)
	if field == "priority" {
		value, silent = priorityInGitHub(is)
	}
	if silent {
		return ""
	}
	return value
}

// after is the issue after one event.
func (i hubIssue) after(e hubEvent) hubIssue {
	switch e.Event {
	case "labeled":
		i.Labels = append(slices.Clone(i.Labels), struct{ Name string }{e.Label.Name})
	case "unlabeled":
		i.Labels = slices.DeleteFunc(slices.Clone(i.Labels), func(l struct{ Name string }) bool { return l.Name == e.Label.Name })
	case "closed":
		i.State, i.Reason = "closed", e.Reason
		if i.Reason == "" {
			i.Reason = "completed"
		}
	case "reopened":
		i.State, i.Reason = "open", ""
	}
	return i
}

func timeOf(text string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05.000-0700"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at
		}
	}
	return time.Time{}
}

// fewEnough is P3: what the daemon wrote is bounded by what people changed, what they
// changed on the board (which goes to both trackers) and by the kills.
func (w *killWorld) fewEnough(kills int) {
	w.t.Helper()
	onBoard := 0
	for _, d := range w.drags {
		onBoard += len(d)
	}
	limit := 2*len(w.did) - 1 + onBoard + kills
	ops := map[string]bool{}
	for _, p := range w.pairs {
		for _, h := range w.jiraIssue(p.key).Changelog.Histories {
			ops[h.Metadata.ExtraData.Op] = true
		}
	}
	const hops = 5 // requests of one write at most
	if sent := w.log.count(); len(ops) > limit || sent > hops*limit {
		w.t.Errorf("P3: %d changes by people and %d kills led to %d writes to Jira in %d requests to both; %d writes would do", len(w.did), kills, len(ops), sent, limit)
	}
}

// inOrder lets parley fsck judge the store, where this Parley has it.
func (w *killWorld) inOrder() {
	w.t.Helper()
	help, err := exec.Command("parley", "--help").CombinedOutput()
	if err != nil || !strings.Contains(string(help), "\n  fsck") {
		w.t.Log("there is no parley fsck yet")
		return
	}
	out, err := w.command("fsck")
	if err != nil {
		w.t.Errorf("parley fsck: %v\n%s", err, out)
	}
}

// command runs parley beside the daemon.
func (w *killWorld) command(args ...string) (string, error) {
	return ran(w.prepared(args), (*exec.Cmd).CombinedOutput)
}

// printed is command for what stands on standard output alone.
func (w *killWorld) printed(args ...string) (string, error) {
	return ran(w.prepared(args), (*exec.Cmd).Output)
}

func (w *killWorld) prepared(args []string) *exec.Cmd {
	cmd := exec.Command("parley", append([]string{"--config", filepath.Join(w.dir, "config.toml")}, args...)...)
	cmd.Env = tokens()
	return cmd
}

func ran(cmd *exec.Cmd, output func(*exec.Cmd) ([]byte, error)) (string, error) {
	out, err := output(cmd)
	if err != nil {
		err = fmt.Errorf("run %s: %w", strings.Join(cmd.Args, " "), err)
	}
	return string(out), err
}
