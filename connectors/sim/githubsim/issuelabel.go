package githubsim

import "slices"

// AddLabels puts labels on an issue as actor, making those the repository lacks.
func (h *Hub) AddLabels(actor, name string, number int, labels ...string) error {
	return h.on(actor, name, number, func(a act, is *issue) error { return a.addLabels(is, labels) })
}

// RemoveLabel takes one label off an issue. It fails with 404 where the issue
// does not carry it.
func (h *Hub) RemoveLabel(actor, name string, number int, label string) error {
	return h.on(actor, name, number, func(a act, is *issue) error { return a.removeLabel(is, label) })
}

// SetLabels replaces the labels of an issue; none clears them.
func (h *Hub) SetLabels(actor, name string, number int, labels ...string) error {
	return h.on(actor, name, number, func(a act, is *issue) error { return a.setLabels(is, labels) })
}

// mayLabel says whether label requests go through. Where they do not, err is
// GitHub's refusal, or nil if the hub was told to drop them silently.
func (a act) mayLabel(is *issue) (ok bool, err error) {
	if err := a.changes(is); err != nil {
		return false, err
	}
	if a.can(is.repo, Triage) {
		return true, nil
	}
	if a.w.opts.QuietLabels {
		return false, nil
	}
	return false, mustAdmin()
}

func (a act) addLabels(is *issue, names []string) error {
	if ok, err := a.mayLabel(is); !ok {
		return err
	}
	to, err := a.labelsFor(is.repo, is.state.labels, names)
	if err != nil {
		return err
	}
	a.relabel(is, to)
	return nil
}

func (a act) setLabels(is *issue, names []string) error {
	if ok, err := a.mayLabel(is); !ok {
		return err
	}
	to, err := a.labelsFor(is.repo, nil, names)
	if err != nil {
		return err
	}
	a.relabel(is, to)
	return nil
}

func (a act) removeLabel(is *issue, name string) error {
	if ok, err := a.mayLabel(is); !ok {
		return err
	}
	l := is.state.label(name)
	if l == nil {
		return refuse(404, "Label does not exist")
	}
	a.relabel(is, without(is.state.labels, l))
	return nil
}

// relabel gives an issue a set of labels, with an event for each difference;
// labels that stay keep their place.
func (a act) relabel(is *issue, to []*label) {
	was := is.state.labels
	kept := slices.DeleteFunc(slices.Clone(was), func(l *label) bool { return !slices.Contains(to, l) })
	fresh := slices.DeleteFunc(slices.Clone(to), func(l *label) bool { return slices.Contains(was, l) })
	if len(kept) == len(was) && len(fresh) == 0 {
		return
	}
	a.change(is, func(s *state) { s.labels = slices.Concat(kept, fresh) })
	for _, l := range was {
		if !slices.Contains(to, l) {
			a.record(is, event{kind: "unlabeled", label: *l.brief()})
		}
	}
	for _, l := range fresh {
		a.record(is, event{kind: "labeled", label: *l.brief()})
	}
}
