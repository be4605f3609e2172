package runner

import (
	"time"

	"parley/connectors"
)

// How long a tracker is left in peace where it does not say so itself.

// tryFor is how long the others wait for the one request that is made to see whether a
// tracker has recovered.
const tryFor = time.Minute

// A tracker that fails again and again is left in peace, with one request now and then
// to see whether it has come back.
const (
	failuresInARow = 5
	shortestRest   = 30 * time.Second
	longestRest    = 10 * time.Minute
)

// resting is the rest after the n-th failure in a row.
func resting(n int) time.Duration {
	if n < failuresInARow {
		return 0
	}
	return min(shortestRest<<min(n-failuresInARow, 10), longestRest)
}

// A credential that is refused is tried again ever more rarely: failed sign-ins end in a
// locked account (facts of Jira §1.3).
const (
	shortestShutOut = 5 * time.Minute
	longestShutOut  = 6 * time.Hour
)

// shutOut is the pause after the n-th refusal of a credential in a row.
func shutOut(n int) time.Duration {
	return min(shortestShutOut<<min(n-1, 10), longestShutOut)
}

// Limits that name no moment. GitHub asks for a minute at least and ever more. Atlassian
// asks for two seconds, doubled a few times; a limit that outlasts that is one of those
// that are counted by the hour.
const (
	firstAtGitHub  = time.Minute
	firstAtJira    = 2 * time.Second
	doublesAtJira  = 4
	parkAtJira     = 5 * time.Minute
	longestUnnamed = 15 * time.Minute
)

// unnamed is the pause after the n-th limit in a row that named no moment. chance, from 0
// to 1, keeps those apart who were refused together.
func unnamed(kind connectors.Kind, n int, chance float64) time.Duration {
	if kind == connectors.GitHub {
		return min(stretch(firstAtGitHub<<min(n-1, 10), 1+0.3*chance), longestUnnamed)
	}
	d := firstAtJira << min(n-1, doublesAtJira)
	if n > doublesAtJira {
		d = parkAtJira << min(n-1-doublesAtJira, 10)
	}
	return min(stretch(d, 0.7+0.6*chance), longestUnnamed)
}

func stretch(d time.Duration, by float64) time.Duration { return time.Duration(float64(d) * by) }
