package github

import (
	"net/http"
	"testing"
	"time"
)

func TestExpiry(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"2026-12-01 12:00:00 UTC":   noon,
		"2026-12-01 14:00:00 +0200": noon,
		"2026-12-01T12:00:00Z":      {},
		"soon":                      {},
		"":                          {},
		"9999-12-31 00:00:00 UTC":   {},
	} {
		if got := expiry(http.Header{"Github-Authentication-Token-Expiration": {text}}); !got.Equal(want) {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// What an answer says of the token's end stays known through an outage and goes with the
// token.
func TestExpiryIsKept(t *testing.T) {
	t.Parallel()
	ends := map[string]string{"GitHub-Authentication-Token-Expiration": "2026-12-01 12:00:00 UTC"}
	steps := []reply{{body: issueRow(7, testStart(), ""), header: ends}, {status: 502}, {body: issueRow(7, testStart(), "")}}
	replies := map[string]reply{}
	f := newFake(t, replies)
	c := f.client(t, "")
	for i, known := range []bool{true, true, false} {
		f.mu.Lock()
		replies["GET /repos/Acme/infra/issues/7"] = steps[i]
		f.mu.Unlock()
		_, _ = c.Read(bg(), ref(7, "")) // the outage is one
		if got := !c.Expires().IsZero(); got != known {
			t.Errorf("after step %d it is known: %v, want %v", i, got, known)
		}
	}
}
