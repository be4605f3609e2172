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
	board  bool // the board says column
	column kanban.ColumnKey
	op     string // of the board: the intent
	source string // of the board: the event, in whose order those of one moment came
}

// replay finds the columns that a card went through from the whole record of its issues.
// refined says that GitHub's words count before the two issues became one card. It is nil
// where what stands in a tracker is no part of its history.
func (t *turn) replay(events []kanban.Event, refined bool) []kanban.Step {
	m := t.Machine(&t.card, kanban.FieldStatus)
	if t.weakStatus() {
		return nil
	}
	words := decisions(events)
	for _, s := range kanban.Sides {
		if t.card.Sides[s] == nil {
			continue
		}
		words = append(words, t.words(m, s, t.ofSide(s, events))...)
	}
	slices.SortStableFunc(words, func(a, b word) int {
		return cmp.Or(a.at.Compare(b.at), compareBool(a.board, b.board), cmp.Compare(a.side, b.side))
	})
	r := replayer{turn: t, lens: m.Lens, refined: refined}
	for _, w := range words {
		r.hear(w)
	}
	return r.steps
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
	issue := t.card.Sides[s].Issue
	native := origin(t.Rules.Native(issue, kanban.FieldStatus), events)
	out := []word{{at: issue.Created, side: s, native: native}}
	last := issue.Created
	for _, e := range m.Together(s, events) {
		next, touched := m.Lens.Apply(s, kanban.FieldStatus, native, e.Changes)
		if !touched {
			continue
		}
		if e.At.After(last) { // an entry keeps its place whatever its moment
			last = e.At
		}
		native = next
		w := word{at: last, side: s, native: native, own: e.Own}
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

// decisions are the columns that people chose on the board, and those that stayed where
// two edits met.
func decisions(events []kanban.Event) []word {
	var out []word
	for _, e := range events {
		for _, c := range e.Changes {
			if ofBoard(e) && c.Field == kanban.ChangeColumn {
				out = append(out, word{at: e.At, board: true, column: kanban.ColumnKey(c.To), op: e.Op, source: e.SourceID})
			}
		}
	}
	slices.SortFunc(out, func(a, b word) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.source, b.source)) })
	return out
}

// replayer hears words in their order.
type replayer struct {
	*turn
	lens interface {
		Back(side kanban.Side, f kanban.Field, n kanban.Native, m kanban.Value) (kanban.Value, kanban.Opinion)
	}
	refined bool
	steps   []kanban.Step
	by      string // the intent that made the last step
}

func (r *replayer) standing() kanban.ColumnKey {
	if n := len(r.steps); n > 0 {
		return r.steps[n-1].Column
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
	value, opinion := lens.Back(w.side, kanban.FieldStatus, w.native, kanban.Value(now))
	to := kanban.ColumnKey(value)
	if opinion != kanban.Says || alone && !r.counts(w.side, now, to) {
		return
	}
	r.enter(to, w.at, "")
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

func (r *replayer) counts(side kanban.Side, now, to kanban.ColumnKey) bool {
	return r.counted(side, r.refined, now, to)
}

// decided takes in what people chose on the board, or took back.
func (r *replayer) decided(w word) {
	if r.by != "" && w.op == undoKey(r.by) {
		r.steps, r.by = r.steps[:len(r.steps)-1], ""
		return
	}
	if _, known := r.Rules.Layout().Column(w.column); known {
		r.enter(w.column, w.at, w.op)
	}
}

func (r *replayer) enter(to kanban.ColumnKey, at time.Time, by string) {
	if n := len(r.steps); n == 0 || r.steps[n-1].Column != to {
		r.steps, r.by = append(r.steps, kanban.Step{Column: to, At: at}), by
	}
}
