package simulate

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// documented is the table of docs/RELIABILITY.md as the code would have it.
func documented() string {
	var b strings.Builder
	for _, p := range Properties() {
		where := "every run of `sync/simulate`, by `checkP" + strings.TrimPrefix(p.ID, "P") + "`"
		if p.Where != "" {
			where = "`" + p.Where + "`"
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", p.ID, p.Says, where)
	}
	return b.String()
}

// TestPropertiesAreDocumented holds the table of docs/RELIABILITY.md to Properties.
func TestPropertiesAreDocumented(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/RELIABILITY.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), documented()) {
		t.Errorf("docs/RELIABILITY.md has another table; it should end with\n%s", documented())
	}
}
