package simulate

import (
	"time"

	"parley/sync/simulate/world"
)

// Script is everything that decides a run. What is not written out is drawn from
// Seed, so that a seed alone is a script; Expanded writes it out, which is what can be
// made smaller and kept.
type Script struct {
	Name string `json:"name,omitempty"`
	Seed uint64 `json:"seed"`

	Items  int           `json:"items,omitempty"`
	Pairs  int           `json:"pairs,omitempty"`
	Length time.Duration `json:"length,omitempty"` // of the time in which people act and things fail
	Swarm  *world.Swarm  `json:"swarm,omitempty"`
	Setup  *Setup        `json:"setup,omitempty"`

	Deeds  []Deed  `json:"deeds,omitempty"`  // nil: drawn
	Faults []int64 `json:"faults,omitempty"` // numbers of the requests that may fail; nil: any
	// Die lists the effects, counted from 1, at which the process that is about to make
	// or has just made them dies.
	Die  []int         `json:"die,omitempty"`
	Pace uint64        `json:"pace,omitempty"` // another number: everything takes another time
	Rest time.Duration `json:"rest,omitempty"` // how long it is watched at rest; 0: drawn
	// Exact says that only what is written out happens: no deeds and no faults but
	// these.
	Exact bool `json:"exact,omitempty"`
}

// Setup is how Parley is set up in a run.
type Setup struct {
	Status    string        `json:"status"`   // conflict policy of the status
	Priority  string        `json:"priority"` // of the priority
	Carry     string        `json:"carry,omitempty"`
	Poll      time.Duration `json:"poll"`
	Processes int           `json:"processes"`
	Steady    bool          `json:"steady,omitempty"`    // everything takes its usual time
	Mapping   uint64        `json:"mapping,omitempty"`   // not 0: number of a random mapping
	Limitless bool          `json:"limitless,omitempty"` // no breaker for many writes at once
}

// Deed is one thing that is done to a run from outside, at a moment after its start.
type Deed struct {
	At   time.Duration `json:"at"`
	What string        `json:"what"`         // in words; what the board's and the shell's deeds mean
	Do   *world.Deed   `json:"do,omitempty"` // what somebody of the world does
}
