package web_test

import (
	"syscall"
	"time"
)

// cpuTime is the time that this process has had a processor for. On a machine that others
// use too it says more than the time on the wall.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
