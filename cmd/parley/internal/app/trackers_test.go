package app

import (
	"net/http"
	"testing"

	"parley/cmd/parley/internal/config"
	"parley/connectors"
	"parley/connectors/transport"
)

func TestOneCredentialIsOneClient(t *testing.T) {
	t.Parallel()
	made := 0
	line := func() transport.Options { made++; return gitHubLine() }
	c := clients{made: map[string]*http.Client{}}
	const host = "https://api.github.com"
	one := c.of(host, account(host, "", "t1"), line)
	if c.of(host+"/", account("https://API.github.com", "", "t1"), line) != one {
		t.Error("two tables with one token have two budgets")
	}
	if c.of(host, account(host, "", "t2"), line) == one || c.of("https://ghe.example/api/v3", account("https://ghe.example/api/v3", "", "t1"), line) == one {
		t.Error("another token, or another host, shares the budget")
	}
	if made != 3 {
		t.Errorf("%d budgets, want 3", made)
	}
	c.of("http://127.0.0.1:8080", account("http://127.0.0.1:8080", "", "t1"), line)
	if made != 3 {
		t.Error("a simulator is asked slowly")
	}
	if jiraLine().WriteGap != 0 || gitHubLine().WriteGap != writeGap {
		t.Error("the pause between writes is GitHub's alone")
	}
}

// The people of the configuration are those whom a GitHub goes on to know under another login.
func TestPeopleAreKnownByTheirNumbers(t *testing.T) {
	t.Parallel()
	a, _ := stored(t)
	c := *a.Config
	c.Person = []config.Person{{Name: "Ben", Jira: "ben-1", GitHub: "Ben"}, {Name: "Cleo", Jira: "cleo-1"}}
	trackers, err := connect(Options{Config: &c})
	if err != nil {
		t.Fatal(err)
	}
	known := 0
	for _, tracker := range trackers {
		knows, ok := tracker.Tracker.(connectors.Knowing)
		if !ok {
			continue
		}
		knows.Know(map[string]int64{"ben": 7, "zoe": 8})
		numbers, _ := knows.Numbers()
		if known++; len(numbers) != 1 || numbers["ben"] != 7 {
			t.Errorf("%s knows %v", tracker.Name, numbers)
		}
	}
	if known == 0 {
		t.Error("no GitHub is configured: the test proves nothing")
	}
}
