package simulate

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPropertiesAreHeld holds the table of properties to the code: each of P1 to P30 is
// judged here, or held by a test that exists.
func TestPropertiesAreHeld(t *testing.T) {
	t.Parallel()
	all := Properties()
	if len(all) != 30 {
		t.Errorf("%d properties, the specification has 30", len(all))
	}
	for _, p := range all {
		if (p.check == nil) == (p.Where == "") {
			t.Errorf("%s is held by nothing, or by two", p.ID)
		}
		if p.Where == "" {
			continue
		}
		folder, name, elsewhere := strings.Cut(p.Where, ": ")
		if !elsewhere {
			folder, name = "sync/simulate", p.Where
		}
		if !declared(t, filepath.Join("..", "..", folder), name) {
			t.Errorf("%s is said to be held by %s, which does not exist in %s", p.ID, name, folder)
		}
	}
}

// declared reports whether a folder has a test of that name.
func declared(t *testing.T, folder, name string) bool {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(folder, "*_test.go"))
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "\nfunc "+name+"(") {
			return true
		}
	}
	return false
}
