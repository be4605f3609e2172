package githubsim

import "strings"

// tombstone marks a number whose issue is not here any more.
type tombstone struct {
	to *issue // where it went; nil: deleted
}

// DeleteIssue deletes an issue: 410 for everybody who may read the repository.
// Its events leave the repository's feed.
func (h *Hub) DeleteIssue(actor, name string, number int) error {
	return h.on(actor, name, number, func(a act, is *issue) error {
		if !a.can(is.repo, Admin) {
			return mustAdmin()
		}
		is.repo.take(is, tombstone{})
		a.note(is, "issues", "deleted", nil)
		return nil
	})
}

// Transfer moves an issue to another repository of the hub and gives it as it is
// there: new id and number; only labels and a milestone that the target has too;
// comments and events go along. The old address redirects whoever may see the new.
func (h *Hub) Transfer(actor, name string, number int, to string) (Issue, error) {
	var out Issue
	err := h.on(actor, name, number, func(a act, is *issue) error {
		target := a.w.repos[strings.ToLower(to)]
		switch {
		case target == nil || target == is.repo:
			return refuse(404, "Not Found: no other repository "+to)
		case is.pull:
			return refuse(422, "Pull requests cannot be transferred")
		case !a.can(is.repo, Write) || !a.can(target, Write):
			return mustAdmin()
		}
		moved := a.moveTo(target, is)
		is.repo.take(is, tombstone{to: moved})
		a.note(is, "issues", "transferred", func(c *call, body map[string]any) {
			body["changes"] = map[string]any{"new_issue": c.show(moved, moved.state), "new_repository": c.repository(moved.repo)}
		})
		out = moved.snapshot(a.w)
		return nil
	})
	return out, err
}

func (a act) moveTo(target *repo, is *issue) *issue {
	s := *is.state
	s.labels, s.milestone = nil, nil
	for _, l := range is.state.labels {
		if same := target.labels.find(l.Name); same != nil {
			s.labels = append(s.labels, same)
		}
	}
	for _, m := range target.miles {
		if is.state.milestone != nil && m.title == is.state.milestone.title {
			s.milestone = m
		}
	}
	moved := *is
	target.lastN++
	moved.id, moved.number, moved.repo = next(&a.w.ids.issue, 0), target.lastN, target
	moved.state, moved.inLists, moved.inReads, moved.events, moved.asides, moved.comments = &s, nil, nil, nil, nil, nil
	a.appear(&moved)
	for _, e := range is.events {
		own := *e
		own.issue = &moved
		moved.events = append(moved.events, &own)
		target.feed.add(&own)
	}
	for _, c := range is.comments {
		own := *c
		own.issue = &moved
		moved.comments = append(moved.comments, &own)
	}
	a.change(&moved, func(*state) {})
	a.record(&moved, event{kind: "transferred"})
	return &moved
}

// take removes an issue and leaves a tombstone.
func (rp *repo) take(is *issue, t tombstone) {
	rp.issues = without(rp.issues, is)
	delete(rp.byNumber, is.number)
	rp.gone[is.number] = t
	rp.feed.drop(is)
	rp.version++
}
