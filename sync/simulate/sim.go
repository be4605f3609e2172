package simulate

import (
	"fmt"
	"runtime/debug"
	"time"

	"parley/sync/engine"
	"parley/sync/simulate/world"
	"parley/sync/store/memory"
)

// sim is one run under way. It is used by one goroutine at a time: the coroutines of
// the run take turns.
type sim struct {
	seed    uint64
	pace    pace
	queue   queue
	now     int64 // virtual time, nanoseconds since 1970
	until   int64 // where the present phase ends
	drawn   uint64
	current *task

	world     *world.World
	memory    *memory.Store // outlives every process
	script    Script
	began     int64
	processes []*process
	commands  []*process // what people run in a shell
	read      []contact  // containers that the configuration reads
	habits    habits
	drags     int
	last      engine.Intent
	ids       int
	points    int // effects begun or ended so far
	stormy    int // of them, those before all was calm
	crashes   map[int]bool
	calm      bool // nothing fails any more
	calmAt    int64
	resting   bool   // nothing is to be written any more
	trace     uint64 // hash of everything that happened
	journal   journal
	narrator  *narrator
	err       error
}

// advance moves virtual time on to a moment; the world follows.
func (s *sim) advance(at int64) {
	if at <= s.now {
		return
	}
	s.world.Advance(time.Duration(at - s.now))
	s.now = at
}

// run lets everything happen up to a moment.
func (s *sim) run(until int64) {
	s.until = until
	for s.err == nil && len(s.queue) > 0 && s.queue[0].at < until {
		it := s.queue.pop()
		s.advance(it.at)
		switch {
		case it.act == nil:
			it.do()
		case it.act.turn == it.turn:
			s.resume(it.act)
		}
	}
	if s.err == nil {
		s.advance(until)
	}
}

// after lets something happen by itself after a while.
func (s *sim) after(d time.Duration, key uint64, do func()) {
	s.queue.push(item{at: s.now + int64(d), tie: s.tie(key), do: do})
}

// newID is the next id of a write or a conflict; like the real ones they grow.
func (s *sim) newID() string {
	s.ids++
	return fmt.Sprintf("op-%08d", s.ids)
}

// broke ends the run: a panic in what is tested.
func (s *sim) broke(cause any) {
	if s.err == nil {
		s.err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
	}
}

// fail ends the run with a property that does not hold.
func (s *sim) fail(err error) {
	if s.err == nil {
		s.err = err
	}
}

// note adds to the hash of the run.
func (s *sim) note(what, who string) {
	s.trace = mix(named(named(s.trace, what), who), uint64(s.now))
}
