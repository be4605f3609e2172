package app

import (
	"testing"
	"time"

	"parley/sync/view"
)

// TestADigestGoesOutInSpiteOfWhatMayBeMissingForEver and of nothing else, and not before its
// patience is over: a store that was lost is filled again first.
func TestADigestGoesOutInSpiteOfWhatMayBeMissingForEver(t *testing.T) {
	t.Parallel()
	a, _ := stored(t)
	fails, comes := view.Unread{Tracker: "jira", Histories: 2, Failing: 2}, view.Unread{Tracker: "jira", Histories: 2000, Failing: 2}
	never := view.Unread{Tracker: "github", Never: true}
	for name, c := range map[string]struct {
		lacked  time.Duration // by what this process knows; 0: nothing is missing
		overdue bool
		missing []view.Unread
		want    bool
	}{
		"all is read":                             {0, false, nil, true},
		"all was read, and something is missing":  {0, true, []view.Unread{fails}, false},
		"a history fails":                         {time.Hour, false, []view.Unread{fails}, false},
		"a history fails, and it is noon":         {time.Hour, true, []view.Unread{fails}, true},
		"just after the start":                    {wholeFor - time.Second, true, []view.Unread{fails}, false},
		"histories come in":                       {time.Hour, true, []view.Unread{comes}, false},
		"they come in, and another tracker fails": {time.Hour, true, []view.Unread{fails, comes}, false},
		"they have come in for as long":           {view.DigestPatience, true, []view.Unread{comes}, true},
		"a tracker was never read":                {time.Hour, true, []view.Unread{never}, false},
		"and has not been for as long":            {view.DigestPatience, true, []view.Unread{never}, true},
		"nothing is missing any more":             {time.Hour, true, nil, false},
	} {
		now := a.Now()
		a.Options.Now = func() time.Time { return now }
		p := newPostman(a)
		if p.whole = now.Add(-time.Hour); c.lacked > 0 {
			p.whole, p.lacks = time.Time{}, now.Add(-c.lacked)
		}
		if got := p.dares(view.PeriodDigest{Missing: c.missing, Overdue: c.overdue}); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
