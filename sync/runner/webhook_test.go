package runner

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"parley/connectors/sim"
	"parley/web/hooks"
)

// receiver takes the webhooks of both simulators for the runner.
func (w wired) receiver() *hooks.Receiver {
	w.t.Helper()
	for url, from := range map[string]*sim.Hooks{"http://127.0.0.1:8080/hooks/jira/jira": w.site.Hooks(), "http://127.0.0.1:8080/hooks/github/github": w.hub.Hooks()} {
		w.must(from.Add(sim.Hook{URL: url, Secret: "secret"}))
	}
	return hooks.New(hooks.Options{Now: w.clock.Now, Hint: func(h hooks.Hint) { w.runner.Hint(h.Tracker, h.Container) }, Targets: []hooks.Target{
		{Kind: hooks.Jira, Name: "jira", Secret: "secret", Containers: []string{"OPS"}},
		{Kind: hooks.GitHub, Name: "github", Secret: "secret", Containers: []string{repo}},
	}})
}

// sends is what brings webhooks to a receiver, and keeps them.
func sends(to http.Handler, all *[]sim.Delivery) sim.Sender {
	return func(ctx context.Context, d sim.Delivery) (int, error) {
		*all = append(*all, d)
		r := httptest.NewRequestWithContext(ctx, http.MethodPost, d.URL, bytes.NewReader(d.Body))
		for k, v := range d.Header {
			r.Header.Set(k, v)
		}
		rec := httptest.NewRecorder()
		to.ServeHTTP(rec, r)
		return rec.Code, nil
	}
}

// Whatever becomes of a webhook, the change that it tells of is on the board: at once
// where it is good, by the next poll where it is not. And no fault of webhooks has a
// tracker asked more than a few times more.
func TestWebhooksAreHints(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		within time.Duration // the card is there
		counts hooks.Tally   // of GitHub's
		polls  int           // of GitHub within the minute, at most; two of them are the usual ones
	}{
		"":                {time.Second, hooks.Tally{Accepted: 1}, 4},
		"doubled":         {time.Second, hooks.Tally{Accepted: 1, Duplicate: 1}, 4},
		"flood":           {time.Second, hooks.Tally{Accepted: 1, Duplicate: 999}, 4}, // of one text
		"out-of-order":    {4 * time.Second, hooks.Tally{Accepted: 1}, 4},
		"late":            {30 * time.Second, hooks.Tally{}, 3},
		"lost":            {30 * time.Second, hooks.Tally{}, 3},
		"wrong-signature": {30 * time.Second, hooks.Tally{Rejected: 1}, 3},
		"unsigned":        {30 * time.Second, hooks.Tally{Rejected: 1}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inWires(t, func(w wired) {
				rc, all := w.receiver(), []sim.Delivery{}
				send := sends(rc, &all)
				for _, k := range w.hub.Hooks().Script().Kinds() {
					if k.Name == name {
						w.hub.Hooks().Script().Add(sim.Rule{Fault: k.Make})
					}
				}
				_, before := w.polls()
				w.issue()
				var seen time.Duration
				for at := time.Second; at < time.Minute; at += time.Second {
					w.hub.Hooks().Deliver(w.ctx, send)
					w.pass(time.Second)
					if seen == 0 && w.known(repo+"#1") {
						seen = at
					}
				}
				if seen == 0 || seen > c.within || c.within > 10*time.Second && seen < 10*time.Second {
					t.Errorf("seen after %s, want %s", seen, c.within)
				}
				got, _ := rc.Tally(hooks.GitHub, "github")
				if got.Accepted != c.counts.Accepted || got.Duplicate != c.counts.Duplicate || got.Rejected != c.counts.Rejected {
					t.Errorf("counts: %+v, want %+v", got, c.counts)
				}
				if _, after := w.polls(); after-before > c.polls {
					t.Errorf("%d polls in a minute, want %d at most", after-before, c.polls)
				}
			})
		})
	}
}

// Old webhooks that are sent again, in whatever order and however often, have nobody
// asked, and carry nothing back to the board.
func TestReplayedWebhooksDoNothing(t *testing.T) {
	t.Parallel()
	inWires(t, func(w wired) {
		rc, all := w.receiver(), []sim.Delivery{}
		send := sends(rc, &all)
		w.issue()
		key := w.ticket()
		w.must(w.hub.AddLabels("ben", repo, 1, "status:in-progress"))
		w.must(w.hub.RemoveLabel("ben", repo, 1, "status:in-progress"))
		w.hub.Hooks().Deliver(w.ctx, send)
		w.site.Hooks().Deliver(w.ctx, send)
		w.pass(50 * time.Second) // within the usual pause
		if !w.known(key) || len(all) < 4 {
			t.Fatalf("%d webhooks were sent", len(all))
		}
		jira, github := w.polls()
		face := w.face(repo + "#1")
		for range 10 {
			for _, d := range slices.Backward(slices.Clone(all[:4])) {
				if status, _ := send(w.ctx, d); status != http.StatusAccepted {
					t.Errorf("answered %d", status)
				}
			}
		}
		w.pass(2 * time.Second)
		if j, g := w.polls(); j != jira || g != github {
			t.Errorf("%d polls of Jira, %d of GitHub", j-jira, g-github)
		}
		if now := w.face(repo + "#1"); now.Column != face.Column {
			t.Errorf("the card is in %s, was in %s", now.Column, face.Column)
		}
	})
}
