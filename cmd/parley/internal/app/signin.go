package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"parley/cmd/parley/internal/config"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/view"
	"parley/web"
	"parley/web/signin"
)

// entrance is how people come in: who they are, and where they sign in.
type entrance struct {
	identity web.Identity
	door     *signin.OIDC // nil where nobody signs in with Parley itself
}

// entrance makes what the configuration asks for.
func (a *App) entrance() (entrance, error) {
	s := a.Config.Server
	switch s.Auth {
	case "none":
		return entrance{identity: web.Everybody(view.Somebody())}, nil
	case "proxy":
		trusted, err := prefixes(s.Proxy.Trusted)
		return entrance{identity: signin.NewProxy(signin.ProxyOptions{
			UserHeader: s.Proxy.UserHeader, GroupsHeader: s.Proxy.GroupsHeader, Trusted: trusted,
			Groups: groups(s.Proxy.Groups), Contact: s.Contact, Now: a.Now, Log: a.Log,
		})}, err
	case "oidc":
		door, err := signin.NewOIDC(signin.OIDCOptions{
			Issuer: s.OIDC.Issuer, ClientID: s.OIDC.ClientID, ClientSecret: s.OIDC.ClientSecret.Reveal(), Scopes: s.OIDC.Scopes, GroupsClaim: s.OIDC.GroupsClaim,
			Groups: groups(s.OIDC.Groups), Contact: s.Contact, PublicURL: s.PublicURL, Idle: s.OIDC.Idle.Duration, Life: s.OIDC.Life.Duration, Now: a.Now, Log: a.Log,
		})
		return entrance{identity: door, door: door}, err
	}
	return entrance{}, fmt.Errorf("server.auth: %q is not known", s.Auth)
}

// let writes the entrance into what the server is made of.
func (e entrance) let(o *web.Options) {
	if o.Identity = e.identity; e.door != nil {
		o.Door = e.door
	}
}

func prefixes(texts []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, text := range texts {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("server.proxy.trusted: %w", err)
		}
		out = append(out, p)
	}
	return out, nil
}

func groups(list []config.Group) signin.Groups {
	out := make(signin.Groups, 0, len(list))
	for _, g := range list {
		out = append(out, signin.Group{Name: g.Group, Audience: view.Audience(g.Audience), Role: kanban.Role(g.Role)})
	}
	return out
}

// Links are the signed read-only links of the store.
func (a *App) Links() *signin.Links {
	known := func(w view.Audience) bool { return slices.Contains(a.Config.Audiences(), w) }
	return signin.NewLinks(signin.LinkOptions{Memory: a.Store, Known: known, PublicURL: a.Config.Server.PublicURL, Now: a.Now})
}

// served is the handler of the metrics, for those who may read them.
func (a *App) served() http.Handler {
	return signin.Metrics{
		Next:  promhttp.HandlerFor(a.metrics(), promhttp.HandlerOpts{}),
		Token: a.Config.Server.MetricsToken.Reveal(), Direct: !passesOn(a.Config.Server),
	}
}

// passesOn reports whether what asks from this machine may be a proxy that others are
// behind: one that is believed, or one without which nobody from elsewhere would come.
func passesOn(s config.Server) bool {
	if s.Auth == "none" {
		return false
	}
	trusted, err := prefixes(s.Proxy.Trusted)
	here := func(p netip.Prefix) bool {
		return p.Addr().IsLoopback() || p.Contains(netip.MustParseAddr("127.0.0.1")) || p.Contains(netip.IPv6Loopback())
	}
	if err != nil || s.Auth == "proxy" && slices.ContainsFunc(trusted, here) {
		return true
	}
	host, _, err := net.SplitHostPort(s.Listen)
	u, wrong := url.Parse(s.PublicURL)
	return err != nil || wrong != nil || config.Loopback(host) && !config.Loopback(u.Hostname())
}

// CheckSignIn asks the provider that people sign in with for its discovery document.
func CheckSignIn(ctx context.Context, o Options) []mapping.Problem {
	s := o.Config.Server
	if s.Auth != "oidc" {
		return nil
	}
	if _, err := signin.Discover(ctx, signin.Client(o.Base), s.OIDC.Issuer); err != nil {
		return []mapping.Problem{{Path: "server.oidc.issuer", Severity: mapping.Error, Message: err.Error(), Fix: "nobody can sign in before it answers"}}
	}
	return nil
}

// errOpen says that others reach what is meant for this machine.
var errOpen = errors.New("server.listen names an address that others can reach, and server.auth = \"none\" lets everybody in")

// onlyHere refuses an address beyond this machine where nobody signs in: a name may stand
// for another one than the configuration thought.
func (a *App) onlyHere(l net.Listener) error {
	if at, ok := l.Addr().(*net.TCPAddr); a.Config.Server.Auth == "none" && ok && !at.IP.IsLoopback() {
		return errOpen
	}
	return nil
}
