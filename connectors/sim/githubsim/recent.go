package githubsim

import (
	"slices"
	"time"
)

// UpdatedSince lists the issues and pull requests of a repository with an updated_at at
// or after a moment, in that order and then by number, as they are now and not as late
// lists show them; none where the repository is unknown. most bounds the list; 0 is no
// bound. It looks at every issue of the repository and copies what it gives.
func (h *Hub) UpdatedSince(name string, since time.Time, most int) []Issue {
	var out []Issue
	_ = h.do("", name, func(a act, rp *repo) error {
		var found []*issue
		for _, is := range rp.issues {
			if !is.state.updated.Before(since) {
				found = append(found, is)
			}
		}
		slices.SortStableFunc(found, func(x, y *issue) int { return x.state.updated.Compare(y.state.updated) })
		if most > 0 && len(found) > most {
			found = found[:most]
		}
		for _, is := range found {
			out = append(out, is.snapshot(a.w))
		}
		return nil
	})
	return out
}

// IssueByID finds an issue by its REST id, wherever it is now; false where it was
// deleted or got another id by a transfer.
func (h *Hub) IssueByID(id int64) (Issue, bool) {
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	is := act{w: h.w}.byID(id)
	if is == nil {
		return Issue{}, false
	}
	return is.snapshot(h.w), true
}

// SetPrivate hides a repository from strangers or shows it to everybody.
func (h *Hub) SetPrivate(name string, private bool) error {
	return h.do("", name, func(_ act, rp *repo) error {
		rp.private = private
		rp.version++
		return nil
	})
}

// SetIssues switches the issues of a repository on or off: off, every change of them is
// answered by 410.
func (h *Hub) SetIssues(name string, on bool) error {
	return h.do("", name, func(_ act, rp *repo) error {
		rp.noIssues = !on
		rp.version++
		return nil
	})
}
