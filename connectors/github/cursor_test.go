package github

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/connectors"
)

// world is a repository's list as GitHub shows it: every change has a second it
// happened in and a later one from which lists show it.
type world struct {
	now       time.Time
	items     [][]version // by item, oldest first
	limit     int
	exclusive bool // since means "after", as one half of the documentation says
}

type version struct{ updated, visible time.Time }

func (w *world) change(item int, lag time.Duration) {
	for len(w.items) <= item {
		w.items = append(w.items, nil)
	}
	w.items[item] = append(w.items[item], version{updated: w.now, visible: w.now.Add(lag)})
}

type row struct {
	item    int
	updated time.Time
}

// rows are what a list since a moment holds now.
func (w *world) rows(since time.Time) []row {
	var out []row
	for i, versions := range w.items {
		for _, v := range slices.Backward(versions) {
			if v.visible.After(w.now) {
				continue
			}
			if since.IsZero() || v.updated.After(since) || !w.exclusive && v.updated.Equal(since) {
				out = append(out, row{i, v.updated})
			}
			break
		}
	}
	slices.SortStableFunc(out, func(a, b row) int { return a.updated.Compare(b.updated) })
	return out
}

// answer gives the page that a place asks for.
func (w *world) answer(p place) (listing, []row) {
	n := 1
	if _, page, ok := strings.Cut(p.URL, "page="); ok {
		n, _ = strconv.Atoi(page)
	}
	all := w.rows(p.Since)
	from := min((n-1)*w.limit, len(all))
	page := all[from:min(from+w.limit, len(all))]
	l := listing{limit: w.limit, etag: fmt.Sprint(page), date: w.now}
	if l.etag == p.ETag {
		return listing{limit: w.limit, unchanged: true, date: w.now}, nil
	}
	if from+w.limit < len(all) {
		l.next = "page=" + strconv.Itoa(n+1)
	}
	for _, r := range page {
		l.updated = append(l.updated, r.updated)
	}
	return l, page
}

// reader polls a world and remembers what it saw.
type reader struct {
	cursor   connectors.Cursor
	seen     map[int]time.Time
	requests int
	free     int // answered by 304
}

func (r *reader) request(w *world, overlap time.Duration) (ended bool) {
	p := begin(r.cursor)
	l, rows := w.answer(p)
	r.requests++
	if l.unchanged {
		r.free++
	}
	for _, row := range rows {
		if row.updated.After(r.seen[row.item]) {
			r.seen[row.item] = row.updated
		}
	}
	r.cursor = move(r.cursor, p, l, overlap)
	return r.cursor.Scan.Token == ""
}

// missed names an item whose newest change up to the watermark was never seen.
func (r *reader) missed(w *world) string {
	for i, versions := range w.items {
		for _, v := range slices.Backward(versions) {
			if v.updated.After(r.cursor.Watermark) {
				continue
			}
			if r.seen[i].Before(v.updated) {
				return fmt.Sprintf("item %d, changed at %s, watermark %s", i, v.updated.Format(time.TimeOnly), r.cursor.Watermark.Format(time.TimeOnly))
			}
			break
		}
	}
	return ""
}

func testStart() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

func TestReadMissesNothingWhileItemsMove(t *testing.T) {
	t.Parallel()
	const overlap = 20 * time.Second
	rapid.Check(t, func(t *rapid.T) {
		w := &world{now: testStart(), limit: rapid.IntRange(2, 5).Draw(t, "limit"), exclusive: rapid.Bool().Draw(t, "exclusive")}
		r := &reader{seen: map[int]time.Time{}}
		items := rapid.IntRange(1, 14).Draw(t, "items")
		busy := func() {
			for range rapid.IntRange(0, 4).Draw(t, "changes") {
				w.change(rapid.IntRange(0, items-1).Draw(t, "item"), time.Duration(rapid.IntRange(0, 20).Draw(t, "lag"))*time.Second)
			}
			w.now = w.now.Add(time.Duration(rapid.SampledFrom([]int{0, 0, 0, 1, 1, 5, 61}).Draw(t, "pause")) * time.Second)
		}
		for range rapid.IntRange(1, 6).Draw(t, "bursts") { // many changes within one second
			for i := range items {
				w.change(i, 0)
			}
			w.now = w.now.Add(time.Duration(rapid.IntRange(0, 90).Draw(t, "gap")) * time.Second)
		}
		for range rapid.IntRange(5, 60).Draw(t, "requests") {
			busy()
			before := r.cursor.Watermark
			if !r.request(w, overlap) {
				continue
			}
			if m := r.missed(w); m != "" {
				t.Fatalf("missed %s", m)
			}
			if r.cursor.Watermark.Before(before) || r.cursor.Watermark.After(w.now.Add(-overlap)) {
				t.Fatalf("watermark went from %s to %s at %s", before, r.cursor.Watermark, w.now)
			}
		}
	})
}

