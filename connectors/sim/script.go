package sim

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Kind is a fault that can be asked for by its name.
type Kind struct {
	Name  string
	About string // what goes wrong, in a few words
	// OnDemand says that it never happens by chance: a person would have to mend it.
	OnDemand bool
	// Make gives the fault as it is now.
	Make func() Fault
}

// Rule makes a fault happen to some requests.
type Rule struct {
	Fault  func() Fault
	Method string  // "": any
	Path   string  // part of the path; "": any
	Times  int     // how often; 0: until Clear
	Share  float64 // of the requests that fit, 0 to 1; 0: each of them
}

// Script decides by rules, and by chance, what goes wrong. Its method Fault is a Faults.
// The same seed and the same requests give the same faults. It is safe for concurrent use.
type Script struct {
	mu    sync.Mutex
	rng   *rand.Rand
	kinds []Kind
	rules []*armed
	share float64
	hits  int
}

// armed is a rule and how often it was followed.
type armed struct {
	Rule

	name string
	hits int
}

// NewScript makes a script without rules over the faults that can be named.
func NewScript(seed uint64, kinds []Kind) *Script {
	return &Script{rng: rand.New(rand.NewPCG(seed, 0x66617574)), kinds: kinds}
}

// Kinds are the faults that can be named.
func (s *Script) Kinds() []Kind { return slices.Clone(s.kinds) }

// Add adds a rule. Of several that fit a request the first counts.
func (s *Script) Add(r Rule) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules = append(s.rules, &armed{Rule: r, name: r.Fault().Name})
}

// ByChance lets a share of the requests that no rule fits go wrong, 0 to 1, in one of
// the ways that are not on demand only.
func (s *Script) ByChance(share float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.share = share
}

// Clear takes all rules away, and chance.
func (s *Script) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules, s.share = nil, 0
}

// Fault is what goes wrong with a request.
func (s *Script) Fault(r *http.Request) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.rules {
		if a.fits(r) && (a.Share == 0 || s.rng.Float64() < a.Share) {
			a.hits++
			return a.Fault()
		}
	}
	if s.share == 0 || s.rng.Float64() >= s.share {
		return Fault{}
	}
	var likely []Kind
	for _, k := range s.kinds {
		if !k.OnDemand {
			likely = append(likely, k)
		}
	}
	if len(likely) == 0 {
		return Fault{}
	}
	s.hits++
	return likely[s.rng.IntN(len(likely))].Make()
}

// fits reports whether the rule still concerns such a request.
func (a *armed) fits(r *http.Request) bool {
	return (a.Times == 0 || a.hits < a.Times) && (a.Method == "" || strings.EqualFold(a.Method, r.Method)) && strings.Contains(r.URL.Path, a.Path)
}
