package reconcile

import (
	"time"

	"parley/kanban"
)

// Rejoin takes in that the rule of a pair carries what no rule did before: one of the
// issues was moved elsewhere, or back. What people have set meanwhile stood on their side
// alone. Where that side owes nothing, the two never agreed on it, as at a first contact:
// nothing is written, and a person is asked. Where the other side was changed since, the
// two changes meet now. at is when the issues of the sides were changed last.
func (m Machine) Rejoin(s State, at [2]time.Time) (State, []Outcome) {
	var out []Outcome
	for _, side := range kanban.Sides {
		if s.Frozen != Thawed || s.Agreed == "" || !s.Sides[0].Known || !s.Sides[1].Known {
			break
		}
		sd := &s.Sides[side]
		switch edit := sd.Alone; {
		case m.Differs(s, side):
			out = append(out, m.apart(&s, side, at[side])...)
		case edit == nil || edit.Native != sd.Native || edit.Value == "" || edit.Value == s.Agreed:
		case m.Policy.Carry.From(side):
			sd.Alone = nil
			out = append(out, m.clash(&s, side, *edit)...)
		default:
			sd.Alone = nil
			out = append(out, m.uncarried(&s, side, *edit, false)...)
		}
	}
	return s, out
}

// apart lets a side that says something else meet the other one.
func (m Machine) apart(s *State, side kanban.Side, at time.Time) []Outcome {
	sd := s.Sides[side]
	value, _ := m.Lens.Back(side, m.Field, sd.Native, s.Agreed)
	edit := Edit{Side: side.String(), Value: value, Native: sd.Native, At: at}
	if sd.Alone != nil && sd.Alone.Native == sd.Native {
		edit = *sd.Alone
	}
	theirs, opinion := m.Lens.Back(side.Other(), m.Field, s.Sides[side.Other()].Native, s.Agreed)
	if opinion != kanban.Says { // then the agreed value stands nowhere else
		theirs = s.Agreed
	}
	return m.differ(s, side, edit, theirs)
}