func TestReadEndsAndThenIdlesFree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := &world{now: testStart(), limit: rapid.IntRange(2, 5).Draw(t, "limit")}
		r := &reader{seen: map[int]time.Time{}}
		for i := range rapid.IntRange(0, 40).Draw(t, "items") {
			w.change(i, 0)
			w.now = w.now.Add(time.Duration(rapid.IntRange(0, 2).Draw(t, "gap")) * time.Second)
		}
		poll := func() {
			for range 1000 {
				if r.request(w, DefaultOverlap) {
					return
				}
			}
			t.Fatal("the read does not end")
		}
		poll()
		// Once the last changes are older than the overlap, at most one counted
		// read is needed before everything is answered by a 304.
		w.now = w.now.Add(10 * time.Minute)
		poll()
		w.now = w.now.Add(10 * time.Minute)
		poll()
		requests, free := r.requests, r.free
		for range 5 {
			w.now = w.now.Add(30 * time.Second)
			poll()
		}
		if r.requests-requests != 5 || r.free-free != 5 {
			t.Fatalf("5 idle polls made %d requests, %d of them free", r.requests-requests, r.free-free)
		}
		if want := w.now.Add(-time.Second - DefaultOverlap); !r.cursor.Watermark.Equal(want) {
			t.Fatalf("watermark %s after an idle poll, want %s", r.cursor.Watermark, want)
		}
	})
}

func TestOneChangeCostsOneCountedRequest(t *testing.T) {
	t.Parallel()
	w := &world{now: testStart(), limit: 100}
	r := &reader{seen: map[int]time.Time{}}
	for i := range 10 {
		w.change(i, 0)
	}
	w.now = w.now.Add(time.Hour)
	r.request(w, DefaultOverlap)
	for i := range 200 {
		w.change(i, 0)
		w.now = w.now.Add(time.Minute)
		for !r.request(w, DefaultOverlap) {
		}
		w.now = w.now.Add(time.Minute)
		for !r.request(w, DefaultOverlap) {
		}
	}
	// 1 import, 200 with a change, and one more each time the page grew stale.
	if counted := r.requests - r.free; counted < 201 || counted > 212 {
		t.Errorf("%d counted requests for 200 changes", counted)
	}
}

func TestFullPageIsNeverKept(t *testing.T) {
	t.Parallel()
	s := testStart()
	l := listing{limit: 2, updated: []time.Time{s, s}, etag: "e", date: s.Add(time.Hour)}
	if since, etag := keep(s.Add(time.Hour), place{}, l); etag != "" {
		t.Errorf("a full page was kept at %s: what comes after it would never show", since)
	}
	l.updated = l.updated[:1]
	if _, etag := keep(s.Add(time.Hour), place{}, l); etag != "e" {
		t.Error("a page with room was not kept")
	}
	if _, etag := keep(s, place{Since: s}, l); etag != "" {
		t.Error("a page that starts at the watermark was kept: it may not show what the watermark promises")
	}
}

func TestUnsortedPageIsWalked(t *testing.T) {
	t.Parallel()
	s := testStart()
	next := step(place{}, listing{limit: 2, updated: []time.Time{s.Add(time.Hour), s}, next: "page=2", etag: "e"})
	if next == nil || next.URL != "page=2" {
		t.Fatalf("went on at %+v, want the next page: the last row says nothing in a list in another order", next)
	}
}

func TestBeginAfterDamagedToken(t *testing.T) {
	t.Parallel()
	c := connectors.Cursor{Watermark: testStart().Add(30 * time.Second), Scan: connectors.Scan{Token: "{"}}
	if got, want := begin(c).Since, testStart().Add(-time.Minute); !got.Equal(want) {
		t.Errorf("began at %s, want %s", got, want)
	}
}

func TestNoDateLeavesTheWatermark(t *testing.T) {
	t.Parallel()
	c := connectors.Cursor{Watermark: testStart()}
	if got := move(c, place{Since: floor(c.Watermark)}, listing{limit: 2}, DefaultOverlap); !got.Watermark.Equal(c.Watermark) {
		t.Errorf("watermark %s, want %s: there is no clock to move it by", got.Watermark, c.Watermark)
	}
}

// More rows than a page holds leave the pages already read of one second, while
// the third is fetched; every row that stood still must be met all the same.
func TestWalkWithinOneSecondStartsOver(t *testing.T) {
	t.Parallel()
	w := &world{now: testStart(), limit: 3}
	r := &reader{seen: map[int]time.Time{}}
	for i := range 9 {
		w.change(i, 0)
	}
	w.now = w.now.Add(time.Hour)
	for n := 0; n < 100 && !r.request(w, DefaultOverlap); n++ {
		if n < 5 {
			w.change(n, 0)
		}
	}
	if m := r.missed(w); m != "" || r.cursor.Scan.Token != "" {
		t.Errorf("missed %q, read ended: %v", m, r.cursor.Scan.Token == "")
	}
}

func TestStalePageIsNotKept(t *testing.T) {
	t.Parallel()
	s := testStart()
	l := listing{limit: 100, etag: "e", date: s}
	for range staleRows {
		l.updated = append(l.updated, s.Add(-time.Hour))
	}
	if _, etag := keep(s, place{ETag: "d"}, l); etag != "e" {
		t.Error("a page is given up although it repeats little")
	}
	l.updated = append(l.updated, s.Add(-time.Hour))
	if _, etag := keep(s, place{ETag: "d"}, l); etag != "" {
		t.Error("a page that repeats ever more is kept")
	}
	if _, etag := keep(s, place{}, l); etag != "e" {
		t.Error("the first page of its bound is given up at once: nothing would ever be free")
	}
}
