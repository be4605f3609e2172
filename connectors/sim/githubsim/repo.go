package githubsim

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Repo is a repository to add. An owner that nobody added becomes an
// organization.
type Repo struct {
	Owner, Name string
	ID          int64
	Description string
	Private     bool
	Archived    bool // read-only
	NoIssues    bool // issues are switched off
	// Labels exist from the start; NoLabels leaves GitHub's nine defaults away.
	Labels   []Label
	NoLabels bool
	// Permissions are roles by login; users that are not there yet are added.
	Permissions map[string]Permission
	Created     time.Time
}

type repo struct {
	id        int64
	owner     *user
	name      string
	about     string
	private   bool
	archived  bool
	noIssues  bool
	created   time.Time
	updated   time.Time
	perms     map[*user]Permission
	labels    labelSet
	miles     []*milestone
	issues    []*issue // ascending by number
	byNumber  map[int]*issue
	gone      map[int]tombstone
	lastN     int
	feed      feed
	version   int64 // moves with everything an answer could show
	settled   time.Time
	touches   []*issue
	nextTouch time.Time
	lists     map[string][]row
	listsAt   int64
	tallied   int64 // version at which milestones were counted
}

func (rp *repo) full() string { return rp.owner.Login + "/" + rp.name }

// AddRepo adds a repository. It fails when the name is taken or empty.
func (h *Hub) AddRepo(in Repo) error {
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	full := in.Owner + "/" + in.Name
	if in.Owner == "" || in.Name == "" || strings.Contains(in.Name, "/") {
		return fmt.Errorf("add repository: %q is no owner/name", full)
	}
	if h.w.repos[strings.ToLower(full)] != nil {
		return fmt.Errorf("add repository: %s exists", full)
	}
	if in.Created.IsZero() {
		in.Created = born()
	}
	rp := &repo{
		owner: h.w.meet(in.Owner, 0, "Organization"), name: in.Name, about: in.Description,
		private: in.Private, archived: in.Archived, noIssues: in.NoIssues,
		created: in.Created.UTC().Truncate(time.Second), updated: in.Created.UTC().Truncate(time.Second),
		perms: map[*user]Permission{}, byNumber: map[int]*issue{}, gone: map[int]tombstone{},
		labels: newLabelSet(),
	}
	rp.id = next(&h.w.ids.repo, in.ID)
	for _, login := range slices.Sorted(maps.Keys(in.Permissions)) { // ids must not depend on chance
		rp.perms[h.w.meet(login, 0, "User")] = in.Permissions[login]
	}
	if !in.NoLabels {
		in.Labels = append(defaultLabels(), in.Labels...)
	}
	for _, l := range in.Labels {
		if _, err := h.w.addLabel(rp, l); err != nil {
			return fmt.Errorf("add repository %s: label %q: %w", full, l.Name, err)
		}
	}
	h.w.byID[rp.id] = rp
	h.w.rekey(rp)
	return nil
}

// RenameRepo gives a repository another name ("name" or "owner/name"). Requests to
// the old one are redirected to the numeric address until it is taken again.
func (h *Hub) RenameRepo(from, to string) error {
	return h.do("", from, func(a act, rp *repo) error {
		owner, name, both := strings.Cut(to, "/")
		if !both {
			owner, name = rp.owner.Login, to
		}
		if other := a.w.repos[strings.ToLower(owner+"/"+name)]; name == "" || other != nil && other != rp {
			return fmt.Errorf("rename repository %s: %q is not free", from, to)
		}
		rp.owner, rp.name = a.w.meet(owner, 0, "Organization"), name
		rp.updated = later(rp.updated, a.at)
		a.w.rekey(rp)
		rp.version++
		return nil
	})
}

// SetArchived makes a repository read-only or opens it again.
func (h *Hub) SetArchived(name string, archived bool) error {
	return h.do("", name, func(_ act, rp *repo) error {
		rp.archived = archived
		rp.version++
		return nil
	})
}

// rekey files a repository under its present name and leaves a redirect at the
// one it had.
func (w *world) rekey(rp *repo) {
	for key, other := range w.repos {
		if other == rp {
			delete(w.repos, key)
			w.moved[key] = rp
		}
	}
	key := strings.ToLower(rp.full())
	delete(w.moved, key)
	w.repos[key] = rp
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
