package connectors

import "context"

// Exits is what a tracker with workflows offers beyond Tracker: the present state of an
// issue together with the ways out of it, in one request where two would do.
type Exits interface {
	// ReadWithExits is Read and Transitions at once, of one and the same moment. whole is
	// false where the answer did not tell all that Transitions tells: that has to be asked
	// then. The observation counts all the same.
	ReadWithExits(ctx context.Context, ref Ref) (o Observation, exits []Transition, whole bool, err error)
}
