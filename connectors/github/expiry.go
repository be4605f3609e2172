package github

import (
	"net/http"
	"time"
)

// Expires is when the token ends by the newest answer, zero where GitHub does not say
// that it does.
func (c *Client) Expires() time.Time {
	if at := c.ends.Load(); at != nil {
		return *at
	}
	return time.Time{}
}

// noteExpiry keeps what an answer says of the end of a personal token. A success that says
// nothing takes it back; the pages that proxies and outages send know nothing of it.
func (c *Client) noteExpiry(status int, h http.Header) {
	at := expiry(h)
	if !at.IsZero() || status < 300 && c.ends.Load() != nil {
		c.ends.Store(&at)
	}
}

// expiry reads the header in the two forms that GitHub has sent; zero where it is not
// there or not to be read.
func expiry(h http.Header) time.Time {
	for _, layout := range []string{"2006-01-02 15:04:05 MST", "2006-01-02 15:04:05 -0700"} {
		if at, err := time.Parse(layout, h.Get("GitHub-Authentication-Token-Expiration")); err == nil && at.Year() > 2000 && at.Year() < 2200 {
			return at.UTC()
		}
	}
	return time.Time{}
}
