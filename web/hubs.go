package web

import (
	"sync"

	"parley/sync/view"
)

// hubs are one hub per kind of viewer: pages that see the same share what is read for
// them, and no page is ever sent what was made for another's eyes.
type hubs struct {
	readers Readers
	signal  Signal

	mu  sync.Mutex
	all map[sees]*hub
}

// sees is what the sight of a viewer depends on.
type sees struct {
	audience view.Audience
	proved   bool
}

func newHubs(r Readers, s Signal) *hubs { return &hubs{readers: r, signal: s, all: map[sees]*hub{}} }

// of is the hub of a viewer. There are as many as there are audiences.
func (h *hubs) of(w view.Viewer) *hub {
	h.mu.Lock()
	defer h.mu.Unlock()
	k := sees{w.Audience, w.Proved}
	if h.all[k] == nil {
		h.all[k] = newHub(h.readers(view.Viewer{Audience: w.Audience, Proved: w.Proved}), h.signal)
	}
	return h.all[k]
}
