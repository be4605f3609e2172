// Package github speaks to GitHub and GitHub Enterprise Server over REST, and over
// GraphQL where a project holds the status or the priority of issues. It turns their answers into the connectors' terms and their refusals into one
// kind each; what to do about either is decided elsewhere.
package github

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	gogithub "github.com/google/go-github/v60/github"

	"parley/connectors"
	"parley/connectors/transport"
)

// DefaultOverlap is how long after a change a list may still not show it.
const DefaultOverlap = 2 * time.Minute

// pageSize is the largest page GitHub gives.
const pageSize = 100

// Config sets up a client.
type Config struct {
	// Name is the tracker's name in the configuration.
	Name string
	// URL is the REST root as written: https://api.github.com, or
	// https://host/api/v3 of an Enterprise Server. Nothing is added to it but a
	// closing slash.
	URL string
	// Token is sent as a bearer token; empty where HTTP signs requests itself.
	Token string
	// App signs in as an installation of a GitHub App; nil means with Token.
	App *App
	// Login names the account for a credential that GitHub cannot be asked about. Empty
	// asks GitHub.
	Login string
	// Repos lists what is polled, as "owner/name".
	Repos []string
	// Status and Priority are where these are held; the zero value is labels.
	Status, Priority Place
	// People are the logins of those whom the configuration names. They are known by
	// their numbers once they were seen, see Know.
	People []string
	// Overlap is how long after a change a list may still not show it: the
	// watermark stays that far behind the start of a read. Zero means DefaultOverlap.
	Overlap time.Duration
	// HTTP sends the requests; nil means a client with transport's defaults. Its
	// redirect policy is not used: redirects are never followed.
	HTTP *http.Client
	// Now is the local clock, used for RetryAt only; nil means time.Now.
	Now func() time.Time
}

// Client is the connection to one GitHub with one credential. It is safe for
// concurrent use.
type Client struct {
	name    string
	token   string
	app     *app // nil: token
	keeper  *keeper
	login   string // from the configuration, "" where GitHub is asked
	repos   []string
	overlap time.Duration
	now     func() time.Time
	http    *http.Client
	builder *gogithub.Client // makes requests; sending and judging them is ours
	me      atomic.Pointer[connectors.Person]
	myID    atomic.Int64              // of the account, 0 before it was asked for
	ends    atomic.Pointer[time.Time] // of the token
	shelf   shelf
	// reasonless: the server was seen to have no reasons for closing.
	reasonless atomic.Bool
	homes      homes
	held       *holding
	people     *people
}

var (
	_ connectors.Tracker  = (*Client)(nil)
	_ connectors.Mirrors  = (*Client)(nil)
	_ connectors.Expiring = (*Client)(nil)
	_ connectors.Besides  = (*Client)(nil)
	_ connectors.Knowing  = (*Client)(nil)
)

// New checks the configuration and makes a client. It sends nothing. Its errors
// name the setting that is wrong.
func New(c Config) (*Client, error) {
	base, err := restRoot(c.URL)
	if err != nil {
		return nil, err
	}
	if err := checkRepos(c.Repos); err != nil {
		return nil, err
	}
	var as *app
	if c.App != nil {
		if as, err = newApp(*c.App); err != nil {
			return nil, err
		}
	}
	held, err := newHolding(c.Status, c.Priority)
	if err != nil {
		return nil, err
	}
	if c.HTTP == nil {
		c.HTTP = transport.New(transport.Options{})
	}
	if c.Overlap <= 0 {
		c.Overlap = DefaultOverlap
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	// A copy, so that the caller's client keeps its own policy.
	hc := *c.HTTP
	hc.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	builder := gogithub.NewClient(&hc)
	builder.BaseURL = base
	builder.UserAgent = "parley"
	return &Client{name: c.Name, token: c.Token, app: as, keeper: newKeeper(), login: c.Login, repos: append([]string(nil), c.Repos...),
		overlap: c.Overlap, now: c.Now, http: &hc, builder: builder, held: held, people: newPeople(c.People)}, nil
}

// Sources names the repositories, which are polled one by one, and beside
// them what moves where nothing of an issue does: the project, or the fields, that hold
// the status or the priority.
func (c *Client) Sources() []string {
	sources := append([]string(nil), c.repos...)
	if c.held.project != "" {
		sources = append(sources, projectPrefix+c.held.project)
	}
	for _, repo := range c.repos {
		if len(c.held.inFields()) > 0 {
			sources = append(sources, fieldsPrefix+repo)
		}
	}
	return sources
}

// Transitions is always nil: an issue is open or closed, and either can follow.
func (c *Client) Transitions(context.Context, connectors.Ref) ([]connectors.Transition, error) {
	return nil, nil
}

// Links is always nil: GitHub has no remote links.
func (c *Client) Links(context.Context, connectors.Ref) ([]connectors.Link, error) { return nil, nil }
