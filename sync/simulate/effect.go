package simulate

import (
	"time"

	"parley/sync/store"
)

// pace is how long things take in a run.
type pace struct {
	poll   time.Duration // between two polls of a source
	skew   time.Duration // ε, what Parley believes about the clocks
	answer time.Duration // what a request usually takes
	slow   int           // one answer in so many takes up to half a minute
	stall  int           // one commit in so many is held up for a few seconds
	hang   int           // one commit in so many is held up beyond the lease
}

// before is the stop before an effect.
func (p *process) before(what string) {
	p.point(what)
	p.wait(p.draw(2 * time.Millisecond))
	if p.calm || p.pace.stall == 0 {
		return
	}
	switch n := p.dice(); {
	case p.pace.hang > 0 && n%uint64(p.pace.hang) == 0:
		p.wait(p.draw(40 * time.Second))
	case n%uint64(p.pace.stall) == 1:
		p.wait(p.draw(4 * time.Second))
	}
}

// answered is the stop after a request.
func (p *process) answered(what string) {
	limit := p.pace.answer
	if p.pace.slow > 0 && !p.calm && p.dice()%uint64(p.pace.slow) == 0 {
		limit = 30 * time.Second
	}
	p.wait(p.draw(limit))
	p.point(what)
}

// stored is the stop after a commit.
func (p *process) stored(what string) {
	p.wait(p.draw(time.Millisecond))
	p.point(what)
}

// point is one place at which the process may die.
func (p *process) point(what string) {
	if p.current == nil {
		return
	}
	if p.down || p.current.dead {
		panic(errKilled)
	}
	p.points++
	p.note(what, "")
	doomed := p.crashes[p.points]
	if p.fuse > 0 {
		p.fuse--
		doomed = doomed || p.fuse == 0
	}
	if doomed {
		p.die("crash")
		panic(errKilled)
	}
}

// dice draws a number for the running task.
func (p *process) dice() uint64 {
	t := p.current
	t.steps++
	return mix(t.key, t.steps) >> 1
}

// draw draws a duration for the running task.
func (p *process) draw(limit time.Duration) time.Duration {
	return time.Duration(p.dice() % uint64(limit))
}

// announce wakes whoever works on cards when a commit leaves some due.
func (s *sim) announce(c store.Commit) {
	for i := range c.Cards {
		w := &c.Cards[i]
		switch {
		case !w.Dirty:
		case w.NextAt.IsZero() || w.NextAt.UnixNano() <= s.now:
			s.rouse()
		default:
			s.after(time.Duration(w.NextAt.UnixNano()-s.now), s.seed, s.rouse)
		}
	}
}

// rouse wakes the desks: the real ones look twice a second.
func (s *sim) rouse() {
	for _, p := range s.processes {
		if p.ready && p.desk != nil {
			s.wake(p.desk, time.Millisecond)
		}
	}
}
