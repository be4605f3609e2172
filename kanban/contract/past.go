package contract

import (
	"fmt"

	"parley/kanban"
	"parley/kanban/flow"
)

// Passage tells a card's remembered way over the board as events: that it was created and
// where it went, and what blocked it. By names the side that an account acts for. What a
// past does not hold, such as priorities and decisions, is told by events of its own.
func Passage(card kanban.CardID, created Event, past kanban.Past) []Event {
	var out []Event
	for n, e := range flow.Events(card, created.At, past) {
		told := Event{ID: fmt.Sprintf("%s/%s/%d", card, e.Kind, n), At: e.At, Card: card, To: e.To, Rank: created.Rank}
		switch e.Kind {
		case flow.Created:
			told = created
			told.Card, told.Kind, told.At, told.To = card, Created, e.At, e.To
		case flow.Moved:
			told.Kind = Moved
		case flow.Blocked:
			told.Kind, told.By, told.Note = Blocked, e.Party, e.Reason
		case flow.Unblocked:
			told.Kind = Unblocked
		}
		out = append(out, told)
	}
	return out
}
