// Package jira reads and writes one Jira site, Cloud or Data Center, over its
// REST API version 2, and is the only importer of go-jira. It keeps to go-jira
// for addressing and credentials and decodes with structs of its own: those of
// go-jira lack what synchronising needs, and fail a whole page over one field.
package jira

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	api "github.com/andygrunwald/go-jira"

	"parley/connectors"
	"parley/connectors/transport"
)

// DefaultOverlap is how long a change may take to become visible to a search.
const DefaultOverlap = 10 * time.Minute

// Config describes one Jira site and the account used on it.
type Config struct {
	Name  string // of the tracker in the configuration
	URL   string // root of the site, context path included
	Auth  string // "basic" (user and API token or password) or "bearer" (personal access token)
	User  string // basic only
	Token string
	// Projects are the keys of the projects to read.
	Projects []string
	// Fields are custom fields to ask for, by the name they get in Issue.Custom:
	// name → field id ("customfield_10010").
	Fields map[string]string
	// FieldNames are further custom fields, by the name that people know. Their ids
	// are looked up before the first read.
	FieldNames []string
	// TransitionDefaults fill required fields of transition screens: field key → value.
	TransitionDefaults map[string]string
	// Overlap is how far each read reaches back behind the last one, for changes
	// that a search shows late. Zero means DefaultOverlap.
	Overlap time.Duration
	// HTTP sends the requests, normally a client of package transport, whose
	// defaults are used when it is nil. Only its transport and timeout are used:
	// cookies and redirects are off.
	HTTP *http.Client
	// Now is the local clock; nil means time.Now. It never takes part in the
	// cursor, only in pausing.
	Now func() time.Time
}

// Client is one Jira site. It is safe for concurrent use.
type Client struct {
	config  Config
	base    string // without a trailing slash
	api     *api.Client
	nobody  *http.Client // without a credential
	secrets []string     // never to appear in a message

	accounts accounts // names of Data Center's accounts
	forms    forms    // create screens
	marks    marks    // of issues made on Data Center

	learning    sync.Mutex // held while the identity is looked up
	mu          sync.Mutex // guards what follows
	who         *identity
	fields      *fieldSet       // asked for in every read
	fieldsNamed bool            // the ids of Config.FieldNames were looked up
	confirmed   time.Time       // when GET myself last proved the credential
	named       map[string]bool // first parts of paths whose answers tell whom they are for
	badToken    string          // page token that Jira refused
	hidden      []string        // projects that could not be read when they were last looked at
	looked      time.Time       // when that was
	suspected   time.Time       // when a refused search was last looked into
	screens     map[screenKey]screen
	offsets     map[string]offset
	written     map[int64]time.Time // issues by the last write to them, see reconciled
}

var (
	_ connectors.Tracker = (*Client)(nil)
	_ connectors.Mirrors = (*Client)(nil)
)

var (
	projectKey = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)
	fieldID    = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)
)

// New checks the configuration and makes a client; it sends nothing. The errors
// name the setting and how to mend it, never a secret.
func New(c Config) (*Client, error) {
	if len(c.Projects) == 0 {
		return nil, errors.New("projects: name at least one project key")
	}
	return open(c)
}

// open is New also without projects.
func open(c Config) (*Client, error) {
	base, err := checkURL(c.URL)
	if err != nil {
		return nil, err
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	c = c.withDefaults()
	j := &Client{config: c, base: base, screens: map[screenKey]screen{}, offsets: map[string]offset{}, named: map[string]bool{}}
	var auth http.RoundTripper
	switch c.Auth {
	case "basic":
		auth = &api.BasicAuthTransport{Username: c.User, Password: c.Token, Transport: c.HTTP.Transport}
		j.secrets = []string{base64.StdEncoding.EncodeToString([]byte(c.User + ":" + c.Token)), c.Token}
	case "bearer":
		auth = &api.PATAuthTransport{Token: c.Token, Transport: c.HTTP.Transport}
		j.secrets = []string{c.Token}
	}
	hc := &http.Client{
		Transport: auth, Timeout: c.HTTP.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	j.nobody = &http.Client{Transport: c.HTTP.Transport, Timeout: c.HTTP.Timeout, CheckRedirect: hc.CheckRedirect}
	if j.api, err = api.NewClient(hc, base); err != nil {
		return nil, fmt.Errorf("jira url: %w", err)
	}
	j.fields = newFieldSet(c.Fields)
	return j, nil
}

func (c Config) withDefaults() Config {
	if c.Overlap <= 0 {
		c.Overlap = DefaultOverlap
	}
	if c.HTTP == nil {
		c.HTTP = transport.New(transport.Options{UserAgent: "parley"})
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	c.Projects = slices.Clone(c.Projects)
	c.Fields = maps.Clone(c.Fields)
	c.TransitionDefaults = maps.Clone(c.TransitionDefaults)
	return c
}

func (c Config) check() error {
	switch {
	case c.Auth != "basic" && c.Auth != "bearer":
		return fmt.Errorf(`auth: %q is unknown; use "basic" or "bearer"`, c.Auth)
	case c.Auth == "basic" && (c.User == "" || strings.ContainsRune(c.User, ':')):
		return errors.New("user: basic authentication needs the account's e-mail address or name, without a colon")
	case c.Token == "":
		return errors.New("token: it is empty")
	case strings.ContainsFunc(c.Token, func(r rune) bool { return r <= ' ' || r == 0x7f }):
		return errors.New("token: it contains a space or a line break; check how it was stored")
	}
	for _, p := range c.Projects {
		if !projectKey.MatchString(p) {
			return fmt.Errorf(`projects: %q is not a project key such as "OPS"`, p)
		}
	}
	for name, id := range c.Fields {
		if !fieldID.MatchString(id) {
			return fmt.Errorf(`field %q: %q is not a field id such as "customfield_10010"`, name, id)
		}
	}
	return nil
}

// checkURL accepts the root of a site and gives it without trailing slashes.
func checkURL(raw string) (string, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		// The parser's words repeat the address, which may hold a password.
		return "", errors.New("url: it is not a web address")
	case u.Scheme != "https" && u.Scheme != "http" || u.Host == "":
		return "", fmt.Errorf(`url: %q must start with https:// and name a host`, u.Redacted())
	case u.User != nil:
		return "", errors.New("url: credentials do not belong here; use user and token")
	case u.RawQuery != "" || u.Fragment != "":
		return "", fmt.Errorf("url: %q must end with the site's path", u.Redacted())
	}
	return strings.TrimRight(u.String(), "/"), nil
}

// Sources is the one source of a site: a single search covers all projects.
func (c *Client) Sources() []string { return []string{""} }
