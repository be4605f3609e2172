package engine

import (
	"fmt"
	"time"
	"unicode/utf8"

	"parley/kanban"
	"parley/mapping"
	"parley/sync/reconcile"
)

// Sorted is what a person said about a card, against the rules: that somebody had planned
// it, or that nobody had. No tracker knows of it.
type Sorted struct {
	Planned bool      `json:"planned"`
	By      string    `json:"by,omitempty"`
	Reason  string    `json:"reason,omitempty"`
	At      time.Time `json:"at"`
	Key     string    `json:"key"` // of the intent
}

// Sorting says whether a card counts as planned, and by whose word: a person's, else that
// of a rule, else by its class of service or how it came into work.
type Sorting struct {
	Planned bool
	Said    *Sorted  // by a person; nil: nobody has
	Rule    int      // of the configuration, counted from 1; 0: none says anything
	Arrived *Arrival // it counts as unplanned for how it came into work, and for nothing else
}

// Arrival is how a card came into work without having been committed to.
type Arrival struct {
	At    time.Time
	After time.Duration // its creation; less than nothing where clocks differ
}

// Sorting says whether a card counts as planned, and why.
func (e *Engine) Sorting(c *Card) Sorting {
	return e.sorting(c, e.Rules.Traits(c.issues()...))
}

// sorting is Sorting of a card with traits. What neither a person nor a rule decides is
// planned, unless it is expedited or was in work soon after its creation without having
// been committed to.
func (e *Engine) sorting(c *Card, t mapping.Traits) Sorting {
	out := Sorting{Said: c.Sorted, Rule: t.PlannedBy}
	switch {
	case c.Sorted != nil:
		out.Planned = c.Sorted.Planned
	case t.Planned != nil:
		out.Planned = *t.Planned
	case t.Class != kanban.ClassExpedite:
		out.Arrived = e.arrival(c)
		out.Planned = out.Arrived == nil
	}
	return out
}

// arrival is how a card came into work where that says that nobody had planned it.
func (e *Engine) arrival(c *Card) *Arrival {
	if e.Rules.Arrival() <= 0 {
		return nil
	}
	at, ok := kanban.Arrived(c.Steps, e.Rules.Layout())
	if !ok {
		return nil
	}
	if a := (Arrival{At: at, After: at.Sub(c.born())}); a.After <= e.Rules.Arrival() {
		return &a
	}
	return nil
}

// born is when the first of the card's issues was created.
func (c *Card) born() time.Time {
	born := c.lead().Created
	for _, i := range c.issues() {
		if i.Created.Before(born) {
			born = i.Created
		}
	}
	return born
}

// sort takes in whether a card counts as planned: kanban.SortPlanned, kanban.SortUnplanned,
// or kanban.SortRules for what the rules say.
func (t *turn) sort(in Intent) (IntentState, *Refusal) {
	in.Reason = oneLine(in.Reason)
	was := t.card.Sorted
	switch {
	case in.Rev != 0 && in.Rev != t.card.Rev:
		return "", &Refusal{Stale: true, Reason: "the card has changed meanwhile"}
	case in.To != kanban.SortPlanned && in.To != kanban.SortUnplanned && in.To != kanban.SortRules:
		return "", &Refusal{Reason: fmt.Sprintf("a card counts as planned, as unplanned or by the rules, not as %.40q", in.To), Allowed: []kanban.Value{kanban.SortPlanned, kanban.SortUnplanned, kanban.SortRules}}
	case utf8.RuneCountInString(in.Reason) > maxReason:
		return "", &Refusal{Reason: fmt.Sprintf("the reason is longer than %d letters", maxReason)}
	case in.To == kanban.SortRules && was == nil, was != nil && in.To != kanban.SortRules && was.Planned == (in.To == kanban.SortPlanned) && (in.Reason == "" || was.Reason == in.Reason): // without a reason nothing new is said
		return IntentDone, nil
	}
	var now *Sorted
	if in.To != kanban.SortRules {
		now = &Sorted{Planned: in.To == kanban.SortPlanned, By: in.Actor, Reason: in.Reason, At: t.now, Key: in.Key}
	}
	t.setSorted(now, in.Actor, in.Key, DidSort)
	t.did(Deed{Key: in.Key, Actor: in.Actor, Field: kanban.FieldPlanned, To: in.To, Sorted: was})
	return IntentDone, nil
}

// setSorted changes what a person said of the card and records that.
func (t *turn) setSorted(now *Sorted, actor, key, kind string) {
	t.card.Sorted = now
	change, text := kanban.Change{Field: kanban.ChangePlanned, To: string(kanban.SortRules)}, "counts as the rules say"
	if now != nil {
		change.To, change.ToName, text = string(kanban.SortUnplanned), now.Reason, "counts as unplanned"
		if now.Planned {
			change.To, text = string(kanban.SortPlanned), "counts as planned"
		}
		if now.Reason != "" {
			text += ": " + now.Reason
		}
	}
	if kind == DidUndo {
		text = "taken back: " + text
	}
	t.log(Activity{Kind: kind, Actor: actor, Side: reconcile.SideBoard, Field: kanban.FieldPlanned, Op: key, Text: text})
	t.said(t.now, actor, key, change)
}
