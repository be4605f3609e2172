package world

import (
	"time"

	"parley/connectors"
)

// react lets an automation take back what Parley has written, where the swarm says so.
func (h *host) react(i *issue, wr connectors.Write) {
	w := h.w
	if w.calm || w.opts.Swarm.Fighting == 0 || i == nil || i.deleted() || wr.Link != nil {
		return
	}
	r := w.chance(streamReaction, uint64(w.requests), 0)
	if !hit(r, w.opts.Swarm.Fighting) {
		return
	}
	w.after(upTo(r, 20*time.Second), func() {
		if i.deleted() || h.locked(i.now().state) {
			return
		}
		w.count("automation")
		a := author{cause: ByAutomation}
		if h.kind == connectors.GitHub {
			w.github.proceed(i, a, w.github.revert(i, Deed{}), 0)
			return
		}
		s := i.draft()
		d := Deed{Field: "status"}
		if wr.Priority != "" {
			d.Field = "priority"
		}
		i.commit(s, a, open, w.jira.revert(i, s, d)...)
	})
}
