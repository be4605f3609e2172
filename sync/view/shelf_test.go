package view_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/kanban"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/store"
	"parley/sync/view"
)

// shelf is a Source that holds cards and nothing else.
type shelf struct {
	view.Source
	faces []store.Face
	more  int64 // changes beyond the cards that were put

	unrecorded []store.IssueRow // issues whose history is not there
	history    string           // how far each tracker's import is
	refused    []store.IssueRow // issues whose history a tracker does not tell
}

// Refused are the issues whose history a tracker does not tell.
func (s *shelf) Refused(_ context.Context, tracker, after string, limit int) (out []store.IssueRow, err error) {
	for _, r := range s.refused {
		if r.Tracker == tracker && r.ID > after && len(out) < limit {
			out = append(out, r)
		}
	}
	return out, nil
}

// Unrecorded are the issues whose history is not there.
func (s *shelf) Unrecorded(context.Context, string, []string, string, int) ([]store.IssueRow, error) {
	return s.unrecorded, nil
}

// change replaces a card.
func (s *shelf) change(at int, c kanban.Card) {
	s.more++
	faces := append([]store.Face(nil), s.faces...)
	faces[at] = store.Face{Card: c, Seq: int64(len(s.faces)) + s.more}
	s.faces = faces
}

// paged is the page of all faces that a query asks for, as copies: a store hands out no card
// that anybody else has.
func paged(all []store.Face, q store.FaceQuery) []store.Face {
	var out []store.Face
	for _, f := range all {
		if f.Card.ID > q.After && (q.Limit == 0 || len(out) < q.Limit) {
			out = append(out, f)
		}
	}
	return out
}

func (s *shelf) Faces(_ context.Context, q store.FaceQuery) ([]store.Face, error) {
	if q.SinceSeq > 0 {
		var out []store.Face
		for _, f := range s.faces {
			if f.Seq > q.SinceSeq {
				out = append(out, f)
			}
		}
		return paged(out, q), nil
	}
	if len(q.IDs) == 0 {
		return paged(s.faces, q), nil
	}
	for _, f := range s.faces {
		if f.Card.ID == q.IDs[0] {
			return []store.Face{f}, nil
		}
	}
	return nil, nil
}

// Resolve takes an id only.
func (s *shelf) Resolve(_ context.Context, text string) (kanban.CardID, error) {
	return kanban.CardID(text), nil
}

func (s *shelf) Gone(context.Context, int64) ([]store.Alias, error)   { return nil, nil }
func (s *shelf) Seq(context.Context) (int64, error)                   { return int64(len(s.faces)) + s.more, nil }
func (s *shelf) Sources(context.Context) ([]store.SourceState, error) { return nil, nil }
func (s *shelf) Setting(_ context.Context, key string) (string, bool, error) {
	if strings.HasPrefix(key, store.SettingHistory) {
		return s.history, s.history != "", nil
	}
	return "", false, nil
}

// put adds cards that were last changed in the order in which they come.
func (s *shelf) put(cards ...kanban.Card) {
	for _, c := range cards {
		c.ID = kanban.CardID(fmt.Sprintf("card%04d", len(s.faces)))
		if j := c.Journey; c.Past.Steps == nil {
			if j.Started != nil && !j.Started.Equal(j.Entered) {
				c.Past.Steps = append(c.Past.Steps, kanban.Step{Column: "doing", At: *j.Started})
			}
			c.Past.Steps = append(c.Past.Steps, kanban.Step{Column: c.Column, At: j.Entered})
		}
		s.faces = append(s.faces, store.Face{Card: c, Seq: int64(len(s.faces)) + 1 + s.more})
	}
}

// shelfRules has one column of each category, unless they are changed.
func shelfRules(t testing.TB, changes ...func(*mapping.Config)) *mapping.Rules {
	t.Helper()
	column := func(key, name string, c kanban.Category, turn kanban.Party, wip int) mapping.ColumnConfig {
		return mapping.ColumnConfig{Key: key, Name: name, Category: c, Turn: turn, WIP: wip, GitHub: []string{"open + label:" + key}}
	}
	config := mapping.Config{
		Columns: []mapping.ColumnConfig{
			column("requests", "Requests", kanban.Option, kanban.Business, 0), column("committed", "Committed", kanban.Queue, kanban.IT, 2),
			column("doing", "In progress", kanban.Active, kanban.IT, 2), column("waiting", "Waiting", kanban.Wait, kanban.Business, 3),
			column("verify", "To accept", kanban.Active, kanban.Business, 0), column("done", "Done", kanban.Done, kanban.Nobody, 0), column("gone", "Withdrawn", kanban.Cancelled, kanban.Nobody, 0),
		},
		Priorities: []mapping.PriorityConfig{{Key: "high", Name: "High", GitHub: []string{"label:high"}}},
		Trackers:   []mapping.TrackerConfig{{Name: "github", Kind: "github", Containers: []string{"acme/infra"}}},
	}
	for _, change := range changes {
		change(&config)
	}
	rules, problems := mapping.Compile(config, nil)
	if mapping.Failed(problems) {
		t.Fatal(problems)
	}
	return rules
}

