package engine

import (
	"cmp"
	"slices"
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/sync/reconcile"
)

// telling counts the ways in which pasts were told so far: since the second one with
// priorities, and with who did what; since the third one with whose the card was.
const telling = " past 3"

// Telling names how pasts are told: by which rules, in which way, and by the days of which
// zone.
func (e *Engine) Telling() string { return e.Rules.Fingerprint() + telling + " " + e.zone().String() }

func (e *Engine) zone() *time.Location {
	if e.Zone == nil {
		return time.UTC
	}
	return e.Zone
}

// Untold reports whether a card's past was told by other rules than the present ones, by
// the days of another zone or by an earlier Parley: see Retell.
func (e *Engine) Untold(c *Card) bool { return c.Told != e.Telling() }

// Retell is a card whose past is told anew from the whole record of its issues, in the
// terms of the present rules: the columns that it went through and what blocked it. The
// record is kept in the trackers' own terms, so that other rules can read it again. Where
// it does not lead to where the card stands, the last step that is known is believed.
func (e *Engine) Retell(c Card, events []kanban.Event) Card {
	t := e.turn(c, time.Time{})
	t.card.Told = t.Telling()
	if steps := t.retold(events); len(steps) > 0 {
		t.card.Steps = kanban.Bounded(steps, kanban.MaxSteps)
	}
	t.card.Ranks = kanban.Bounded(t.ranked(events), kanban.MaxRanks)
	t.card.Blocks = kanban.Bounded(t.hindered(events), kanban.MaxBlocks)
	t.card.Profiles = t.profiled(events)
	if len(events) > 0 {
		t.card.Touched = nil // they may be days of another zone
	}
	t.touch(events)
	return t.card
}

// retold are the columns by the whole record; nil where it tells nothing.
func (t *turn) retold(events []kanban.Event) []kanban.Step {
	present := kanban.ColumnKey(t.card.Status.Agreed)
	var steps []kanban.Step
	for _, refined := range []bool{true, false} {
		steps = t.replay(events, refined)
		n := len(steps)
		if n == 0 || present == "" || steps[n-1].Column == present {
			return steps
		}
	}
	at := steps[len(steps)-1].At
	if n := len(t.card.Steps); n > 0 && t.card.Steps[n-1].Column == present && t.card.Steps[n-1].At.After(at) {
		at = t.card.Steps[n-1].At
	}
	return append(steps, kanban.Step{Column: present, At: at})
}

// touch adds the days on which somebody did something: Parley itself does not count.
func (t *turn) touch(events []kanban.Event) {
	zone, days := t.zone(), slices.Clone(t.card.Touched)
	for _, e := range events {
		if !e.Own {
			days = append(days, calendar.Of(e.At, zone))
		}
	}
	if len(days) == len(t.card.Touched) {
		return
	}
	slices.Sort(days)
	t.card.Touched = kanban.Bounded(slices.Compact(days), kanban.MaxTouched)
}

// enters adds what a field has now to the card's past.
func (t *turn) enters(f kanban.Field, s stage) {
	switch f {
	case kanban.FieldStatus:
		t.card.Steps = kanban.Bounded(appendStep(t.card.Steps, kanban.Step{Column: kanban.ColumnKey(s.value), At: s.at, By: s.by, Event: s.event}), kanban.MaxSteps)
	case kanban.FieldPriority:
		t.card.Ranks = kanban.Bounded(appendRank(t.card.Ranks, s.ranking()), kanban.MaxRanks)
	}
}

// told names the event of a tracker that an edit was read from, "" where it is from none.
func (t *turn) told(e reconcile.Edit) string {
	for _, s := range kanban.Sides {
		if side := t.card.Sides[s]; side != nil && e.Side == s.String() {
			return kanban.Event{Tracker: side.Issue.Tracker, SourceID: e.Source}.Name()
		}
	}
	return ""
}

