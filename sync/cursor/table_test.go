package cursor

import (
	"os"
	"slices"
	"testing"
)

// The ways of reading that other bridges have been seen to use, against the one of the
// specification. Each of the weaker ones must be seen to lose something, else the list
// is not as nasty as trackers are.

// walk is what all of them store.
type walk struct {
	mark    int64 // watermark
	started int64
	max     int64 // last change ever seen
	after   Row   // keyset
	offset  int
	busy    bool
}

// style is one way of reading.
type style struct {
	from   func(w walk) int64          // lower bound of a read
	mark   func(w walk, l *List) int64 // watermark after it
	offset bool
	desc   bool
}

func (s style) reader() Reader[walk] {
	return Reader[walk]{Ask: s.ask, Watermark: func(walk) int64 { return 0 }}
}

func (s style) ask(w walk, l *List) (walk, []Row, bool) {
	if !w.busy {
		w.started, w.offset, w.after, w.busy = l.Date(), 0, Row{}, true
	}
	rows := l.Since(s.from(w))
	if s.desc {
		rows = reversed(rows)
	}
	rows = s.rest(w, rows)
	page := rows[:min(len(rows), l.Limit)]
	for _, r := range page {
		w.max = max(w.max, r.Updated)
		w.after = r
	}
	w.offset += len(page)
	if len(rows) > len(page) {
		return w, page, false
	}
	w.busy = false
	w.mark = max(w.mark, s.mark(w, l))
	return w, page, true
}

// rest is what a page has not brought yet.
func (s style) rest(w walk, rows []Row) []Row {
	if s.offset {
		return rows[min(w.offset, len(rows)):]
	}
	for len(rows) > 0 && Order(rows[0], w.after) <= 0 {
		rows = rows[1:]
	}
	return rows
}

func reversed(rows []Row) []Row {
	rows = slices.Clone(rows)
	slices.Reverse(rows)
	return rows
}

func minute(ms int64) int64 { return ms / 60_000 * 60_000 }

func floored(w walk) int64 { return minute(w.mark) - 60_000 }

// runs is how often each is tried: more where everything is tried.
func runs() uint64 {
	if os.Getenv("PARLEY_EXHAUSTIVE") != "" {
		return 200_000
	}
	return 20_000
}

func TestWeakerCursorsLoseSomething(t *testing.T) {
	t.Parallel()
	newest := func(w walk, _ *List) int64 { return w.max }
	start := func(w walk, _ *List) int64 { return w.started - 1000 - Visible }
	for name, s := range map[string]style{
		"newest seen, strictly after":    {from: func(w walk) int64 { return w.mark + 1 }, mark: newest},
		"newest seen, from its minute":   {from: func(w walk) int64 { return minute(w.mark) }, mark: newest},
		"newest seen less Λ":             {from: floored, mark: func(w walk, _ *List) int64 { return w.max - Visible }},
		"from the start, pages by count": {from: floored, mark: start, offset: true},
		"the same, newest first":         {from: floored, mark: start, offset: true, desc: true},
		"from the end of the read":       {from: floored, mark: func(_ walk, l *List) int64 { return l.Date() - 1000 - Visible }},
		"from the start without Λ":       {from: floored, mark: func(w walk, _ *List) int64 { return w.started - 1000 }},
		"a clock five minutes fast":      {from: floored, mark: func(w walk, _ *List) int64 { return w.started + 300_000 - 1000 - Visible }},
		"a bound three hours off":        {from: func(w walk) int64 { return floored(w) + 3*3_600_000*min(w.mark, 1) }, mark: start},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lost := 0
			for seed := range runs() {
				if s.reader().Run(seed, Pace{Page: 100_000, Poll: 60_000, Grain: 1}) != "" {
					lost++
				}
			}
			t.Logf("%d of %d runs lose something", lost, runs())
			if lost == 0 {
				t.Error("nothing was lost")
			}
		})
	}
}

func TestTheCursorOfTheSpecificationLosesNothing(t *testing.T) {
	t.Parallel()
	s := style{from: floored, mark: func(w walk, _ *List) int64 { return w.started - 1000 - Visible }}
	r := s.reader()
	r.Watermark = func(w walk) int64 { return w.mark }
	for seed := range runs() {
		if lost := r.Run(seed, Pace{Page: 100_000, Poll: 60_000, Grain: 1}); lost != "" {
			t.Fatalf("run %d: %s", seed, lost)
		}
	}
}
