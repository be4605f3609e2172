package l3_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/kanban"
	"parley/sync/oracle"
	"parley/sync/store"
)

// judge holds the world, at rest, to P1 and P2.
func (w *world) judge(ctx context.Context) error {
	var err error
	for _, p := range w.pairs {
		err = errors.Join(err, w.agree(ctx, p), w.nothingLost(ctx, p))
	}
	return err
}

// agree is P2: both trackers and the board say the same, or the card says why not.
func (w *world) agree(ctx context.Context, p pair) error {
	face, err := w.face(ctx, p)
	if err != nil {
		return fmt.Errorf("P2: %s is not on the board: %w", p.key, err)
	}
	j, _ := w.site.Issue(p.key)
	g, err := w.hub.Issue(repo, p.number)
	if err != nil {
		return err
	}
	status, priority := meaning(g.State, g.Labels)
	same := column(j.StatusName) == string(face.Column) && (status == string(face.Column) || status == "") &&
		level(j.PriorityName) == string(face.Priority) && (priority == string(face.Priority) || priority == "")
	if same && len(face.Pending) == 0 || len(face.Badges) > 0 {
		return nil
	}
	return fmt.Errorf("P2: %s is %s, %s; #%d is %s %v; the card is in %s, %s, pending %v, without a badge\n%s",
		p.key, j.StatusName, j.PriorityName, p.number, g.State, g.Labels, face.Column, face.Priority, face.Pending, w.story(ctx, p))
}

// nothingLost is P1.
func (w *world) nothingLost(ctx context.Context, p pair) error {
	id, err := w.store.Resolve(ctx, p.key)
	if err != nil {
		return err
	}
	conflicts, err := w.store.Conflicts(ctx, store.ConflictQuery{Card: id})
	if err != nil {
		return err
	}
	j, _ := w.site.Issue(p.key)
	events, err := w.hub.Events(repo, p.number)
	if err != nil {
		return err
	}
	for _, f := range []kanban.Field{kanban.FieldStatus, kanban.FieldPriority} {
		field := oracle.Field{First: first(f), Sides: [2][]oracle.Change{jiraChanges(j.History, f), hubChanges(events, f)}, Drags: w.board[p.key+string(f)]}
		for _, c := range conflicts {
			if c.Field != f {
				continue
			}
			field.Kept = append(field.Kept, string(c.Loser.Value))
			for _, e := range c.Support {
				field.Kept = append(field.Kept, string(e.Value))
			}
		}
		for _, e := range field.Lost() {
			err = errors.Join(err, fmt.Errorf("P1: lost the edit of %s of %s to %s at %s; on record %v\n%s", f, p.key, e.Value, e.At.Format(time.TimeOnly), field.Kept, w.story(ctx, p)))
		}
	}
	return err
}

// first is what a new pair shows.
func first(f kanban.Field) [2]string {
	if f == kanban.FieldStatus {
		return [2]string{"todo", "todo"}
	}
	return [2]string{"medium", ""}
}

func isStatus(label string) bool { return strings.HasPrefix(label, "status:") }

func column(status string) string {
	return map[string]string{"To Do": "todo", "In Progress": "doing", "In Review": "review", "Done": "done"}[status]
}

func level(priority string) string {
	return map[string]string{"Highest": "high", "High": "high", "Medium": "medium", "Low": "low", "Lowest": "low"}[priority]
}

// meaning is what a GitHub issue says; "" where it says nothing, or two things.
func meaning(state string, labels []string) (status, priority string) {
	var s, p []string
	for _, l := range labels {
		if name, ok := strings.CutPrefix(l, "status:"); ok {
			s = append(s, map[string]string{"in-progress": "doing", "review": "review"}[name])
		}
		if name, ok := strings.CutPrefix(l, "priority:"); ok {
			p = append(p, name)
		}
	}
	if len(s) == 1 {
		status = s[0]
	}
	if state == "closed" {
		status = "done"
	}
	if len(p) == 1 {
		priority = p[0]
	}
	return status, priority
}

