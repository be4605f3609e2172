package connectors

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTheTableOfFindingsIsTrue holds docs/TRACKERS.md to the code: every finding has one
// row, and a test that exists or a word of what is missing.
func TestTheTableOfFindingsIsTrue(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/TRACKERS.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`(?m)^\| ([JG]\d[\w.]*) \|(.*)\|$`)
	proof := regexp.MustCompile(`([a-z][a-z/]*): (Test\w+)`)
	seen := map[string]bool{}
	for _, m := range row.FindAllStringSubmatch(string(page), -1) {
		id, rest := m[1], m[2]
		if seen[id] {
			t.Errorf("%s has two rows", id)
		}
		seen[id] = true
		proofs := proof.FindAllStringSubmatch(rest, -1)
		if gap := strings.Contains(rest, "GAP "); gap == (len(proofs) > 0) {
			t.Errorf("%s: want a test or a GAP, and not both: %s", id, rest)
		}
		for _, p := range proofs {
			if !defined(t, p[1], p[2]) {
				t.Errorf("%s: %s has no %s", id, p[1], p[2])
			}
		}
	}
	if len(seen) < 150 {
		t.Errorf("%d rows: the table was not read", len(seen))
	}
}

// defined reports whether a package has a test.
func defined(t *testing.T, pkg, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", filepath.FromSlash(pkg), "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "func "+name+"(") {
			return true
		}
	}
	return false
}
