package app

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/sync/store"
)

func TestACheckTellsHowFarHistoriesAre(t *testing.T) {
	t.Parallel()
	a, _ := stored(t)
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	o := Options{Config: a.Config, Now: func() time.Time { return now }}
	for whole, want := range map[int][]string{
		50:  {"github: History: 50 of 100 issues, about 20 minutes left"},
		100: nil,
	} {
		text, err := store.EncodeHistory(store.HistoryProgress{HistoryTally: store.HistoryTally{Issues: 100, Whole: whole}, Since: now.Add(-20 * time.Minute)})
		if err == nil {
			err = a.Store.SetSetting(t.Context(), store.SettingHistory+"github", text)
		}
		if err != nil {
			t.Fatal(err)
		}
		got, err := Histories(t.Context(), o)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	}
}
