package githubsim

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// claims are what an App says of itself in a JSON web token.
type claims struct {
	Issuer  any      `json:"iss"` // the App's id, as a number or a text
	Issued  *float64 `json:"iat"`
	Expires *float64 `json:"exp"`
}

// longestJWT is how far ahead a JSON web token may end.
const longestJWT = 10 * time.Minute

// signInAsApp checks a JSON web token as GitHub does: which App it names, that the App's
// key signed it, and that it was issued in the past and ends within ten minutes.
func (c *call) signInAsApp() error {
	head, rest, _ := strings.Cut(c.token, ".")
	payload, signature, _ := strings.Cut(rest, ".")
	var header struct {
		Algorithm string `json:"alg"`
	}
	var said claims
	if !decodePart(head, &header) || header.Algorithm != "RS256" || !decodePart(payload, &said) {
		return notDecoded()
	}
	a := c.w.apps[issuer(said.Issuer)]
	if a == nil {
		return refuse(http.StatusNotFound, "Integration not found")
	}
	sum := sha256.Sum256([]byte(head + "." + payload))
	signed, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil || rsa.VerifyPKCS1v15(a.Key, crypto.SHA256, sum[:], signed) != nil {
		return notDecoded()
	}
	if err := said.timely(c.now); err != nil {
		return err
	}
	c.asApp = a
	return nil
}

func notDecoded() error {
	return refuse(http.StatusUnauthorized, "A JSON web token could not be decoded")
}

func decodePart(part string, into any) bool {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	return err == nil && json.Unmarshal(raw, into) == nil
}

func issuer(v any) int64 {
	switch iss := v.(type) {
	case float64:
		return int64(iss)
	case string:
		n, _ := strconv.ParseInt(iss, 10, 64) // 0 is no App
		return n
	}
	return 0
}

func (s claims) timely(now time.Time) error {
	at := float64(now.Unix())
	switch {
	case s.Issued == nil || *s.Issued > at:
		return refuse(http.StatusUnauthorized, "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued")
	case s.Expires == nil || *s.Expires <= at:
		return refuse(http.StatusUnauthorized, "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires")
	case *s.Expires > at+longestJWT.Seconds():
		return refuse(http.StatusUnauthorized, "'Expiration time' claim ('exp') is too far in the future")
	}
	return nil
}
