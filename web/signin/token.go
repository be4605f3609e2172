package signin

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
)

// version is that of tokens. One of another version is not one.
const version = "1"

// longestToken is longer than any.
const longestToken = 512

// ticket is what a link's token says.
type ticket struct {
	ID       string
	Audience string
	Until    int64 // seconds since 1970
}

// text is what is signed. No part can hold a line break, so that no two tickets have one
// text.
func (t ticket) text() string {
	return strings.Join([]string{version, t.ID, t.Audience, strconv.FormatInt(t.Until, 10)}, "\n")
}

// derive makes the key of links from the secret of the store, which may come to sign
// other things as well.
func derive(secret string) []byte { return mac([]byte(secret), "parley read-only links") }

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// sign makes the token of a ticket.
func sign(key []byte, t ticket) string {
	text := t.text()
	return encode([]byte(text)) + "." + encode(mac(key, text))
}

// verify reads a token that was signed with key. It looks at nothing in it before.
func verify(key []byte, token string) (ticket, bool) {
	if len(key) == 0 || len(token) > longestToken || strings.ContainsAny(token, "\r\n") { // base64 reads over line breaks
		return ticket{}, false
	}
	first, second, _ := strings.Cut(token, ".")
	text, wrong := base64.RawURLEncoding.Strict().DecodeString(first)
	proof, odd := base64.RawURLEncoding.Strict().DecodeString(second)
	if wrong != nil || odd != nil || !hmac.Equal(proof, mac(key, string(text))) {
		return ticket{}, false
	}
	parts := strings.Split(string(text), "\n")
	if len(parts) != 4 || parts[0] != version {
		return ticket{}, false
	}
	until, err := strconv.ParseInt(parts[3], 10, 64)
	return ticket{ID: parts[1], Audience: parts[2], Until: until}, err == nil
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
