package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/cmd/parley/internal/config"
)

// TestADiagnosisNamesNobodyWhereTheStoreFails has parley doctor look at stores that cannot be
// opened or read: what it tells of the failure goes to strangers.
func TestADiagnosisNamesNobodyWhereTheStoreFails(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "leila")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	strange := filepath.Join(dir, "hanna.db")
	if err := os.WriteFile(strange, []byte("this is no database, whatever its name is"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ url, says string }{
		"nobody listens":     {"postgres://leila:hunter2@127.0.0.1:1/hannasdb?connect_timeout=5", "connection refused"},
		"no such host":       {"postgres://leila:hunter2@db.acme.invalid/hannasdb", "its host has no address"},
		"a missing database": {"sqlite:" + filepath.Join(dir, "gone.db"), "there is nothing"},
		"no database":        {"sqlite:" + strange, "SQLite code 26"},
		"no address":         {"postgres://leila:hunter2@/hanna%zzdb", "it cannot be opened"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := &config.Config{Server: config.Server{Listen: "127.0.0.1:1"}, Store: config.Store{URL: c.url}}
			b := Options{Config: cfg}.memory(t.Context())
			said := strings.Join(b, "\n")
			if !strings.Contains(said, c.says) || !strings.Contains(said, "parley fsck tells why") {
				t.Errorf("says %q, want %q", said, c.says)
			}
			for _, private := range []string{"leila", "hanna", "hunter2", "acme", "127.0.0.1", dir} {
				if strings.Contains(said, private) {
					t.Errorf("names %q: %s", private, said)
				}
			}
		})
	}
}

// A lease ends in the future as long as it is held: nothing was "-5s ago".
func TestADiagnosisTellsWhatIsToComeAsSuch(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
	b := &body{now: now}
	for at, want := range map[time.Time]string{{}: "never", now: "0s ago", now.Add(-time.Minute): "1m0s ago", now.Add(5 * time.Second): "in 5s"} {
		if got := b.age(at); got != want {
			t.Errorf("%v: %q, want %q", at, got, want)
		}
	}
}
