package reconcile

import (
	"time"

	"parley/kanban"
)

// Remap takes in that the mapping has changed: the natives are what the sides hold,
// in the new mapping's encoding. Nobody edited anything, so nothing follows for the
// trackers: a write that was owed stays owed, and sides that mean different things
// only by the new mapping are shown to differ and left alone. exists says whether
// the board still has a value.
//
// Where a side's history was not read up to what it holds, ahead is when that was
// changed last. Whoever made it is still to come, and what they had before them cannot
// be told any more: at worst their edit becomes a conflict.
//
// Where a write of our own has begun and not ended, what nobody can translate is taken for
// a step of it, which the write will take on: it has to be left neither halfway nor to a
// person. An edit that made it comes to light with the history.
func (m Machine) Remap(s State, natives [2]kanban.Native, ahead [2]time.Time, begun [2]bool, exists func(kanban.Value) bool) (State, []Outcome) {
	var riddles [2]*Edit
	for i := range s.Sides {
		if s.Sides[i].Known {
			riddles[i] = s.Sides[i].renew(natives[i], ahead[i], exists)
			_, opinion := m.Lens.Back(kanban.Side(i), m.Field, natives[i], s.Agreed)
			s.Sides[i].Half = begun[i] && riddles[i] == nil && freezeOf(opinion) != Thawed
		}
	}
	if s.Frozen != FrozenAsk {
		s.Frozen = m.worst(s)
	}
	if unread := !ahead[0].IsZero() || !ahead[1].IsZero(); !unread || !exists(s.Agreed) || !m.unanimous(s) {
		s = m.retell(s, exists)
	} // else an edit is unread; what a side says may be older, or ours: see Recall
	out := m.understand(&s, riddles)
	m.solved(&s)
	return s, out
}

// solved forgets the edits that nobody could translate where there is nothing in them any
// more that could get lost: by the new mapping they say what is agreed, or nothing.
func (m Machine) solved(s *State) {
	for i, side := range kanban.Sides {
		sd := &s.Sides[i]
		if a := sd.Alone; a == nil || a.Value != "" || a.Native != sd.Native {
			continue
		}
		if value, opinion := m.Lens.Back(side, m.Field, sd.Native, s.Agreed); opinion == kanban.Silent || opinion == kanban.Says && value == s.Agreed {
			sd.Alone = nil
		}
	}
}

// unanimous reports whether all sides with an opinion can be read to say one value.
func (m Machine) unanimous(s State) bool {
	_, ok := m.told(s)
	return ok
}

// understand takes in the edits that nobody could translate, where they can be by the new
// mapping and a write is owed that would go over them: it was held back for their sake.
func (m Machine) understand(s *State, riddles [2]*Edit) []Outcome {
	var out []Outcome
	for _, side := range kanban.Sides {
		edit, sd := riddles[side], &s.Sides[side]
		if edit == nil || !m.owed(*s, side) {
			continue
		}
		if _, opinion := m.Lens.Back(side, m.Field, sd.Native, s.Agreed); opinion != kanban.Says {
			continue
		}
		unread := sd.Ours
		edit.Native = sd.Native
		out = append(out, m.foreign(s, side, *edit, false)...)
		sd.Ours = unread
	}
	return out
}

// Recall finishes what Remap left open for a history that was unread, now that it was
// read up to what the sides hold: where it tells of nobody who made that, the sides say
// what they say by the mapping, or by an administrator's hand.
func (m Machine) Recall(s State, side kanban.Side, exists func(kanban.Value) bool) State {
	if !m.Unrecalled(s, side) {
		return s
	}
	return m.retell(s, exists)
}

// Unrecalled reports whether a side differs from the agreed value by a state whose author
// its history has yet to tell.
func (m Machine) Unrecalled(s State, side kanban.Side) bool {
	return s.Sides[side].Ours && s.Frozen == Thawed && m.Differs(s, side)
}

// retell agrees on the one value that the sides say, unless an edit is on its way.
func (m Machine) retell(s State, exists func(kanban.Value) bool) State {
	value, ok := m.told(s)
	if value == s.Agreed || !ok && exists(s.Agreed) {
		return s
	}
	if ok && exists(s.Agreed) && m.pending(s) {
		return s
	}
	s.Version++
	s.Agreed, s.Changed = value, s.Version
	for i := range s.Sides {
		s.Sides[i].Seen = s.Version
	}
	return s
}

// renew takes over what a side holds, and gives the edit that made it, where nobody could
// tell what that meant: it goes on standing alone, in the new encoding. One that named a
// value which the board has no more is over.
func (sd *SideState) renew(native kanban.Native, ahead time.Time, exists func(kanban.Value) bool) (riddle *Edit) {
	switch a := sd.Alone; {
	case a == nil:
	case a.Value == "" && a.Native == sd.Native:
		riddle, sd.Alone = new(*a), new(*a)
		sd.Alone.Native = native
	case a.Value != "" && !exists(a.Value):
		sd.Alone = nil
	}
	sd.Native, sd.Refused, sd.Half = native, nil, false
	if !ahead.IsZero() {
		sd.Ahead, sd.Ours = latest(sd.Ahead, ahead), true
	}
	return riddle
}

// pending reports whether a known side has not been told the agreed value yet.
func (m Machine) pending(s State) bool {
	for _, side := range kanban.Sides {
		if s.Sides[side].Known && m.owed(s, side) {
			return true
		}
	}
	return false
}

// told is the one value that all sides with an opinion can be read to say; ok is
// false, and the value Jira's, where there is none.
func (m Machine) told(s State) (value kanban.Value, ok bool) {
	var said []kanban.Value
	for _, side := range kanban.Sides {
		if !s.Sides[side].Known {
			continue
		}
		hint := s.Agreed
		if len(said) > 0 {
			hint = said[0]
		}
		if v, opinion := m.Lens.Back(side, m.Field, s.Sides[side].Native, hint); opinion == kanban.Says {
			said = append(said, v)
		}
	}
	switch {
	case len(said) == 0:
		return "", false
	case len(said) == 2 && said[0] != said[1]:
		back, _ := m.Lens.Back(kanban.Jira, m.Field, s.Sides[kanban.Jira].Native, said[1])
		return said[0], back == said[1]
	default:
		return said[len(said)-1], true
	}
}
