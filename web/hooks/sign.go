package hooks

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"strings"
)

// Where trackers put the signature of a body: "sha256=" and the HMAC in hex.
const (
	signatureOfGitHub = "X-Hub-Signature-256"
	signatureOfJira   = "X-Hub-Signature"
)

// inAddress is the parameter that holds the secret where a Jira cannot sign.
const inAddress = "secret"

// proof gives the check that a body has to pass, or refuses at once. A Jira that cannot
// sign, Data Center before version 10, has the secret in the address that it calls.
// What is signed has to be signed well, whatever the address holds.
func (d *door) proof(r *http.Request) (func(body []byte) *refusal, *refusal) {
	header := signatureOfGitHub
	if d.Kind == Jira {
		header = signatureOfJira
	}
	sent := r.Header.Values(header)
	if len(sent) == 0 && d.Kind == Jira && r.URL.Query().Has(inAddress) {
		if !same(r.URL.Query().Get(inAddress), d.Secret) {
			return nil, &refusal{http.StatusUnauthorized, "the secret in the address is not the value of webhook_secret"}
		}
		return func([]byte) *refusal { return nil }, nil
	}
	if len(sent) == 0 {
		return nil, &refusal{http.StatusUnauthorized, "it is not signed; set the secret of the webhook to the value of webhook_secret"}
	}
	mac, ok := parse(sent)
	if !ok {
		return nil, &refusal{http.StatusUnauthorized, header + " is not sha256= and 64 hexadecimal digits"}
	}
	return func(body []byte) *refusal {
		if !hmac.Equal(mac, sign(d.Secret, body)) {
			return &refusal{http.StatusUnauthorized, "the signature does not fit; set the secret of the webhook to the value of webhook_secret, and let no proxy change the body"}
		}
		return nil
	}, nil
}

// parse reads the one signature of a header.
func parse(sent []string) (mac []byte, ok bool) {
	if len(sent) != 1 {
		return nil, false
	}
	text, found := strings.CutPrefix(sent[0], "sha256=")
	if !found || len(text) != hex.EncodedLen(sha256.Size) {
		return nil, false
	}
	mac, err := hex.DecodeString(text)
	return mac, err == nil
}

func sign(secret string, body []byte) []byte {
	h := hmac.New(sha256.New, []byte(secret))
	_, _ = h.Write(body) // a hash takes everything
	return h.Sum(nil)
}

// same compares two texts in a time that tells nothing of either, their length included.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}
