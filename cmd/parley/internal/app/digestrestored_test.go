package app

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"parley/connectors/webhook"
	"parley/sync/store/transfer"
)

// TestARestoredStoreSendsNoMailTwice loses the store after a digest went out, and goes on from
// a backup that knows nothing of it: no mail goes out again, the comment is found by its
// mark, and the webhook is repeated under the id by which its receiver knows it.
func TestARestoredStoreSendsNoMailTwice(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "on")
	o.work("the books are kept", func() bool {
		all, err := o.Store.Ledger(t.Context(), "trading", 0)
		return err == nil && len(all) > 0
	})
	file := filepath.Join(t.TempDir(), "a.backup")
	if _, err := transfer.Backup(t.Context(), o.Config.Store.URL, file, "test", o.Now()); err != nil {
		t.Fatal(err)
	}
	o.goTo(16, 0, 2)
	o.work("all have it", func() bool { return o.ways() == allSent })
	o.stop()

	url := server.URL(t, filepath.Join(t.TempDir(), "restored.db"))
	r := transfer.Restore{File: file, To: url, Now: o.Now, Tell: func(string, int64) {}}
	if _, err := r.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(o.path)
	if err != nil {
		t.Fatal(err)
	}
	there := bytes.Replace(text, []byte(o.Config.Store.URL), []byte(url), 1)
	if string(there) == string(text) {
		t.Fatal("the configuration names no store")
	}
	if err := os.WriteFile(o.path, there, 0o600); err != nil {
		t.Fatal(err)
	}
	o.open()
	o.goTo(16, 0, 10) // a digest waits for a whole minute in which everything is read
	o.work("what may have gone is not repeated", func() bool { return o.ways() == "email:unknown+email:unknown+jira:sent+webhook:sent" })
	if n, m := len(o.mails.Mails()), len(o.comments()); n != 2 || m != 1 {
		t.Errorf("%d mails, %d comments", n, m)
	}
	ids := map[string]bool{}
	for _, q := range o.hook.got {
		ids[q.Header.Get(webhook.HeaderKey)] = true
	}
	if o.hook.seen() != 2 || len(ids) != 1 {
		t.Errorf("%d requests with the ids %v", o.hook.seen(), ids)
	}
	o.goTo(23, 0, 2) // the next one goes out as ever
	o.work("the next digest is sent", func() bool { return len(o.mails.Mails()) == 4 })
}