func jiraChanges(history []jirasim.History, f kanban.Field) []oracle.Change {
	var out []oracle.Change
	for _, h := range history {
		for _, item := range h.Items {
			var value string
			switch {
			case item.FieldID == "status" && f == kanban.FieldStatus:
				value = column(item.ToText)
			case item.FieldID == "priority" && f == kanban.FieldPriority:
				value = level(item.ToText)
			default:
				continue
			}
			out = append(out, oracle.Change{At: h.At, Value: value, Own: h.Author == "bot-1"})
		}
	}
	return out
}

// hubChanges replays an issue's events. What one person does within seconds is one
// change: swapping a label takes two events.
func hubChanges(events []githubsim.Event, f kanban.Field) []oracle.Change {
	state, labels, last := "open", []string(nil), ""
	var out []oracle.Change
	for _, e := range events {
		switch e.Kind {
		case "labeled":
			labels = append(slices.Clone(labels), e.Label)
		case "unlabeled":
			labels = slices.DeleteFunc(slices.Clone(labels), func(l string) bool { return l == e.Label })
		case "closed":
			state = "closed"
		case "reopened":
			state = "open"
		}
		status, priority := meaning(state, labels)
		value := status
		if f == kanban.FieldPriority {
			value = priority
		}
		if value == last {
			continue
		}
		last = value
		c := oracle.Change{At: e.At, Value: value, Own: e.Actor == "parley-bot"}
		if f == kanban.FieldStatus && value == "" && !slices.ContainsFunc(labels, isStatus) {
			c.Shows = "todo" // the column that lists plain open
		}
		if n := len(out); n > 0 && !c.Own && !out[n-1].Own && c.At.Sub(out[n-1].At) <= 10*time.Second {
			out[n-1] = c
			continue
		}
		out = append(out, c)
	}
	return out
}

// story is everything that happened to a pair.
func (w *world) story(ctx context.Context, p pair) string {
	var b strings.Builder
	j, _ := w.site.Issue(p.key)
	for _, h := range j.History {
		fmt.Fprintf(&b, "  %s jira   %s", h.At.Format(time.TimeOnly), h.Author)
		for _, i := range h.Items {
			fmt.Fprintf(&b, " %s %s→%s", i.Field, i.FromText, i.ToText)
		}
		fmt.Fprintln(&b)
	}
	events, _ := w.hub.Events(repo, p.number)
	for _, e := range events {
		fmt.Fprintf(&b, "  %s github %s %s %s\n", e.At.Format(time.TimeOnly), e.Actor, e.Kind, e.Label)
	}
	id, _ := w.store.Resolve(ctx, p.key)
	lines, _ := w.store.Activity(ctx, store.ActivityQuery{Card: id})
	for _, l := range lines {
		fmt.Fprintf(&b, "  %s parley %s: %s\n", l.At.Format(time.TimeOnly), l.Kind, l.Text)
	}
	for _, at := range []string{string(kanban.FieldStatus), string(kanban.FieldPriority)} {
		for _, d := range w.board[p.key+at] {
			fmt.Fprintf(&b, "  %s board  %s %s→%s\n", d.At.Format(time.TimeOnly), at, d.From, d.To)
		}
	}
	ops, _ := w.store.OpsOf(ctx, id)
	for _, o := range ops {
		fmt.Fprintf(&b, "  write  %s %s %s→%s v%d %s hold %q %s; sent %s\n", o.Side, o.Field, o.From, o.To, o.Version, o.State, o.Hold, o.Problem, o.SentAt.Format(time.TimeOnly))
	}
	if c, err := w.store.Card(ctx, id); err == nil {
		for _, s := range c.Sides {
			if s != nil {
				fmt.Fprintf(&b, "  side   %s need %q problem %+v\n", s.Issue.Key, s.Need, s.Problem)
			}
		}
	}
	return b.String()
}
