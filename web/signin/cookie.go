package signin

import (
	"net/http"
	"time"
)

// cookieName is a cookie's name. On https it carries the prefix with which browsers take
// it from this very host only, and send it to no other.
func cookieName(name string, secure bool) string {
	if secure {
		return "__Host-" + name
	}
	return name
}

// cookie is one that scripts cannot read and other sites cannot make use of.
func cookie(name, value string, secure bool, age time.Duration) *http.Cookie {
	c := &http.Cookie{ //nolint:gosec // Secure is set wherever the board is reached by https
		Name: cookieName(name, secure), Value: value, Path: "/", HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode, MaxAge: int(age / time.Second),
	}
	if age <= 0 {
		c.MaxAge = -1
	}
	return c
}

// cookieValue is what a browser sent of a cookie, "" for none, and for several of one
// name: somebody has put one there.
func cookieValue(r *http.Request, name string, secure bool) string {
	found := r.CookiesNamed(cookieName(name, secure))
	if len(found) != 1 {
		return ""
	}
	return found[0].Value
}
