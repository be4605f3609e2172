package runner

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"parley/sync/store"
)

// processes tells from the leases that stand which processes there are, by owner.
func processes(leases []store.Lease, now time.Time) []Process {
	of := map[string]*Process{}
	for _, l := range leases {
		if rest, is := strings.CutPrefix(l.Name, leaseProcess); is && l.Until.After(now) {
			config, _, _ := strings.Cut(rest, "/")
			of[l.Owner] = &Process{Owner: l.Owner, Config: config}
		}
	}
	for _, l := range leases {
		p := of[l.Owner]
		switch {
		case p == nil || !l.Until.After(now):
		case l.Name == store.LeaseRunner:
			p.Decides = true
		case strings.HasPrefix(l.Name, leaseCard("")):
			p.Cards++
		}
	}
	out := make([]Process, 0, len(of))
	for _, p := range of {
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b Process) int { return cmp.Compare(a.Owner, b.Owner) })
	return out
}
