package runner

import (
	"testing"
	"time"
)

// A time without a reading that was longer than two polls is on record once it is over, and
// stays as it was recorded; a pause between two polls is none.
func TestAnOutageIsRecordedWhenItEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.poll()
	w.clock.Advance(30 * time.Second)
	w.poll()
	count := func() int {
		all, err := w.store.Outages(t.Context())
		w.must(err)
		return len(all)
	}
	if n := count(); n != 0 {
		t.Fatalf("%d outages without one", n)
	}
	from := w.clock.Now()
	w.clock.Advance(2 * time.Hour)
	w.poll()
	n := count()
	all, err := w.store.Outages(t.Context())
	w.must(err)
	if n == 0 || all[0].To.Sub(all[0].From) < 2*time.Hour || all[0].From.Before(from.Add(-time.Minute)) {
		t.Fatalf("%+v", all)
	}
	w.clock.Advance(30 * time.Second)
	w.poll()
	if again := count(); again != n {
		t.Errorf("%d outages, then %d", n, again)
	}
}
