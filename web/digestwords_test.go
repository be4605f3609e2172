package web

import (
	"testing"
	"time"

	"parley/sync/view"
)

func TestDigestWords(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 16, 0, 1, 0, 0, time.UTC)
	d := &view.SentDigest{Period: "2026-W46", Ways: []view.DigestWay{
		{Channel: "jira", To: "OPS-12", State: "sent", At: at}, {Channel: "email", State: "waiting", At: at}, {Channel: "email", State: "unknown", At: at}, {Channel: "webhook", State: "held", At: at},
	}}
	want := "The digest of week 46: comment to OPS-12 sent 2026-11-16 00:01:00, mail on its way, mail perhaps arrived, webhook held."
	if got := digestWords(d); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
