package githubsim

import "slices"

// Lock locks the conversation of an issue; reason is off-topic, too heated,
// resolved, spam or "". Comments are then for those with push access only; labels
// and state go on as before.
func (h *Hub) Lock(actor, name string, number int, reason string) error {
	return h.on(actor, name, number, func(a act, is *issue) error { return a.lock(is, true, reason) })
}

// Unlock opens the conversation again.
func (h *Hub) Unlock(actor, name string, number int) error {
	return h.on(actor, name, number, func(a act, is *issue) error { return a.lock(is, false, "") })
}

func (a act) lock(is *issue, on bool, reason string) error {
	if err := a.changes(is); err != nil {
		return err
	}
	if !a.can(is.repo, Write) {
		return mustAdmin()
	}
	if reasons := []string{"", "off-topic", "too heated", "resolved", "spam"}; !slices.Contains(reasons, reason) {
		return malformed("For 'properties/lock_reason', %q is not a member of [\"off-topic\", \"too heated\", \"resolved\", \"spam\"].", reason)
	}
	if is.state.locked == on {
		return nil
	}
	a.change(is, func(s *state) { s.locked, s.lockedFor = on, reason })
	kind := "unlocked"
	if on {
		kind = "locked"
	}
	a.record(is, event{kind: kind, lockedFor: reason})
	return nil
}
