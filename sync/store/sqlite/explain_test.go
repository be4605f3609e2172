package sqlite

import (
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestExplainReadOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "parley.db")
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(), `UPDATE data_seq SET n = 1`)
	if err := explain(err); err == nil || !strings.Contains(err.Error(), "can only be read; give its user the right") {
		t.Errorf("explain = %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if other := errors.New("other"); !errors.Is(explain(other), other) {
		t.Errorf("explain(other) = %v", explain(other))
	}
}

// The driver is C turned into Go and fits exactly one version of its library;
// another one crashes at run time, which a build does not show.
func TestDriverHasItsOwnLibrary(t *testing.T) {
	t.Parallel()
	mod, err := os.ReadFile(filepath.Join(module(t, "modernc.org/sqlite", "Dir"), "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	want := regexp.MustCompile(`(?m)^\s*modernc\.org/libc (v\S+)`).FindSubmatch(mod)
	if want == nil {
		t.Fatal("the driver's go.mod names no modernc.org/libc")
	}
	if got := module(t, "modernc.org/libc", "Version"); got != string(want[1]) {
		t.Errorf("modernc.org/libc is %s, but the driver wants %s", got, want[1])
	}
}

// module gives a property of a module as this build uses it. (The binary of a
// test does not know the versions it is made of.)
func module(t *testing.T, path, property string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{."+property+"}}", path).Output()
	if err != nil {
		t.Fatalf("ask for module %s: %v", path, err)
	}
	return strings.TrimSpace(string(out))
}
