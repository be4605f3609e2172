package github

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley/connectors"
)

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ url, repo, words string }{
		{"https://api.github.com", "acme/infra", ""},
		{"https://host/api/v3", "acme/.github", ""},
		{"http://127.0.0.1:8080/api/v3/", "a-b/c_d.e", ""},
		{"api.github.com", "acme/infra", "http(s)"},
		{"ftp://host", "acme/infra", "http(s)"},
		{"https://bob:pass@host", "acme/infra", "user or password"},
		{"https://host/?token=pass", "acme/infra", "?"},
		{"https://host:no", "acme/infra", "not an address"},
		{"https://h", "infra", "owner/name"},
		{"https://h", "acme/..", "owner/name"},
		{"https://h", "acme/in/fra", "owner/name"},
		{"https://h", "acme/in fra?", "owner/name"},
	} {
		_, err := New(Config{URL: tc.url, Repos: []string{tc.repo}})
		switch {
		case tc.words == "" && err != nil:
			t.Errorf("%s %s: %v", tc.url, tc.repo, err)
		case tc.words != "" && (err == nil || !strings.Contains(err.Error(), tc.words) || strings.Contains(err.Error(), "pass@")):
			t.Errorf("%s %s: %v, want %q", tc.url, tc.repo, err, tc.words)
		}
	}
	if _, err := New(Config{URL: "https://h", Repos: []string{"a/b", "A/B"}}); err == nil {
		t.Error("the same repository twice was accepted")
	}
}

func TestRootIsUsedAsWritten(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"", "/", "/api/v3", "/api/v3/"} {
		want := strings.TrimSuffix(path, "/") + "/repos/Acme/infra/issues/7"
		f := newFake(t, map[string]reply{"GET " + want + "?": {body: issueRow(7, testStart(), "")}})
		if _, err := f.client(t, path).Read(bg(), ref(7, "5000000007")); err != nil {
			t.Errorf("%q: %v, asked %v", path, err, f.asked())
		}
		if h := f.head[0]; h.Get("Authorization") != "Bearer "+secret || h.Get("X-GitHub-Api-Version") == "" {
			t.Errorf("%q: headers %v", path, h)
		}
	}
}

func TestNextPage(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ link, want string }{
		{``, ``},
		{`<https://h/x?page=2>; rel="next", <https://h/x?page=9>; rel="last"`, `https://h/x?page=2`},
		{`<https://h/x?page=1>; rel="prev", <https://h/x?after=Y3Vy%3D>; rel="next"`, `https://h/x?after=Y3Vy%3D`},
		{`<https://h/x?labels=a,b&page=2>;rel=next`, `https://h/x?labels=a,b&page=2`},
		{`<https://h/x?page=1>; rel="prev",<https://h/x?page=3>; title="a"; rel="last next"`, `https://h/x?page=3`},
		{`<https://h/x?page=1>; rel="first"`, ``},
		{`<https://h/x`, ``},
		{`nonsense; rel="next"`, ``},
		{`<>; rel="next"`, ``},
	} {
		if got := nextPage(http.Header{"Link": {tc.link}}); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.link, got, tc.want)
		}
	}
}

func TestSameRoot(t *testing.T) {
	t.Parallel()
	base, _ := url.Parse("https://host/api/v3/")
	for raw, ok := range map[string]bool{
		"https://host/api/v3/repositories/1/issues?page=2": true,
		"https://HOST/api/v3/user":                         true,
		"http://host/api/v3/user":                          false,
		"https://evil/api/v3/user":                         false,
		"https://host@evil/api/v3/user":                    false,
		"https://x@host/api/v3/user":                       false,
		"https://host:444/api/v3/user":                     false,
		"https://host/elsewhere":                           false,
		"https://host/api/v3/../../admin":                  false,
		"https://host/api/v3/%2e%2e/admin":                 false,
		"//host/api/v3/user":                               false,
		"repos/a/b":                                        false,
		"://":                                              false,
	} {
		if err := sameRoot(base, raw); (err == nil) != ok {
			t.Errorf("%s: %v", raw, err)
		}
	}
}

// An address without a scheme names a host all the same: the credential goes to none but
// the configured one, whatever a list says of its next page.
func TestNoPageIsOnAnotherHost(t *testing.T) {
	t.Parallel()
	thief := newFake(t, nil)
	for _, next := range []string{thief.URL + "/x", "//" + strings.TrimPrefix(thief.URL, "http://") + "/x"} {
		f := newFake(t, map[string]reply{"GET /repos/Acme/infra/issues/7/comments?": {header: map[string]string{"Link": "<" + next + `>; rel="next"`}, body: "[]"}})
		_, err := f.client(t, "").ListComments(bg(), connectors.CommentSearch{Issue: ref(7, "5000000007")})
		wantError(t, err, connectors.Malformed)
	}
	c := thief.client(t, "")
	_, err := c.do(bg(), get("read a page", "//localhost:1/x"))
	wantError(t, err, connectors.Malformed)
	if asked := thief.asked(); len(asked) != 0 {
		t.Errorf("another host was asked %q", asked)
	}
}
