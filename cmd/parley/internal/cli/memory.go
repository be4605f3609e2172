package cli

import (
	"os"
	"runtime/debug"
)

// room is by how many percent the daemon's memory may grow before what is not used any more is
// collected. Most of it are cards, which stay, so that Go's own 100 would nearly double what a
// large board needs; collecting five times as often costs a twentieth of the time.
const room = 20

// sparing has the daemon keep little room beyond what it needs, unless whoever runs it says
// by GOGC how much.
func sparing() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(room)
	}
}
