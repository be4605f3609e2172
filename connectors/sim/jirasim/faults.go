package jirasim

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/connectors/sim"
)

// Reasons of a 429 of Cloud, as RateLimit-Reason tells them.
const (
	QuotaGlobal = "jira-quota-global-based"
	QuotaTenant = "jira-quota-tenant-based"
	Burst       = "jira-burst-based"
	PerIssue    = "jira-per-issue-on-write"
)

const html = "text/html;charset=UTF-8"

// LoginPage is a fault: a sign-in page with a 200 in the place of the answer.
func LoginPage() sim.Fault {
	return sim.Fault{Name: "login-page", Status: http.StatusOK, Header: map[string]string{"Content-Type": html},
		Body: "<!DOCTYPE html><html><head><title>Log in - Acme</title></head><body><form action=\"/login.jsp\"><input name=\"os_username\"></form></body></html>"}
}

// LoginRedirect is a fault: single sign-on sends away to its own page.
func LoginRedirect(to string) sim.Fault {
	return sim.Fault{Name: "login-redirect", Status: http.StatusFound, Header: map[string]string{"Location": to, "Content-Type": html}}
}

// Limit is a fault: a 429 of Cloud with a reason. A wait of 0 leaves Retry-After away,
// as the gateway does, and X-RateLimit-Reset with it.
func Limit(reason string, wait time.Duration, now time.Time) sim.Fault {
	f := sim.Fault{Name: strings.TrimPrefix(reason, "jira-"), Status: http.StatusTooManyRequests, Header: map[string]string{
		"Content-Type": "application/json;charset=UTF-8", "RateLimit-Reason": reason, "X-RateLimit-Remaining": "0"}, Body: refusalText(http.StatusTooManyRequests, "Rate limit exceeded.")}
	if wait > 0 {
		f.Header["Retry-After"] = sim.RetryAfter(wait)
		f.Header["X-RateLimit-Reset"] = now.Add(wait).UTC().Format("2006-01-02T15:04Z")
	}
	return f
}

// NearLimit is a fault that changes nothing: the answer tells that of an hour's quota of
// points little is left.
func NearLimit(left int) sim.Fault {
	return sim.Fault{Name: "near-limit", Header: map[string]string{"X-RateLimit-NearLimit": "true", "X-RateLimit-Remaining": strconv.Itoa(left),
		"RateLimit": `"global-app-quota";r=` + strconv.Itoa(left) + `;t=1800`, "RateLimit-Policy": `"global-app-quota";q=65000;w=3600`}}
}

// Unavailable is a fault: a 503, with Retry-After where there is a wait.
func Unavailable(wait time.Duration) sim.Fault {
	f := sim.Fault{Name: "unavailable", Status: http.StatusServiceUnavailable, Header: map[string]string{"Content-Type": html},
		Body: "<html><head><title>503</title></head><body>Jira is currently unavailable.</body></html>"}
	if wait > 0 {
		f.Header["Retry-After"] = sim.RetryAfter(wait)
	}
	return f
}

// Outage is a fault: a proxy gives up on Jira; status is 502 or 504.
func Outage(status int) sim.Fault {
	return sim.Fault{Name: "outage", Status: status, Header: map[string]string{"Content-Type": html}, Body: "<html><body><h1>" + http.StatusText(status) + "</h1></body></html>"}
}

// Captcha is a fault: what Data Center answers once it asks for one.
func Captcha() sim.Fault {
	return sim.Fault{Name: "captcha", Status: http.StatusForbidden, Header: map[string]string{"Content-Type": html,
		"X-Seraph-LoginReason": "AUTHENTICATION_DENIED", "X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url=/login.jsp"},
		Body: "<html><body>Basic Authentication Failure - Reason : AUTHENTICATION_DENIED</body></html>"}
}

// Faults are the faults of a product by name.
func (s *Site) Faults() []sim.Kind {
	limit := func(name, about, reason string, wait time.Duration) sim.Kind {
		return sim.Kind{Name: name, About: about, Make: func() sim.Fault {
			f := Limit(reason, wait, s.now())
			f.Name = name
			return f
		}}
	}
	all := []sim.Kind{
		fixed("login-page", "200 with a sign-in page", LoginPage()),
		fixed("login-redirect", "302 to single sign-on", LoginRedirect("https://sso.example/login")),
		fixed("unavailable", "503 with Retry-After", Unavailable(2*time.Second)),
		fixed("outage", "502 from a proxy", Outage(http.StatusBadGateway)),
		fixed("half-body", "the connection ends in the middle of the answer", sim.Fault{Half: true}),
		fixed("lost-answer", "done, but the connection ends before the answer", sim.Fault{Lost: true}),
		fixed("cut", "the connection ends before anything is done", sim.Fault{Cut: true}),
		fixed("conflict", "a write meets another one: 409", sim.Fault{Inside: insideConflict}),
		fixed("unmoved", "a transition says 204 and moves nothing", sim.Fault{Inside: insideUnmoved}),
		demanded("nobody", "the credential is lost on the way", sim.Fault{Nobody: true}),
	}
	if s.server() {
		return append(all, demanded("captcha", "a CAPTCHA is asked for", Captcha()), fixed("limit", "429 of the account, Retry-After 1", s.serverLimit()))
	}
	return append(all,
		limit("quota-global", "429 by the points of the app, Retry-After 30", QuotaGlobal, 30*time.Second),
		limit("quota-tenant", "429 by the points of the site, Retry-After 30", QuotaTenant, 30*time.Second),
		limit("burst", "429 of the endpoint, Retry-After 1", Burst, time.Second),
		limit("per-issue", "429 by writes to one issue, Retry-After 2", PerIssue, 2*time.Second),
		limit("no-retry-after", "429 of the gateway, without Retry-After", Burst, 0),
		fixed("near-limit", "the answer as it is, with the headers of a quota that is nearly used up", NearLimit(900)),
		fixed("empty-page", "a search answers no row and a token", sim.Fault{Inside: insideEmptyPage}),
		demanded("token-loop", "a search answers the token that it was asked with", sim.Fault{Inside: insideTokenLoop}),
	)
}

func fixed(name, about string, f sim.Fault) sim.Kind {
	f.Name = name
	return sim.Kind{Name: name, About: about, Make: func() sim.Fault { return f }}
}

func demanded(name, about string, f sim.Fault) sim.Kind {
	k := fixed(name, about, f)
	k.OnDemand = true
	return k
}

// serverLimit is Data Center's 429.
func (s *Site) serverLimit() sim.Fault {
	return sim.Fault{Status: http.StatusTooManyRequests, Header: map[string]string{"Content-Type": "application/json;charset=UTF-8", "Retry-After": "1",
		"X-RateLimit-Limit": strconv.Itoa(serverBurst), "X-RateLimit-Remaining": "0", "X-RateLimit-Interval-Seconds": "1", "X-RateLimit-FillRate": strconv.Itoa(serverRefill)},
		Body: `{"message":"Rate limit exceeded.","status-code":429}`}
}

// Ways to go wrong that the face carries out itself.
const (
	insideConflict  = "conflict"
	insideUnmoved   = "unmoved"
	insideEmptyPage = "empty-page"
	insideTokenLoop = "token-loop"
)

func refusalText(status int, message string) string {
	raw, _ := json.Marshal(refuse(status, "%s", message).body()) // texts always marshal
	return string(raw)
}
