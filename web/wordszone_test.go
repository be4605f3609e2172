package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/sync/view"
)

func TestPagesTellTimesInTheirZone(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC)
	for want, zone := range map[string]*time.Location{"22 Nov 23:30 UTC": nil, "23 Nov 00:30 CET": time.FixedZone("CET", 3600)} {
		got, err := mustPages(mustStatic(), zone).fragment("account", []view.Line{{At: at, Text: "moved"}})
		if wanted := ">" + want + "</time>"; err != nil || !strings.Contains(got, wanted) {
			t.Errorf("%v: got %s, want %s", err, got, wanted)
		}
	}
}

// What nobody is known to have set is not told as set when the issue was last updated.
func TestACardPageTellsWhatWasFirstSeen(t *testing.T) {
	t.Parallel()
	w := newWorld()
	full(w)
	w.tell = func(ex *view.Explanation) {
		f := &ex.Fields[0]
		f.First, f.By = true, "first seen in Jira"
		f.Lost[0].Loser.First, f.Lost[0].Loser.Who = true, ""
	}
	html := page(t, w.handler(), "/card/acme%2Fshop%232", http.StatusOK)
	contains(t, html, []string{
		"As it was when first seen in Jira; the issue was last updated 22 Nov 12:00 UTC.",
		`<td>first seen in GitHub</td><td>last updated 22 Nov 12:00 UTC</td>`, `<td>Ada in Jira</td><td>22 Nov 12:00 UTC</td>`,
	}, []string{"Set by first seen"})
}
