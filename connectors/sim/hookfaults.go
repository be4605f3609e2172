package sim

import "time"

// What can go wrong with webhooks, by name.
const (
	hookLost           = "lost"
	hookDoubled        = "doubled"
	hookLate           = "late"
	hookOutOfOrder     = "out-of-order"
	hookWrongSignature = "wrong-signature"
	hookUnsigned       = "unsigned"
	hookFlood          = "flood"
)

const (
	hookLateBy    = time.Minute
	hookOvertaken = 3 * time.Second
	hookFloodOf   = 1000
)

func hookFaults() []Kind {
	kind := func(name, about string, onDemand bool) Kind {
		return Kind{Name: name, About: about, OnDemand: onDemand, Make: func() Fault { return Fault{Name: name} }}
	}
	return []Kind{
		kind(hookLost, "never sent", false),
		kind(hookDoubled, "sent twice under one id", false),
		kind(hookLate, "sent a minute late", false),
		kind(hookOutOfOrder, "overtaken by those of the next three seconds", false),
		kind(hookWrongSignature, "signed with another secret", true),
		kind(hookUnsigned, "not signed", true),
		kind(hookFlood, "sent 1000 times, each under an id of its own", true),
	}
}
