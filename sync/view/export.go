package view

import (
	"cmp"
	"context"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/kanban"
	"parley/kanban/flow"
	"parley/kanban/sheet"
	"parley/sync/store"
)

// Table is what an export is made of: rows of as many cells as there are columns.
type Table struct {
	Columns []string
	Rows    [][]string
}

// Write writes a table as CSV, as package sheet says, the names of the columns first.
func (t Table) Write(w io.Writer) error {
	return sheet.Write(w, append([][]string{t.Columns}, t.Rows...)...)
}

// CardTable are the cards that a query selects, as the board shows them to the viewer, in
// the order of the columns and then as they stand there. It is not cut to what a column
// shows.
func (v *Sight) CardTable(ctx context.Context, q Query) (Table, error) {
	if err := v.vet(q); err != nil {
		return Table{}, err
	}
	_, faces, err := v.picture.latest(ctx, v.Source)
	if err != nil {
		return Table{}, err
	}
	layout, now := v.rules().Layout(), v.Now()
	t := Table{Columns: CardColumns(), Rows: [][]string{}}
	s, sift := newShelves(layout), v.sift(q, now)
	piles := make([][]*store.Face, len(s.cols))
	for _, f := range faces {
		i := s.of(f.Card)
		if (q.Earlier || !v.longEnded(s.cols[i].Category, f.Card, now)) && sift.selects(f) {
			piles[i] = append(piles[i], f)
		}
	}
	for i, pile := range piles {
		slices.SortFunc(pile, longestHere)
		for _, f := range pile {
			t.Rows = append(t.Rows, cardRow(v.card(f, now), s.cols[i]))
		}
	}
	return t, nil
}

// CardColumns are the columns of an export of cards.
func CardColumns() []string {
	return []string{
		"card", "jira_key", "github_key", "title", "column", "column_name", "category", "unit", "priority", "class", "type", "planned",
		"turn", "turn_days", "age_days", "age_band", "since", "blocked_by", "blocked_days", "blocked_reason", "due", "group", "assignee", "requester",
		"jira_status", "github_status", "jira_url", "github_url", "pending", "masked",
	}
}

func cardRow(c Card, in Column) []string {
	jira, github := sideNamed(c, kanban.Jira), sideNamed(c, kanban.GitHub)
	var block kanban.Block
	blocked := ""
	if c.Blocked != nil {
		block, blocked = *c.Blocked, strconv.Itoa(c.BlockedDays)
	}
	priority := ""
	if c.Priority != nil {
		priority = *c.Priority
	}
	return []string{
		string(c.ID), jira.Key, github.Key, c.Title, c.Column, in.Name, string(in.Category), string(c.Unit), priority, c.Class, c.Type, YesNo(c.Planned),
		string(c.Turn), strconv.Itoa(c.TurnDays), strconv.Itoa(c.AgeDays), string(c.Band), c.Since, string(block.Party), blocked, block.Reason, c.Due, c.Group, c.Assignee, c.Requester,
		jira.Status, github.Status, jira.URL, github.URL, strconv.Itoa(len(c.Pending)), YesNo(c.Masked),
	}
}

// sideNamed is a card's issue in one tracker, the zero one where it has none.
func sideNamed(c Card, side kanban.Side) kanban.CardSide {
	i := slices.IndexFunc(c.Sides, func(s kanban.CardSide) bool { return s.Side == side.String() })
	if i < 0 {
		return kanban.CardSide{}
	}
	return c.Sides[i]
}

// EventTable is what happened on the board to the cards that a query selects, those that
// ended long ago with them: by card, and of each in the order of time. It is what flow is
// computed from, as flow.ReadCSV reads it.
func (v *Sight) EventTable(ctx context.Context, q Query) (Table, error) {
	if err := v.vet(q); err != nil {
		return Table{}, err
	}
	_, faces, err := v.picture.latest(ctx, v.Source)
	if err != nil {
		return Table{}, err
	}
	t, sift := Table{Columns: EventColumns(), Rows: [][]string{}}, v.sift(q, v.Now())
	for _, f := range slices.SortedFunc(slices.Values(faces), func(a, b *store.Face) int { return cmp.Compare(a.Card.ID, b.Card.ID) }) {
		if sift.selects(f) {
			t.Rows = append(t.Rows, v.eventRows(f.Card)...)
		}
	}
	return t, nil
}

// EventColumns are the columns of an export of events.
func EventColumns() []string {
	return []string{"card", "key", "at", "kind", "from", "to", "party", "note"}
}

func (v *Sight) eventRows(c kanban.Card) [][]string {
	g, key, from := v.grant(c), v.holder(c).Key, kanban.ColumnKey("")
	var out [][]string
	for _, e := range flow.Events(c.ID, c.Journey.Created, c.Past) {
		note, moved := "", kanban.ColumnKey("")
		switch e.Kind {
		case flow.Created:
			note = traitWords(c)
		case flow.Moved:
			moved = from
		case flow.Blocked:
			if g.reason {
				note = e.Reason
			}
		}
		if e.To != "" {
			from = e.To
		}
		out = append(out, []string{string(e.Card), key, e.At.UTC().Format(time.RFC3339), string(e.Kind), string(moved), string(e.To), string(e.Party), note})
	}
	return out
}

// traitWords are what everybody may know of every card, as the note of its creation.
func traitWords(c kanban.Card) string {
	words := []string{"planned"}
	if !c.Planned {
		words[0] = "unplanned"
	}
	if c.Class != "" {
		words = append(words, strings.ReplaceAll(c.Class, "-", "_"))
	}
	return strings.Join(append(words, "bu="+string(c.Unit)), " ")
}
