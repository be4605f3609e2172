package config

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"time"

	"parley/kanban"
	"parley/sync/view"
)

// signIn checks who is let in, and how. here tells that only this machine is listened to.
func (c *checker) signIn(s Server, here bool) {
	switch s.Auth {
	case "none":
		if !here {
			c.errorf("server.listen", "listen on 127.0.0.1, or let people sign in: auth = \"proxy\" or \"oidc\"",
				"listening beyond this machine needs sign-in, and auth = %q gives none: whoever reaches the board could move cards", s.Auth)
		}
	case "proxy":
		c.proxy(s.Proxy)
	case "oidc":
		c.oidc(s.OIDC)
	}
	if u, err := url.Parse(s.PublicURL); err == nil && !here && Loopback(u.Hostname()) {
		c.warnf("server.public_url", "write the address that people open", "only this machine reaches the board by it, and server.listen is for others")
	}
	for section, auth := range map[string]string{"server.proxy": "proxy", "server.oidc": "oidc"} {
		if c.has(section) && s.Auth != auth && (s.Auth == "none" || s.Auth == "proxy" || s.Auth == "oidc") {
			c.warnf(section, fmt.Sprintf("set server.auth = %q, or take it out", auth), "is not used with auth = %q", s.Auth)
		}
	}
}

// headerForm is that of names of headers.
var headerForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*$`)

func (c *checker) proxy(p Proxy) {
	for key, name := range map[string]string{"user_header": p.UserHeader, "groups_header": p.GroupsHeader} {
		if !headerForm.MatchString(name) {
			c.errorf("server.proxy."+key, `write a name such as "X-Forwarded-User"`, "%q is not the name of a header", name)
		}
	}
	if strings.EqualFold(p.UserHeader, p.GroupsHeader) {
		c.errorf("server.proxy.groups_header", "name two headers", "is the header of the user")
	}
	if len(p.Trusted) == 0 {
		c.errorf("server.proxy.trusted", "list the addresses of the proxy, such as \"127.0.0.1/32\"", "nobody's headers are believed, so that nobody is let in")
	}
	for i, cidr := range p.Trusted {
		at := fmt.Sprintf("server.proxy.trusted[%d]", i)
		switch of, err := netip.ParsePrefix(cidr); {
		case err != nil:
			c.errorf(at, `write a range such as "10.0.0.0/8"`, "%q is not a range of addresses", cidr)
		case of.Bits() == 0:
			c.errorf(at, "list the addresses of the proxy alone", "with all addresses trusted, everybody says who they are")
		}
	}
	c.anybody("server.proxy.groups", p.Groups)
}

// The shortest and the longest that a sign-in can be made to last.
const (
	leastIdle = time.Minute
	mostLife  = 30 * 24 * time.Hour
)

func (c *checker) oidc(o OIDC) {
	if o.Issuer == "" {
		c.errorf("server.oidc.issuer", `write "https://HOST/…" as the provider calls itself`, "is missing")
	} else {
		c.url("server.oidc.issuer", o.Issuer)
	}
	if o.ClientID == "" {
		c.errorf("server.oidc.client_id", "write what the provider knows the board as", "is missing")
	}
	if o.GroupsClaim == "" {
		c.errorf("server.oidc.groups_claim", `write "groups" or what the provider calls it`, "is empty")
	}
	for key, d := range map[string]Duration{"idle": o.Idle, "life": o.Life} {
		if at := "server.oidc." + key; d.err != nil {
			c.errorf(at, `write "12h"`, "%q is not a duration", d.text)
		} else if d.Duration < leastIdle || d.Duration > mostLife {
			c.errorf(at, "", "%s is not between %s and %s", d.Duration, leastIdle, mostLife)
		}
	}
	c.anybody("server.oidc.groups", o.Groups)
}

// anybody reports that nobody can be let in.
func (c *checker) anybody(path string, groups []Group) {
	if len(groups) == 0 {
		c.errorf(path, `write { group = NAME, audience = "ops", role = "ops" }`, "no group is let in, so that nobody is")
	}
}

// groups checks what the groups of the sign-in may see and do.
func (c *checker) groups(config *Config) {
	var audiences []string
	for _, a := range config.Audiences() {
		audiences = append(audiences, string(a))
	}
	for section, groups := range map[string][]Group{"proxy": config.Server.Proxy.Groups, "oidc": config.Server.OIDC.Groups} {
		seen := map[string]bool{}
		for i, g := range groups {
			path := fmt.Sprintf("server.%s.groups[%d]", section, i)
			switch {
			case g.Group == "":
				c.errorf(path, "write group = NAME", "has no group")
			case seen[g.Group]:
				c.warnf(path, "keep it once", "%q is listed above, and the first that matches decides", g.Group)
			case section == "proxy" && strings.Contains(g.Group, ","):
				c.errorf(path+".group", "name one group", "a comma parts two groups")
			}
			seen[g.Group] = true
			c.word(path+".audience", g.Audience, audiences...)
			c.role(path, g)
		}
	}
}

// leastToken is how long a token has to be for nobody to guess it.
const leastToken = 16

func (c *checker) metricsToken(t Secret) {
	if t.Set() && t.Reveal() != "" && len(t.Reveal()) < leastToken {
		c.warnf("server.metrics_token", "make one of random characters", "is shorter than %d characters and might be guessed", leastToken)
	}
}

// Audiences are all there are: those of every board, and one for each business unit.
func (c *Config) Audiences() []view.Audience {
	out := []view.Audience{view.AudienceOps, view.AudienceIT, view.AudienceWall}
	for _, u := range c.Unit {
		out = append(out, view.UnitAudience(kanban.UnitKey(u.Key)))
	}
	return out
}
