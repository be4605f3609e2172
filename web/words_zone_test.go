package web

import (
	"strings"
	"testing"
	"time"
)

func TestPagesTellTimesInTheirZone(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC)
	for want, zone := range map[string]*time.Location{"22 Nov 23:30 UTC": nil, "23 Nov 00:30 CET": time.FixedZone("CET", 3600)} {
		got, err := mustPages(mustStatic(), zone).fragment("log", []map[string]any{{"At": at, "Where": "", "Who": "", "Text": "", "Card": ""}})
		if wanted := "<time>" + want + "</time>"; err != nil || !strings.Contains(got, wanted) {
			t.Errorf("%v: got %s, want %s", err, got, wanted)
		}
	}
}
