package config

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"

	"parley/mapping"
)

var (
	projectForm = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)
	repoForm    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$`)
	boardForm   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]*/[1-9][0-9]*$`)
)

func (c *checker) trackers(config *Config) {
	if len(config.Jira)+len(config.GitHub) == 0 {
		c.errorf("jira", "write a [[jira]] or a [[github]]", "there is no tracker")
	}
	names := map[string]string{}
	for i, j := range config.Jira {
		path := fmt.Sprintf("jira[%d]", i)
		c.name(path, j.Name, names)
		c.jira(path, j)
	}
	for i, g := range config.GitHub {
		path := fmt.Sprintf("github[%d]", i)
		c.name(path, g.Name, names)
		c.github(path, g)
	}
}

func (c *checker) name(path, name string, taken map[string]string) {
	switch first, twice := taken[name]; {
	case !mapping.ValidKey(name):
		c.errorf(path+".name", "a name is a small letter, then small letters, digits and hyphens", "%q is not a name", name)
	case twice:
		c.errorf(path+".name", "give each tracker its own", "%s has the name %q as well (line %d)", first, name, c.source.lines.line(first+".name"))
	default:
		taken[name] = path
	}
}

func (c *checker) jira(path string, j Jira) {
	c.url(path+".url", j.URL)
	c.word(path+".auth", j.Auth, "basic", "bearer")
	switch {
	case j.Auth == "basic" && j.User == "":
		c.errorf(path+".user", `write the e-mail address of the account; a Data Center takes auth = "bearer" and no user`, "basic sign-in needs a user")
	case j.Auth == "bearer" && j.User != "":
		c.warnf(path+".user", "take it out", "is not used: a personal access token says itself whose it is")
	}
	if !j.Token.Set() {
		c.errorf(path+".token", "write env:NAME or file:PATH", "is missing")
	}
	c.containers(path+".projects", j.Projects, projectForm, `a project key such as "OPS"`)
	if project, _, ok := strings.Cut(j.Canary, "-"); j.Canary != "" && (!ok || !contains(j.Projects, project)) {
		c.errorf(path+".canary", "name an issue that is always there to read", "%q is no issue of the projects above", j.Canary)
	}
}

func (c *checker) github(path string, g GitHub) {
	c.url(path+".url", g.URL)
	c.containers(path+".repos", g.Repos, repoForm, `a repository such as "acme/payments"`)
	app := g.AppID != 0 || g.InstallationID != 0 || g.PrivateKey.Set()
	switch {
	case app && g.Token.Set():
		c.errorf(path+".app_id", "keep one of them", "there is a token as well")
	case app && (g.AppID <= 0 || g.InstallationID <= 0 || !g.PrivateKey.Set()):
		c.errorf(path+".app_id", "write all three", "an app needs app_id, installation_id and private_key")
	case !app && !g.Token.Set():
		c.errorf(path+".token", "write env:NAME or file:PATH", "is missing")
	}
	c.held(path, g)
}

// held checks where status and priority are held.
func (c *checker) held(path string, g GitHub) {
	c.word(path+".status", g.Status, inLabels, inProject, inField)
	c.word(path+".priority", g.Priority, inLabels, inProject, inField)
	needs := g.Status == inProject || g.Priority == inProject
	switch {
	case needs && g.Project == "":
		c.errorf(path+".project", `write project = "OWNER/NUMBER"`, "is missing: status or priority is held in a project")
	case g.Project != "" && !boardForm.MatchString(g.Project):
		c.errorf(path+".project", `write "OWNER/NUMBER"`, "does not name a project")
	case !needs && g.Project != "":
		c.warnf(path+".project", `write status or priority = "project", or take it out`, "nothing is held in it")
	}
	for key, held := range map[string]string{"status_field": g.Status, "priority_field": g.Priority} {
		if c.has(path+"."+key) && held == inLabels {
			c.warnf(path+"."+key, `say by "project" or "field" where it is, or take it out`, "nothing is held in a field of that name")
		}
	}
}

func (c *checker) containers(path string, names []string, form *regexp.Regexp, what string) {
	if len(names) == 0 {
		c.errorf(path, "list what is to be read", "is empty")
	}
	seen := map[string]bool{}
	for i, name := range names {
		at := fmt.Sprintf("%s[%d]", path, i)
		if !form.MatchString(name) {
			c.errorf(at, "", "%q is not %s", name, what)
		} else if seen[strings.ToLower(name)] {
			c.errorf(at, "keep it once", "%q is listed twice", name)
		}
		seen[strings.ToLower(name)] = true
	}
}

// url checks an address without ever repeating it: there may be a password in it.
func (c *checker) url(path, text string) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		c.errorf(path, `write "https://HOST/…"`, "is not a web address")
	case u.User != nil:
		c.errorf(path, "take user and password out of the address", "an address must not hold credentials")
	case u.RawQuery != "" || u.Fragment != "":
		c.errorf(path, "take out what follows ? or #", "an address here has no query")
	case u.Scheme == "http" && !Loopback(u.Hostname()):
		c.errorf(path, "write https:", "without encryption only this machine itself may be talked to")
	}
}

// Loopback reports whether a host is this machine itself.
func Loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// allLoopback reports whether every tracker runs on this machine, as simulators do.
func allLoopback(config *Config) bool {
	var addresses []string
	for _, j := range config.Jira {
		addresses = append(addresses, j.URL)
	}
	for _, g := range config.GitHub {
		addresses = append(addresses, g.URL)
	}
	for _, a := range addresses {
		if u, err := url.Parse(a); err != nil || !Loopback(u.Hostname()) {
			return false
		}
	}
	return true
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}

// StorePath is the file of an embedded store; ok is false for a database server.
func (c *Config) StorePath() (path string, ok bool) {
	return strings.CutPrefix(c.Store.URL, "sqlite:")
}

// File is the file that the configuration was read from.
func (c *Config) File() string { return c.source.file }
