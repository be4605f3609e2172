package simulate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/simulate/world"
)

// verdicts is a run at rest, laid out for the properties: the truth of the world
// beside what the store holds.
type verdicts struct {
	*sim
	truth   *world.Truth
	engine  *engine.Engine
	cards   []*engine.Card
	stories []*story
	strays  []*world.Issue // issues that the store should know and does not
}

// story is everything that was done to one field of one card, in true order.
type story struct {
	card    *engine.Card
	field   kanban.Field
	machine reconcile.Machine
	edits   []edit
	writes  []trace
	values  []kanban.Value // that the board knows for the field
	mixed   bool           // the card was not the same pair all the time
}

// edit is what a person did to a field, in a tracker or on the board.
type edit struct {
	side    string // jira, github, board
	issue   *world.Issue
	at      time.Time // true time
	updated time.Time // of the issue after it, by its tracker's clock
	who     string
	seq     int64 // of its history entry; 0: none tells of it
	source  string
	native  kanban.Native
	before  kanban.Native // what stood there
	value   kanban.Value
	opinion kanban.Opinion
	early   bool   // part of what the first read showed
	over    bool   // overwritten by somebody who saw it
	next    string // what came over it, for the report
	taken   int    // on the board: the commit that took it in
}

// trace is what a write of Parley's own left in a tracker.
type trace struct {
	side kanban.Side
	at   time.Time
	op   string
	from kanban.Native
	to   kanban.Native
	over int // the edit that stood there, -1: none
}

// judge lays a run out.
func (s *sim) judge() (*verdicts, error) {
	ctx := context.Background()
	v := &verdicts{sim: s, truth: s.world.Truth()}
	p := s.working()
	if p == nil {
		return v, fmt.Errorf("P28: nobody has the lease at the end")
	}
	v.engine = p.runner.Engine()
	seen := map[kanban.CardID]bool{}
	for _, i := range v.truth.Issues {
		name := s.trackerOf(i.Kind)
		rows, err := s.memory.Index(ctx, name, []string{i.ID})
		if err != nil {
			return v, err
		}
		row, ok := rows[i.ID]
		if !ok || row.Card == "" {
			v.strays = append(v.strays, i)
			continue
		}
		if seen[row.Card] {
			continue
		}
		seen[row.Card] = true
		card, err := s.memory.Card(ctx, row.Card)
		if err != nil {
			return v, fmt.Errorf("P30: issue %s is on card %s: %w", row.Key, row.Card, err)
		}
		v.cards = append(v.cards, &card)
		for _, f := range fieldsOf(&card) {
			v.stories = append(v.stories, v.tell(&card, f))
		}
	}
	return v, nil
}

// fieldsOf lists the fields that are judged.
func fieldsOf(c *engine.Card) []kanban.Field { return c.Fields() }

func (s *sim) trackerOf(k connectors.Kind) string {
	for _, t := range s.world.Trackers() {
		if t.Kind == k {
			return t.Name
		}
	}
	return ""
}

func sideOf(k connectors.Kind) kanban.Side {
	if k == connectors.Jira {
		return kanban.Jira
	}
	return kanban.GitHub
}

// happening is one thing of a story, before it is known what it means.
type happening struct {
	at    time.Time
	n     int64
	issue *world.Issue
	edit  int
	drag  *intent
	key   string
}

// tell puts the story of a field together.
func (v *verdicts) tell(card *engine.Card, f kanban.Field) *story {
	st := &story{card: card, field: f, machine: v.engine.Machine(card, f), values: v.values(card, f)}
	var all []happening
	for _, side := range kanban.Sides {
		if card.Sides[side] == nil {
			continue
		}
		i, ok := v.truth.Issue(kindOf(side), card.Sides[side].Issue.ID)
		if !ok {
			continue
		}
		for n := range i.Edits {
			if e := &i.Edits[n]; touches(e, f) || e.Cause == world.ByAdmin {
				all = append(all, happening{at: e.At, n: e.N, issue: i, edit: n})
			}
		}
	}
	for key, in := range v.journal.intents {
		if in.field == f && in.taken > 0 && v.lives(in.card) == card.ID {
			all = append(all, happening{at: time.Unix(0, in.at).UTC(), n: int64(in.taken), drag: in, key: key})
		}
	}
	slices.SortStableFunc(all, func(a, b happening) int {
		if c := a.at.Compare(b.at); c != 0 {
			return c
		}
		if (a.drag == nil) != (b.drag == nil) {
			return -1
		}
		return int(a.n - b.n)
	})
	v.follow(st, all)
	st.mixed = v.journal.mixed[card.ID]
	return st
}

