package github

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"

	gogithub "github.com/google/go-github/v60/github"

	"parley/connectors"
	"parley/connectors/transport"
)

// Where a repository is.
//
// One that was renamed, or given to another owner, answers at its old name with a
// redirect to its number. Nothing follows that by itself: a redirected write that
// arrives as a read reports success. So the first redirect has the name looked up, and
// from then on the repository is asked for by its number, which never changes, and
// every request is made anew with the method that it has. An issue's own redirect, to
// the repository it was transferred to, is told apart by that number: an issue of the
// same number in another repository must never be written to.

// home is what is known of a repository.
type home struct {
	id   int64
	name string // owner/name by now where that is another one than it was asked for by, else ""
	// double says that the configuration lists both names: one of them has to go, and
	// until then the old one stands still.
	double bool
}

// homes are the repositories that were looked up, by the name they were asked for by in
// lower case. They are learned again by each process.
type homes struct {
	mu sync.Mutex
	of map[string]home
}

func (h *homes) find(repo string) (home, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	at, ok := h.of[strings.ToLower(repo)]
	return at, ok
}

func (h *homes) put(repo string, at home) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.of == nil {
		h.of = map[string]home{}
	}
	h.of[strings.ToLower(repo)] = at
}

// formerly gives the names that a repository had, as they were asked for.
func (h *homes) formerly(name string) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []string
	for was, at := range h.of {
		if at.name != "" && strings.EqualFold(at.name, name) {
			out = append(out, was)
		}
	}
	return out
}

// inRepo takes a request's path apart: "repos/acme/infra/issues?page=2" is of
// "acme/infra" and goes on with "/issues?page=2".
func (c *Client) inRepo(path string) (repo, below string, ok bool) {
	path = strings.TrimPrefix(path, c.builder.BaseURL.String())
	rest, ok := strings.CutPrefix(path, "repos/")
	owner, rest, named := strings.Cut(rest, "/")
	if !ok || !named {
		return "", "", false
	}
	end := strings.IndexAny(rest, "/?")
	if end < 0 {
		end = len(rest)
	}
	return owner + "/" + rest[:end], rest[end:], true
}

// place is where a request is sent by what is known: to a renamed repository by its
// number.
func (c *Client) place(path string) string {
	repo, below, ok := c.inRepo(path)
	if !ok {
		return path
	}
	at, _ := c.homes.find(repo)
	if at.name == "" || at.double {
		return path
	}
	return at.path() + below
}

func (h home) path() string { return "repositories/" + strconv.FormatInt(h.id, 10) }

// renamed says where a request that was redirected is to be sent instead; "" where the
// redirect is not that of a renamed repository. An error is that of finding out.
func (c *Client) renamed(ctx context.Context, q call, redirected error) (string, error) {
	var e *connectors.Error
	repo, below, ok := c.inRepo(q.path)
	if !ok || !errors.As(redirected, &e) || e.Kind != connectors.Moved {
		return "", nil
	}
	at, known := c.homes.find(repo)
	if known && at.name == "" && !c.liesIn(e.Location, at) {
		return "", nil // a renamed repository keeps its number: the issue went
	}
	if at.name == "" {
		_, learned, err := c.lookUp(ctx, repo)
		if passes(err) {
			return "", err
		}
		at = learned
	}
	switch {
	case at.name == "":
		return "", nil // where it is cannot be seen, or it is where it was
	case at.double:
		e.Hint = "it is called " + at.name + " now, which the configuration lists as well: take this one out of repos"
		return "", nil
	case !c.liesIn(e.Location, at):
		return "", nil
	}
	return at.path() + below, nil
}

// passes reports whether a look-up that failed may tell more another time; one that was
// refused leaves the redirect as it stands.
func passes(err error) bool {
	if err == nil {
		return false
	}
	switch connectors.KindOf(err) {
	case connectors.Transient, connectors.RateLimit, connectors.Auth:
		return true
	}
	return false
}

// liesIn reports whether an address is within a repository.
func (c *Client) liesIn(address string, at home) bool {
	rest := strings.TrimPrefix(address, c.builder.BaseURL.String())
	if repo, _, ok := c.inRepo(rest); ok {
		return strings.EqualFold(repo, at.name)
	}
	below, ok := strings.CutPrefix(rest, at.path())
	return ok && (below == "" || below[0] == '/' || below[0] == '?')
}

// lookUp reads a repository wherever it is, and remembers where that is.
func (c *Client) lookUp(ctx context.Context, repo string) (r foundRepo, at home, err error) {
	q := get("read "+repo, "repos/"+repo)
	if known, _ := c.homes.find(repo); known.name != "" {
		q.path = known.path()
	}
	for range maxHops {
		r.call = q
		r.answer, err = c.signed(ctx, q)
		var e *connectors.Error
		if err == nil || !errors.As(err, &e) || e.Kind != connectors.Moved {
			break
		}
		q.path = e.Location
	}
	if err != nil {
		return r, at, err
	}
	if err := c.decode(q, r.answer, &r.Repository); err != nil {
		return r, at, err
	}
	if r.GetID() <= 0 {
		return r, at, c.unreadable(q, r.answer.Status, "the answer is no repository", nil)
	}
	at.id = r.GetID()
	if name := r.GetFullName(); name != "" && !strings.EqualFold(name, repo) && checkRepo(name) == nil {
		at.name, at.double = name, c.configured(repo) != "" && c.configured(name) != ""
	}
	c.homes.put(repo, at)
	return r, at, nil
}

// foundRepo is a repository with the answer it came in.
type foundRepo struct {
	gogithub.Repository

	call   call
	answer transport.Answer
}

// configured gives a repository the way the configuration writes it, "" where it does
// not list it.
func (c *Client) configured(repo string) string {
	for _, r := range c.repos {
		if strings.EqualFold(r, repo) {
			return r
		}
	}
	return ""
}

// spelling is the name that a repository goes by here: the configuration's, also where
// that is one it had; else its own.
func (c *Client) spelling(repo string) string {
	if r := c.configured(repo); r != "" {
		return r
	}
	if at, _ := c.homes.find(repo); at.name != "" {
		repo = at.name
		if r := c.configured(repo); r != "" {
			return r
		}
	}
	for _, was := range c.homes.formerly(repo) {
		if r := c.configured(was); r != "" {
			return r
		}
	}
	return repo
}