// said records what was decided on the board and stands in no tracker's history. It gives
// the name of the event.
func (t *turn) said(at time.Time, actor, op string, changes ...kanban.Change) string {
	issue := t.card.lead()
	e := kanban.Event{
		Tracker: issue.Tracker, SourceID: kanban.BoardSource(t.acting, t.NewID()), Issue: issue.ID,
		At: at, Actor: actor, Op: op, Changes: changes,
	}
	t.rec.Events = append(t.rec.Events, e)
	t.touch([]kanban.Event{e})
	return e.Name()
}

// decidedOn records that a field has a value because the board says so, and gives the name
// of the event.
func (t *turn) decidedOn(f kanban.Field, at time.Time, actor, op string) string {
	field := boardChange(f)
	if field == "" {
		return ""
	}
	return t.said(at, actor, op, kanban.Change{Field: field, To: string(t.card.Field(f).Agreed)})
}

// boardChange is what an event of the board calls a change of a field, "" where there is
// none.
func boardChange(f kanban.Field) string {
	switch f {
	case kanban.FieldStatus:
		return kanban.ChangeColumn
	case kanban.FieldPriority:
		return kanban.ChangeRank
	}
	return ""
}

// together makes one past of those of two cards that became one, of which own are the steps
// that this one had before they met: as replay does, of what each of them has been through.
func (t *turn) together(b Card, s kanban.Side, own []kanban.Step) {
	met := t.card.Steps[min(len(own), len(t.card.Steps)):]
	var pasts [2][]kanban.Step
	pasts[s], pasts[s.Other()] = b.Steps, own
	if steps := t.woven(pasts, met); steps != nil {
		t.card.Steps = steps
	} else if s == kanban.Jira && len(b.Steps) > 0 || len(own) == 0 {
		t.card.Steps = slices.Concat(b.Steps, met)
	}
	t.card.Steps = kanban.Bounded(t.card.Steps, kanban.MaxSteps)
	blocks := slices.Concat(t.card.Blocks, b.Blocks)
	slices.SortStableFunc(blocks, func(a, b kanban.Hindrance) int { return a.From.Compare(b.From) })
	t.card.Blocks = kanban.Bounded(blocks, kanban.MaxBlocks)
	days := slices.Sorted(slices.Values(slices.Concat(t.card.Touched, b.Touched)))
	t.card.Touched = kanban.Bounded(slices.Compact(days), kanban.MaxTouched)
}

// woven are the steps of both sides as one journey that leads to where the card stands, nil
// where they make none.
func (t *turn) woven(pasts [2][]kanban.Step, met []kanban.Step) []kanban.Step {
	var words []word
	for _, side := range kanban.Sides {
		for _, step := range pasts[side] {
			words = append(words, word{at: step.At, side: side, value: kanban.Value(step.Column), by: step.By, event: step.Event})
		}
	}
	slices.SortStableFunc(words, func(a, b word) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.side, b.side)) })
	for _, refined := range []bool{true, false} {
		steps := append(t.weave(words, pasts, refined), met...)
		if n := len(steps); n > 0 && steps[n-1].Column == kanban.ColumnKey(t.card.Status.Agreed) {
			return steps
		}
	}
	return nil
}

func (t *turn) weave(words []word, pasts [2][]kanban.Step, refined bool) []kanban.Step {
	var steps []kanban.Step
	born := t.card.Sides[kanban.Jira].Issue.Created
	for _, w := range words {
		now := kanban.ColumnKey("")
		if n := len(steps); n > 0 {
			now = steps[n-1].Column
		}
		only := len(pasts[w.side.Other()]) == 0 || w.side == kanban.GitHub && w.at.Before(born)
		if column := kanban.ColumnKey(w.value); only || t.counted(w.side, refined, now, column) {
			steps = appendStep(steps, kanban.Step{Column: column, At: w.at, By: w.by, Event: w.event})
		}
	}
	return steps
}
