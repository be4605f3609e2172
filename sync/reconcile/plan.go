package reconcile

import (
	"slices"
	"time"

	"parley/kanban"
)

// Want is a write that is missing: one side's people have not had the agreed
// value before them, and what stands there does not show it.
type Want struct {
	Side    kanban.Side
	Value   kanban.Value
	From    kanban.Native
	Targets []kanban.Native // best first; none: this side cannot show the value
	Version int64
}

// Plan says which writes are missing. A side that has seen the agreed version
// and says something else is left alone: then only the mapping has changed, or
// the tracker itself answered our write with another value.
func (m Machine) Plan(s State) []Want {
	if s.Frozen != Thawed || s.Agreed == "" || m.Policy.Carry == CarryOff {
		return nil
	}
	var wants []Want
	for _, side := range kanban.Sides {
		if w, ok := m.want(s, side); ok {
			wants = append(wants, w)
		}
	}
	return wants
}

func (m Machine) want(s State, side kanban.Side) (Want, bool) {
	sd := s.Sides[side]
	if !sd.Known || !m.owed(s, side) {
		return Want{}, false
	}
	if sd.Refused != nil && sd.Refused.Version == s.Version {
		return Want{}, false
	}
	return Want{
		Side: side, Value: s.Agreed, From: sd.Native, Version: s.Version,
		Targets: m.Lens.Forward(side, m.Field, s.Agreed, sd.Native),
	}, true
}

// owed reports whether a side has to be told the agreed value. A silent side is
// told a new value and never filled in for the sake of completeness. What nobody can
// translate is overwritten only where a person on the board chose to, who sees it
// there, or where it is a step of our own.
func (m Machine) owed(s State, side kanban.Side) bool {
	sd := s.Sides[side]
	_, opinion := m.Lens.Back(side, m.Field, sd.Native, s.Agreed)
	switch {
	case m.shows(s, side):
		return false
	case opinion == kanban.Silent:
		return sd.Seen < s.Changed
	case opinion != kanban.Says && !sd.Half && standing(s).Side != SideBoard:
		return false
	default:
		return sd.Seen < s.Version
	}
}

// Differs reports whether a side says something else than the agreed value and
// is left alone with it.
func (m Machine) Differs(s State, side kanban.Side) bool {
	value, opinion := m.Lens.Back(side, m.Field, s.Sides[side].Native, s.Agreed)
	return s.Sides[side].Known && opinion == kanban.Says && value != s.Agreed && !m.owed(s, side)
}

// Shows reports whether a side shows the agreed value.
func (m Machine) Shows(s State, side kanban.Side) bool { return m.shows(s, side) }

// Refuse records that a side cannot be given the agreed value.
func Refuse(s State, side kanban.Side, reason string, at time.Time) State {
	s.Sides[side].Refused = &Refusal{Version: s.Version, Native: s.Sides[side].Native, Reason: reason, At: at}
	return s
}

// togetherness is how close two label or state events of one person must lie to
// be one edit: swapping a label takes GitHub's own page two requests.
const togetherness = 10 * time.Second

// Together merges the neighbouring label and state events of one actor into one,
// so that the moment between taking a label off and putting the next one on is
// not read as a change of mind. Only events that touch the field are neighbours, so
// that an edit keeps its own place in the history whatever else its author did. Our
// own are left apart: each is matched with the write it is a step of.
func (m Machine) Together(side kanban.Side, events []kanban.Event) []kanban.Event {
	var out []kanban.Event
	last := -1 // the last one that touches the field
	for _, e := range events {
		if _, touched := m.Lens.Apply(side, m.Field, "", e.Changes); !touched {
			out = append(out, e)
			continue
		}
		if last >= 0 && joins(out[last], e) {
			e.Changes = append(slices.Clip(out[last].Changes), e.Changes...)
			out = slices.Delete(out, last, last+1) // it moves to where the later one stands
		}
		last = len(out)
		out = append(out, e)
	}
	return out
}

func joins(a, b kanban.Event) bool {
	return !a.Own && !b.Own && a.Actor == b.Actor && a.Actor != "" && b.At.Sub(a.At) <= togetherness && loose(a) && loose(b)
}

// loose reports whether an event is of the kind that comes in pieces.
func loose(e kanban.Event) bool {
	for _, c := range e.Changes {
		if c.Field != kanban.ChangeLabel && c.Field != kanban.ChangeState {
			return false
		}
	}
	return true
}
