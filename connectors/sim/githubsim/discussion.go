package githubsim

// ConvertToDiscussion ends an issue as GitHub does when its conversation goes on as a
// discussion: it is closed and locked, its history says why, and it takes no more
// changes. What becomes of its page later is the hub's choice, see DeleteIssue.
func (h *Hub) ConvertToDiscussion(actor, name string, number int) error {
	return h.on(actor, name, number, func(a act, is *issue) error {
		switch {
		case is.pull:
			return refuse(422, "Pull requests cannot be converted to discussions")
		case !a.can(is.repo, Triage):
			return mustAdmin()
		}
		if err := a.changes(is); err != nil {
			return err
		}
		if is.state.closed.IsZero() {
			a.close(is, "", nil)
		}
		a.change(is, func(s *state) { s.locked, s.discussion = true, true })
		a.record(is, event{kind: "converted_to_discussion"})
		return nil
	})
}

// changes refuses what would change an issue that takes no changes, or that is in a
// repository which takes none.
func (a act) changes(is *issue) error {
	if is.state.discussion {
		return refuse(403, "This issue was converted to a discussion")
	}
	return a.open(is.repo)
}
