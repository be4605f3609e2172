package engine

import (
	"time"

	"parley/kanban"
)

// Await says that a card waits for the business to answer a question. No tracker's status
// changes because of it.
type Await struct {
	Question string    `json:"question"` // its id
	Since    time.Time `json:"since"`
}

// Await takes in that a card waits for the answer to a question, or with nil that it did so
// until a moment, which may be past: that is when the business answered. The same said again
// changes nothing.
func (e *Engine) Await(c Card, w *Await, until, now time.Time) Step {
	t := e.turn(c, now)
	t.remap()
	t.widen()
	was := t.card.Await
	if was == nil && w == nil || was != nil && w != nil && *was == *w {
		return t.done(c)
	}
	t.card.Await = w
	change, at := kanban.Change{Field: kanban.ChangeAsked}, until
	if was != nil {
		change.From = was.Question
		at = latest(at, was.Since)
	}
	if w != nil {
		change.To = w.Question
		at = latest(at, w.Since)
	}
	t.until = at
	t.said(at, "", "", change)
	return t.done(c)
}

// awaited is how long a card has waited for an answer: until it came, and not until that was
// seen.
func (t *turn) awaited(h kanban.Hindrance) (until time.Time, known bool) {
	if !h.Asked || t.until.IsZero() {
		return time.Time{}, false
	}
	return latest(t.until, h.From), true
}
