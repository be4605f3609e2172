package github

import (
	"context"
	"strconv"

	gogithub "github.com/google/go-github/v60/github"

	"parley/connectors"
	"parley/connectors/transport"
)

// Check learns who the account is, and of each repository whether it can be
// read and written and which labels it has. A repository with a problem does
// not fail the others; a refused token and a rate limit fail the whole.
func (c *Client) Check(ctx context.Context) (connectors.Directory, error) {
	ctx = transport.Series(ctx)
	d := connectors.Directory{Tracker: c.name, Kind: connectors.GitHub, Product: "GitHub", Labels: map[string][]string{}}
	me, err := c.introduce(ctx)
	if err != nil {
		return connectors.Directory{}, err
	}
	d.Me = me
	for _, repo := range c.repos {
		box, err := c.checkRepository(ctx, repo, &d)
		if ends(err) {
			return connectors.Directory{}, err
		}
		if err != nil {
			box.Readable, box.Writable, box.Problem = false, false, plainly(err)
		}
		d.Containers = append(d.Containers, box)
	}
	if d.Fields, err = c.inspect(ctx); err != nil {
		return connectors.Directory{}, err
	}
	d.Expires = c.Expires()
	return d, nil
}

// ends reports whether a failure would meet every other repository as well.
func ends(err error) bool {
	if err == nil {
		return false
	}
	kind := connectors.KindOf(err)
	return kind == connectors.Auth || kind == connectors.RateLimit
}

// account sees to it that it is known who the credential belongs to, asked for once:
// without it no entry of Parley's own could be told from one of a person.
func (c *Client) account(ctx context.Context) error {
	if c.me.Load() != nil {
		return nil
	}
	_, err := c.introduce(ctx)
	return err
}

// known is the account's login as far as it was asked for, "" before.
func (c *Client) known() string {
	if p := c.me.Load(); p != nil {
		return p.ID
	}
	return c.login
}

// introduce asks who the credential belongs to, unless the configuration says it.
func (c *Client) introduce(ctx context.Context) (connectors.Person, error) {
	if c.login != "" {
		return connectors.Person{ID: c.login, Name: c.login}, nil
	}
	ask := c.user
	if c.app != nil {
		ask = c.slug
	}
	p, err := ask(ctx)
	if err == nil {
		c.me.Store(&p)
	}
	return p, err
}

// user asks whose the token is.
func (c *Client) user(ctx context.Context) (connectors.Person, error) {
	q := get("read the account", "user")
	a, err := c.do(ctx, q)
	if err != nil {
		return connectors.Person{}, err
	}
	var u gogithub.User
	if err := c.decode(q, a, &u); err != nil {
		return connectors.Person{}, err
	}
	p := c.people.person(&u)
	if p.ID == "" {
		e := c.fail(q, connectors.Auth, "the token belongs to nobody", nil)
		e.Hint = "make a new token, and check that url is the REST root and no proxy answers for it"
		return p, e
	}
	c.myID.Store(u.GetID())
	return p, nil
}

// self is what tells own entries and issues from those of others.
func (c *Client) self() self {
	s := self{login: c.known(), id: c.myID.Load(), people: c.people}
	if c.app != nil {
		s.app = c.app.id
	}
	return s
}

// checkRepository looks at one repository and reads its labels into d.
func (c *Client) checkRepository(ctx context.Context, repo string, d *connectors.Directory) (connectors.Container, error) {
	box := connectors.Container{Key: repo}
	r, at, err := c.lookUp(ctx, repo)
	if err != nil {
		return box, err
	}
	box.Called = at.name
	if at.double {
		box.Problem = "it is called " + at.name + " now, which is listed as well: take this one out"
		return box, nil
	}
	if v := r.answer.Header.Get("X-GitHub-Enterprise-Version"); v != "" {
		d.Product = "GitHub Enterprise " + c.clean(v)
	}
	if err := c.judge(ctx, r.call, &box, &r.Repository); err != nil {
		return box, err
	}
	if !box.Readable {
		return box, nil
	}
	names, err := c.labels(ctx, repo)
	if err == nil {
		d.Labels[repo] = names
	}
	return box, err
}

// judge fills in what the repository says of itself.
func (c *Client) judge(ctx context.Context, q call, box *connectors.Container, r *gogithub.Repository) error {
	box.ID = strconv.FormatInt(r.GetID(), 10)
	// An enterprise's internal repository is private and of a visibility of its own.
	box.Public = r.Private != nil && !r.GetPrivate() && (r.GetVisibility() == "" || r.GetVisibility() == "public")
	box.Readable = r.HasIssues == nil || r.GetHasIssues()
	// The triage role may label and close, though it may not push.
	p := r.GetPermissions()
	may := p["push"] || p["triage"] || p["maintain"] || p["admin"]
	give := "the account may only read: give it the triage or write role, without which GitHub drops label changes silently"
	if c.app != nil {
		// The roles are those of people. What an installation may do goes with its token.
		g, err := c.granted(ctx, q)
		if err != nil {
			return err
		}
		may, give = g.issues == "write", "the app may only read: give it the permission Issues: Read and write, and accept that for the installation"
	}
	box.Writable = box.Readable && !r.GetArchived() && may
	switch {
	case !box.Readable:
		box.Problem = "issues are switched off in the repository's settings"
	case r.GetArchived():
		box.Problem = "the repository is archived, so nothing can be written"
	case !box.Writable:
		box.Problem = give
	}
	return nil
}

// labels reads the names of all labels of a repository.
func (c *Client) labels(ctx context.Context, repo string) ([]string, error) {
	names := []string{}
	q := get("list labels of "+repo, "repos/"+repo+"/labels?per_page="+strconv.Itoa(pageSize))
	for pages := 0; q.path != ""; pages++ {
		a, err := c.do(ctx, q)
		if err != nil {
			return nil, err
		}
		var page []gogithub.Label
		if err := c.decode(q, a, &page); err != nil {
			return nil, err
		}
		for i := range page {
			names = append(names, page[i].GetName())
		}
		if q.path, err = c.following(q, a); err != nil {
			return nil, err
		}
		if pages >= maxListed {
			return nil, c.fail(q, connectors.Malformed, "the list does not end", nil)
		}
	}
	return names, nil
}
