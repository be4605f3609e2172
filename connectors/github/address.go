package github

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// restRoot reads the REST root and gives it the closing slash that relative
// addresses need.
func restRoot(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil {
		// The cause repeats the text, which may hold a password.
		return nil, errors.New("url: not an address; write for example https://api.github.com")
	}
	switch {
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return nil, errors.New("url: needs http(s) and a host; write for example https://api.github.com or https://host/api/v3")
	case u.User != nil:
		return nil, errors.New("url: must not hold a user or password; put the token into token")
	case u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("url: must end with the path; remove what follows ? or #")
	}
	return u.JoinPath("/"), nil
}

// repoName is what GitHub allows; it also keeps the name inside its own part of
// a request's path.
var repoName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*/[A-Za-z0-9_.-]+$`)

func checkRepo(repo string) error {
	if !repoName.MatchString(repo) || strings.HasSuffix(repo, "/.") || strings.HasSuffix(repo, "/..") {
		return fmt.Errorf("%q is not a repository; write owner/name", repo)
	}
	return nil
}

func checkRepos(repos []string) error {
	seen := map[string]bool{}
	for _, r := range repos {
		if err := checkRepo(r); err != nil {
			return fmt.Errorf("repos: %w", err)
		}
		if seen[strings.ToLower(r)] {
			return fmt.Errorf("repos: %q is listed twice", r)
		}
		seen[strings.ToLower(r)] = true
	}
	return nil
}

// sameRoot fails for an address that does not lie below the REST root: the
// credential goes nowhere else, whatever an answer or a stored token says.
func sameRoot(base *url.URL, raw string) error {
	u, err := url.Parse(raw)
	if err != nil {
		return errors.New("the next page's address cannot be read")
	}
	if u.Scheme != base.Scheme || !strings.EqualFold(u.Host, base.Host) || u.User != nil {
		return fmt.Errorf("the next page is on another host, %.80q instead of %q", u.Host, base.Host)
	}
	if !strings.HasPrefix(u.Path, base.Path) || strings.Contains(u.Path, "/../") {
		return fmt.Errorf("the next page lies outside of %s", base.Path)
	}
	return nil
}

// nextPage is the address with rel="next" in the Link headers, "" at the end.
// The address is taken as it is: large lists continue by cursors (after=) and
// carry no page number.
func nextPage(h http.Header) string {
	for _, line := range h.Values("Link") {
		for line != "" {
			var addr, params string
			addr, params, line = cutLink(line)
			if addr != "" && isNext(params) {
				return addr
			}
		}
	}
	return ""
}

// cutLink takes the first <address>; params off a Link header. Addresses may
// hold commas, so only the one after the parameters separates.
func cutLink(line string) (addr, params, rest string) {
	_, after, ok := strings.Cut(line, "<")
	if !ok {
		return "", "", ""
	}
	addr, after, ok = strings.Cut(after, ">")
	if !ok {
		return "", "", ""
	}
	if params, rest, ok = strings.Cut(after, ",<"); ok {
		return addr, params, "<" + rest
	}
	if params, rest, ok = strings.Cut(after, ", <"); ok {
		return addr, params, "<" + rest
	}
	return addr, after, ""
}

func isNext(params string) bool {
	for p := range strings.SplitSeq(params, ";") {
		k, v, _ := strings.Cut(strings.TrimSpace(p), "=")
		if strings.EqualFold(k, "rel") {
			for rel := range strings.FieldsSeq(strings.Trim(strings.TrimSpace(v), `"`)) {
				if strings.EqualFold(rel, "next") {
					return true
				}
			}
		}
	}
	return false
}
