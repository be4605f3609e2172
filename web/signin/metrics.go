package signin

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"strings"
)

// Metrics serves metrics, which name projects and repositories, to those who may read
// them: with a token, to who has it; without, to programs on this machine that ask
// directly, and to nobody where Direct does not allow it.
type Metrics struct {
	Next  http.Handler
	Token string
	// Direct reports whether a request from this machine can be believed to be asked by a
	// program on it; false where a proxy on it passes on what others ask.
	Direct bool
}

// ServeHTTP answers.
func (m Metrics) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case m.Token == "" && m.Direct && fromHere(r), m.Token != "" && m.has(r):
		m.Next.ServeHTTP(w, r)
	case m.Token != "":
		w.Header().Set("WWW-Authenticate", `Bearer realm="parley metrics"`)
		http.Error(w, "The metrics ask for the token of server.metrics_token.", http.StatusUnauthorized)
	default:
		http.Error(w, "The metrics are for programs on the board's own machine; server.metrics_token opens them to others.", http.StatusForbidden)
	}
}

// has compares in a time that tells nothing of the token, not even its length.
func (m Metrics) has(r *http.Request) bool {
	given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	have, want := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(m.Token))
	return ok && subtle.ConstantTimeCompare(have[:], want[:]) == 1
}

// fromHere reports whether a program on this machine asks, by a name of this machine, and
// for nobody else.
func fromHere(r *http.Request) bool {
	for _, passed := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via"} {
		if r.Header.Get(passed) != "" {
			return false
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	ip := net.ParseIP(host)
	return err == nil && ip != nil && ip.IsLoopback() && namesHere(r.Host)
}

func namesHere(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
