package world

import "math/rand/v2"

// Fault is something that can go wrong with a request, or a state of a tracker that
// a request finds or begins.
type Fault uint8

// Faults.
const (
	NoFault      Fault = iota
	RateLimited        // 429 with Retry-After; nothing was done, as with all up to LoginPage
	RateBare           // 429 without
	Secondary          // GitHub's 403 for too much at once; a 429 for one issue at Jira
	ServerError        // 500, 502 or 503 before anything was done
	NoConnection       // the connection could not be made
	Vanished           // 404, once, for what is there
	LoginPage          // 200 with a page for people
	Timeout            // no answer in time, but the work was done, as with all up to Twice
	LostAnswer         // the connection broke
	ServerLate         // 502 from a gateway behind which the work was done
	CutBody            // half of an answer
	Delayed            // no answer; the effect lands up to HorizonWrite later
	Twice              // the request is delivered twice, the second time a little later
	StaleRead          // a replica that is behind answers a read or a history
	StaleList          // the same for a list or a search
	Stale304           // an old picture is called unchanged
	ShortPage          // fewer rows than there are
	RepeatedPage       // a page leads to itself
	MissingRow         // a row is left out of lists for a while
	BrokenRow          // an issue's rows cannot be read for a while
	LateFeed           // GitHub's feed of a repository is behind
	NoPermission       // the account may not see a container for a while
	Expired            // the credential is refused for a while
	ReadOnly           // a container is archived for a while
	faults
)

// String is the name that World.Fired counts it under.
func (f Fault) String() string {
	names := [...]string{"none", "rate-limited", "rate-bare", "secondary", "server-error", "no-connection", "vanished",
		"login-page", "timeout", "lost-answer", "server-late", "cut-body", "delayed", "twice", "stale-read", "stale-list", "stale-304",
		"short-page", "repeated-page", "missing-row", "broken-row", "late-feed", "no-permission", "expired", "read-only"}
	if int(f) >= len(names) {
		return "unknown"
	}
	return names[f]
}

// Faults lists all but NoFault.
func Faults() []Fault {
	out := make([]Fault, 0, faults-1)
	for f := NoFault + 1; f < faults; f++ {
		out = append(out, f)
	}
	return out
}

// Swarm says what goes wrong in a world and how often. The zero Swarm is a world
// without faults, in which lists show everything at once.
type Swarm struct {
	// Rates are the share of requests that a fault hits, by Fault. A fault that does
	// not fit the request does not happen.
	Rates [faults]float64
	// Lag is the share of writes that lists show late: up to Λ later, which is ten
	// minutes at Jira and two on GitHub.
	Lag float64
	// LongLag lets one lag in fifty last up to ten times Λ, rows vanish for as long as
	// they like, and what was archived come back unnoticed: assumption A4 is broken, only
	// slow tiers can find such a change.
	LongLag bool
	// Skew lets the trackers' clocks differ by up to a minute from the true time, A6
	// is broken; else by up to two seconds.
	Skew bool
	// Dawdle is the share of people's edits on GitHub that take several seconds from
	// their first label to their last.
	Dawdle float64
	// NoOps makes Jira lose the ids of operations, as if history metadata were not kept.
	NoOps bool
	// Unmapped lets people use statuses and labels that the mapping does not know.
	Unmapped bool
	// Schema lets administrators rename statuses and labels and migrate issues, which
	// moves no "updated": only slow tiers can find it.
	Schema bool
	// Doors puts a transition without a screen beside one that asks for a resolution.
	Doors bool
	// Rotate gives Parley another token every hour, to which GitHub's ETags belong.
	Rotate bool
	// PageSize bounds the pages of lists and histories; 0: as the products do, 100.
	PageSize int
	// Fields lets people edit titles, due dates, labels and assignees.
	Fields bool
	// Parting lets people delete, move, transfer and hide issues.
	Parting bool
	// Copies lets people clone issues with their markers and paste markers.
	Copies bool

	// What follows is never drawn: it breaks what Parley relies on.

	// Fighting is the share of Parley's writes that an automation takes back.
	Fighting float64
	// Shared lets a person edit with the account Parley uses: A7 is broken.
	Shared bool
	// TwinCreate lets a create that is delivered twice make two issues.
	TwinCreate bool
}

// Draw chooses a random subset of what can go wrong, with rates up to 30 %, most of
// them small, so that some worlds are quiet and some are storms.
func Draw(seed uint64) Swarm {
	r := rand.New(rand.NewPCG(seed, mix(streamSwarm)))
	s := Swarm{}
	some := r.Float64() * 0.5 // how troubled the world is
	for _, f := range Faults() {
		if r.Float64() < some {
			s.Rates[f] = pick(r, []float64{0.003, 0.01, 0.03, 0.1, 0.3})
		}
	}
	s.limit()
	if r.IntN(3) > 0 {
		s.Lag = pick(r, []float64{0.05, 0.3, 1})
		s.LongLag = r.IntN(8) == 0
	}
	if r.IntN(2) == 0 {
		s.Dawdle = pick(r, []float64{0.1, 0.5})
	}
	s.PageSize = pick(r, []int{0, 0, 30, 7, 3})
	s.Skew, s.NoOps, s.Rotate = r.IntN(10) == 0, r.IntN(6) == 0, r.IntN(3) == 0
	s.Unmapped, s.Schema = r.IntN(3) == 0, r.IntN(6) == 0
	s.Fields, s.Parting, s.Copies = r.IntN(2) == 0, r.IntN(2) == 0, r.IntN(2) == 0
	return s
}

// limit keeps states that last rare, and lets at least every third request through.
func (s *Swarm) limit() {
	for _, f := range []Fault{NoPermission, Expired, ReadOnly, BrokenRow, MissingRow} {
		s.Rates[f] = min(s.Rates[f], 0.01)
	}
	sum := 0.0
	for _, rate := range s.Rates {
		sum += rate
	}
	if sum <= 0.6 {
		return
	}
	for f := range s.Rates {
		s.Rates[f] *= 0.6 / sum
	}
}

// total is the share of requests that any fault hits.
func (s *Swarm) total() float64 {
	sum := 0.0
	for _, rate := range s.Rates {
		sum += rate
	}
	return sum
}
