package github

import (
	"strings"

	"parley/connectors"
)

// withoutTokens takes out of a text whatever the client signs in with.
func (c *Client) withoutTokens(s string) string {
	for _, secret := range append(c.keeper.secrets(), c.token) {
		if secret != "" {
			s = strings.ReplaceAll(s, secret, "[token]")
		}
	}
	return assertions.ReplaceAllString(s, "[token]")
}

// veiled gives a cause as it is, unless its words show a token: what was sent can come
// back in a header, which net/http repeats where it cannot be read.
func (c *Client) veiled(cause error) error {
	if cause == nil {
		return nil
	}
	if words := cause.Error(); c.withoutTokens(words) != words {
		return connectors.Veiled(cause, c.withoutTokens(words))
	}
	return cause
}
