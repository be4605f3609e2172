package jirasim

import (
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// serverFacts is Data Center's serverInfo.
func (c *call) serverFacts(now time.Time) obj {
	return obj{"baseUrl": c.web, "version": Version, "versionNumbers": []int{10, 3, 24}, "deploymentType": "Server", "buildNumber": 10030024,
		"buildDate": "2026-09-01T00:00:00.000+0000", "databaseBuildNumber": 10030024, "serverTime": now.Format(timeLayout),
		"scmInfo": "c4a4f6b7c5f5e6d0c4a4f6b7c5f5e6d0c4a4f6b7", "serverTitle": "Jira"}
}

// serverUserJSON is an account as Data Center shows it: by a name, which can be
// changed, and a key, which stays.
func (c *call) serverUserJSON(u *User) obj {
	name, key := u.Name, u.Key
	if name == "" {
		name, key = u.AccountID, u.AccountID // an account that is gone
	}
	return obj{"self": c.self("user?username=%s", url.QueryEscape(name)), "name": name, "key": key, "emailAddress": u.Email,
		"displayName": u.DisplayName, "active": !u.Inactive, "timeZone": c.site.zoneOf(u).String(), "avatarUrls": c.avatars("useravatar")}
}

// serverUser is the account id of whom GET user asks for.
func (c *call) serverUser() string {
	ref := c.query("username")
	if ref == "" {
		ref = c.query("key")
	}
	if u := c.site.catalog.called(ref); u != nil {
		return u.AccountID
	}
	return ""
}

// serverUser reads whom a field of Data Center names.
func (fr *fieldReader) serverUser(field, name, key string, to **string) *Refusal {
	if name == "" {
		name = key
	}
	none := ""
	if name == "" || name == "-1" {
		*to = &none
		return nil
	}
	u := fr.site.catalog.called(name)
	if u == nil {
		return refuseField(field, "User '%s' does not exist.", name)
	}
	*to = &u.AccountID
	return nil
}

// accountMatches reports whether JQL means an account by a text.
func (s *Site) accountMatches(u *User, ref string) bool {
	if s.server() {
		return u.Name == ref || u.Key == ref
	}
	return u.AccountID == ref
}

// itemJSON is a changed field. Data Center has no ids of fields there, and names
// people by their keys.
func (c *call) itemJSON(it Item) obj {
	if !c.site.server() {
		return it.json()
	}
	if it.FieldID == "assignee" || it.FieldID == "reporter" {
		it.From, it.To = c.site.keyOf(it.From), c.site.keyOf(it.To)
	}
	it.FieldID = ""
	return it.json()
}

// keyOf is the key of an account, itself where there is none.
func (s *Site) keyOf(account string) string {
	if u := s.catalog.users[account]; u != nil {
		return u.Key
	}
	return account
}

// serverAbsent refuses an issue as Data Center does, which tells one that is hidden
// from one that is not there.
func (c *call) serverAbsent(hidden bool) *Refusal {
	switch {
	case !hidden:
		return refuse(http.StatusNotFound, "Issue Does Not Exist")
	case c.user == nil:
		return &Refusal{Status: http.StatusUnauthorized, Messages: []string{"You do not have the permission to see the specified issue.", "Login Required"}}
	}
	return refuse(http.StatusForbidden, "You do not have the permission to see the specified issue.")
}

// Rate limits of Data Center, as an administrator may set them: for each account a
// bucket of requests.
const (
	serverBurst  = 100
	serverRefill = 10 // requests a second
)

// serverLimited tells an account what it may still ask for, and refuses what is too
// much. While something is left it says retry-after: 0.
func (c *call) serverLimited() bool {
	if c.user == nil || !c.site.opts.BurstLimits {
		return false
	}
	left := c.site.spend("account "+c.user.AccountID, rate{serverBurst, serverRefill})
	h := c.w.Header()
	h.Set("X-RateLimit-Limit", strconv.Itoa(serverBurst))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(max(left, 0)))
	h.Set("X-RateLimit-Interval-Seconds", "1")
	h.Set("X-RateLimit-FillRate", strconv.Itoa(serverRefill))
	h.Set("retry-after", "0")
	if left >= 0 {
		return false
	}
	h.Set("retry-after", "1")
	c.write(reply{http.StatusTooManyRequests, plainMessage(http.StatusTooManyRequests, "Rate limit exceeded.")})
	return true
}
