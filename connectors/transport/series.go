package transport

import (
	"context"
	"sync"
)

type seriesKey struct{}

// series are requests that belong together.
type series struct {
	mu    sync.Mutex
	asked map[*hush]int
}

// Series marks the requests made with the context as belonging together: where a tracker
// asks for quiet after the first of them, the others are given back with a *Held, as if
// they had been waiting for their turn.
func Series(ctx context.Context) context.Context {
	return context.WithValue(ctx, seriesKey{}, &series{asked: map[*hush]int{}})
}

// begun is how often quiet had been asked for when a request, or the series that it belongs
// to, was begun.
func (h *hush) begun(ctx context.Context) int {
	s, ok := ctx.Value(seriesKey{}).(*series)
	if !ok {
		return h.now()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.asked[h]; !known {
		s.asked[h] = h.now()
	}
	return s.asked[h]
}
