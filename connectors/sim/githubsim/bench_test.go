package githubsim_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"parley/connectors/sim/githubsim"
)

// dump is n issues in GitHub's JSON, one a line.
func dump(n int) []byte {
	var b bytes.Buffer
	for i := 1; i <= n; i++ {
		at := start.Add(-time.Duration(n-i) * time.Minute).Format(time.RFC3339)
		state, closed := "open", "null"
		if i%3 == 0 {
			state, closed = "closed", `"`+at+`"`
		}
		fmt.Fprintf(&b, `{"id":%d,"number":%d,"title":"Issue %d","state":"%s","created_at":"%s","updated_at":"%s","closed_at":%s,`+
			`"body":"Some text about it","user":{"login":"u%d","id":%d},"labels":[{"name":"status:%d"},{"name":"priority:%d"}],"assignees":[]}`+"\n",
			5_200_000_000+i, i, i, state, at, at, closed, i%50, 60_000_000+i%50, i%6, i%4)
	}
	return b.Bytes()
}

const many = 30_000

func BenchmarkLoad30k(b *testing.B) {
	raw := dump(many)
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		w := newState(b, githubsim.Options{})
		w.must(w.hub.LoadJSON(pay, bytes.NewReader(raw)))
	}
}

// BenchmarkRequests30k measures single requests, without a network, in a
// repository of 30,000 issues.
func BenchmarkRequests30k(b *testing.B) {
	w := newState(b, githubsim.Options{})
	w.must(w.hub.LoadJSON(pay, bytes.NewReader(dump(many))))
	h := w.hub.Handler()
	send := func(method, path string, header ...string) *httptest.ResponseRecorder {
		req := httptest.NewRequest(method, path, nil)
		req.Header.Set("Authorization", "Bearer t-ana")
		req.Header.Set("User-Agent", "bench")
		if len(header) == 2 {
			req.Header.Set(header[0], header[1])
		}
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, req)
		return rec
	}
	poll := issuesPath + "?state=all&sort=updated&direction=asc&per_page=100&since=" + start.Add(-time.Hour).Format(time.RFC3339)
	tag := send("GET", poll).Header().Get("ETag")
	i := 0
	// The order counts: the last one makes the tag stale.
	for _, bench := range []struct {
		name string
		fn   func() (int, int)
	}{
		{"idle poll", func() (int, int) { return send("GET", poll, "If-None-Match", tag).Code, http.StatusNotModified }},
		{"page of 100", func() (int, int) {
			return send("GET", issuesPath+"?state=all&per_page=100&page=50").Code, http.StatusOK
		}},
		{"single", func() (int, int) { return send("GET", issuesPath+"/20000").Code, http.StatusOK }},
		{"write, then poll", func() (int, int) {
			i++
			w.must(w.hub.SetLabels("ana", pay, many, fmt.Sprint("status:", i%6)))
			return send("GET", poll).Code, http.StatusOK
		}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			for b.Loop() {
				if got, want := bench.fn(); got != want {
					b.Fatalf("status %d, want %d", got, want)
				}
			}
		})
	}
}

// TestManyIssues walks all pages of a list beyond 10,000 rows by its links.
func TestManyIssues(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	w.must(w.hub.LoadJSON(pay, bytes.NewReader(dump(10_450))))
	seen, pages, got := map[int]bool{}, 0, w.get(issuesPath+"?state=all&per_page=100")
	for {
		pages++
		for _, n := range got.rows(t) {
			seen[n] = true
		}
		if got.next() == "" {
			break
		}
		got = w.get(got.next())
	}
	if len(seen) != 10_450 || pages != 105 {
		t.Errorf("%d issues on %d pages", len(seen), pages)
	}
	if got := w.get(issuesPath + "?state=all&per_page=100&page=101"); got.status != 422 {
		t.Errorf("page 101 by number: %d", got.status)
	}
	if got := w.get(issuesPath + "?state=all&per_page=100&page=100"); got.status != 200 {
		t.Errorf("page 100 by number: %d", got.status)
	}
}
