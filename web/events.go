package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/kanban"
	"parley/sync/view"
)

// heartbeat keeps proxies from ending a quiet stream.
const heartbeat = 15 * time.Second

// cardPatch is one card of a stream.
type cardPatch struct {
	ID     kanban.CardID `json:"id"`
	Seq    int64         `json:"seq"`
	Column string        `json:"column"`
	HTML   string        `json:"html"`
}

// boardPatch is what a stream tells about the board as a whole.
type boardPatch struct {
	Seq    int64          `json:"seq"`
	Counts map[string]int `json:"counts"`
	Pulse  string         `json:"pulse_html"`
	Fresh  string         `json:"fresh_html"`
}

// events streams changes to one open page, from the sequence it has seen on.
func (s *server) events(w http.ResponseWriter, r *http.Request) {
	seen, err := lastSeen(r)
	if err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	deltas, leave := s.hub.join()
	defer leave()
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	st := stream{w: w, control: http.NewResponseController(w), server: s}
	if st.err = st.control.SetWriteDeadline(time.Time{}); errors.Is(st.err, http.ErrNotSupported) {
		st.err = nil
	}
	st.catchUp(r, seen)
	for st.err == nil {
		select {
		case <-r.Context().Done():
			return
		case d, ok := <-deltas:
			if !ok {
				st.send("resync", seen, struct{}{})
				return
			}
			st.delta(d)
		case <-time.After(heartbeat):
			st.freshness(r)
		}
	}
}

// lastSeen is the sequence from which a page wants to go on: what its browser
// remembers of the stream, else what the page was made at.
func lastSeen(r *http.Request) (int64, error) {
	text := r.Header.Get("Last-Event-ID")
	if text == "" {
		text = r.URL.Query().Get("since")
	}
	if text == "" {
		return 0, nil
	}
	seen, err := strconv.ParseInt(text, 10, 64)
	if err != nil || seen < 0 {
		return 0, fmt.Errorf("since: %q is not a sequence number", clip(text))
	}
	return seen, nil
}

// stream writes events to one connection until one cannot be written.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	server  *server
	err     error
}

// catchUp tells what happened since the page was made.
func (st *stream) catchUp(r *http.Request, seen int64) {
	d, err := st.server.Reader.Since(r.Context(), seen)
	if errors.Is(err, view.ErrTooFar) {
		st.send("resync", d.Seq, struct{}{})
		return
	}
	if err != nil {
		st.err = err
		return
	}
	st.delta(d)
}

func (st *stream) delta(d view.Delta) {
	for _, c := range d.Cards {
		html, err := st.server.pages.fragment("card", c)
		if err != nil {
			st.err = err
			return
		}
		st.send("card", d.Seq, cardPatch{ID: c.ID, Seq: c.Seq, Column: c.Column, HTML: html})
	}
	for _, id := range d.Gone {
		st.send("gone", d.Seq, map[string]kanban.CardID{"id": id})
	}
	st.board(d)
}

func (st *stream) board(d view.Delta) {
	p := boardPatch{Seq: d.Seq, Counts: d.Counts}
	var errPulse, errFresh error
	if d.Counts != nil && len(d.Counts) > 0 {
		p.Pulse, errPulse = st.server.pages.fragment("pulse", d.Pulse)
	}
	p.Fresh, errFresh = st.server.pages.fragment("fresh", d.Freshness)
	if st.err = errors.Join(errPulse, errFresh); st.err == nil {
		st.send("board", d.Seq, p)
	}
}

// freshness says how true the board is; it also shows that the stream is alive.
func (st *stream) freshness(r *http.Request) {
	d, err := st.server.Reader.Since(r.Context(), 1<<62)
	if err != nil {
		st.err = err
		return
	}
	st.board(d)
}

// send writes one event.
func (st *stream) send(event string, id int64, v any) {
	if st.err != nil {
		return
	}
	data, err := json.Marshal(v)
	if err != nil {
		st.err = err
		return
	}
	var b strings.Builder
	fmt.Fprintf(&b, "id: %d\nevent: %s\ndata: %s\n\n", id, event, data)
	if _, st.err = st.w.Write([]byte(b.String())); st.err == nil {
		st.err = st.control.Flush()
	}
}
