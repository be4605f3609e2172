package github

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"parley/connectors"
	"parley/connectors/transport"
)

// A list whose end never comes is given up before it fills the memory.
func TestEndlessListsAreGivenUp(t *testing.T) {
	t.Parallel()
	for name, read := range map[string]func(*Client) error{
		"comments": func(c *Client) error {
			_, err := c.ListComments(bg(), connectors.CommentSearch{Issue: ref(7, "")})
			return err
		},
		"own issues": func(c *Client) error {
			_, err := c.Created(bg(), connectors.Search{Container: "Acme/infra"})
			return err
		},
		"labels": func(c *Client) error { _, err := c.labels(bg(), "Acme/infra"); return err },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var pages atomic.Int64
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				n := pages.Add(1)
				if n > 2*maxListed {
					w.WriteHeader(http.StatusTeapot)
					return
				}
				w.Header().Set("Link", fmt.Sprintf(`<http://%s%s?page=%d>; rel="next"`, r.Host, r.URL.Path, n+1))
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write([]byte("[]"))
			}))
			t.Cleanup(srv.Close)
			c, err := New(Config{Name: "gh", URL: srv.URL, Login: "parley-bot", Repos: []string{"Acme/infra"}, HTTP: transport.New(transport.Options{Retries: -1}), Now: testStart})
			if err != nil {
				t.Fatal(err)
			}
			if e := wantError(t, read(c), connectors.Malformed); !strings.Contains(e.Message, "does not end") || pages.Load() > maxListed+1 {
				t.Errorf("%v after %d pages", e, pages.Load())
			}
		})
	}
}
