package runner

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"parley/connectors/github"
	"parley/connectors/sim/githubsim"
	"parley/kanban"
)

// asApp signs in to GitHub as an App instead of with a token.
func asApp(w *world) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	w.must(err)
	w.must(w.hub.AddApp(githubsim.App{ID: 77, Slug: "parley", Key: &key.PublicKey}))
	id, err := w.hub.Install("parley", repo)
	w.must(err)
	text := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	w.app = &github.App{ID: 77, Installation: id, PrivateKey: string(text)}
}

// An App's own writes are known as its own over many hours, each with a token of its
// own, and an idle hour costs one token and one whole poll.
func TestGitHubAppBothWays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asApp)
	key, n := w.pair("Reconcile positions")
	w.must(w.site.Transition("ana", key, "Start work", noEdit))
	w.settle(2)
	w.expect(key, n, "In Progress", "open status:in-progress", "doing")
	for _, op := range w.card(key).Ops {
		if op.State != "done" {
			t.Errorf("the write %s is %s", op.ID, op.State)
		}
	}
	w.ownLabels(key, "status:in-progress", 1)
	w.clock.Advance(3 * time.Hour)
	w.must(w.hub.RemoveLabel("ben", repo, n, "status:in-progress"))
	w.must(w.hub.AddLabels("ben", repo, n, "status:review"))
	w.settle(3)
	w.expect(key, n, "In Review", "open status:review", "review")

	w.clock.Advance(20 * time.Minute)
	w.settle(2)
	writes := len(w.site.Log().Mutations())
	w.hub.Log().Reset()
	w.settle(120)
	tokens, whole := 0, 0
	for _, r := range w.hub.Log().Requests() {
		switch {
		case strings.HasSuffix(r.Path, "/access_tokens"):
			tokens++
		case r.Status == 200:
			whole++
		}
	}
	if tokens != 1 || whole > 2 { // the second is the feed, where a row came again
		t.Errorf("an idle hour costs %d tokens and %d whole answers", tokens, whole)
	}
	if got := len(w.site.Log().Mutations()) - writes + len(w.hub.Log().Mutations()) - tokens; got != 0 {
		t.Errorf("%d writes at rest", got)
	}
}

// ownLabels checks how often the record says that Parley's own account put a label on or
// took it off.
func (w *world) ownLabels(ref, label string, want int) {
	w.t.Helper()
	events, err := w.store.Events(w.t.Context(), w.card(ref).ID)
	w.must(err)
	got := 0
	for _, e := range events {
		for _, c := range e.Changes {
			if e.Own && c.Field == kanban.ChangeLabel && (c.From == label || c.To == label) {
				got++
			}
		}
	}
	if got != want {
		w.t.Errorf("%d changes of the label %s are own, want %d\n%+v", got, label, want, events)
	}
}
