package view_test

import (
	"testing"
	"time"

	"parley/sync/store"
	"parley/sync/view"
)

func TestHowFarHistoriesAreIsToldInWords(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("Paris", 3600)
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	quota := store.Pause{Tracker: "github", Cause: store.PauseQuota, Until: at.Add(65 * time.Minute)}
	progress := func(issues, whole, refused, before int, since time.Duration) store.HistoryProgress {
		p := store.HistoryProgress{HistoryTally: store.HistoryTally{Issues: issues, Whole: whole, Refused: refused}, Before: before, At: at}
		if since > 0 {
			p.Since = at.Add(-since)
		}
		return p
	}
	for want, c := range map[string]struct {
		p      store.HistoryProgress
		paused store.Pause
	}{
		"": {progress(29057, 29057, 0, 0, time.Hour), quota},
		"History: 3,200 of 29,057 issues, about 81 minutes left":                                        {progress(29057, 3200, 0, 0, 10*time.Minute), store.Pause{}},
		"History: 3,200 of 29,057 issues, about 4 hours left":                                           {progress(29057, 3200, 0, 3000, 2*time.Minute), store.Pause{}},
		"History: 3,200 of 29,057 issues, about 3 days left":                                            {progress(29057, 3200, 0, 3100, 17*time.Minute), store.Pause{}},
		"History: 5 of 1,234,567 issues":                                                                {progress(1234567, 5, 0, 0, time.Hour), store.Pause{}},
		"History: 900 of 1,000 issues":                                                                  {progress(1000, 900, 0, 0, 30*time.Second), store.Pause{}},
		"History: 999 of 1,000 issues, less than a minute left":                                         {progress(1000, 999, 0, 0, time.Hour), store.Pause{}},
		"History: 980 of 1,000 issues, about a minute left":                                             {progress(1000, 980, 0, 0, 49*time.Minute), store.Pause{}},
		"History: 3,200 of 29,057 issues, waiting for quota until 14:05":                                {progress(29057, 3200, 0, 0, time.Minute), quota},
		"History: 3,200 of 29,057 issues, waiting for the tracker":                                      {progress(29057, 3200, 0, 0, time.Minute), store.Pause{Tracker: "github", Cause: store.PauseFailing, Until: at.Add(time.Minute)}},
		"History: 9 of 11 issues; that of 2 issues cannot be read":                                      {progress(11, 9, 2, 0, time.Hour), store.Pause{}},
		"History: 500 of 1,011 issues, about 6 minutes left; that of 1 issue cannot be read":            {progress(1011, 500, 1, 0, 6*time.Minute), store.Pause{}},
		"History: 500 of 1,011 issues, waiting for quota until 14:05; that of 11 issues cannot be read": {progress(1011, 500, 11, 0, 6*time.Minute), quota},
	} {
		if got := view.HistoryText("github", c.p, []store.Pause{c.paused}, at, view.Hours(at, zone)); got != want {
			t.Errorf("%+v: %q, want %q", c.p, got, want)
		}
	}
}

func TestFreshnessTellsHowFarHistoriesAre(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	told := func(p store.HistoryProgress, pauses ...store.Pause) string {
		t.Helper()
		text, err := store.EncodeHistory(p)
		if err != nil {
			t.Fatal(err)
		}
		list, err := store.EncodePauses(pauses)
		if err != nil {
			t.Fatal(err)
		}
		for key, value := range map[string]string{store.SettingHistory + "github": text, store.SettingPauses: list} {
			if err := b.store.SetSetting(t.Context(), key, value); err != nil {
				t.Fatal(err)
			}
		}
		board, err := b.views.Board(t.Context(), view.Query{})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range board.Freshness {
			if f.Tracker == "github" {
				return f.History
			}
		}
		return "no such tracker"
	}
	p := store.HistoryProgress{HistoryTally: store.HistoryTally{Issues: 100, Whole: 40}, Since: now.Add(-20 * time.Minute), At: now}
	if got := told(p); got != "History: 40 of 100 issues, about 30 minutes left" {
		t.Errorf("told %q", got)
	}
	pause := func(class, endpoint string, d time.Duration) store.Pause {
		return store.Pause{Tracker: "github", Cause: store.PauseQuota, Class: class, Endpoint: endpoint, Since: now, Until: now.Add(d)}
	}
	hour := now.Add(time.Hour).Format("15:04")
	if got := told(p, pause("background", "", time.Hour), pause("", "history", time.Minute)); got != "History: 40 of 100 issues, waiting for quota until "+hour {
		t.Errorf("told %q", got)
	}
	if got := told(p, pause("write", "", time.Hour), pause("", "links", time.Hour)); got != "History: 40 of 100 issues, about 30 minutes left" {
		t.Errorf("what does not concern it: %q", got)
	}
	p.Whole = 100
	if got := told(p); got != "" {
		t.Errorf("at the end: %q", got)
	}
}
