package jira

import (
	"os"
	"regexp"
	"testing"
)

// TestTheVersionOfTheLibrary holds the pin: what is known of the library's traps was
// measured with this version, and it is the last that was tagged.
func TestTheVersionOfTheLibrary(t *testing.T) {
	t.Parallel()
	const want = "v1.17.0"
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	required := regexp.MustCompile(`(?m)^(?:require )?\s*github\.com/andygrunwald/go-jira(/v\d+)? (v\S+)`).FindAllStringSubmatch(string(mod), -1)
	if len(required) != 1 || required[0][1] != "" || required[0][2] != want {
		t.Errorf("go.mod requires %q of go-jira, want %s alone: measure the traps of docs/TRACKERS.md anew before it changes", required, want)
	}
	if replaced := regexp.MustCompile(`(?m)^(?:replace )?\s*github\.com/andygrunwald/go-jira\S*(?: \S+)? =>.*`).FindString(string(mod)); replaced != "" {
		t.Errorf("go.mod replaces go-jira: %s", replaced)
	}
}
