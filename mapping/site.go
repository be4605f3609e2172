package mapping

import (
	"net/url"
	"slices"
	"strings"

	"parley/connectors"
)

// site is a tracker as people see it in a browser.
type site struct {
	tracker string
	kind    connectors.Kind
	bases   []*url.URL
}

// newSite takes the configured addresses, and the one that the tracker itself tells:
// where it is asked need not be where people look at it.
func newSite(c TrackerConfig, dir *connectors.Directory) site {
	s := site{tracker: c.Name, kind: connectors.Kind(c.Kind)}
	bases := c.BaseURLs
	if dir != nil {
		bases = append(slices.Clip(bases), dir.Web)
	}
	for _, base := range bases {
		if u, err := url.Parse(base); err == nil && u.Host != "" {
			s.bases = append(s.bases, u)
		}
	}
	return s
}

// within gives the part of u's path below one of the site's addresses.
func (s site) within(u *url.URL) (string, bool) {
	for _, base := range s.bases {
		if !strings.EqualFold(host(base), host(u)) {
			continue
		}
		rest, ok := strings.CutPrefix(u.Path, strings.TrimSuffix(base.Path, "/")+"/")
		if ok {
			return rest, true
		}
	}
	return "", false
}

// host is the host without the port that goes without saying.
func host(u *url.URL) string {
	h := strings.TrimPrefix(u.Host, "www.")
	return strings.TrimSuffix(strings.TrimSuffix(h, ":443"), ":80")
}
