package jirasim

import (
	"context"
	"net/http"
	"net/url"
	"strings"
)

// Paths of Cloud outside of its API.
const (
	tenantPath  = "/_edge/tenant_info"
	gatewayPath = "/ex/jira/"
)

// gatewayKey marks requests that came through the gateway.
type gatewayKey struct{}

// door takes requests in: at the site itself, or on Cloud under /ex/jira/{cloudId}, as
// api.atlassian.com serves all sites. base is the address in self links. known is false
// where the door has answered itself.
func (s *Site) door(w http.ResponseWriter, r *http.Request) (in *http.Request, base string, known bool) {
	if s.server() {
		return r, s.base(r), true
	}
	if r.URL.Path == tenantPath {
		writeReply(w, http.StatusOK, obj{"cloudId": s.opts.CloudID})
		return nil, "", false
	}
	rest, through := strings.CutPrefix(r.URL.Path, gatewayPath)
	if !through {
		return r, s.base(r), true
	}
	id, _, _ := strings.Cut(rest, "/")
	if id != s.opts.CloudID {
		writeReply(w, http.StatusNotFound, obj{"code": http.StatusNotFound, "message": "Not Found"})
		return nil, "", false
	}
	in = r.WithContext(context.WithValue(r.Context(), gatewayKey{}, true))
	to := *r.URL
	to.Path = strings.TrimPrefix(r.URL.Path, gatewayPath+id)
	if to.RawPath != "" {
		to.RawPath = strings.TrimPrefix(to.RawPath, gatewayPath+id)
	}
	in.URL = &to
	return in, s.host(r) + gatewayPath + id, true
}

// throughGateway reports whether a request came under /ex/jira/.
func throughGateway(r *http.Request) bool {
	through, _ := r.Context().Value(gatewayKey{}).(bool)
	return through
}

// host is the address that a request was sent to.
func (s *Site) host(r *http.Request) string {
	u := url.URL{Scheme: "http", Host: r.Host}
	if r.TLS != nil {
		u.Scheme = "https"
	}
	return u.String()
}
