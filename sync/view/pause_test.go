package view_test

import (
	"strings"
	"testing"
	"time"

	"parley/sync/store"
	"parley/sync/view"
)

func TestAPauseIsToldInWords(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("Paris", 3600)
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for want, p := range map[string]store.Pause{
		"waiting for quota until 14:05, reads continue":                                               {Cause: store.PauseQuota, Class: "write"},
		"waiting for quota until 14:05, nothing is read or written":                                   {Cause: store.PauseQuota},
		"waiting for quota until 14:05, nothing new is read; writes continue":                         {Cause: store.PauseQuota, Class: "poll"},
		"waiting for quota until 14:05, nothing is read again; polls and writes continue":             {Cause: store.PauseQuota, Class: "slow"},
		"waiting for quota until 14:05, nothing is read in the background; polls and writes continue": {Cause: store.PauseQuota, Class: "background"},
		"waiting for quota until 14:05, single issues are not read; polls continue":                   {Cause: store.PauseQuota, Class: "card"},
		"waiting for quota until 14:05, acme/pay is not read; the rest continues":                     {Cause: store.PauseQuota, Endpoint: "poll acme/pay"},
		"waiting for quota until 14:05, nothing is created; the rest continues":                       {Cause: store.PauseQuota, Endpoint: "create"},
		"waiting for quota until 14:05, links is not asked for; the rest continues":                   {Cause: store.PauseQuota, Endpoint: "links"},
		"the credential is refused; nothing is asked before the next try at 14:05":                    {Cause: store.PauseRefused},
		"it does not work; the next try is at 14:05":                                                  {Cause: store.PauseFailing},
	} {
		p.Until = now.Add(65 * time.Minute)
		got := view.NewPause(p, view.Hours(now, zone))
		if got.Text != want || !got.Until.Equal(p.Until) || got.Cause != string(p.Cause) || got.Waits == "" {
			t.Errorf("%+v, want %q", got, want)
		}
	}
	if got := view.NewPause(store.Pause{Cause: store.PauseRefused, Until: now.Add(20 * time.Hour)}, view.Hours(now, nil)); !strings.HasSuffix(got.Text, "08:00 on 23 Nov") {
		t.Errorf("of tomorrow: %q", got.Text)
	}
	if got := view.NewPause(store.Pause{Cause: store.PauseRefused, Until: now.Add(65 * time.Minute)}, view.Moments(zone)); !strings.HasSuffix(got.Text, "2026-11-22 14:05:00") {
		t.Errorf("as printed: %q", got.Text)
	}
	if got := view.NewPause(store.Pause{Cause: store.PauseLocked, Why: "CAPTCHA"}, view.Hours(now, nil)); !strings.Contains(got.Text, "restarts Parley") || !got.Until.IsZero() || got.Why != "CAPTCHA" {
		t.Errorf("locked: %+v", got)
	}
}

func TestFreshnessTellsPauses(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	text, err := store.EncodePauses([]store.Pause{
		{Tracker: "github", Cause: store.PauseQuota, Class: "write", Since: now, Until: now.Add(time.Hour)},
		{Tracker: "github", Cause: store.PauseQuota, Class: "card", Since: now, Until: now.Add(3 * time.Second)}, // nobody needs to know
		{Tracker: "github", Cause: store.PauseFailing, Since: now.Add(-time.Hour), Until: now},                   // is over
		{Tracker: "jira", Cause: store.PauseQuota, Since: now, Until: now.Add(time.Hour)},                        // is not configured
		{Tracker: "github", Cause: store.PauseLocked, Since: now, Why: "CAPTCHA"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.store.SetSetting(t.Context(), store.SettingPauses, text); err != nil {
		t.Fatal(err)
	}
	board, err := b.views.Board(t.Context(), view.Query{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, f := range board.Freshness {
		for _, p := range f.Pauses {
			got[f.Tracker+" "+p.Cause]++
		}
	}
	if len(got) != 2 || got["github quota"] != 1 || got["github locked"] != 1 {
		t.Errorf("told: %v", got)
	}
}

// Where the account may not write is told with the pauses, for as long as it is so.
func TestFreshnessTellsWhereNothingCanBeWritten(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	text, err := store.EncodePauses([]store.Pause{{Tracker: "github", Endpoint: "acme/pay", Cause: store.PauseDenied, Since: now.Add(-time.Hour), Why: "Must have push access"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.store.SetSetting(t.Context(), store.SettingDenied, text); err != nil {
		t.Fatal(err)
	}
	board, err := b.views.Board(t.Context(), view.Query{})
	if err != nil {
		t.Fatal(err)
	}
	var told []view.Pause
	for _, f := range board.Freshness {
		told = append(told, f.Pauses...)
	}
	if len(told) != 1 || told[0].Cause != "denied" || told[0].Waits != "writes to acme/pay" || told[0].Why != "Must have push access" ||
		!strings.HasPrefix(told[0].Text, "writes to acme/pay are refused since ") || !told[0].Until.IsZero() {
		t.Errorf("told: %+v", told)
	}
}
