package engine

import (
	"slices"

	"parley/kanban"
)

// Recollect is a card after the history of one of its issues from before Parley knew it
// was read: events are all that is known of the card's issues, with what was folded since.
// It tells the columns that the card went through until then, what blocked it and when it
// was touched, and nothing else: no entry of it is folded, so that what is agreed, owed and
// seen stays as it is. Nothing is told of a card that does not have the issue; then told is
// false.
func (e *Engine) Recollect(c Card, s kanban.Side, issue string, events []kanban.Event) (after Card, told bool) {
	side := c.Sides[s]
	if side == nil || side.Issue.ID != issue {
		return c, false
	}
	t := e.turn(c, side.SeenAt)
	t.card.Steps = kanban.Bounded(t.remembered(s, events), kanban.MaxSteps)
	t.card.Ranks = kanban.Bounded(t.ranked(events), kanban.MaxRanks)
	t.card.Blocks = kanban.Bounded(t.hindered(events), kanban.MaxBlocks)
	t.card.Profiles = t.reprofiled(events)
	for _, s := range kanban.Sides {
		if t.card.Sides[s] != nil {
			t.touch(t.ofSide(s, events))
		}
	}
	same := slices.Equal(t.card.Steps, c.Steps) && slices.Equal(t.card.Ranks, c.Ranks) && slices.Equal(t.card.Blocks, c.Blocks) && slices.Equal(t.card.Profiles, c.Profiles) && slices.Equal(t.card.Touched, c.Touched)
	return t.card, !same
}

// remembered are the card's steps with those from before it was met.
func (t *turn) remembered(s kanban.Side, events []kanban.Event) []kanban.Step {
	known := t.card.Steps
	if t.untellable(kanban.FieldStatus) {
		if s != kanban.Jira && t.card.Sides[kanban.Jira] != nil {
			return known // the journey is that of the issue in Jira
		}
		return recalled(t.retrace(s, t.ofSide(s, events)), known)
	}
	if !t.card.Paired() || t.card.Pairing == nil {
		return recalled(t.replay(events, true), known)
	}
	live := slices.IndexFunc(known, func(s kanban.Step) bool { return !s.At.Before(t.card.Pairing.At) })
	if live < 0 {
		live = len(known)
	}
	for _, refined := range []bool{true, false} {
		past := slices.DeleteFunc(t.replay(events, refined), func(s kanban.Step) bool { return !s.At.Before(t.card.Pairing.At) })
		if n := len(past); n > 0 && live > 0 && past[n-1].Column == known[live-1].Column {
			return slices.Concat(past, known[live:])
		}
	}
	return known
}

// untellable reports whether what a field is in a tracker is no part of its history.
func (t *turn) untellable(f kanban.Field) bool {
	weak := t.weak(&t.card, f)
	return weak[kanban.Jira] && t.card.Sides[kanban.Jira] != nil || weak[kanban.GitHub] && t.card.Sides[kanban.GitHub] != nil
}

// recalled is a journey whose first step was told without the history before: the card was
// said to have begun where it was met. What is known from its second step on stays. Where
// the history does not lead to where the card was met, nothing of it is believed.
func recalled(past, known []kanban.Step) []kanban.Step {
	if len(known) == 0 {
		return past
	}
	if len(known) > 1 {
		past = slices.DeleteFunc(past, func(s kanban.Step) bool { return !s.At.Before(known[1].At) })
	}
	if n := len(past); n == 0 || past[n-1].Column != known[0].Column {
		return known
	}
	return slices.Concat(past, known[1:])
}
