package app

import (
	"strings"
	"testing"
	"time"

	"parley/sync/dispatch"
)

// TestACrashSendsNoMailTwice ends the process between the moments that a try has: after it
// was stored as leaving, and after it left.
func TestACrashSendsNoMailTwice(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "on")
	o.goTo(16, 0, 2)
	if err := o.SendDigest(t.Context(), "trading", ""); err == nil || !strings.Contains(err.Error(), "ledger is not written") {
		t.Errorf("a digest without its ledger: %v", err)
	}
	if err := o.book.extend(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := o.SendDigest(t.Context(), "trading", ""); err != nil {
		t.Fatal(err)
	}
	open, err := o.Store.OpenDispatches(t.Context())
	if err != nil || len(open) != 4 {
		t.Fatalf("%d are open, %v", len(open), err)
	}
	for _, d := range open { // stored as leaving; one mail and the webhook left as well
		next, act := o.posting().Next(d, o.Now().UTC())
		if err := o.post.keep(t.Context(), d, next); err != nil {
			t.Fatal(err)
		}
		if act == dispatch.Send && d.Channel != dispatch.Comment && d.To != "mia@acme.example" {
			o.post.send(t.Context(), next)
		}
	}
	o.stop()
	o.open()
	o.work("what is known is known", func() bool { return o.ways() == "email:unknown+email:unknown+jira:sent+webhook:sent" })
	if n, m := len(o.mails.Mails()), len(o.comments()); n != 1 || m != 1 || o.hook.seen() != 2 {
		t.Errorf("%d mails, %d comments, %d requests", n, m, o.hook.seen())
	}
}

// TestAnOutcomeThatCouldNotBeStoredIsKept has the store refuse once what came of a try.
func TestAnOutcomeThatCouldNotBeStoredIsKept(t *testing.T) {
	t.Parallel()
	a, _ := stored(t)
	p, was := newPostman(a), dispatch.Dispatch{ID: "d/email/x", Digest: "d", Channel: dispatch.Mail, State: dispatch.Sending, Until: a.Now().Add(time.Hour)}
	if _, err := a.Store.Commit(t.Context(), commitOf(was)); err != nil {
		t.Fatal(err)
	}
	was.Lock = 1
	sent := was
	sent.State, sent.Ended = dispatch.Sent, a.Now().UTC()
	p.known[was.ID] = sent
	if err := p.step(t.Context(), was); err != nil {
		t.Fatal(err)
	}
	if d, err := a.Store.Dispatch(t.Context(), was.ID); err != nil || d.State != dispatch.Sent {
		t.Errorf("%+v, %v", d, err)
	}
	p.known[was.ID] = sent // of a try before the present one
	if _, ok := p.outcome(dispatch.Dispatch{ID: was.ID, State: dispatch.Sending, Lock: 7}); ok {
		t.Error("an older outcome counts for a later try")
	}
}
