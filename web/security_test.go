package web

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTheSecurityDocumentIsTrue holds docs/SECURITY.md to the code: the tests that it names
// are there.
func TestTheSecurityDocumentIsTrue(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`([a-z/]+): (Test[A-Za-z]+)`").FindAllStringSubmatch(string(text), -1)
	if len(named) < 40 {
		t.Errorf("only %d tests are named", len(named))
	}
	for _, n := range named {
		files, err := filepath.Glob("../" + n[1] + "/*_test.go")
		if err != nil || len(files) == 0 {
			t.Errorf("there is no package %s: %v", n[1], err)
		}
		found := false
		for _, file := range files {
			code, err := os.ReadFile(file)
			found = found || err == nil && strings.Contains(string(code), "func "+n[2]+"(t *testing.T)")
		}
		if !found {
			t.Errorf("there is no %s in %s", n[2], n[1])
		}
	}
}
