package engine

import (
	"slices"

	"parley/kanban"
)

// Recollect is a card after the history of one of its issues from before Parley knew it
// was read, all of it with what was folded since. It tells the columns that the card went
// through until then, and nothing else: no entry of it is folded, so that what is agreed,
// owed and seen stays as it is. Nothing is told of a card that does not have the issue, or
// whose journey is that of its issue in Jira; then told is false.
func (e *Engine) Recollect(c Card, s kanban.Side, issue string, events []kanban.Event) (after Card, told bool) {
	side := c.Sides[s]
	if side == nil || side.Issue.ID != issue || s != kanban.Jira && c.Sides[kanban.Jira] != nil {
		return c, false
	}
	t := e.turn(c, side.SeenAt)
	if seq := t.seq(s); seq > 0 { // what comes after that is yet to be folded
		events = slices.DeleteFunc(slices.Clone(events), func(e kanban.Event) bool { return e.Seq > seq })
	}
	steps := recalled(t.retrace(s, events), c.Steps)
	if slices.Equal(steps, c.Steps) {
		return c, false
	}
	t.card.Steps = steps
	return t.card, true
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
