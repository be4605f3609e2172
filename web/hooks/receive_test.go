package hooks

import (
	"net/http/httptest"
	"testing"
	"time"
)

// clocked is an answer on a connection that can be given up.
type clocked struct {
	*httptest.ResponseRecorder

	until time.Time
}

func (c *clocked) SetReadDeadline(t time.Time) error {
	c.until = t
	return nil
}

// Whoever sends a body slowly must not hold the place of others for long, and whoever
// proves nothing is not even listened to.
func TestABodyHasSomeSecondsToArrive(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := &clocked{ResponseRecorder: httptest.NewRecorder()}
	before := time.Now()
	d.ServeHTTP(w, ofGitHub("1", "issues", issuesBody))
	if left := w.until.Sub(before); left < patience || left > patience+5*time.Second {
		t.Errorf("the body may take %s", left)
	}
	w = &clocked{ResponseRecorder: httptest.NewRecorder()}
	unsigned := ofGitHub("2", "issues", issuesBody)
	unsigned.Header.Del("X-Hub-Signature-256")
	if d.ServeHTTP(w, unsigned); !w.until.IsZero() {
		t.Error("the body of an unsigned one is read")
	}
}

// The answer is out before anything follows from a webhook.
func TestTheAnswerComesFirst(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	answered := 0
	rc := New(Options{Targets: []Target{{Kind: GitHub, Name: "hub", Secret: secret, Containers: []string{"acme/payments"}}},
		Hint: func(Hint) { answered = w.Body.Len() }})
	if rc.ServeHTTP(w, ofGitHub("1", "issues", issuesBody)); answered == 0 {
		t.Errorf("the hint comes before the answer %d %s", w.Code, w.Body)
	}
}
