package cursor

import (
	"fmt"
	"math/rand/v2"
)

// Reader is one way of reading a list: what it stores between two requests is a value
// of type S. The zero value has read nothing.
type Reader[S any] struct {
	// Ask makes one request. It gives what is to be stored, the rows of the page and
	// whether the read is complete.
	Ask func(stored S, l *List) (next S, page []Row, complete bool)
	// Watermark is the moment up to which everything is known, once a read is complete.
	Watermark func(S) int64
}

// Pace is how slowly a list is read.
type Pace struct {
	Page  int64 // the longest pause between two pages
	Poll  int64 // and between two reads
	Grain int64 // what the list rounds times down to: 1, or 1000
}

// Run lets a reader read a list for as long as people change it, and some time after,
// with crashes in between: a page that came is then not stored, nor is what followed
// from it. It gives what the reader never learned, and "" where it learned everything.
func (r Reader[S]) Run(seed uint64, pace Pace) string {
	dice := rand.New(rand.NewPCG(seed, 1))
	l := scribble(dice, pace.Grain)
	known := make([]int64, len(l.items))
	var stored S
	end, rests := l.quiet(), 0
	for requests := 0; rests < 3; requests++ {
		if requests > 20_000 {
			return "the read never ends"
		}
		next, page, complete := r.Ask(stored, l)
		if dice.IntN(10) == 0 {
			l.Now += dice.Int64N(pace.Page + 1)
			continue // crashed before it was stored
		}
		stored = next
		for _, row := range page {
			known[row.Item] = max(known[row.Item], row.Updated)
		}
		if !complete {
			l.Now += dice.Int64N(pace.Page + 1)
			continue
		}
		if lost := l.unknown(known, min(r.Watermark(stored), l.Now)); lost != "" {
			return lost
		}
		if l.Now > end {
			rests++
		}
		l.Now += dice.Int64N(pace.Poll + 1)
	}
	return l.unknown(known, l.Now)
}

// unknown names an issue whose newest change up to a moment was never read.
func (l *List) unknown(known []int64, upTo int64) string {
	for i := range l.items {
		if at, ok := l.newest(i, upTo); ok && known[i] < at {
			return fmt.Sprintf("issue %d: changed at %d, known up to %d, watermark %d", i, at-start, known[i]-start, upTo-start)
		}
	}
	return ""
}