// values lists what a field can be agreed to be; of a text, what it is.
func (v *verdicts) values(card *engine.Card, f kanban.Field) []kanban.Value {
	var out []kanban.Value
	l := v.engine.Rules.Layout()
	switch f {
	case kanban.FieldStatus:
		for _, c := range l.Columns {
			out = append(out, kanban.Value(c.Key))
		}
	case kanban.FieldPriority:
		for _, p := range l.Priorities {
			out = append(out, kanban.Value(p.Key))
		}
	default:
		out = append(out, kanban.Present, kanban.Absent, card.Field(f).Agreed)
	}
	return out
}

// touches reports whether an edit of the world belongs to a field; to a set's element
// belongs every edit of the set, and those of others change nothing in it.
func touches(e *world.Edit, f kanban.Field) bool {
	set, _, _ := f.Element()
	return e.Touches == set
}

func kindOf(s kanban.Side) connectors.Kind {
	if s == kanban.Jira {
		return connectors.Jira
	}
	return connectors.GitHub
}

// lives is the card that a card lives on as.
func (v *verdicts) lives(id kanban.CardID) kanban.CardID {
	now, err := v.memory.Resolve(context.Background(), string(id))
	if err != nil {
		return id
	}
	return now
}

// follow goes through a story and finds out which edits were seen by those who
// overwrote them.
func (v *verdicts) follow(st *story, all []happening) {
	natives, stands := v.origins(st), [2]int{-1, -1}
	var untold [2][]kanban.Native // what stood on a side before each change that no history tells of
	for _, h := range all {
		if h.drag != nil {
			st.seenOnBoard(h.drag)
			st.edits = append(st.edits, edit{side: reconcile.SideBoard, at: h.at, source: h.key, value: h.drag.to, who: "olga", taken: h.drag.taken, early: h.drag.taken < v.journal.joined[st.card.ID], over: h.drag.to == h.drag.saw.agreed})
			continue
		}
		side := sideOf(h.issue.Kind)
		e := &h.issue.Edits[h.edit]
		next := v.engine.Rules.Native(h.issue.After(h.edit), st.field)
		was := natives[side]
		if next == was {
			continue
		}
		natives[side] = next
		if e.Cause == world.ByParley {
			st.writes = append(st.writes, trace{side: side, at: e.At, op: e.Op, from: was, to: next, over: stands[side]})
			if n := stands[side]; n >= 0 {
				st.edits[n].next = "Parley's write " + e.Op
			}
			stands[side], untold[side] = -1, nil
			continue
		}
		st.seenIn(side, was, stands[side]) // also who goes on within seconds has before them what they have begun
		if n := stands[side]; n >= 0 && st.edits[n].goesOn(h.issue, e) && st.edits[n].before == next {
			stands[side] = -1 // and has taken it back
			continue
		}
		untold[side] = st.seenBehind(e, side, was, untold[side])
		value, opinion := st.machine.Lens.Back(side, st.field, next, "")
		ref := st.card.Sides[side].Issue.Ref
		if opinion != kanban.Says {
			value = ""
		}
		if n := stands[side]; n >= 0 {
			st.edits[n].next = e.Who
		}
		stands[side] = len(st.edits)
		st.edits = append(st.edits, edit{
			side: side.String(), issue: h.issue, at: e.At, updated: h.issue.After(h.edit).Updated, who: e.Who, seq: e.Seq, source: sourceOf(h.issue.Kind, e.Seq),
			native: next, before: was, value: value, opinion: opinion, early: v.journal.early(ref, e) || v.journal.pictured(ref, h.issue.After(h.edit), st.field, v.engine.Rules),
		})
	}
}

