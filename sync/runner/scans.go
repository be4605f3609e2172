package runner

import (
	"sync"
	"sync/atomic"
)

// scans counts the readings that are between two of their pages. Meanwhile nothing is
// sent: how much there is to write is known at the end only.
type scans struct{ n atomic.Int32 }

func (s *scans) begin() func() {
	s.n.Add(1)
	return sync.OnceFunc(func() { s.n.Add(-1) })
}

func (s *scans) under() bool { return s.n.Load() > 0 }

// counting begins to read what may have to be written, of which nothing is sent before
// the end.
func (r *Runner) counting() (end func()) {
	done := r.scans.begin()
	return func() {
		done()
		r.wake()
	}
}
