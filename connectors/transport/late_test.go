package transport_test

import (
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/connectors/transport"
)

// slow is a tracker that hangs at its reads and notes when writes come.
type slow struct {
	mu     sync.Mutex
	writes []time.Time
}

func (k *slow) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodGet {
		time.Sleep(40 * time.Second)
	} else {
		k.mu.Lock()
		k.writes = append(k.writes, time.Now())
		k.mu.Unlock()
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
}

// Writes that wait for a connection behind a tracker that hangs count when they are sent,
// not when they were let through: else they all come at once beside the later ones.
func TestALimitHoldsBehindATrackerThatHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &slow{}
		client := transport.New(transport.Options{Base: k, Concurrency: 1, Budget: transport.NewBudget(transport.JiraTerms())})
		var wg sync.WaitGroup
		put := func(n int) {
			for range n {
				wg.Go(func() { _ = call(client, http.MethodPut, "/rest/api/2/issue/1") })
			}
			synctest.Wait()
		}
		wg.Go(func() { _ = call(client, http.MethodGet, "/rest/api/2/myself") })
		synctest.Wait()
		put(15)
		time.Sleep(39500 * time.Millisecond)
		put(15)
		wg.Wait()
		if len(k.writes) < 20 {
			t.Errorf("%d writes", len(k.writes))
		}
		for i := range k.writes {
			if i+20 < len(k.writes) && k.writes[i+20].Sub(k.writes[i]) < 2*time.Second {
				t.Fatalf("21 writes to one issue within %s", k.writes[i+20].Sub(k.writes[i]))
			}
		}
	})
}