// origins are the natives that a card's issues were made with.
func (v *verdicts) origins(st *story) (natives [2]kanban.Native) {
	for _, side := range kanban.Sides {
		if sd := st.card.Sides[side]; sd != nil {
			if i, ok := v.truth.Issue(kindOf(side), sd.Issue.ID); ok {
				natives[side] = v.engine.Rules.Native(i.First(), st.field)
			}
		}
	}
	return natives
}

// together is how close two edits of one person on GitHub are one: swapping a label
// takes its page two requests.
const together = 10 * time.Second

// goesOn reports whether an edit goes on with another one of the same person.
func (e *edit) goesOn(i *world.Issue, next *world.Edit) bool {
	return i.Kind == connectors.GitHub && next.Who == e.who && next.At.Sub(e.at) <= together
}

// sourceOf is the id of a history entry.
func sourceOf(k connectors.Kind, seq int64) string {
	switch {
	case seq == 0:
		return ""
	case k == connectors.GitHub:
		return fmt.Sprint("e", seq)
	default:
		return fmt.Sprint(seq)
	}
}

// seenIn marks what somebody saw who changed a side: the edit that stood there, and
// every earlier one of the same meaning, whoever wrote it there.
func (st *story) seenIn(side kanban.Side, was kanban.Native, stood int) {
	if stood >= 0 {
		st.edits[stood].over = true
	}
	for i := range st.edits {
		st.edits[i].over = st.edits[i].over || st.edits[i].side == side.String() && st.edits[i].within(was)
	}
	for _, v := range st.values {
		if !st.fits(side, was, v) {
			continue
		}
		for i := range st.edits {
			st.edits[i].over = st.edits[i].over || st.edits[i].means(st, v)
		}
	}
}

// fits reports whether people read a value in a native. Silence shows one where it is
// just what would be written for it.
func (st *story) fits(side kanban.Side, n kanban.Native, v kanban.Value) bool {
	back, opinion := st.machine.Lens.Back(side, st.field, n, v)
	if opinion == kanban.Silent {
		to := st.machine.Lens.Forward(side, st.field, v, n)
		return len(to) > 0 && to[0] == n
	}
	return opinion == kanban.Says && back == v
}

// onRecord finds the conflict that keeps an edit: as the one that lost, or as one of
// those that stood behind what lost or waits.
func (v *verdicts) onRecord(st *story, e *edit) *clash {
	k, _ := v.recordOf(st, e)
	return k
}

// recordOf is onRecord with what the conflict says of the edit.
func (v *verdicts) recordOf(st *story, e *edit) (*clash, *reconcile.Edit) {
	for _, k := range v.journal.clashes {
		if k.Field != st.field || v.lives(k.Card) != st.card.ID {
			continue
		}
		if e.is(&k.Loser) {
			return k, &k.Loser
		}
		n := len(k.Support)
		if n > 0 && k.Winner.Side == k.Support[n-1].Side && k.Winner.Source == k.Support[n-1].Source {
			continue
		}
		for i := range k.Support {
			if e.is(&k.Support[i]) {
				return k, &k.Support[i]
			}
		}
	}
	return nil, nil
}

// is reports whether a record speaks of the edit. What was read off a state before
// its history has no source; the same value on the same side tells it.
func (e *edit) is(r *reconcile.Edit) bool {
	if e.side == reconcile.SideBoard && r.Source == "" {
		return r.Value == e.value && !r.At.Before(e.at.Add(-time.Minute)) // where it was written before it met its twin
	}
	if r.Side != e.side || r.Side == "" {
		return false
	}
	if r.Source != "" {
		return r.Source == e.source
	}
	return r.Native == e.native
}
