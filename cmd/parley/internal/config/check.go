package config

import (
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // the zone of the configuration must be known on every machine

	"parley/connectors"
	"parley/mapping"
)

// check looks at everything that can be wrong without a tracker being asked.
func (c *checker) check(config *Config) {
	config.complete()
	c.server(config.Server)
	c.store(&config.Store)
	c.calendar(config.Calendar)
	c.flow(config.Flow, config.Rule)
	c.trackers(config)
	c.sync(config)
	c.groups(config)
	for i, u := range config.Unit {
		for k, terms := range u.Contract {
			c.contract(fmt.Sprintf("unit[%d].contract[%d]", i, k), terms, config)
		}
		c.versions(fmt.Sprintf("unit[%d]", i), u)
	}
	c.word("visibility.other_units", config.Visibility.OtherUnits, "masked", "title")
	c.shows(config.Visibility.Shows)
	c.persons(config.Person)
	c.secrets(config)
	c.smtp(config)
	c.digests(config)
	c.metricsToken(config.Server.MetricsToken)
	c.hooks(config)
	c.tracing(config.Tracing)
	c.mapping(config)
}

// mapping adds what keeps the rules from being compiled. Its warnings are left to
// the compilation that knows the trackers.
func (c *checker) mapping(config *Config) {
	if len(config.Column) == 0 {
		c.errorf("column", "write one [[column]] for each", "there are no columns")
	}
	_, ps := mapping.Compile(config.Mapping(), nil)
	for _, p := range ps {
		if p.Severity == mapping.Error {
			c.list = append(c.list, c.source.locate(p))
		}
	}
}

// Compile makes the mapping rules with what is known of the trackers.
func (c *Config) Compile(dirs []connectors.Directory) (*mapping.Rules, []Problem) {
	rules, ps := mapping.Compile(c.Mapping(), dirs)
	return rules, c.Locate(ps)
}

func (c *checker) server(s Server) {
	c.word("server.auth", s.Auth, "none", "proxy", "oidc")
	c.url("server.public_url", s.PublicURL)
	host, _, err := net.SplitHostPort(s.Listen)
	if err != nil {
		c.errorf("server.listen", `write "HOST:PORT"`, "is not an address to listen on")
		return
	}
	c.signIn(s, Loopback(host))
}

func (c *checker) store(s *Store) {
	if file, ok := strings.CutPrefix(s.URL, "sqlite:"); ok && file != "" {
		s.URL = "sqlite:" + c.source.path(file)
		return
	}
	u, err := url.Parse(s.URL)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" || u.Host == "" && !u.Query().Has("host") { // a folder of sockets stands in the query
		c.errorf("store.url", `write "sqlite:FILE" or "postgres://USER@HOST/DATABASE"`, "is not a store")
		return
	}
	if _, literal := u.User.Password(); literal || u.Query().Has("password") {
		c.errorf("store.url", "take it out and set PGPASSWORD or ~/.pgpass", "there is a password in it")
	}
}

func (c *checker) dates(path string, dates []string) {
	for i, d := range dates {
		if _, err := time.Parse(time.DateOnly, d); err != nil {
			c.errorf(fmt.Sprintf("%s[%d]", path, i), "write YYYY-MM-DD", "%q is not a date", d)
		}
	}
}

func (c *checker) sync(config *Config) {
	s := config.Sync
	c.word("sync.write", s.Write, "plan", "on")
	least := time.Second
	if allLoopback(config) {
		least = 100 * time.Millisecond
	}
	switch {
	case s.Poll.err != nil:
		c.errorf("sync.poll", `write "30s" or "5m"`, "%q is not a duration", s.Poll.text)
	case s.Poll.Duration < least:
		c.errorf("sync.poll", "trackers lock out who asks too often", "%s is less than %s", s.Poll.Duration, least)
	}
	c.percent("sync.max_change", s.MaxChange)
	c.percent("sync.max_close", s.MaxClose)
	if s.MaxCreate < 0 {
		c.errorf("sync.max_create", "0 means that none are created", "is negative")
	}
}

func (c *checker) percent(path string, p Percent) {
	if p.err != nil {
		c.errorf(path, `write "20%"`, "is not a percentage between 0%% and 100%%")
	}
}

// persons checks that each is somebody. That no account is two people is checked
// where accounts are given a meaning, in mapping.
func (c *checker) persons(ps []Person) {
	for i, p := range ps {
		if p.Name == "" || p.Jira == "" && p.GitHub == "" {
			c.errorf(fmt.Sprintf("person[%d]", i), "write name, and jira or github or both", "a person needs a name and an account")
		}
	}
}

// secrets resolves all secrets of the configuration.
func (c *checker) secrets(config *Config) {
	all := map[string]*Secret{
		"server.oidc.client_secret": &config.Server.OIDC.ClientSecret,
		"server.metrics_token":      &config.Server.MetricsToken,
		"sync.marker_key":           &config.Sync.MarkerKey,
		"smtp.password":             &config.SMTP.Password,
		"tracing.token":             &config.Tracing.Token,
	}
	for i := range config.Unit {
		all[fmt.Sprintf("unit[%d].digest.secret", i)] = &config.Unit[i].Digest.Secret
		at := &config.Unit[i].Digest.Webhook
		address, plain := at.plainly()
		if *at = address; !plain {
			all[fmt.Sprintf("unit[%d].digest.webhook", i)] = at
		}
	}
	for i := range config.Jira {
		all[fmt.Sprintf("jira[%d].token", i)] = &config.Jira[i].Token
		all[fmt.Sprintf("jira[%d].webhook_secret", i)] = &config.Jira[i].WebhookSecret
	}
	for i := range config.GitHub {
		all[fmt.Sprintf("github[%d].token", i)] = &config.GitHub[i].Token
		all[fmt.Sprintf("github[%d].private_key", i)] = &config.GitHub[i].PrivateKey
		all[fmt.Sprintf("github[%d].webhook_secret", i)] = &config.GitHub[i].WebhookSecret
	}
	for _, path := range slices.Sorted(maps.Keys(all)) {
		if !all[path].Set() {
			continue
		}
		value, err := all[path].resolve(c.source.path, c.env)
		if err != nil {
			c.errorf(path, fixOf(err), "%v", err)
		}
		all[path].value = value
	}
}

// word reports a text that is not one of a closed set.
func (c *checker) word(path, have string, set ...string) {
	if slices.Contains(set, have) {
		return
	}
	fix := "it is one of " + strings.Join(set, ", ")
	if near := mapping.Nearest(have, set); near != "" {
		fix = "did you mean " + near + "?"
	}
	c.errorf(path, fix, "%q is not known here", have)
}
