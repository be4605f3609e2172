package web_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/web"
)

// What a big company's board has to stand.
const (
	openPages   = 200
	changesEach = 200 * time.Millisecond // five cards a second change, day and night
	lateAfter   = time.Second
)

// audience is the pages that listen: when each of them heard of which change.
type audience struct {
	mu      sync.Mutex
	sent    map[string]time.Time // by the card's revision
	waits   []time.Duration
	resyncs int
	heard   chan struct{} // one for each card heard of
}

// listen reads a stream until it ends.
func (a *audience) listen(ctx context.Context, tb testing.TB, client *http.Client, url string, ready *sync.WaitGroup) {
	tb.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		tb.Error(err)
		return
	}
	res, err := client.Do(r)
	if err != nil {
		tb.Error(err)
		ready.Done()
		return
	}
	defer func() { _ = res.Body.Close() }()
	in := bufio.NewScanner(res.Body)
	in.Buffer(nil, 1<<20)
	begun := false
	for in.Scan() {
		line := in.Text()
		if !begun && strings.HasPrefix(line, "event: board") {
			begun = true
			ready.Done()
		}
		a.hear(line)
	}
}

func (a *audience) hear(line string) {
	now := time.Now()
	a.mu.Lock()
	defer a.mu.Unlock()
	if line == "event: resync" {
		a.resyncs++
	}
	_, rest, ok := strings.Cut(line, `data-rev=\"`)
	if rev, _, more := strings.Cut(rest, `\"`); ok && more {
		if at, ok := a.sent[rev]; ok {
			a.waits = append(a.waits, now.Sub(at))
			a.heard <- struct{}{}
		}
	}
}

// BenchmarkOpenPages has 200 pages look at a board of 5,000 cards of which five a second
// change. One iteration is one change, heard of by all of them. It fails where a page was
// sent away, misses a change or hears of one later than a second.
func BenchmarkOpenPages(b *testing.B) {
	big := newHall(5000)
	srv := httptest.NewServer(web.New(big.options(b)))
	defer srv.Close()
	ctx, leave := context.WithCancel(b.Context())
	a := &audience{sent: map[string]time.Time{}, heard: make(chan struct{}, openPages*(b.N+1))}
	var ready, gone sync.WaitGroup
	ready.Add(openPages)
	for range openPages {
		gone.Go(func() {
			a.listen(ctx, b, srv.Client(), fmt.Sprintf("%s/api/v1/events?since=%d", srv.URL, 5000), &ready)
		})
	}
	ready.Wait()
	tick := time.NewTicker(changesEach)
	defer tick.Stop()
	before := cpuTime()
	b.ResetTimer()
	for i := range b.N {
		<-tick.C
		c := hallCard(i%5000, "review")
		c.Rev = int64(1000 + i)
		a.mu.Lock()
		a.sent[fmt.Sprint(c.Rev)] = time.Now()
		a.mu.Unlock()
		big.put(c)
	}
	missing := 0
	for range openPages * b.N {
		select {
		case <-a.heard:
		case <-time.After(10 * time.Second):
			missing++
		}
		if missing > 0 {
			break
		}
	}
	b.StopTimer()
	cpu := cpuTime() - before
	leave()
	gone.Wait()
	a.report(b, cpu)
}

// report tells how long the pages waited, and fails where one waited in vain.
func (a *audience) report(b *testing.B, cpu time.Duration) {
	b.Helper()
	slices.Sort(a.waits)
	late := len(a.waits) - slices.IndexFunc(append(a.waits, lateAfter+1), func(d time.Duration) bool { return d > lateAfter })
	if len(a.waits) != openPages*b.N || a.resyncs > 0 || late > 0 {
		b.Errorf("%d of %d pictures heard, %d later than %s, %d pages sent away", len(a.waits), openPages*b.N, late, lateAfter, a.resyncs)
	}
	if n := len(a.waits); n > 0 {
		b.ReportMetric(float64(a.waits[n/2].Microseconds())/1000, "p50-ms")
		b.ReportMetric(float64(a.waits[n*99/100].Microseconds())/1000, "p99-ms")
		b.ReportMetric(float64(a.waits[n-1].Microseconds())/1000, "max-ms")
	}
	b.ReportMetric(float64(cpu.Microseconds())/1000/float64(b.N), "cpu-ms/change")
}
