package jirasim

import (
	"cmp"
	"strings"
	"time"
)

// Deployment is the product that a site is.
type Deployment uint8

// The products.
const (
	Cloud      Deployment = iota // Jira Cloud
	DataCenter                   // Jira Data Center 10.3
)

// Version is what serverInfo of a Data Center site tells.
const Version = "10.3.24"

// Defaults of a Data Center's settings.
const (
	pageMost     = 1000   // jira.search.views.default.max
	searchWindow = 10_000 // max_result_window of the search platform
	captchaAfter = 3      // failed sign-ins
)

func (o Options) withDefaults() Options {
	o.PageMost = cmp.Or(o.PageMost, pageMost)
	o.SearchWindow = cmp.Or(o.SearchWindow, searchWindow)
	o.CaptchaAfter = cmp.Or(o.CaptchaAfter, captchaAfter)
	o.CloudID = cmp.Or(o.CloudID, "11223344-a1b2-4c33-d444-ef1234567890")
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	o.BaseURL = strings.TrimRight(o.BaseURL, "/")
	return o
}

// server reports whether the site is a Data Center's.
func (s *Site) server() bool { return s.opts.Deployment == DataCenter }

// grain is how fine a search knows "updated" and "created": Data Center's index
// keeps whole seconds.
func (s *Site) grain(t time.Time) time.Time {
	if s.server() {
		return t.Truncate(time.Second)
	}
	return t
}
