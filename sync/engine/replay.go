package engine

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"parley/kanban"
	"parley/sync/reconcile"
)

// The columns that a card went through are told by what its issues showed, when, and by
// what the board decided. Of a card with two issues, which side decides is this: until the
// two became one card, the issue in Jira; GitHub's counts where there was none in Jira yet,
// and while Jira says that the work is under way it tells in which of the columns in work.
// From then on the later word counts, whichever side says it.

// word is what one side, or the board, says at a moment of where a card stands.
type word struct {
	at     time.Time
	side   kanban.Side
	native kanban.Native
	own    bool // Parley wrote it: it follows what somebody said before
	board  bool // the board says value
	value  kanban.Value
	op     string // of the board: the intent
	source string // of the board: the event, in whose order those of one moment came
	by     string // who says it
	event  string // by its name
}

// stage is a value that a card had from a moment on.
type stage struct {
	value     kanban.Value
	at        time.Time
	by, event string
}

// replay finds the columns that a card went through from the whole record of its issues.
// refined says that GitHub's words count before the two issues became one card. It is nil
// where what stands in a tracker is no part of its history.
func (t *turn) replay(events []kanban.Event, refined bool) []kanban.Step {
	var steps []kanban.Step
	for _, s := range t.stages(kanban.FieldStatus, events, refined) {
		steps = append(steps, kanban.Step{Column: kanban.ColumnKey(s.value), At: s.at, By: s.by, Event: s.event})
	}
	return steps
}

// stages are the values that a field had, of status or priority, by the whole record.
func (t *turn) stages(f kanban.Field, events []kanban.Event, refined bool) []stage {
	m := t.Machine(&t.card, f)
	if t.untellable(f) {
		return nil
	}
	words := decisions(f, events)
	for _, s := range kanban.Sides {
		if t.card.Sides[s] == nil {
			continue
		}
		words = append(words, t.words(m, s, t.ofSide(s, events))...)
	}
	slices.SortStableFunc(words, func(a, b word) int {
		return cmp.Or(a.at.Compare(b.at), compareBool(a.board, b.board), cmp.Compare(a.side, b.side))
	})
	r := replayer{turn: t, field: f, lens: m.Lens, refined: refined}
	for _, w := range words {
		r.hear(w)
	}
	return r.stages
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// ofSide are the events of the issue on a side that were folded, in their order.
func (t *turn) ofSide(s kanban.Side, events []kanban.Event) []kanban.Event {
	issue, seq := t.card.Sides[s].Issue, t.seq(s)
	var out []kanban.Event
	for _, e := range events {
		if e.Tracker == issue.Tracker && e.Issue == issue.ID && !ofBoard(e) && (seq <= 0 || e.Seq <= seq) {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b kanban.Event) int { return cmp.Compare(a.Seq, b.Seq) })
	return out
}

func ofBoard(e kanban.Event) bool { return strings.HasPrefix(e.SourceID, kanban.SourceBoard) }

// words are what an issue showed from its creation on.
func (t *turn) words(m reconcile.Machine, s kanban.Side, events []kanban.Event) []word {
	issue, f := t.card.Sides[s].Issue, m.Field
	native := origin(s, f, t.Rules.Native(issue, f), events)
	out := []word{{at: issue.Created, side: s, native: native}}
	last := issue.Created
	for _, e := range m.Together(s, events) {
		next, touched := m.Lens.Apply(s, f, native, e.Changes)
		if !touched {
			continue
		}
		if e.At.After(last) { // an entry keeps its place whatever its moment
			last = e.At
		}
		native = next
		w := word{at: last, side: s, native: native, own: e.Own, event: e.Name()}
		if !e.Own {
			w.by = e.Actor
		}
		if n := len(out); w.own && out[n-1].own && w.at.Sub(out[n-1].at) <= hopping {
			out[n-1] = w
			continue
		}
		out = append(out, w)
	}
	return out
}

// hopping is how close the steps of one write of ours lie: where it stood in between is not
// where the card stood.
const hopping = 10 * time.Minute

// decisions are the values of a field that people chose on the board, and those that stayed
// where two edits met.
func decisions(f kanban.Field, events []kanban.Event) []word {
	var out []word
	for _, e := range events {
		for _, c := range e.Changes {
			if ofBoard(e) && c.Field == boardChange(f) {
				out = append(out, word{at: e.At, board: true, value: kanban.Value(c.To), op: e.Op, source: e.SourceID, by: e.Actor, event: e.Name()})
			}
		}
	}
	slices.SortFunc(out, func(a, b word) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.source, b.source)) })
	return out
}

// replayer hears words in their order.
type replayer struct {
	*turn
	field kanban.Field
	lens  interface {
		Back(side kanban.Side, f kanban.Field, n kanban.Native, m kanban.Value) (kanban.Value, kanban.Opinion)
	}
	refined bool
	stages  []stage
	by      string // the intent that made the last stage
}

func (r *replayer) standing() kanban.Value {
	if n := len(r.stages); n > 0 {
		return r.stages[n-1].value
	}
	return ""
}

func (r *replayer) hear(w word) {
	if w.board {
		r.decided(w)
		return
	}
	now, lens := r.standing(), r.lens
	alone := r.unmet(w.at)
	if alone && w.side == kanban.GitHub && w.at.Before(r.card.Sides[kanban.Jira].Issue.Created) {
		lens = r.Rules.Lens("", r.card.Sides[w.side].Issue.Tracker)
		alone = false
	}
	value, opinion := lens.Back(w.side, r.field, w.native, now)
	if opinion != kanban.Says || alone && !r.counts(w.side, now, value) {
		return
	}
	w.value, w.op = value, ""
	r.enter(w)
}

// unmet reports whether the two issues were not one card yet at a moment.
func (r *replayer) unmet(at time.Time) bool {
	return r.card.Paired() && r.card.Pairing != nil && at.Before(r.card.Pairing.At)
}

// counts reports whether what a side says before the two issues became one card tells
// where the card stood. Of a twin that Parley has made nothing does.
func (t *turn) counted(side kanban.Side, refined bool, now, to kanban.ColumnKey) bool {
	if from, ok := t.card.source(); ok && t.card.Pairing != nil && t.card.Pairing.How == HowMirror {
		return side == from
	}
	l := t.Rules.Layout()
	a, _ := l.Column(now)
	b, _ := l.Column(to)
	return side == kanban.Jira || refined && a.Category.Started() && b.Category.Started()
}

func (r *replayer) counts(side kanban.Side, now, to kanban.Value) bool {
	return r.counted(side, r.refined && r.field == kanban.FieldStatus, kanban.ColumnKey(now), kanban.ColumnKey(to))
}

// decided takes in what people chose on the board, or took back.
func (r *replayer) decided(w word) {
	if r.by != "" && w.op == undoKey(r.by) {
		r.stages, r.by = r.stages[:len(r.stages)-1], ""
		return
	}
	if !r.exists(r.field, w.value) {
		return
	}
	if n := len(r.stages); n > 1 && r.stages[n-1].value != w.value && r.stages[n-1].at.Equal(w.at) {
		r.stages = r.stages[:n-1] // of the two edits that met it is the one that went
	}
	r.enter(w)
}

func (r *replayer) enter(w word) {
	if n := len(r.stages); n == 0 || r.stages[n-1].value != w.value {
		r.stages, r.by = append(r.stages, stage{w.value, w.at, w.by, w.event}), w.op
	}
}
