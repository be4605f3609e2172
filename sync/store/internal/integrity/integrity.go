// Package integrity tells what cannot be true of a store's rows: which of them point
// at nothing, contradict each other, or claim the same. It only looks.
//
// Rows are shown to a Check one by one, cards before everything else and aliases
// after them, and its Findings are read at the end. Every finding is a sentence
// that names what is wrong and what a person can do.
package integrity

import (
	"fmt"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/reconcile"
)

// restore is what is left to do where a store was damaged. Nothing is written to a
// tracker because its store is gone: pairs are found again.
const restore = "restore a backup, or begin with an empty store"

// most is how many findings of one kind are told one by one.
const most = 20

// Issue names an issue as it is stored.
type Issue struct{ Tracker, ID string }

// Card is one row of the cards.
type Card struct {
	ID                 kanban.CardID
	Doc                engine.Card // as far as it could be read
	Bad                error       // why it could not
	Lock, Seq, Touched int64
	Paired             bool
}

// Op is one row of the journal of writes.
type Op struct {
	ID    string
	Card  kanban.CardID
	State string
	Open  bool
	Doc   reconcile.Op
	Bad   error
}

// place is where one write at a time can be open.
type place struct {
	card  kanban.CardID
	side  kanban.Side
	field kanban.Field
}

// Check looks at the rows of one store.
type Check struct {
	seq     int64 // data sequence
	cards   map[kanban.CardID]bool
	sides   map[Issue]kanban.CardID
	order   []Issue // of sides, as they were shown
	indexed map[Issue]bool
	open    map[place]string // ids of writes
	remarks map[remarked]string
	kinds   map[string]int
	found   []string
}

// New begins to look at a store whose data sequence is seq.
func New(seq int64) *Check {
	return &Check{
		seq: seq, cards: map[kanban.CardID]bool{}, sides: map[Issue]kanban.CardID{}, indexed: map[Issue]bool{},
		open: map[place]string{}, remarks: map[remarked]string{}, kinds: map[string]int{},
	}
}

// Sayf tells a finding. The format is its kind.
func (c *Check) Sayf(format string, args ...any) {
	c.kinds[format]++
	if n := c.kinds[format]; n <= most {
		c.found = append(c.found, fmt.Sprintf(format, args...))
	} else if n == most+1 {
		c.found = append(c.found, "and more like that: "+fmt.Sprintf(format, args...))
	}
}

// Findings are all findings, in the order in which they were made.
func (c *Check) Findings() []string {
	for _, issue := range c.order {
		if !c.indexed[issue] {
			c.Sayf("card %s has issue %s of %s, which is not in the index, so that nothing read of it reaches the card; "+restore,
				c.sides[issue], issue.ID, issue.Tracker)
		}
	}
	c.order = nil
	return c.found
}

// Card looks at a card.
func (c *Check) Card(r Card) {
	c.cards[r.ID] = true
	switch {
	case r.Bad != nil:
		c.Sayf("card %s cannot be read (%v); "+restore, r.ID, r.Bad)
		return
	case r.Doc.ID != r.ID:
		c.Sayf("card %s says of itself that it is card %q; "+restore, r.ID, r.Doc.ID)
	case r.Lock < 1 || r.Touched > r.Lock:
		c.Sayf("card %s has lock %d and was touched at lock %d, which cannot be; "+restore, r.ID, r.Lock, r.Touched)
	}
	c.sequence(fmt.Sprintf("card %s", r.ID), r.Seq)
	if paired := r.Doc.Sides[kanban.Jira] != nil && r.Doc.Sides[kanban.GitHub] != nil; paired != r.Paired {
		c.Sayf("card %s is marked paired=%v, but its issues say %v, so that it is passed over or asked in vain when twins are sought; "+restore,
			r.ID, r.Paired, paired)
	}
}

