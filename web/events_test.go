package web

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/kanban"
)

func card(n int) string { return string(cardN(n).ID) }

func TestStreamTakesUpWhereThePageEnds(t *testing.T) {
	t.Parallel()
	doc := document(t)
	first, second, third := cardN(1), cardN(2), cardN(3)
	cases := map[string]struct {
		target, last string
		want         []string
	}{
		"since the page":               {"/api/v1/events?since=2", "", []string{"card#2 " + card(3) + "3", "gone#2 " + card(2) + "0", "board#4 4"}},
		"since the last event":         {"/api/v1/events?since=1", "3", []string{"gone#3 " + card(2) + "0", "board#4 4"}},
		"nothing new":                  {"/api/v1/events?since=4", "", []string{"board#4 4"}},
		"too far back":                 {"/api/v1/events?since=0", "", []string{"resync#4 0"}},
		"a page of another store":      {"/api/v1/events?since=9", "", []string{"resync#4 0"}},
		"an event of another store":    {"/api/v1/events?since=4", "900", []string{"resync#4 0"}},
		"the largest number there is":  {"/api/v1/events?since=9223372036854775807", "", []string{"resync#4 0"}},
		"without knowing where it was": {"/api/v1/events", "", []string{"resync#4 0"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				w.put(first)
				w.put(second)
				w.put(third)
				w.merge(second.ID)
				w.horizon = 1
				l := listen(t, w.handler(), c.target, c.last)
				synctest.Wait()
				got := l.take()
				told(t, got, c.want...)
				described(t, doc, got)
				if l.ended() {
					t.Error("the stream has ended")
				}
			})
		})
	}
}

func TestStreamTellsChangesInOrder(t *testing.T) {
	t.Parallel()
	doc := document(t)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.put(cardN(1))
		h := w.handler()
		l := listen(t, h, "/api/v1/events?since=1", "")
		synctest.Wait()
		told(t, l.take(), "board#1 1")
		moved := cardN(1)
		moved.Column = "review"
		w.put(moved)
		synctest.Wait()
		got := l.take()
		told(t, got, "card#1 "+card(1)+"2", "board#2 2")
		described(t, doc, got)
		if html := got[0].field(t, "html"); !strings.Contains(page(t, h, "/", http.StatusOK), html) || !strings.Contains(html, `data-column="review"`) {
			t.Errorf("the stream shows the card otherwise than the page: %s", html)
		}
		if got[0].field(t, "column") != "review" || !strings.Contains(got[1].Data, `"counts":{"review":1}`) || !strings.Contains(got[1].field(t, "pulse_html"), "in work") {
			t.Errorf("%v", got)
		}
		w.merge(moved.ID)
		synctest.Wait()
		told(t, l.take(), "gone#2 "+card(1)+"0", "board#3 3")
	})
}

func TestStreamHeaders(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := listen(t, newWorld().handler(), "/api/v1/events", "")
		synctest.Wait()
		for key, want := range map[string]string{"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no", "Content-Encoding": "", "X-Content-Type-Options": "nosniff"} {
			if got := l.Header().Get(key); got != want {
				t.Errorf("%s: %q, want %q", key, got, want)
			}
		}
	})
}

func TestHeadOfAStreamEnds(t *testing.T) {
	t.Parallel()
	if rec := ask(newWorld().handler(), http.MethodHead, "/api/v1/events", ""); rec.Code != http.StatusOK || rec.Body.Len() != 0 {
		t.Errorf("%d %q", rec.Code, rec.Body)
	}
}

// A change may come while a page joins: after the hub has read where it stands, or
// after the page has read what it missed. It must arrive, and once.
func TestStreamLosesNothingWhileAPageJoins(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.put(cardN(1))
		w.sinces = make(chan int64)
		l := listen(t, w.handler(), "/api/v1/events?since=1", "")
		synctest.Wait()
		w.mu.Lock() // the hub is about to read where it stands, and cannot yet
		if at := <-w.sinces; at != 1<<62 {
			t.Errorf("the first reading is since %d", at)
		}
		select {
		case at := <-w.sinces:
			t.Errorf("the page reads what it has missed (since %d) before it is known from where changes are followed", at)
		default:
		}
		w.mu.Unlock()
		synctest.Wait()
		w.put(cardN(2))
		synctest.Wait()
		for range 2 { // the page's reading and the hub's, in any order
			<-w.sinces
			synctest.Wait()
		}
		told(t, l.take(), "card#1 "+card(2)+"2", "board#2 2")
		w.put(cardN(3))
		<-w.sinces
		synctest.Wait()
		told(t, l.take(), "card#2 "+card(3)+"3", "board#3 3")
	})
}

