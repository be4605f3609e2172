package githubsim

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
)

func appRoutes(on add) {
	on("GET", "app", "/apps/apps#get-the-authenticated-app", getApp)
	on("POST", "app/installations/*/access_tokens", "/apps/apps#create-an-installation-access-token-for-an-app", newAppToken)
}

func getApp(c *call) (answer, error) {
	if c.asApp == nil {
		return answer{}, notDecoded()
	}
	j := c.appOf(c.asApp)
	n := 0
	for _, in := range c.w.installations {
		if in.app == c.asApp {
			n++
		}
	}
	j.Installations = &n
	return answer{status: http.StatusOK, body: j}, nil
}

// newAppToken gives out a token of an installation, good for an hour.
func newAppToken(c *call) (answer, error) {
	if c.asApp == nil {
		return answer{}, notDecoded()
	}
	id, _ := strconv.ParseInt(c.args[0], 10, 64) // 0 is no installation
	in := c.w.installations[id]
	switch {
	case in == nil || in.app != c.asApp:
		return answer{}, refuse(http.StatusNotFound, "Not Found")
	case in.suspended:
		return answer{}, refuse(http.StatusForbidden, "This installation has been suspended")
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %d", id, c.w.serial))
	t := &token{owner: in.app.bot, expires: c.at.Add(appTokenLife), of: in}
	value := "ghs_" + hex.EncodeToString(sum[:18])
	c.w.tokens[value] = t
	return answer{status: http.StatusCreated, body: map[string]any{
		"token": value, "expires_at": stamp(t.expires), "permissions": in.app.Permissions, "repository_selection": "selected",
	}}, nil
}
