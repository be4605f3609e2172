package githubsim

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

func metaRoutes(on add) {
	on("GET", "", "/meta/meta#github-api-root", getRoot)
	on("GET", "meta", "/meta/meta#get-github-meta-information", getMeta)
	on("GET", "versions", "/meta/meta#get-all-api-versions", getVersions)
	on("GET", "rate_limit", "/rate-limit/rate-limit#get-rate-limit-status-for-the-authenticated-user", getRateLimit)
	on("GET", "user", "/users/users#get-the-authenticated-user", getUser)
	on("GET", "user/repos", "/repos/repos#list-repositories-for-the-authenticated-user", listOwnRepos)
	on("GET", "user/*", "/users/users#get-a-user-using-their-id", getUserNumbered)
	on("GET", "users/*", "/users/users#get-a-user", getUserNamed)
}

func getRoot(c *call) (answer, error) {
	return answer{status: http.StatusOK, body: map[string]string{
		"current_user_url": c.base + "/user", "rate_limit_url": c.base + "/rate_limit", "user_url": c.base + "/users/{user}",
		"repository_url": c.base + "/repos/{owner}/{repo}", "issues_url": c.base + "/issues",
	}}, nil
}

func getMeta(c *call) (answer, error) {
	j := map[string]any{"verifiable_password_authentication": false}
	if v := c.w.enterprise(c.r.URL.EscapedPath()); v != "" {
		j["installed_version"] = v
	}
	return answer{status: http.StatusOK, body: j}, nil
}

func getVersions(*call) (answer, error) {
	return answer{status: http.StatusOK, body: []string{apiVersionNew, apiVersion}}, nil
}

type rateJSON struct {
	Limit     int    `json:"limit"`
	Used      int    `json:"used"`
	Remaining int    `json:"remaining"`
	Reset     int64  `json:"reset"`
	Resource  string `json:"resource,omitempty"`
}

func getRateLimit(c *call) (answer, error) {
	if c.w.limitless() {
		return answer{}, refuse(http.StatusNotFound, "Rate limiting is not enabled.")
	}
	w := c.w.limits.of(c, resourceCore)
	core := rateJSON{Limit: w.limit, Used: w.limit - w.remaining(), Remaining: w.remaining(), Reset: w.reset.Unix(), Resource: "core"}
	s := c.w.limits.of(c, resourceSearch)
	search := rateJSON{Limit: s.limit, Used: s.limit - s.remaining(), Remaining: s.remaining(), Reset: s.reset.Unix(), Resource: "search"}
	g := c.w.limits.of(c, resourceGraph)
	graph := rateJSON{Limit: g.limit, Used: g.limit - g.remaining(), Remaining: g.remaining(), Reset: g.reset.Unix(), Resource: "graphql"}
	j := map[string]any{"resources": map[string]rateJSON{"core": core, "search": search, "graphql": graph}}
	if c.version == apiVersion {
		j["rate"] = core
	}
	return answer{status: http.StatusOK, body: j}, nil
}

// getUser is who the token belongs to. The token of an App's installation belongs
// to nobody.
func getUser(c *call) (answer, error) {
	switch {
	case c.user == nil:
		return answer{}, refuse(http.StatusUnauthorized, "Requires authentication")
	case c.user.Type == "Bot" && c.user.App != "":
		return answer{}, refuse(http.StatusForbidden, "Resource not accessible by integration")
	}
	return answer{status: http.StatusOK, body: c.profile(c.user, true)}, nil
}

// listOwnRepos are those that the account has a role in, the latest first.
func listOwnRepos(c *call) (answer, error) {
	if c.user == nil {
		return answer{}, refuse(http.StatusUnauthorized, "Requires authentication")
	}
	var own []*repo
	for _, rp := range c.w.repos {
		if rp.permission(c.user).atLeast(Read) && (rp.permission(c.user).atLeast(Triage) || rp.private) {
			own = append(own, rp)
		}
	}
	slices.SortFunc(own, func(x, y *repo) int { return cmp.Or(y.created.Compare(x.created), cmp.Compare(x.id, y.id)) })
	rows, link := page(c, own)
	list := make([]map[string]any, 0, len(rows))
	for _, rp := range rows {
		list = append(list, c.repository(rp))
	}
	return answer{status: http.StatusOK, body: list, link: link}, nil
}

// getUserNumbered is an account by its number, which no change of the login changes.
func getUserNumbered(c *call) (answer, error) {
	for _, u := range c.w.users {
		if strconv.FormatInt(u.ID, 10) == c.args[0] {
			return answer{status: http.StatusOK, body: c.profile(u, false)}, nil
		}
	}
	return answer{}, refuse(http.StatusNotFound, "Not Found")
}

func getUserNamed(c *call) (answer, error) {
	u := c.w.users[strings.ToLower(c.args[0])]
	if u == nil {
		return answer{}, refuse(http.StatusNotFound, "Not Found")
	}
	return answer{status: http.StatusOK, body: c.profile(u, false)}, nil
}
