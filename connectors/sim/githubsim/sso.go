package githubsim

import (
	"fmt"
	"net/http"
	"strings"
)

// RequireSSO makes an organisation ask for single sign-on: a token that is not among
// those authorised for it is refused with 403 and X-GitHub-SSO in its private
// repositories, and for every write. It fails when the organisation is unknown.
func (h *Hub) RequireSSO(owner string, tokens ...string) error {
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	u := h.w.users[strings.ToLower(owner)]
	if u == nil {
		return fmt.Errorf("require single sign-on: no organisation %s", owner)
	}
	u.sso = map[string]bool{}
	for _, t := range tokens {
		u.sso[t] = true
	}
	return nil
}

// ssoWall refuses a person's token that an organisation has not authorised.
func (c *call) ssoWall() error {
	owner := c.rp.owner
	if owner.sso == nil || c.with == nil || c.with.of != nil || owner.sso[c.token] || !c.rp.private && !c.writes() {
		return nil
	}
	r := refuse(http.StatusForbidden, "Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.")
	r.header = map[string]string{"X-GitHub-SSO": "required; url=" + c.w.opts.HTMLURL + "/orgs/" + owner.Login + "/sso?authorization_request=A1"}
	return r
}
