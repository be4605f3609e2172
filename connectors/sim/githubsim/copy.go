package githubsim

// CopyIssue opens an issue with the title, body and labels of another, as people do who
// use one as a template, so also with whatever mark stands in the body. It is the
// actor's own and has a history of its own.
func (h *Hub) CopyIssue(actor, name string, number int) (Issue, error) {
	var out Issue
	err := h.on(actor, name, number, func(a act, is *issue) error {
		in := NewIssue{Title: is.state.title, Body: is.state.body}
		for _, l := range is.state.labels {
			in.Labels = append(in.Labels, l.Name)
		}
		made, err := a.create(is.repo, in)
		if err == nil {
			out = made.snapshot(a.w)
		}
		return err
	})
	return out, err
}
