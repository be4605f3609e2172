package jirasim

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

// authenticate finds out who asks. A credential that does not resolve is not
// refused: the request goes on as nobody's, which most reads answer with empty
// lists. Only a bearer token, which this host does not take, ends in 403.
func (s *Site) authenticate(w http.ResponseWriter, r *http.Request) (u *User, refused bool) {
	if s.server() {
		return s.signIn(w, r)
	}
	sent := r.Header.Get("Authorization")
	if scheme, _, _ := strings.Cut(sent, " "); strings.EqualFold(scheme, "Bearer") {
		w.Header().Set("Content-Type", "application/json;charset=UTF-8")
		w.WriteHeader(http.StatusForbidden)
		writeJSON(w, obj{"error": "Failed to parse Connect Session Auth Token"})
		return nil, true
	}
	if email, token, basic := r.BasicAuth(); basic {
		s.mu.RLock()
		u = s.login(email, token, throughGateway(r))
		s.mu.RUnlock()
	}
	switch {
	case u != nil:
		w.Header().Set("X-AAccountId", u.AccountID)
	case sent != "":
		w.Header().Set("X-Seraph-LoginReason", "AUTHENTICATED_FAILED")
	}
	return u, false
}

// browserWrite reports whether a write looks like a browser's, which Jira takes
// for a forged one.
func browserWrite(r *http.Request) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead || !strings.HasPrefix(r.UserAgent(), "Mozilla/") {
		return false
	}
	pass := strings.ToLower(r.Header.Get("X-Atlassian-Token"))
	return pass != "no-check" && pass != "nocheck"
}

// unauthorized is the 401 of the few endpoints that need an account.
func (c *call) unauthorized() (reply, error) {
	if c.site.server() {
		c.w.Header().Set("WWW-Authenticate", `OAuth realm="`+c.base+`"`)
		return reply{http.StatusUnauthorized, plainMessage(http.StatusUnauthorized, "Client must be authenticated to access this resource.")}, nil
	}
	c.w.Header().Set("WWW-Authenticate", `OAuth realm="`+c.base+`"`)
	return reply{http.StatusUnauthorized, "Client must be authenticated to access this resource."}, nil
}

func writeJSON(w io.Writer, body any) {
	_ = json.NewEncoder(w).Encode(body) // the client is gone; there is nobody to tell
}
