package githubsim

import (
	"net/http"
	"time"

	"parley/connectors/sim"
)

// Faults are the hub's faults by name.
func (h *Hub) Faults() []sim.Kind {
	named := func(name, about string, fault func() sim.Fault) sim.Kind {
		return sim.Kind{Name: name, About: about, Make: func() sim.Fault {
			f := fault()
			f.Name = name
			return f
		}}
	}
	all := []sim.Kind{
		named("primary-limit", "403, the hour is used up for another 30 s", func() sim.Fault { return PrimaryLimit(http.StatusForbidden, h.now().Add(30*time.Second)) }),
		named("primary-limit-429", "the same with 429", func() sim.Fault {
			return PrimaryLimit(http.StatusTooManyRequests, h.now().Add(30*time.Second))
		}),
		named("secondary-limit", "403, too much at once, Retry-After 5", func() sim.Fault { return SecondaryLimit(http.StatusForbidden, 5*time.Second) }),
		named("no-retry-after", "429, too much at once, without Retry-After", func() sim.Fault { return SecondaryLimit(http.StatusTooManyRequests, 0) }),
		named("outage", "502 with a page of HTML", func() sim.Fault { return Outage(http.StatusBadGateway) }),
		named("unavailable", "503 with a page of HTML", func() sim.Fault { return Outage(http.StatusServiceUnavailable) }),
		named("half-body", "the connection ends in the middle of the answer", func() sim.Fault { return sim.Fault{Half: true} }),
		named("lost-answer", "done, but the connection ends before the answer", func() sim.Fault { return sim.Fault{Lost: true} }),
		named("cut", "the connection ends before anything is done", func() sim.Fault { return sim.Fault{Cut: true} }),
		named("nobody", "the credential is lost on the way", func() sim.Fault { return sim.Fault{Nobody: true} }),
	}
	all[len(all)-1].OnDemand = true
	return all
}
