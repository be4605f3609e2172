package simulate

import (
	"errors"
	"iter"
	"time"
)

// errKilled unwinds a coroutine whose process has died.
var errKilled = errors.New("the process has died")

// task is an activity: a coroutine that hands back control at every effect.
type task struct {
	of    *process
	key   uint64 // its own stream of chance
	steps uint64
	dead  bool
	turn  uint64 // counts its turns, so that a turn it does not need any more is skipped
	idle  bool   // waits for somebody to wake it
	next  func() (struct{}, bool)
	stop  func()
	yield func(struct{}) bool
}

// spawn begins an activity of a process. It runs when its turn comes.
func (s *sim) spawn(p *process, name string, body func()) *task {
	p.born++
	t := &task{of: p, key: mix(mix(mix(s.seed, s.script.Pace), named(uint64(p.index), name)), p.born)}
	t.next, t.stop = iter.Pull(func(yield func(struct{}) bool) {
		defer func() {
			if cause := recover(); cause != nil && !t.dead && !p.down {
				s.broke(cause)
			}
			t.dead = true
		}()
		t.yield = yield
		body()
	})
	p.tasks = append(p.tasks, t)
	s.later(t, 0)
	return t
}

// later lets a task go on after a while.
func (s *sim) later(t *task, d time.Duration) {
	s.queue.push(item{at: s.now + int64(d), tie: s.tie(t.key), act: t, turn: t.turn})
}

func (s *sim) tie(key uint64) uint64 { s.drawn++; return mix(key, s.drawn) }

// resume lets a task run up to its next stop. A process that died meanwhile is buried.
func (s *sim) resume(t *task) {
	if t.dead {
		return
	}
	t.turn++
	s.current = t
	_, alive := t.next()
	s.current = nil
	if !alive {
		t.dead = true
	}
	if t.of.down {
		t.of.bury()
	}
}

// wait stops the running task for a while. Where nothing else happens until then it
// simply goes on.
func (s *sim) wait(d time.Duration) {
	t := s.current
	if t.dead || t.of.down {
		panic(errKilled)
	}
	at := s.now + int64(d)
	if at < s.until && (len(s.queue) == 0 || s.queue[0].at > at) {
		s.advance(at)
		return
	}
	s.later(t, d)
	s.park(t)
}

// park stops the running task until it is resumed.
func (s *sim) park(t *task) {
	if !t.yield(struct{}{}) {
		panic(errKilled)
	}
	s.current = t
}

// nap stops the running task until somebody wakes it, a while at most.
func (s *sim) nap(t *task, most time.Duration) {
	t.idle = true
	s.later(t, most)
	s.park(t)
	t.idle = false
}

// wake lets a task go on that waits for somebody.
func (s *sim) wake(t *task, d time.Duration) {
	if t.idle && !t.dead {
		t.idle = false
		s.later(t, d)
	}
}
