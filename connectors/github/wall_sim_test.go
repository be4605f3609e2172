package github_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
)

// An organisation's single sign-on is told apart from a missing permission.
func TestSimSingleSignOn(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	b.issues(1, githubsim.NewIssue{})
	b.ok(b.hub.SetPrivate(repo, true))
	b.ok(b.hub.RequireSSO("acme"))
	_, err := b.client("t-bot").Changes(context.Background(), connectors.Cursor{Source: repo})
	var e *connectors.Error
	if !errors.As(err, &e) || e.Kind != connectors.Forbidden || !strings.Contains(e.Hint, "single sign-on") {
		t.Errorf("%v, %+v", err, e)
	}
}

func TestSimWeakETagsIdleFree(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{WeakETags: true})
	b.issues(3, githubsim.NewIssue{})
	b.clock.Advance(time.Hour)
	c := b.client("t-bot")
	_, page := b.poll(c, connectors.Cursor{Source: repo})
	if _, page = b.poll(c, page.Next); !page.Unchanged {
		t.Error("an idle poll is not answered by 304")
	}
}

// GitHub cuts off what takes it more than ten seconds: a write may be done all the same,
// and is never sent again by itself.
func TestSimTimeouts(t *testing.T) {
	t.Parallel()
	for _, status := range []int{502, 504} {
		for _, done := range []bool{true, false} {
			b := setup(t, githubsim.Options{})
			b.issues(1, githubsim.NewIssue{})
			c := b.clientOf("t-bot", "parley-bot")
			b.hub.SetFaults(func(*http.Request) sim.Fault { return githubsim.Timeout(status, done) })
			_, err := c.Send(context.Background(), connectors.Write{Issue: b.ref(1), AddLabel: "x"})
			if connectors.KindOf(err) != connectors.Unknown || len(b.hub.Log().Mutations()) != 1 {
				t.Errorf("%d, done %v: %v after %q", status, done, err, b.asked())
			}
			_, err = c.Read(context.Background(), b.ref(1))
			if connectors.KindOf(err) != connectors.Transient {
				t.Errorf("%d: a read: %v", status, err)
			}
		}
	}
}

// The 500 new issues an hour are told as a limit with its end.
func TestSimNewIssuesAreLimited(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{Limits: githubsim.Limits{HourlyCreates: 2}})
	c := b.clientOf("t-bot", "parley-bot")
	for range 2 {
		_, err := c.Create(context.Background(), draft())
		b.ok(err)
	}
	_, err := c.Create(context.Background(), draft())
	var e *connectors.Error
	if !errors.As(err, &e) || e.Kind != connectors.RateLimit || e.RetryAt.Sub(b.clock.Now()) < 59*time.Minute {
		t.Errorf("%v, again in %s", err, e.RetryAt.Sub(b.clock.Now()))
	}
	b.clock.Advance(time.Hour)
	_, err = c.Create(context.Background(), draft())
	b.ok(err)
}

func TestSimTokenThatEnds(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	ends := b.clock.Now().Add(9 * 24 * time.Hour)
	c := b.client("t-bot")
	d, err := c.Check(context.Background())
	if err != nil || !d.Expires.IsZero() || !c.Expires().IsZero() {
		t.Errorf("a token without an end: %s, %v", d.Expires, err)
	}
	b.ok(b.hub.ExpireToken("t-bot", ends))
	_, page := b.poll(c, connectors.Cursor{Source: repo})
	if !c.Expires().Equal(ends) {
		t.Errorf("after a poll it ends %s, want %s", c.Expires(), ends)
	}
	d, err = c.Check(context.Background())
	if err != nil || !d.Expires.Equal(ends) {
		t.Errorf("after a check it ends %s, %v", d.Expires, err)
	}
	b.clock.Advance(9 * 24 * time.Hour)
	if _, err := c.Changes(context.Background(), page.Next); connectors.KindOf(err) != connectors.Auth {
		t.Errorf("after its end: %v, want kind auth", err)
	}
}
