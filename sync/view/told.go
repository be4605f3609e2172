package view

import (
	"slices"

	"parley/kanban"
	"parley/sync/engine"
)

// What is told of a card: its story, its conflicts, and what happened to it.

// whole reports whether no word about a card that its issues' sides say is hidden.
func (g grant) whole() bool {
	return g.title && g.jira && g.github && g.detail && g.people && g.requester && g.reason
}

// names gives a person's name to those who may know it: colleagues, and who asked.
func (g grant) names(who string, c kanban.Card) string {
	if g.people || g.requester && who != "" && who == c.Requester {
		return who
	}
	return ""
}

// line is a line of the account as it may be known. Its sentence quotes whatever it is
// about: those who may not read all of that are told in other words.
func (g grant) line(l Line, c kanban.Card) Line {
	if !g.whole() && !g.plain(l) {
		l.Text = hiddenName(l.Field) + " " + didWords(l.Kind)
	}
	l.Who = g.names(l.Who, c)
	if g.hides(l.Field) {
		l.Field = hiddenField(l.Field)
	}
	return l
}

// plain reports whether a line's sentence quotes values of status or priority, or why the
// card is blocked, and nothing else, and those may be read.
func (g grant) plain(l Line) bool {
	if l.Field == kanban.FieldBlocked || l.Field == kanban.FieldPlanned {
		return g.reason
	}
	return g.jira && g.detail && slices.Contains(kanban.Fields[:], l.Field) && slices.Contains([]string{engine.DidChange, engine.DidIntend, engine.DidWrite, engine.DidUndo}, l.Kind)
}

// didWords is what happened, without quoting it.
func didWords(kind string) string {
	switch kind {
	case engine.DidChange, engine.DidIntend:
		return "was changed"
	case engine.DidWrite:
		return "was written to the other side"
	case engine.DidRefuse, engine.DidProblem:
		return "could not be written or read"
	case engine.DidClash:
		return "was changed in two places"
	case engine.DidCreate, engine.DidPair:
		return "has an issue on both sides"
	case engine.DidPart:
		return "has no issue on the other side any more"
	case engine.DidFreeze:
		return "is left alone until somebody looks at it"
	case engine.DidLose:
		return "counts as deleted on one side"
	case engine.DidBlock:
		return "was blocked"
	case engine.DidSort:
		return "was said to be planned, or not"
	case engine.DidUnblock:
		return "was unblocked"
	case engine.DidUndo:
		return "was set back"
	case engine.DidAsk:
		return "has a question for its unit"
	case engine.DidAnswer:
		return "had a question answered"
	case engine.DidConclude:
		return "had a question concluded"
	case engine.DidSwap:
		return "was in a swap of slots"
	case engine.DidApprove:
		return "was let go"
	case engine.DidRetry:
		return "was asked to be tried again"
	case engine.DidDecide:
		return "was decided"
	default:
		return "was dealt with"
	}
}

// said is one edit of a conflict as it may be known.
func (g grant) said(s *Said, c kanban.Card, f kanban.Field) {
	s.Who = g.names(s.Who, c)
	if s.Side == "" && !(g.jira && g.detail) || s.Side != "" && s.Side != "board" && !g.native(s.Side) {
		s.Native = ""
	}
	if g.hides(f) {
		s.Value, s.Native = hidden, ""
	}
}

// story is a field's part of an explanation as it may be known.
func (g grant) story(s FieldStory) FieldStory {
	sides := s.Sides
	s.Sides = []SideStory{}
	for _, sd := range sides {
		if g.side(sd.Side) {
			s.Sides = append(s.Sides, g.sideStory(sd, s.Field))
		}
	}
	if !g.people {
		if s.By = ""; s.First {
			s.By = "first seen" // nobody's doing
		}
	}
	writes := s.Writes
	s.Writes = []WriteStory{}
	for _, w := range writes {
		if w, ok := g.write(w, s.Field); ok {
			s.Writes = append(s.Writes, w)
		}
	}
	if g.hides(s.Field) {
		s.Name, s.Field = hiddenName(s.Field), hiddenField(s.Field)
		if s.Agreed != "" {
			s.Agreed = hidden
		}
	}
	return s
}

func (g grant) sideStory(s SideStory, f kanban.Field) SideStory {
	if !g.native(s.Side) {
		s.Native, s.Refused = "", ""
		if f != kanban.FieldStatus && f != kanban.FieldPriority { // which mean what they say
			s.Means = hidden
		}
	}
	if g.hides(f) {
		s.Native, s.Means, s.Refused = hidden, hidden, ""
	}
	return s
}

// write is a write of the journal as it may be known: its reason quotes both sides.
func (g grant) write(w WriteStory, f kanban.Field) (WriteStory, bool) {
	switch {
	case !g.side(w.Side):
		return w, false
	case g.hides(f):
		w.From, w.To, w.Reason, w.Problem = hidden, hidden, hidden, ""
	case !g.whole():
		w.Reason, w.Problem = "", ""
		if !g.native(w.Side) {
			w.From, w.To = hidden, hidden
		}
	}
	return w, true
}
