package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"parley/web"
)

// Budget of the design for the first page of a board of 5,000 cards.
const mostFirstPage = 50 << 10 // bytes, compressed

// firstPage asks for the board as a browser does that has nothing of it yet.
func firstPage(tb testing.TB, h http.Handler) int {
	tb.Helper()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	if rec.Code != http.StatusOK || rec.Header().Get("Content-Encoding") != "gzip" {
		tb.Fatal(rec.Code, rec.Header())
	}
	return rec.Body.Len()
}

// BenchmarkFirstPage makes the board page out of the picture of all cards: reading,
// sorting, drawing, compressing. "changed" is with a card that has changed since the last.
func BenchmarkFirstPage(b *testing.B) {
	for _, n := range []int{5000, 20000} {
		for _, changed := range []bool{false, true} {
			b.Run(fmt.Sprintf("%d cards, changed %v", n, changed), func(b *testing.B) {
				big := newHall(n)
				h, size := web.New(big.options(b)), 0
				firstPage(b, h)
				b.ReportAllocs()
				before := cpuTime()
				for b.Loop() {
					if changed {
						big.put(hallCard(1, "review"))
					}
					size = firstPage(b, h)
				}
				b.ReportMetric(float64(size)/1024, "KB/page")
				b.ReportMetric(float64((cpuTime()-before).Microseconds())/1000/float64(b.N), "cpu-ms/page")
			})
		}
	}
}

func TestTheFirstPageOfABigBoardIsSmall(t *testing.T) {
	t.Parallel()
	for _, n := range []int{5000, 20000} {
		if got := firstPage(t, web.New(newHall(n).options(t))); got < 20<<10 || got > mostFirstPage {
			t.Errorf("%d cards: %d bytes, want no more than %d and a whole board", n, got, mostFirstPage)
		}
	}
}
