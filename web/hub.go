package web

import (
	"context"
	"errors"
	"sync"

	"parley/sync/view"
)

// hub reads what changed once and tells every open page. It runs while somebody
// listens.
type hub struct {
	reader Boards
	signal Signal

	mu      sync.Mutex
	streams map[chan *news]bool
	stop    context.CancelFunc
	ready   chan struct{} // closed once it is known from where changes are followed
}

// backlog is how many changes a slow page may be behind before it is sent away; it
// comes back and takes up from what it saw last.
const backlog = 32

func newHub(r Boards, s Signal) *hub {
	return &hub{reader: r, signal: s, streams: map[chan *news]bool{}}
}

// join adds a page. Its channel is closed when it falls behind, or when too much has
// changed to tell it piece by piece. A page that reads what it has missed only after
// ready was closed misses nothing: all later changes come by the channel.
func (h *hub) join() (deltas <-chan *news, ready <-chan struct{}, leave func()) {
	c := make(chan *news, backlog)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.streams[c] = true
	if h.stop == nil {
		ctx, cancel := context.WithCancel(context.Background())
		h.stop, h.ready = cancel, make(chan struct{})
		changed, end := h.signal.Watch()
		go h.follow(ctx, changed, h.ready, end)
	}
	return c, h.ready, func() { h.leave(c) }
}

func (h *hub) leave(c chan *news) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drop(c)
	if len(h.streams) == 0 && h.stop != nil {
		h.stop()
		h.stop = nil
	}
}

// drop ends one page's stream. The lock is held.
func (h *hub) drop(c chan *news) {
	if h.streams[c] {
		delete(h.streams, c)
		close(c)
	}
}

// follow reads each change once, from where the last one ended.
func (h *hub) follow(ctx context.Context, changed <-chan struct{}, ready chan<- struct{}, end func()) {
	defer end()
	var seq int64
	if d, err := h.reader.Since(ctx, 1<<62); err == nil {
		seq = d.Seq
	}
	close(ready)
	for {
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
		d, err := h.reader.Since(ctx, seq)
		switch {
		case errors.Is(err, view.ErrTooFar):
			h.dropAll()
		case err != nil:
			continue // the store is away for the moment; the next signal tries again
		default:
			h.tell(d)
		}
		seq = d.Seq
	}
}

func (h *hub) tell(d view.Delta) {
	n := &news{Delta: d}
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.streams {
		select {
		case c <- n:
		default:
			h.drop(c)
		}
	}
}

func (h *hub) dropAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.streams {
		h.drop(c)
	}
}
