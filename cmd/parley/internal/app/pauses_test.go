package app

import (
	"errors"
	"strings"
	"testing"
	"time"

	"parley/kanban"
	"parley/mapping"
	"parley/sync/store"
	"parley/sync/store/open"
)

func TestACheckTellsOfPauses(t *testing.T) {
	t.Parallel()
	a, _ := stored(t)
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	o := Options{Config: a.Config, Now: func() time.Time { return now }}
	tell := func(list ...store.Pause) []mapping.Problem {
		t.Helper()
		text, err := store.EncodePauses(list)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Store.SetSetting(t.Context(), store.SettingPauses, text); err != nil {
			t.Fatal(err)
		}
		found, err := Pauses(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	if found := tell(); len(found) != 0 {
		t.Errorf("told of no pauses: %+v", found)
	}
	found := tell(
		store.Pause{Tracker: "github", Cause: store.PauseQuota, Class: "write", Until: now.Add(65 * time.Minute), Why: "slow down"},
		store.Pause{Tracker: "github", Cause: store.PauseFailing, Until: now},
		store.Pause{Tracker: "elsewhere", Cause: store.PauseLocked},
	)
	if len(found) != 1 || found[0].Path != "github[0]" || found[0].Severity != mapping.Warning || found[0].Fix != "slow down" ||
		!strings.Contains(found[0].Message, "waiting for quota until "+kanban.Moment(now.Add(65*time.Minute), a.Zone())+", ") || !strings.HasSuffix(found[0].Message, "reads continue") {
		t.Errorf("told: %+v", found)
	}
}

func TestACheckTellsWhereNothingCanBeWritten(t *testing.T) {
	t.Parallel()
	a, _ := stored(t)
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	text, err := store.EncodePauses([]store.Pause{{Tracker: "github", Endpoint: "acme/pay", Cause: store.PauseDenied, Since: now.Add(-time.Hour), Why: "let the account push"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Store.SetSetting(t.Context(), store.SettingDenied, text); err != nil {
		t.Fatal(err)
	}
	found, err := Pauses(t.Context(), Options{Config: a.Config, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 || found[0].Path != "github[0]" || !strings.Contains(found[0].Message, "writes to acme/pay are refused since "+kanban.Moment(now.Add(-time.Hour), a.Zone())+":") || found[0].Fix != "let the account push" {
		t.Errorf("told: %+v", found)
	}
}

// TestACheckLooksIntoAStoreOnAServer: it tells what stands in it, makes none where there is
// none, and says where it cannot be opened.
func TestACheckLooksIntoAStoreOnAServer(t *testing.T) {
	t.Parallel()
	on := func(url string) string { return strings.Replace(settings, "sqlite:parley.db", url, 1) }
	a, _ := storedBy(t, on(server.Address(t)))
	text, err := store.EncodePauses([]store.Pause{{Tracker: "github", Cause: store.PauseLocked, Why: "sign in"}})
	if err == nil {
		err = a.Store.SetSetting(t.Context(), store.SettingPauses, text)
	}
	if err != nil {
		t.Fatal(err)
	}
	if found, err := Pauses(t.Context(), Options{Config: a.Config}); err != nil || len(found) != 1 || found[0].Fix != "sign in" {
		t.Errorf("told: %+v, %v", found, err)
	}
	c := *a.Config
	c.Store.URL = server.Address(t)
	for range 2 { // the second one would find what the first had made
		if found, err := Pauses(t.Context(), Options{Config: &c}); err != nil || len(found) != 0 {
			t.Errorf("of no store: %+v, %v", found, err)
		}
	}
	if _, err := open.At(t.Context(), c.Store.URL, store.AsItIs); !errors.Is(err, store.ErrNothing) {
		t.Errorf("a check has made a store: %v", err)
	}
	c.Store.URL = "postgres://parley@localhost/parley?host=" + t.TempDir()
	if _, err := Pauses(t.Context(), Options{Config: &c}); err == nil {
		t.Error("nobody says that the store cannot be opened")
	}
}
