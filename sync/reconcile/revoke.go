package reconcile

import "parley/kanban"

// Revoke takes a change made on the board back as if it had not been asked for: was is the
// state that it was made to, and key the change. ok is false where anything stands otherwise
// since; whether a write of it has left, or an edit has met it and lost, is for the caller
// to know. It is a version of its own, so that whatever goes by the version that ends here
// does not pass for what comes next.
func (m Machine) Revoke(s, was State, key string) (back State, ok bool) {
	if !m.Standing(s, key) || s.Version != was.Version+1 {
		return s, false
	}
	back = was
	back.Version = s.Version + 1
	for i := range s.Sides {
		now, then := s.Sides[i], was.Sides[i]
		if now.Known != then.Known || now.Native != then.Native || now.Seen != then.Seen || now.Half != then.Half {
			return s, false
		}
		now.Alone, now.Refused = then.Alone, then.Refused
		if then.Seen == was.Version {
			now.Seen = back.Version
		}
		if r := then.Refused; r != nil && r.Version == was.Version {
			still := *r
			still.Version = back.Version
			now.Refused = &still
		}
		back.Sides[i] = now
	}
	return back, true
}

// Standing reports whether a change made on the board is what stands behind the agreed
// value, nothing is in its way, and nobody has set anything else since.
func (m Machine) Standing(s State, key string) bool {
	edit := standing(s)
	if edit.Side != SideBoard || edit.Source != key || s.Frozen != Thawed {
		return false
	}
	for _, side := range kanban.Sides {
		if s.Sides[side].Alone != nil {
			return false
		}
	}
	return true
}
