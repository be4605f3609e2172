package contract

import (
	"slices"
	"time"
)

// Book folds a row that changes now and then: it remembers how things stood after a part of
// the row, and goes on from there as long as that part is the same. What comes out is what
// FoldRow gives. It is for one goroutine.
type Book struct {
	setting Setting
	row     Row
	gaps    []Gap
	marks   []bookmark // in the order of the row
	few     int        // events that are not worth a bookmark
}

// bookmark is how things stood after some events of a row, and before time went on.
type bookmark struct {
	events int
	at     time.Time // of the last of them
	run    *run      // nobody changes it
}

// NewBook is one of contracts of which nothing is folded yet.
func NewBook(s Setting) *Book { return &Book{setting: s, few: fewEvents} }

// Where bookmarks are laid, in parts of a thousand of a row: most of what changes in a card
// is the last that happened to it.
func bookmarks() []int { return []int{500, 800, 950, 995} }

// fewEvents are not worth a bookmark, as a rule.
const fewEvents = 64

// Fold is FoldRow of the row as it is now.
func (b *Book) Fold(row Row, gaps []Gap, now time.Time) []Account {
	gaps = sortedGaps(gaps)
	b.tear(row, gaps, now)
	b.row, b.gaps = row, gaps
	r, from := newRun(b.setting), 0
	if n := len(b.marks); n > 0 {
		r, from = b.marks[n-1].run.clone(), b.marks[n-1].events
	}
	r.gaps, r.now = gaps, now
	next := b.places(from)
	for n := from; n < len(row) && !row[n].At.After(now); n++ {
		r.passTo(row[n].At)
		r.take(*row[n])
		if len(next) > 0 && n+1 == next[0] {
			b.marks, next = append(b.marks, bookmark{n + 1, row[n].At, r.clone()}), next[1:]
		}
	}
	r.passTo(now)
	return r.picture()
}

// tear takes out the bookmarks that lie behind what has changed.
func (b *Book) tear(row Row, gaps []Gap, now time.Time) {
	if !slices.Equal(gaps, b.gaps) {
		b.marks = nil // a gap may have decided anything
		return
	}
	alike := 0
	for alike < min(len(row), len(b.row)) && (row[alike] == b.row[alike] || *row[alike] == *b.row[alike]) {
		alike++
	}
	for n := len(b.marks); n > 0 && (b.marks[n-1].events > alike || b.marks[n-1].at.After(now)); n-- {
		b.marks = b.marks[:n-1]
	}
}

// places are after how many events bookmarks are to be laid behind one.
func (b *Book) places(from int) []int {
	var out []int
	for _, part := range bookmarks() {
		if n := len(b.row) * part / 1000; n >= from+max(b.few, len(b.row)/100) {
			out, from = append(out, n), n
		}
	}
	if most := len(bookmarks()); len(b.marks)+len(out) > most { // those at the beginning are of least use
		b.marks = slices.Delete(b.marks, 0, len(b.marks)+len(out)-most)
	}
	return out
}