// Side tells that a card has an issue.
func (c *Check) Side(card kanban.CardID, issue Issue) {
	if other, ok := c.sides[issue]; ok {
		c.Sayf("cards %s and %s both have issue %s of %s; part it from one of them with parley unlink", other, card, issue.ID, issue.Tracker)
		return
	}
	c.sides[issue] = card
	c.order = append(c.order, issue)
}

// Op looks at a write.
func (c *Check) Op(r Op) {
	if !c.cards[r.Card] {
		c.Sayf("write %s belongs to card %s, which does not exist, and will never be sent; "+restore, r.ID, r.Card)
	}
	if r.Bad != nil {
		c.Sayf("write %s of card %s cannot be read (%v); "+restore, r.ID, r.Card, r.Bad)
		return
	}
	if open := r.Doc.State.Open(); open != r.Open || string(r.Doc.State) != r.State {
		c.Sayf("write %s of card %s is filed as %s (open: %v), but is %s (open: %v); "+restore, r.ID, r.Card, r.State, r.Open, r.Doc.State, open)
	}
	if !r.Doc.State.Open() {
		return
	}
	at := place{r.Card, r.Doc.Side, r.Doc.Field}
	if other, ok := c.open[at]; ok {
		c.Sayf("writes %s and %s of card %s are open at once for %s in %s; set sync.write to plan and look at both with parley explain %s",
			other, r.ID, r.Card, r.Doc.Field, r.Doc.Side, r.Card)
		return
	}
	c.open[at] = r.ID
}

// Issue looks at a row of the index.
func (c *Check) Issue(issue Issue, key string, card kanban.CardID) {
	c.indexed[issue] = true
	if card != "" && !c.cards[card] {
		c.Sayf("issue %s (%s of %s) is filed under card %s, which does not exist, so that nothing read of it is seen; "+restore,
			key, issue.ID, issue.Tracker, card)
		return
	}
	if owner, ok := c.sides[issue]; ok && owner != card {
		c.Sayf("issue %s (%s of %s) is on card %s, but filed under card %q; "+restore, key, issue.ID, issue.Tracker, owner, card)
	}
}

// Alias looks at a card that lives on as another one.
func (c *Check) Alias(old, now kanban.CardID, seq int64) {
	if !c.cards[now] {
		c.Sayf("card %s lives on as card %s, which does not exist, so that links to it lead nowhere; "+restore, old, now)
	}
	if c.cards[old] {
		c.Sayf("card %s lives on as card %s, but is there itself as well; "+restore, old, now)
	}
	c.sequence(fmt.Sprintf("the end of card %s", old), seq)
}

// Conflict looks at the card of a conflict. It may be known to no card.
func (c *Check) Conflict(id string, card kanban.CardID, bad error) {
	if bad != nil {
		c.Sayf("conflict %s cannot be read (%v); "+restore, id, bad)
	}
	if !c.cards[card] {
		c.Sayf("conflict %s belongs to card %q, which does not exist; put it away with parley conflicts dismiss %s", id, card, id)
	}
}

// Activity looks at the lines of a card, the last of which has a data sequence.
// Lines of no card are the daemon's own.
func (c *Check) Activity(card kanban.CardID, lines, last int64) {
	if card != "" && !c.cards[card] {
		c.Sayf("%d lines of activity belong to card %s, which does not exist, and are shown nowhere; "+restore, lines, card)
	}
	c.sequence(fmt.Sprintf("the activity of card %q", card), last)
}

// Events looks at the history entries of an issue. Cards and index must have been
// shown before.
func (c *Check) Events(issue Issue, entries int64) {
	if _, ok := c.sides[issue]; !ok && !c.indexed[issue] {
		c.Sayf("%d history entries belong to issue %s of %s, which no card has and the index does not know; "+
			"they are shown again once the issue is read", entries, issue.ID, issue.Tracker)
	}
}

// sequence looks at the data sequence of something.
func (c *Check) sequence(what string, seq int64) {
	if seq < 1 || seq > c.seq {
		c.Sayf("%s was changed at data sequence %d, but the store is at %d, so that pages miss changes; "+restore, what, seq, c.seq)
	}
}
