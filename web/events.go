package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
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
	// Heads are what the heads of the columns say, by their keys; none where nothing changed.
	Heads map[string]string `json:"heads_html"`
	// Limits are those of units, classes of service and people, by kanban.Limit.ID, as far
	// as the reader is told them; none where nothing changed.
	Limits map[string]string `json:"limits_html"`
}

// events streams changes to one open page, from the sequence it has seen on.
func (s *server) events(w http.ResponseWriter, r *http.Request) {
	seen, err := lastSeen(r)
	if err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	if r.Method == http.MethodHead {
		return // it would wait for an end that does not come
	}
	goOut, status, why := s.limits.enter(r)
	if goOut == nil {
		s.tooMany(w, r, status, heartbeat, why)
		return
	}
	defer goOut()
	deltas, ready, leave := s.hubs.of(viewer(r)).join()
	defer leave()
	st := stream{w: w, control: http.NewResponseController(w), server: s, seq: seen, who: viewer(r)}
	select {
	case <-r.Context().Done():
		return
	case <-ready:
		st.catchUp(r)
	}
	st.follow(r, deltas)
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
	seq     int64 // up to here everything was told
	who     view.Viewer
	err     error
}

// recheck is how often a stream asks whether its reader may still read.
const recheck = 15 * time.Second

// errOver ends a stream whose reader may not read it any more.
var errOver = errors.New("the reader was signed out")

// stillMay ends the stream once its reader is signed out, or their link was taken back.
func (st *stream) stillMay(r *http.Request) {
	if who, err := st.server.whoIs(r); err != nil || who != st.who {
		st.err = errOver
	}
}

// follow tells changes until the page leaves or falls behind.
func (st *stream) follow(r *http.Request, deltas <-chan *news) {
	again, quiet := time.NewTicker(recheck), time.NewTimer(heartbeat)
	defer again.Stop()
	defer quiet.Stop()
	for st.err == nil {
		select {
		case <-r.Context().Done():
			return
		case <-again.C:
			st.stillMay(r)
		case d, ok := <-deltas:
			if !ok {
				st.send("resync", struct{}{})
				return
			}
			if d.Seq > st.seq { // the rest was told when it caught up
				st.delta(d)
			}
			quiet.Reset(heartbeat)
		case <-quiet.C:
			st.freshness(r)
			quiet.Reset(heartbeat)
		}
	}
}

// catchUp tells what happened since the page was made.
func (st *stream) catchUp(r *http.Request) {
	d, err := st.server.reader(r).Since(r.Context(), st.seq)
	switch {
	case errors.Is(err, view.ErrTooFar), err == nil && d.Seq < st.seq: // the page is of another store
		st.seq = d.Seq
		st.send("resync", struct{}{})
	case err != nil:
		st.err = err
	case d.Seq == st.seq:
		st.board(boardPatch{}, d)
	default:
		st.delta(&news{Delta: d})
	}
}

// delta tells what has changed, and last how the board looks now. Only this last event
// moves the sequence on: a page whose connection breaks before it is told all again.
func (st *stream) delta(n *news) {
	events, err := n.told(st.server.pages)
	if err != nil {
		st.err = err
		return
	}
	last := len(events) - 1
	for _, e := range events[:last] {
		st.write(e)
	}
	if st.seq = n.Seq; st.err == nil {
		st.write(events[last])
	}
	st.flush()
}

// board tells p, and how true the picture of each tracker is.
func (st *stream) board(p boardPatch, d view.Delta) {
	if st.err != nil {
		return
	}
	p.Seq = st.seq
	if p.Fresh, st.err = st.server.pages.fragment("fresh", d.Freshness); st.err == nil {
		st.send("board", p)
	}
}

// freshness says how true the board is; it also shows that the stream is alive. It
// says nothing of changes that the hub has yet to bring.
func (st *stream) freshness(r *http.Request) {
	d, err := st.server.reader(r).Since(r.Context(), 1<<62)
	if err != nil {
		st.err = err
		return
	}
	st.board(boardPatch{}, d)
}

// writeWait is how long one event may take. Without it a page that reads nothing and
// stays connected would be kept for ever.
const writeWait = 30 * time.Second

// send writes one event, and has it go.
func (st *stream) send(name string, v any) {
	st.write(encoded(name, v))
	st.flush()
}

// write writes one event.
func (st *stream) write(e streamEvent) {
	if st.err != nil {
		return
	}
	err := st.control.SetWriteDeadline(time.Now().Add(writeWait))
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		st.err = err
		return
	}
	_, st.err = fmt.Fprintf(st.w, "id: %d\nevent: %s\ndata: %s\n\n", st.seq, e.name, e.data)
}

func (st *stream) flush() {
	if st.err == nil {
		st.err = st.control.Flush()
	}
}
