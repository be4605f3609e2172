package app

import (
	"net/http"
	"testing"

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
