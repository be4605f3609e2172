package githubsim

import "fmt"

// userJSON is an account as it stands in other objects.
type userJSON struct {
	Login             string `json:"login"`
	ID                int64  `json:"id"`
	NodeID            string `json:"node_id"`
	AvatarURL         string `json:"avatar_url"`
	GravatarID        string `json:"gravatar_id"`
	URL               string `json:"url"`
	HTMLURL           string `json:"html_url"`
	FollowersURL      string `json:"followers_url"`
	FollowingURL      string `json:"following_url"`
	GistsURL          string `json:"gists_url"`
	StarredURL        string `json:"starred_url"`
	SubscriptionsURL  string `json:"subscriptions_url"`
	OrganizationsURL  string `json:"organizations_url"`
	ReposURL          string `json:"repos_url"`
	EventsURL         string `json:"events_url"`
	ReceivedEventsURL string `json:"received_events_url"`
	Type              string `json:"type"`
	UserViewType      string `json:"user_view_type"`
	SiteAdmin         bool   `json:"site_admin"`
}

// person renders an account; a deleted one is nobody.
func (c *call) person(u *user) *userJSON {
	if u == nil || u.deleted {
		return nil
	}
	return c.account(u.Login, u.ID, u.node, u.Type)
}

// author renders who wrote something; a deleted account's things are the ghost's.
func (c *call) author(u *user) *userJSON {
	if u == nil || u.deleted {
		return c.account("ghost", 10137, "MDQ6VXNlcjEwMTM3", "User")
	}
	return c.person(u)
}

func (c *call) account(login string, id int64, node, kind string) *userJSON {
	api := c.base + "/users/" + login
	return &userJSON{
		Login: login, ID: id, NodeID: node, AvatarURL: fmt.Sprintf("https://avatars.githubusercontent.com/u/%d?v=4", id),
		URL: api, HTMLURL: c.w.opts.HTMLURL + "/" + login, FollowersURL: api + "/followers",
		FollowingURL: api + "/following{/other_user}", GistsURL: api + "/gists{/gist_id}",
		StarredURL: api + "/starred{/owner}{/repo}", SubscriptionsURL: api + "/subscriptions",
		OrganizationsURL: api + "/orgs", ReposURL: api + "/repos", EventsURL: api + "/events{/privacy}",
		ReceivedEventsURL: api + "/received_events", Type: kind, UserViewType: "public",
	}
}

func (c *call) people(us []*user) []*userJSON {
	out := make([]*userJSON, 0, len(us))
	for _, u := range us {
		out = append(out, c.person(u))
	}
	return out
}

// appJSON is the GitHub App that something was done with.
type appJSON struct {
	ID          int64             `json:"id"`
	Slug        string            `json:"slug"`
	NodeID      string            `json:"node_id"`
	ClientID    string            `json:"client_id"`
	Owner       *userJSON         `json:"owner"`
	Name        string            `json:"name"`
	Description string            `json:"description"`
	ExternalURL string            `json:"external_url"`
	HTMLURL     string            `json:"html_url"`
	CreatedAt   string            `json:"created_at"`
	UpdatedAt   string            `json:"updated_at"`
	Permissions map[string]string `json:"permissions"`
	Events      []string          `json:"events"`

	Installations *int `json:"installations_count,omitempty"` // at its own endpoint only
}

func (c *call) app(name string) *appJSON {
	if name == "" {
		return nil
	}
	if a := c.w.appNamed(name); a != nil {
		return c.appOf(a)
	}
	id := int64(0)
	for _, r := range name {
		id = (id*31 + int64(r)) % 900_000
	}
	return c.appOf(&app{App: App{ID: id + 1, Slug: name, Name: name, Permissions: map[string]string{"issues": "write", "metadata": "read"}}})
}

func (c *call) appOf(a *app) *appJSON {
	html := c.w.opts.HTMLURL + "/apps/" + a.Slug
	return &appJSON{
		ID: a.ID, Slug: a.Slug, NodeID: nodeID("A", a.ID), ClientID: fmt.Sprintf("Iv1.%016x", a.ID), Owner: c.author(nil), Name: a.Name,
		ExternalURL: html, HTMLURL: html, CreatedAt: stamp(born()), UpdatedAt: stamp(born()),
		Permissions: a.Permissions, Events: []string{"issues"},
	}
}

// fullUserJSON is an account by itself.
type fullUserJSON struct {
	*userJSON
	Name        *string `json:"name"`
	Company     *string `json:"company"`
	Blog        string  `json:"blog"`
	Location    *string `json:"location"`
	Email       *string `json:"email"`
	Hireable    *bool   `json:"hireable"`
	Bio         *string `json:"bio"`
	PublicRepos int     `json:"public_repos"`
	PublicGists int     `json:"public_gists"`
	Followers   int     `json:"followers"`
	Following   int     `json:"following"`
	CreatedAt   string  `json:"created_at"`
	UpdatedAt   string  `json:"updated_at"`
	*ownUserJSON
}

// ownUserJSON is what one sees of oneself only.
type ownUserJSON struct {
	PrivateGists      int  `json:"private_gists"`
	TotalPrivateRepos int  `json:"total_private_repos"`
	OwnedPrivateRepos int  `json:"owned_private_repos"`
	DiskUsage         int  `json:"disk_usage"`
	Collaborators     int  `json:"collaborators"`
	TwoFactor         bool `json:"two_factor_authentication"`
}

func (c *call) profile(u *user, own bool) fullUserJSON {
	p := fullUserJSON{userJSON: c.person(u), Name: orNull(u.Name), CreatedAt: stamp(born()), UpdatedAt: stamp(born())}
	if own {
		p.UserViewType, p.ownUserJSON = "private", &ownUserJSON{TwoFactor: true}
	}
	return p
}
