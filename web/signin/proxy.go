package signin

import (
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"golang.org/x/time/rate"

	"parley/sync/view"
)

// ProxyOptions is what a Proxy is made of.
type ProxyOptions struct {
	UserHeader, GroupsHeader string
	Trusted                  []netip.Prefix // of proxies: whose headers are believed
	Groups                   Groups
	Contact                  string // whom those ask who are in no group
	Now                      func() time.Time
	Log                      *slog.Logger
}

// Proxy takes the word of a reverse proxy for who sends a request. It is a web.Identity.
type Proxy struct {
	ProxyOptions
	noise *rate.Limiter // of the log: forgers do not decide how long it gets
}

// NewProxy makes one.
func NewProxy(o ProxyOptions) *Proxy {
	return &Proxy{ProxyOptions: o, noise: rate.NewLimiter(rate.Every(time.Minute), 10)}
}

// Viewer is who the proxy says. Its headers are believed only if the connection itself
// comes from there; what a request says about where it comes from is not asked.
func (p *Proxy) Viewer(r *http.Request) (view.Viewer, error) {
	users, groups := r.Header.Values(p.UserHeader), r.Header.Values(p.GroupsHeader)
	if !p.trusts(r.RemoteAddr) {
		if len(users)+len(groups) > 0 && p.noise.AllowN(p.Now(), 1) {
			p.Log.WarnContext(r.Context(), "refused headers of the sign-in that do not come from the proxy", "peer", r.RemoteAddr)
		}
		return view.Viewer{}, refused(http.StatusUnauthorized, "open the board by the address that signs you in; here nobody says who you are")
	}
	if len(users) != 1 || len(groups) > 1 {
		return view.Viewer{}, refused(http.StatusUnauthorized, "the proxy has to say once who you are, and in which groups; "+asked(p.Contact)+" can look at what it sends")
	}
	name := called(users[0])
	if name == "" {
		return view.Viewer{}, refused(http.StatusUnauthorized, "the proxy does not say who you are; sign in there first")
	}
	var in []string
	if len(groups) == 1 {
		in = split(groups[0])
	}
	return p.Groups.viewer(name, in, p.Contact)
}

// trusts reports whether a connection comes from a proxy.
func (p *Proxy) trusts(remote string) bool {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		return false
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	addr = addr.Unmap().WithZone("")
	return slices.ContainsFunc(p.Trusted, func(of netip.Prefix) bool { return of.Contains(addr) })
}
