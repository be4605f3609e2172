package runner

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Pauses before a poll that a hint asks for.
const (
	// hintGap is the shortest from the end of a poll. It doubles while hints come faster
	// than polls, up to a third of the usual pause.
	hintGap = 2 * time.Second
	// hintGapMost bounds that doubling where the usual pause is long.
	hintGapMost = 20 * time.Second
	// hintAgain is how soon a poll is repeated that a hint asked for and that found
	// nothing: a webhook is often earlier than the list or index that shows its cause.
	hintAgain = 5 * time.Second
	// failedAgain is the longest pause after a poll that did not end well, however rare
	// the others are. How long a tracker is left in peace is for the gates to say.
	failedAgain = 30 * time.Second
)

// Hint has the sources polled soon in which a container lies, of a tracker that said
// that something changed there; "" is every container. It reports whether there is such
// a source. It never waits, and any number of hints ask for one poll: that is made as
// soon as the last one is old enough and the tracker takes requests. Polls go on as
// usual without hints.
func (r *Runner) Hint(tracker, container string) bool {
	t, ok := r.tracker(tracker)
	if !ok {
		return false
	}
	if r.hand() && r.term.Load() == 0 {
		select {
		case r.hints <- place{tracker, container}:
		default: // there are plenty; polls go on as usual
		}
	}
	found := false
	for _, source := range t.Sources() {
		if source == "" || container == "" || strings.EqualFold(source, container) {
			r.bells.of(sourceKey(t, source)).ring()
			found = true
		}
	}
	return found
}

// bells are those of the sources, by key.
type bells struct {
	mu  sync.Mutex
	all map[string]*bell
}

func (b *bells) of(source string) *bell {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.all == nil {
		b.all = map[string]*bell{}
	}
	if b.all[source] == nil {
		b.all[source] = &bell{rung: make(chan struct{}, 1)}
	}
	return b.all[source]
}

// bell calls for the poll of one source. Only that poll rests on it.
type bell struct {
	rung   chan struct{} // holds one hint; more say nothing more
	found  atomic.Bool   // a poll has brought something
	failed atomic.Bool   // the last poll did not come to its end
	gap    time.Duration // before the next poll that is called for; 0: hintGap
	asked  bool          // the last poll was called for
}

func (b *bell) ring() {
	select {
	case b.rung <- struct{}{}:
	default:
	}
}

// rest waits between two polls: as long as usual, or less where a hint calls or the last
// one failed.
func (b *bell) rest(ctx context.Context, usual time.Duration) error {
	if b.failed.Swap(false) {
		usual = min(usual, failedAgain)
	}
	gap := min(max(b.gap, hintGap), usual)
	longest := max(hintGap, min(usual/3, hintGapMost))
	if found := b.found.Swap(false); b.asked && !found {
		usual = max(gap, min(usual, hintAgain))
	}
	b.asked = false
	if err := pause(ctx, gap); err != nil {
		return err
	}
	if b.called() {
		b.gap = min(2*gap, longest)
		return nil
	}
	b.gap = 0
	timer := time.NewTimer(usual - gap)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
	case <-b.rung:
		b.asked = true
	}
	return nil
}

// called reports whether a hint waits, and takes it.
func (b *bell) called() bool {
	select {
	case <-b.rung:
		b.asked = true
		return true
	default:
		return false
	}
}
