package reconcile

import "parley/kanban"

// Remap takes in that the mapping has changed: the natives are what the sides hold,
// in the new mapping's encoding. Nobody edited anything, so nothing follows for the
// trackers: a write that was owed stays owed, and sides that mean different things
// only by the new mapping are shown to differ and left alone. exists says whether
// the board still has a value.
func (m Machine) Remap(s State, natives [2]kanban.Native, exists func(kanban.Value) bool) State {
	for i := range s.Sides {
		if s.Sides[i].Known {
			s.Sides[i].Native = natives[i]
			s.Sides[i].Refused, s.Sides[i].Alone, s.Sides[i].Half = nil, nil, false
		}
	}
	if s.Frozen != FrozenAsk {
		s.Frozen = m.worst(s)
	}
	value, ok := m.told(s)
	if value == s.Agreed || !ok && exists(s.Agreed) {
		return s
	}
	if ok && m.pending(s) && exists(s.Agreed) {
		return s // an edit is still on its way; what the other side says is older
	}
	s.Version++
	s.Agreed, s.Changed = value, s.Version
	for i := range s.Sides {
		s.Sides[i].Seen = s.Version
	}
	return s
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
