package view

import (
	"context"
	"sync"
)

// shares see to it that nobody takes all turns: whoever asks for many pictures at once waits
// for their own, and others wait for no more than one of each.
type shares struct {
	mu sync.Mutex
	by map[Viewer]*asker
}

// asker is the turns of one viewer, for as long as any is asked for.
type asker struct {
	turns turns
	users int
}

// computing waits for a turn to compute something of flow: first for one of the viewer's own.
func (v *Sight) computing(ctx context.Context) (done func(), err error) {
	f := &v.flows
	own, leave := f.each.enter(v.Viewer, max(1, cap(f.turns)-1))
	give, err := own.take(ctx)
	if err != nil {
		leave()
		return nil, err
	}
	back, err := f.turns.take(ctx)
	if err != nil {
		give()
		leave()
		return nil, err
	}
	return func() { back(); give(); leave() }, nil
}

// enter gives a viewer's turns, so many where there are none yet. They are forgotten when
// the last one has left.
func (s *shares) enter(who Viewer, most int) (own turns, leave func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.by == nil {
		s.by = map[Viewer]*asker{}
	}
	of := s.by[who]
	if of == nil {
		of = &asker{turns: make(turns, most)}
		s.by[who] = of
	}
	of.users++
	return of.turns, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if of.users--; of.users == 0 {
			delete(s.by, who)
		}
	}
}
