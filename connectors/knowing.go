package connectors

// Knowing is what a tracker offers that knows people by a number beside a name that they
// can change. What it has learned has to outlive the process: after a change of the name
// nothing tells any more who it was.
type Knowing interface {
	// Numbers are those of the people whom the configuration names, by these names, and
	// how many times that has changed.
	Numbers() (byName map[string]int64, version int64)
	// Know takes in what Numbers gave an earlier process. It is called before any other
	// request.
	Know(byName map[string]int64)
}
