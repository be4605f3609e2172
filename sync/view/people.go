package view

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"parley/kanban"
	"parley/sync/store"
)

// People tells who works on what: a table of people and what their cards belong to.
type People struct {
	By    string // PeopleProject or PeopleEpic
	Named bool   // the rows are people; else business units, names not being for the viewer
	Cols  []Named
	Rows  []PeopleRow
	Cards int // in the table
	More  int // rows beyond those that are shown
}

// What the columns of the table are.
const (
	PeopleProject = "project"
	PeopleEpic    = "epic"
)

// PeopleRow is what one person, or one business unit, has under way.
type PeopleRow struct {
	Key    string // an assignee, None, or a unit's key
	Name   string
	Count  int
	InWork int
	Limit  *Limit       // of all that they have in work, nil where none is set or told
	Cells  []PeopleCell // as many as there are columns
}

// PeopleCell is what a row has in one column, furthest on the way first.
type PeopleCell struct {
	Count int
	Cards []Card // the first few
}

// How much of the table is shown.
const (
	peopleCell = 6
	peopleCols = 12
	peopleRows = 120
)

// spot is a card with its place in the table.
type spot struct {
	face     *store.Face
	row, col string
	step     int // of the column it is in
}

// People gives the table of the cards that are committed to and not ended, as far as a
// query selects them. by is PeopleEpic or else PeopleProject.
func (v *Sight) People(ctx context.Context, q Query, by string) (People, error) {
	if err := v.vet(q); err != nil {
		return People{}, err
	}
	_, faces, err := v.picture.latest(ctx, v.Source)
	if err != nil {
		return People{}, err
	}
	out, now := People{By: PeopleProject, Named: v.readsNames()}, v.Now()
	if by == PeopleEpic {
		out.By = PeopleEpic
	}
	spots := v.spots(faces, q, out, now)
	out.Cards = len(spots)
	out.Cols = columnsOf(spots, out.By)
	v.rows(&out, spots, now)
	out.limited(v.limits(newCensus(v.rules().Layout(), faces)))
	return out, nil
}

// limited gives the rows their limits.
func (p *People) limited(limits []Limit) {
	scope := kanban.ScopePerson
	if !p.Named {
		scope = kanban.ScopeUnit
	}
	for i := range p.Rows {
		p.Rows[i].Limit = limitOf(limits, scope, p.Rows[i].Key)
	}
}

// readsNames reports whether the viewer reads who works on any card.
func (v *Sight) readsNames() bool {
	for _, g := range v.grants {
		if g.people {
			return true
		}
	}
	return false
}

func (v *Sight) spots(faces []*store.Face, q Query, p People, now time.Time) []spot {
	sift, steps := v.sift(q, now), map[kanban.ColumnKey]int{}
	for i, c := range v.rules().Layout().Columns {
		if c.Category != kanban.Option && !c.Category.Ended() {
			steps[c.Key] = i + 1
		}
	}
	var out []spot
	for _, f := range faces {
		step := steps[f.Card.Column]
		if step == 0 || !sift.selects(f) {
			continue
		}
		out = append(out, spot{face: f, row: v.rowOf(f.Card, p.Named), col: v.colOf(f.Card, p.By), step: step})
	}
	return out
}

// rowOf is whose row a card stands in.
func (v *Sight) rowOf(c kanban.Card, named bool) string {
	switch {
	case !named:
		return string(c.Unit)
	case !v.grant(c).people:
		return laneHidden
	}
	return orNone(c.Assignee)
}

// colOf is what a card belongs to: its repository where it has one, else its project.
func (v *Sight) colOf(c kanban.Card, by string) string {
	g := v.grant(c)
	if by == PeopleEpic {
		if !g.epic(c) {
			return laneHidden
		}
		return orNone(c.Group)
	}
	all := g.projects(c)
	if len(all) == 0 {
		return laneHidden
	}
	return all[len(all)-1]
}

// columnsOf names the columns, the fullest first; those that are too many go together.
func columnsOf(spots []spot, by string) []Named {
	counts := map[string]int{}
	for _, s := range spots {
		counts[s.col]++
	}
	keys := make([]string, 0, len(counts))
	for k := range counts {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Or(cmp.Compare(lastOnes(a), lastOnes(b)), cmp.Compare(counts[b], counts[a]), strings.Compare(a, b))
	})
	if len(keys) > peopleCols {
		keys = append(keys[:peopleCols-1], laneRest)
	}
	out := []Named{}
	for _, k := range keys {
		out = append(out, Named{Key: k, Name: colName(k, by)})
	}
	return out
}

// lastOnes puts what stands for no value last.
func lastOnes(key string) int {
	return map[string]int{None: 1, laneHidden: 2, laneRest: 3}[key]
}

func colName(key, by string) string {
	switch {
	case key == laneHidden:
		return "Not shown to you"
	case key == laneRest:
		return "All others"
	case key == None:
		return "On its own"
	case by == PeopleProject:
		return key[strings.LastIndex(key, "/")+1:] // a repository without its owner
	}
	return key
}

// rows fills in the table: people by name, those without a name last.
func (v *Sight) rows(p *People, spots []spot, now time.Time) {
	at := map[string]int{}
	for i, c := range p.Cols {
		at[c.Key] = i
	}
	rows := map[string]map[int][]spot{}
	for _, s := range spots {
		col, ok := at[s.col]
		if !ok {
			col = at[laneRest]
		}
		if rows[s.row] == nil {
			rows[s.row] = map[int][]spot{}
		}
		rows[s.row][col] = append(rows[s.row][col], s)
	}
	for key, cells := range rows {
		p.Rows = append(p.Rows, v.row(key, p, cells, now))
	}
	slices.SortFunc(p.Rows, func(a, b PeopleRow) int {
		return cmp.Or(cmp.Compare(lastOnes(a.Key), lastOnes(b.Key)), strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(a.Key, b.Key))
	})
	shown := min(len(p.Rows), peopleRows)
	p.More, p.Rows = len(p.Rows)-shown, p.Rows[:shown]
}

func (v *Sight) row(key string, p *People, cells map[int][]spot, now time.Time) PeopleRow {
	row := PeopleRow{Key: key, Name: v.rowName(key, p.Named), Cells: make([]PeopleCell, len(p.Cols))}
	for col, spots := range cells {
		slices.SortFunc(spots, func(a, b spot) int { return cmp.Or(cmp.Compare(b.step, a.step), longestHere(a.face, b.face)) })
		row.Count += len(spots)
		row.Cells[col].Count = len(spots)
		for i, s := range spots {
			if v.started(s.face.Card.Column) {
				row.InWork++
			}
			if i < peopleCell {
				row.Cells[col].Cards = append(row.Cells[col].Cards, v.card(s.face, now))
			}
		}
	}
	return row
}

func (v *Sight) rowName(key string, named bool) string {
	switch {
	case !named:
		return v.unitName(kanban.UnitKey(key))
	case key == None:
		return "Nobody yet"
	case key == laneHidden:
		return "Not shown to you"
	}
	return key
}
