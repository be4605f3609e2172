package web

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestManyPagesOverTheNetwork(t *testing.T) {
	t.Parallel()
	const pages, changes = 60, 25
	w := newWorld()
	w.left = make(chan struct{}, 1)
	srv := httptest.NewServer(w.handler())
	ctx, leave := context.WithCancel(t.Context())
	streams := make([]*bufio.Reader, pages)
	for i := range streams {
		streams[i] = openStream(ctx, t, srv)
	}
	var all sync.WaitGroup
	for i, r := range streams {
		all.Go(func() {
			if err := follows(r, changes); err != nil {
				t.Errorf("page %d: %v", i, err)
			}
		})
	}
	for n := range changes {
		w.put(cardN(n))
	}
	all.Wait()
	leave()
	srv.Close() // returns once every handler has
	<-w.left    // the hub ends with the last page
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.watchers) != 0 {
		t.Errorf("%d watchers are left", len(w.watchers))
	}
}

func TestStreamsOutliveTheWaitsOfTheServer(t *testing.T) {
	t.Parallel()
	const wait = 300 * time.Millisecond
	w := newWorld()
	srv := httptest.NewUnstartedServer(w.handler())
	srv.Config.ReadHeaderTimeout, srv.Config.ReadTimeout, srv.Config.WriteTimeout, srv.Config.IdleTimeout = wait, wait, wait, wait
	srv.Start()
	defer srv.Close()
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	r := openStream(ctx, t, srv)
	<-time.After(3 * wait)
	w.put(cardN(1))
	if err := follows(r, 1); err != nil {
		t.Error(err)
	}
}

// openStream opens a stream and reads its first event.
func openStream(ctx context.Context, t *testing.T, srv *httptest.Server) *bufio.Reader {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, srv.URL+"/api/v1/events?since=0", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	res, err := srv.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Encoding") != "" || res.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%d %v", res.StatusCode, res.Header)
	}
	in := bufio.NewReader(res.Body)
	if e, err := readEvent(in); err != nil || e.Name != "board" {
		t.Fatalf("first event: %v, %v", e, err)
	}
	return in
}

// follows reads a stream until it has told of all changes: each card is there, in
// order, and the sequence never goes back.
func follows(r *bufio.Reader, changes int) error {
	seen, last := map[string]bool{}, int64(0)
	for last < int64(changes) {
		e, err := readEvent(r)
		switch {
		case err != nil:
			return err
		case e.ID < last:
			return fmt.Errorf("%v after %d", e, last)
		case e.Name == "card":
			_, rest, _ := strings.Cut(e.Data, `"id":"`)
			id, _, _ := strings.Cut(rest, `"`)
			seen[id] = true
		case e.Name != "board":
			return fmt.Errorf("unexpected %v", e)
		}
		last = e.ID
	}
	if len(seen) != changes {
		return fmt.Errorf("told of %d cards, want %d", len(seen), changes)
	}
	return nil
}
