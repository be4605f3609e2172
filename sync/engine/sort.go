package engine

import (
	"fmt"
	"time"
	"unicode/utf8"

	"parley/kanban"
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

// planned reports whether work was planned: as a person said, else by the rules; what the
// rules leave open is planned unless it is expedited.
func (c *Card) planned(class string, rules *bool) bool {
	switch {
	case c.Sorted != nil:
		return c.Sorted.Planned
	case rules != nil:
		return *rules
	}
	return class != kanban.ClassExpedite
}

// Sorting says whether a card counts as planned, and by whose word: a person's, else that
// of the rule of the configuration with a number from 1; without either it goes by its
// class of service.
func (e *Engine) Sorting(c *Card) (planned bool, said *Sorted, rule int) {
	t := e.Rules.Traits(c.issues()...)
	return c.planned(t.Class, t.Planned), c.Sorted, t.PlannedBy
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