func TestHeartbeatTellsFreshnessAndNoMore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.put(cardN(1))
		l := listen(t, w.handler(), "/api/v1/events?since=1", "")
		synctest.Wait()
		l.take()
		w.mu.Lock()
		w.seq = 7 // written by another process; the signal has not come yet
		w.fresh[0].Age, w.fresh[0].Level = 70, "late"
		w.mu.Unlock()
		<-time.After(heartbeat - time.Second)
		synctest.Wait()
		told(t, l.take())
		<-time.After(2 * time.Second)
		synctest.Wait()
		got := l.take()
		told(t, got, "board#1 1")
		if html := got[0].field(t, "fresh_html"); !strings.Contains(html, `data-level="late"`) || got[0].field(t, "pulse_html") != "" {
			t.Errorf("%s", got[0].Data)
		}
		<-time.After(3 * heartbeat)
		synctest.Wait()
		told(t, l.take(), "board#1 1", "board#1 1", "board#1 1")
	})
}

func TestASlowPageIsSentAwayAndComesBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		h := w.handler()
		stuck := make(chan struct{})
		slow := listen(t, h, "/api/v1/events?since=0", "", func(l *listener) { l.stuck = stuck })
		quick := listen(t, h, "/api/v1/events?since=0", "")
		synctest.Wait()
		quick.take()
		for n := range backlog + 2 {
			w.put(cardN(n))
			synctest.Wait()
		}
		close(stuck)
		synctest.Wait()
		got := slow.take()
		if last := got[len(got)-1]; last.Name != "resync" || !slow.ended() {
			t.Fatalf("the slow page was last told %v; ended: %v", last, slow.ended())
		}
		before, last := got[len(got)-2], got[len(got)-1]
		if before.Name != "board" || last.ID != before.ID || last.ID != backlog {
			t.Errorf("it was told up to %v, and resync says %d", before, last.ID)
		}
		if n := len(quick.take()); n != 2*(backlog+2) || quick.ended() {
			t.Errorf("the quick page was told %d events; ended: %v", n, quick.ended())
		}
		back := listen(t, h, "/api/v1/events?since=0", "32")
		synctest.Wait()
		told(t, back.take(), "card#32 "+min(card(32), card(33))+seqOf(min(card(32), card(33))), "card#32 "+max(card(32), card(33))+seqOf(max(card(32), card(33))), "board#34 34")
	})
}

// seqOf is when one of the last two cards was put.
func seqOf(id string) string {
	if id == card(32) {
		return "33"
	}
	return "34"
}

func TestTooMuchAtOnceMakesEveryPageLoadAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		h := w.handler()
		a, b := listen(t, h, "/api/v1/events", ""), listen(t, h, "/api/v1/events", "")
		synctest.Wait()
		a.take()
		b.take()
		w.mu.Lock()
		w.horizon = 1
		w.mu.Unlock()
		w.put(cardN(1))
		synctest.Wait()
		for _, l := range []*listener{a, b} {
			told(t, l.take(), "resync#0 0")
			if !l.ended() {
				t.Error("the stream goes on")
			}
		}
	})
}

func TestStreamOutlastsAFailureOfTheStore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		l := listen(t, w.handler(), "/api/v1/events", "")
		synctest.Wait()
		l.take()
		fail := func(err error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.fail = err
		}
		fail(errors.New("disk"))
		w.put(cardN(1))
		synctest.Wait()
		told(t, l.take())
		fail(nil)
		w.put(cardN(2))
		synctest.Wait()
		ids := []kanban.CardID{cardN(1).ID, cardN(2).ID}
		if got := l.take(); len(got) != 3 || !strings.Contains(got[0].Data+got[1].Data, string(ids[0])) || !strings.Contains(got[0].Data+got[1].Data, string(ids[1])) {
			t.Errorf("after the failure: %v", got)
		}
	})
}

func TestStreamsEnd(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		set func(*listener)
		end func(*world, *listener)
	}{
		"when the page leaves":        {nil, func(_ *world, l *listener) { l.leave() }},
		"when nothing can be written": {func(l *listener) { l.broken = errors.New("connection reset") }, func(*world, *listener) {}},
		"when a page reads nothing":   {func(l *listener) { l.stuck = make(chan struct{}) }, func(*world, *listener) { <-time.After(writeWait + time.Second) }},
		"when the store fails on a beat": {nil, func(w *world, _ *listener) {
			w.mu.Lock()
			w.fail = errors.New("disk")
			w.mu.Unlock()
			<-time.After(heartbeat + 1)
		}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { // which fails if a goroutine is left
				w := newWorld()
				l := listen(t, w.handler(), "/api/v1/events", "", func(l *listener) {
					if c.set != nil {
						c.set(l)
					}
				})
				synctest.Wait()
				c.end(w, l)
				synctest.Wait()
				w.mu.Lock()
				defer w.mu.Unlock()
				if !l.ended() || len(w.watchers) != 0 {
					t.Errorf("ended: %v, watchers left: %d", l.ended(), len(w.watchers))
				}
			})
		})
	}
}

func TestStreamOfAStoreThatCannotBeRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.fail = errors.New("disk")
		l := listen(t, w.handler(), "/api/v1/events", "")
		synctest.Wait()
		if told(t, l.take()); !l.ended() {
			t.Error("the page is told that all is well")
		}
	})
}

var _ Reader = (*world)(nil)
