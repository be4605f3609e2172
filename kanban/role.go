package kanban

import "fmt"

// Role says what a person may do on the board. What they see is the audience's matter.
type Role string

// The roles, by what they may do: a viewer nothing; a requester answers, accepts and
// sets priorities of the own unit's cards; a liaison also commits and withdraws them; a
// developer moves cards through delivery; ops does everything.
const (
	Viewer    Role = "viewer"
	Requester Role = "requester"
	Liaison   Role = "liaison"
	Developer Role = "developer"
	Ops       Role = "ops"
)

// Roles lists the roles, from the one that may do least on.
func Roles() []Role { return []Role{Viewer, Requester, Liaison, Developer, Ops} }

// ForUnit reports whether a role acts for one business unit only.
func (r Role) ForUnit() bool { return r == Requester || r == Liaison }

// MayMove says why a role may not move a card from one column to another, "" where it
// may. own tells whether the card is of the unit that the person acts for. A card whose
// column is not known (the zero Column) is moved by ops alone.
func (r Role) MayMove(own bool, from, to Column) string {
	switch {
	case r == Ops:
		return ""
	case r.ForUnit() && !own:
		return "it is another unit's card"
	case r == Developer:
		return developerMoves(from, to)
	case r == Liaison && commits(from) && (commits(to) || to.Category == Cancelled):
		return ""
	case r.ForUnit():
		return requesterMoves(from, to)
	}
	return "you may look at the board, not change it"
}

// commits reports whether a column lies before work begins.
func commits(c Column) bool { return c.Category == Option || c.Category == Queue }

// developerMoves keeps delivery with IT, and accepting and ordering with the business.
func developerMoves(from, to Column) string {
	switch {
	case from.Category == "":
		return "its status is not mapped; an ops lead has to place it"
	case from.Category == Option:
		return fmt.Sprintf("the business takes cards out of %s", from.Name)
	case to.Category == Option || to.Category == Cancelled:
		return fmt.Sprintf("the business moves cards to %s", to.Name)
	case to.Category == Done && from.Turn == Business:
		return "the business accepts it"
	}
	return ""
}

// requesterMoves lets the business answer and accept: it takes cards out of the columns
// in which it has the turn.
func requesterMoves(from, to Column) string {
	switch {
	case from.Category == Option && (to.Category == Option || to.Category == Cancelled):
		return ""
	case from.Category == Option:
		return fmt.Sprintf("a liaison or an ops lead commits to cards in %s", from.Name)
	case from.Turn != Business || from.Category.Ended():
		return fmt.Sprintf("IT has the turn in %s", from.Name)
	case to.Category == Option || to.Category == Queue || to.Category == Cancelled:
		return fmt.Sprintf("work on it has begun; an ops lead moves it to %s", to.Name)
	}
	return ""
}

// MayPrioritise says why a role may not set a card's priority, "" where it may.
// Developers do so where nobody else owns the card.
func (r Role) MayPrioritise(own, owned bool) string {
	switch {
	case r == Ops, r.ForUnit() && own, r == Developer && !owned:
		return ""
	case r.ForUnit():
		return "it is another unit's card"
	case r == Developer:
		return "its unit sets its priority"
	}
	return "you may look at the board, not change it"
}

// MayBlock says why a role may not block or unblock a card, "" where it may.
func (r Role) MayBlock(own bool) string {
	switch {
	case r == Ops, r == Developer, r.ForUnit() && own:
		return ""
	case r.ForUnit():
		return "it is another unit's card"
	}
	return "you may look at the board, not change it"
}

// MaySort says why a role may not correct whether a card was planned, "" where it may: it
// is work that IT did.
func (r Role) MaySort() string {
	switch {
	case r == Ops, r == Developer:
		return ""
	case r.ForUnit():
		return "IT says what it had planned; you see who said so"
	}
	return "you may look at the board, not change it"
}

// MayAsk says why a role may not put a question to the business, or conclude one; "" where
// it may.
func (r Role) MayAsk() string {
	switch {
	case r == Ops, r == Developer:
		return ""
	case r.ForUnit():
		return "IT asks; you answer"
	}
	return "you may look at the board, not change it"
}

// MayAnswer says why a role may not answer a question that IT has put, "" where it may. own
// tells whether the card is of the unit that the person acts for.
func (r Role) MayAnswer(own bool) string {
	switch {
	case r == Ops, r.ForUnit() && own:
		return ""
	case r.ForUnit():
		return "it is another unit's card"
	case r == Developer:
		return "its unit answers"
	}
	return "you may look at the board, not change it"
}

// MayContract says why a role may not speak for a side of a contract, "" where it may. own
// tells whether the contract is of the unit that the person acts for; binding, whether it
// gives away what the unit has, which is a liaison's to do.
func (r Role) MayContract(side Party, own, binding bool) string {
	switch {
	case r == Ops, r == Developer && side == IT:
		return ""
	case r == Developer:
		return "its unit decides this"
	case r.ForUnit() && side == IT:
		return "IT decides this"
	case r.ForUnit() && !own:
		return "it is another unit's contract"
	case r == Requester && binding:
		return "a liaison of the unit or an ops lead decides this"
	case r.ForUnit():
		return ""
	}
	return "you may look at the board, not change it"
}

// Acts is for which side a person acts who does something on the board: requesters and
// liaisons for their unit, developers for IT. An ops lead acts for IT, unless they say that
// it is for the unit. why is the reason for which nobody of this role acts for the side that
// was named; "" names none.
func (r Role) Acts(named Party) (side Party, why string) {
	switch {
	case r.ForUnit():
		side = Business
	case r == Developer || r == Ops:
		side = IT
	}
	switch {
	case named == "" || named == side:
		return side, ""
	case r == Ops && named == Business:
		return named, ""
	case side == "":
		return "", "you may look at the board, not change it"
	}
	return "", "you do not act for this side"
}

// MayUndo says why a role may not take back what it has done, "" where it may.
func (r Role) MayUndo() string {
	switch r {
	case Requester, Liaison, Developer, Ops:
		return ""
	}
	return "you may look at the board, not change it"
}

// MayDecide says why a role may not end conflicts and change what Parley does, "" where
// it may.
func (r Role) MayDecide() string {
	if r == Ops {
		return ""
	}
	return "an ops lead decides this"
}
