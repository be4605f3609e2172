package githubsim

import (
	"strings"
	"time"
)

// act is somebody doing something at one moment. The world's lock is held.
type act struct {
	w   *world
	who *user // nil: an account that was deleted since, who could do anything
	at  time.Time
}

// do runs fn as actor in a repository, with the lock held. An empty actor is an
// account that was deleted since.
func (h *Hub) do(actor, name string, fn func(act, *repo) error) error {
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	a := act{w: h.w, at: h.now()}
	if actor != "" {
		if a.who = h.w.users[strings.ToLower(actor)]; a.who == nil {
			return refuse(404, "Not Found: no user "+actor)
		}
	}
	rp := h.w.repos[strings.ToLower(name)]
	if rp == nil {
		return refuse(404, "Not Found: no repository "+name)
	}
	rp.settle(h.w.opts.Clock.Now())
	defer h.w.tell()
	return fn(a, rp)
}

// on is do for one issue, which must be there.
func (h *Hub) on(actor, name string, number int, fn func(act, *issue) error) error {
	return h.do(actor, name, func(a act, rp *repo) error {
		is, err := a.find(rp, number)
		if err != nil {
			return err
		}
		return fn(a, is)
	})
}

// can reports whether the actor's permission in the repository is at least p.
func (a act) can(rp *repo, p Permission) bool {
	return a.who == nil || rp.permission(a.who).atLeast(p)
}

// find gives an issue, or how its absence is answered.
func (a act) find(rp *repo, number int) (*issue, error) {
	if is := rp.byNumber[number]; is != nil {
		return is, nil
	}
	t, was := rp.gone[number]
	switch {
	case was && t.to == nil:
		return nil, &Refusal{Status: 410, Message: "This issue was deleted", DocumentationURL: "https://docs.github.com/v3/issues/"}
	case was && a.can(t.to.repo, Read) && t.to.repo.byNumber[t.to.number] == t.to:
		return nil, movedTo(t.to)
	}
	return nil, refuse(404, "Not Found")
}

// open refuses changes in a repository that takes none.
func (a act) open(rp *repo) error {
	switch {
	case rp.archived:
		return refuse(403, "Repository was archived so is read-only.")
	case rp.noIssues:
		return refuse(410, "Issues are disabled for this repo")
	}
	return nil
}

// mustAdmin is GitHub's answer to anybody whose permission is too small.
func mustAdmin() error { return refuse(403, "Must have admin rights to Repository.") }
