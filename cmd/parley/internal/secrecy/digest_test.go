package secrecy

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"parley/cmd/parley/internal/cli"
	"parley/sync/dispatch"
)

// postbox is a webhook that keeps what it gets.
type postbox struct {
	mu  sync.Mutex
	got []string
}

func (p *postbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	p.got = append(p.got, string(body))
	w.WriteHeader(http.StatusNoContent)
}

func (p *postbox) bodies() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.got...)
}

// digested has the digest of trading sent by every channel, and lets it tell no word that
// who opens a link of trading may not read, and no credential.
func (d *daemon) digested(t *testing.T) {
	t.Helper()
	d.await("the digest to be asked for", func() bool {
		return cli.Main(t.Context(), []string{"contract", "digest", "trading", "--send", "--config", d.file}, cli.IO{Out: io.Discard, Err: io.Discard}, "test") == 0
	})
	d.await("the digest to arrive", func() bool {
		told, err := d.app.Digest(t.Context(), "trading", "")
		for _, way := range told.Ways {
			if way.State != dispatch.Sent {
				return false
			}
		}
		return err == nil && len(told.Ways) == 3
	})
	var sent []string
	for _, m := range d.mails.Mails() {
		sent = append(sent, strings.NewReplacer("=\r\n", "", "=\n", "").Replace(m.Data))
	}
	for _, body := range d.hook.bodies() {
		if body != "" { // what a check asks has none
			sent = append(sent, body)
		}
	}
	if issue, ok := d.site.Issue("OPS-1"); ok {
		for _, c := range issue.Comments {
			if strings.Contains(c.Body, "parley-ledger-1:") {
				sent = append(sent, c.Body)
			}
		}
	}
	if len(sent) != 3 {
		t.Errorf("%d digests were sent: this proves nothing of the channels", len(sent))
	}
	for _, text := range sent {
		got := heard{}
		for _, w := range words(text) {
			got[w] = []string{"a digest"}
		}
		for _, leak := range d.leaks(reader{name: "who gets the digest", audience: "unit:trading"}, got) {
			t.Error(leak)
		}
		if !strings.Contains(text, "parley-ledger-1:trading:") {
			t.Errorf("it is no digest: %.200s", text)
		}
	}
}
