// Package world is the outside of the deterministic simulation: a Jira site and a
// GitHub whose state, people, lies and failures are all drawn from one seed. It
// keeps the two trackers as event logs with the true time, so that a request costs
// microseconds, and offers them as connectors.Tracker. A property test holds it to
// the strict simulators of connectors/sim, seen through the real connectors.
//
// Everything happens on one goroutine at a time. Before and after the effect of
// each request the hook is called; the scheduler may switch to another coroutine
// there, panic, or never come back: no state of the world is half changed then.
//
// Chance is drawn per occasion from the seed and the occasion's own number, never
// from one running stream: leaving out one event of a run, as shrinking does, does
// not reshuffle all that follow.
package world