// of are the views that somebody has of a shelf.
func (s *shelf) of(rules *mapping.Rules, w view.Viewer) *view.Sight {
	eng := &engine.Engine{Rules: rules}
	return view.New(view.Options{
		Source: s, Engine: func() *engine.Engine { return eng }, Units: []view.Named{{Key: "risk", Name: "Risk"}, {Key: "trading", Name: "Trading"}},
		Zone: time.UTC, Now: func() time.Time { return now }, Policy: view.DefaultPolicy(), Poll: time.Minute,
	}).As(w)
}

func ago(days int) *time.Time {
	t := now.AddDate(0, 0, -days)
	return &t
}

// inWork is a card that was begun so many days ago; its age is one day more.
func inWork(column kanban.ColumnKey, days int) kanban.Card {
	return kanban.Card{Column: column, Turn: kanban.IT, Unit: "risk", Class: "standard", Planned: true, Title: "Positions",
		Journey: kanban.Journey{Created: *ago(days), Entered: *ago(days), Committed: ago(days), Started: ago(days)}}
}

// finished is a card whose work took so many days and ended so many days ago.
func finished(took, before int) kanban.Card {
	c := inWork("done", before+took-1)
	c.Turn, c.Journey.Finished, c.Journey.Entered = kanban.Nobody, ago(before), *ago(before)
	return c
}

// anyCard draws a card with words of its own in everything that may be hidden.
func anyCard(r *rapid.T, name string) kanban.Card {
	pick := func(what string, from ...string) string { return rapid.SampledFrom(from).Draw(r, name+what) }
	column := kanban.ColumnKey(pick(" column", "requests", "committed", "doing", "waiting", "verify", "done", "gone", ""))
	began := rapid.IntRange(0, 40).Draw(r, name+" began")
	c := inWork(column, began)
	c.Turn = kanban.Party(pick(" turn", "business", "it", "third", "none"))
	c.Unit, c.Class = kanban.UnitKey(pick(" unit", "risk", "trading", "unassigned")), pick(" class", "expedite", "standard")
	c.Planned, c.Restricted = rapid.Bool().Draw(r, name+" planned"), rapid.IntRange(0, 5).Draw(r, name+" restricted") == 0
	c.Assignee, c.Group, c.GroupSide = pick(" assignee", "", "Ana", "Ben"), pick(" group", "", "PRG-1", "Autumn"), pick(" group side", "jira", "github", "")
	if column == "done" || column == "gone" {
		end := rapid.IntRange(0, began).Draw(r, name+" ended")
		c.Journey.Entered = *ago(end)
		if column == "done" {
			c.Journey.Finished = ago(end)
		}
	}
	sides := rapid.IntRange(1, 3).Draw(r, name+" sides")
	if sides&1 != 0 {
		c.Sides = append(c.Sides, kanban.CardSide{Side: "jira", Key: "OPS-" + pick(" key", "1", "2"), Status: "Open"})
	}
	if sides&2 != 0 {
		c.Sides = append(c.Sides, kanban.CardSide{Side: "github", Key: "acme/" + pick(" repo", "web", "core") + "#7", Status: "open"})
	}
	if rapid.Bool().Draw(r, name+" pending") {
		c.Pending = []kanban.Pending{{Side: c.Sides[0].Side, Field: "status", State: "sending"}}
	}
	if rapid.Bool().Draw(r, name+" badge") {
		c.Badges = []kanban.Badge{{Kind: kanban.BadgeDiffers, Text: "it differs", Side: pick(" badge side", "", "jira", "github"), Field: "status"}}
	}
	if rapid.Bool().Draw(r, name+" blocked") {
		c.Blocked = &kanban.Block{Reason: "the vendor", Party: kanban.Third, Since: *ago(3)}
	}
	return c
}

// anyViewer draws somebody of any audience.
func anyViewer(r *rapid.T) view.Viewer {
	return view.Viewer{Audience: rapid.SampledFrom([]view.Audience{"ops", "it", "wall", "unit:risk", "unit:trading", "nobody"}).Draw(r, "audience"), Proved: rapid.Bool().Draw(r, "proved")}
}

func anyShelf(r *rapid.T) *shelf {
	s := &shelf{}
	for i := range rapid.IntRange(0, 30).Draw(r, "cards") {
		s.put(anyCard(r, fmt.Sprint(i)))
	}
	for i := range rapid.IntRange(0, 14).Draw(r, "finished") {
		s.put(finished(1+i, 60))
	}
	return s
}
