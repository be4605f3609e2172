package web

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"parley/sync/view"
)

// decodeAnswer reads an answer that must be a JSON document with status 200.
func decodeAnswer(t *testing.T, rec *httptest.ResponseRecorder, v any) {
	t.Helper()
	if rec.Code != http.StatusOK {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	if err := json.Unmarshal(rec.Body.Bytes(), v); err != nil {
		t.Fatal(err)
	}
}

func TestHeadersOfEveryAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.put(cardN(1))
	h := w.handler()
	for _, target := range []string{"/", "/card/PAY-1", "/card/none", "/sync", "/nothing", "/healthz", "/readyz", "/api/v1/board", "/api/v1/nothing", "/static/mark.svg", "/static/none", "/?limit=x"} {
		head := ask(h, http.MethodGet, target, "").Header()
		csp := head.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'", "object-src 'none'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: the policy lacks %s: %q", target, want, csp)
			}
		}
		if strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") || strings.Contains(csp, "http:") {
			t.Errorf("%s: the policy allows too much: %q", target, csp)
		}
		for key, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin"} {
			if got := head.Get(key); got != want {
				t.Errorf("%s: %s is %q, want %q", target, key, got, want)
			}
		}
		if cache := head.Get("Cache-Control"); !strings.HasPrefix(target, "/static/mark") && cache != "no-store" {
			t.Errorf("%s: Cache-Control is %q", target, cache)
		}
		if head.Get("Content-Type") == "" {
			t.Errorf("%s: no Content-Type", target)
		}
	}
}

func TestOtherSitesCannotChangeAnything(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		header map[string]string
		public string
		status int
	}{
		"another site":                    {map[string]string{"Sec-Fetch-Site": "cross-site"}, "", 403},
		"a neighbour of the site":         {map[string]string{"Sec-Fetch-Site": "same-site"}, "", 403},
		"another origin, older browser":   {map[string]string{"Origin": "https://evil.test"}, "", 403},
		"no origin that could be named":   {map[string]string{"Origin": "null"}, "", 403},
		"another site through a proxy":    {map[string]string{"Origin": "https://evil.test"}, "https://board.test", 403},
		"a port next door":                {map[string]string{"Origin": "https://board.test:8443"}, "https://board.test", 403},
		"the board":                       {map[string]string{"Sec-Fetch-Site": "same-origin"}, "", 202},
		"the board, older browser":        {map[string]string{"Origin": "http://127.0.0.1:8080"}, "", 202},
		"the board through a proxy":       {map[string]string{"Origin": "https://board.test"}, "https://board.test/parley/", 202},
		"a program":                       {nil, "", 202},
		"a program, odd public address":   {nil, "://", 202},
		"the board, by the address field": {map[string]string{"Sec-Fetch-Site": "none"}, "", 202},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.put(cardN(1))
			h := New(Options{Readers: same(w), Identity: Everybody(view.Somebody()), Intents: w, Signal: w, Health: w, PublicURL: c.public})
			for _, target := range []string{"/api/v1/cards/PAY-1/move", "/api/v1/cards/PAY-1/priority"} {
				r := request(http.MethodPost, target, `{"to":"done"}`)
				r.Host = "127.0.0.1:8080"
				for k, v := range c.header {
					r.Header.Set(k, v)
				}
				if rec := serve(h, r); rec.Code != c.status {
					t.Errorf("%s: %d, want %d: %s", target, rec.Code, c.status, rec.Body)
				}
			}
			if (len(w.asked) == 0) != (c.status == 403) {
				t.Errorf("%d intents were handed on", len(w.asked))
			}
		})
	}
}

func TestOnlyItsOwnNamesAreServed(t *testing.T) {
	t.Parallel()
	for host, ours := range map[string]bool{
		"127.0.0.1:8080": true, "[::1]:8080": true, "localhost:8080": true, "LOCALHOST": true, "board.localhost": true, "10.1.2.3": true,
		"board.test": true, "board.test:443": false, "rebound.evil.test": false, "rebound.evil.test:8080": false, "localhost.evil.test": false, "": false,
	} {
		t.Run(host, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.put(cardN(1))
			h := New(Options{Readers: same(w), Identity: Everybody(view.Somebody()), Intents: w, Signal: w, Health: w, PublicURL: "https://board.test"})
			r := request(http.MethodGet, "/api/v1/cards/PAY-1", "")
			r.Host = host
			if rec := serve(h, r); (rec.Code == http.StatusOK) != ours {
				t.Errorf("%d: %s", rec.Code, rec.Body)
			}
		})
	}
}

func TestOtherSitesCannotSendForms(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.put(cardN(1))
	r := httptest.NewRequest(http.MethodPost, "/card/PAY-1/move", strings.NewReader("to=done&rev=3"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if rec := serve(w.handler(), r); rec.Code != http.StatusForbidden || len(w.asked) != 0 {
		t.Errorf("%d, %d intents", rec.Code, len(w.asked))
	}
}

func TestGzip(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.put(cardN(1))
	h := w.handler()
	cases := map[string]struct {
		method, target, accept, none string
		status                       int
		zipped                       bool
	}{
		"a page":                      {"GET", "/", "br, gzip", "", 200, true},
		"the API":                     {"GET", "/api/v1/board", "gzip;q=0.5", "", 200, true},
		"in capitals":                 {"GET", "/", "GZIP", "", 200, true},
		"an error":                    {"GET", "/api/v1/cards/none", "gzip", "", 404, true},
		"a file":                      {"GET", "/static/mark.svg", "gzip", "", 200, true},
		"a page that is not there":    {"GET", "/nothing", "gzip", "", 404, true},
		"nobody asks for it":          {"GET", "/", "", "", 200, false},
		"another coding":              {"GET", "/", "br", "", 200, false},
		"a coding that looks like it": {"GET", "/", "xgzip, gzip2", "", 200, false},
		"it is refused":               {"GET", "/", "gzip;q=0, br", "", 200, false},
		"it is refused in full":       {"GET", "/", "gzip; q=0.000", "", 200, false},
		"an odd weight":               {"GET", "/", "gzip;q=much", "", 200, false},
		"only the head":               {"HEAD", "/", "gzip", "", 200, false},
		"a file that is known":        {"GET", "/static/mark.svg", "gzip", "own", 304, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plain := ask(h, http.MethodGet, c.target, "")
			r := request(c.method, c.target, "")
			r.Header.Set("Accept-Encoding", c.accept)
			if c.none != "" {
				r.Header.Set("If-None-Match", plain.Header().Get("ETag"))
			}
			rec := serve(h, r)
			if rec.Code != c.status || rec.Header().Get("Vary") != "Accept-Encoding" || (rec.Header().Get("Content-Encoding") == "gzip") != c.zipped {
				t.Fatalf("%d %v", rec.Code, rec.Header())
			}
			if c.status == http.StatusNotModified && rec.Body.Len() != 0 {
				t.Errorf("304 with a body of %d bytes", rec.Body.Len())
			}
			if c.zipped && !bytes.Equal(unzip(t, rec.Body), plain.Body.Bytes()) {
				t.Error("the zipped answer is another one")
			}
		})
	}
}

func unzip(t *testing.T, r io.Reader) []byte {
	t.Helper()
	z, err := gzip.NewReader(r)
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCompressLeavesAnswersWithoutBodyAlone(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"204":     func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) },
		"nothing": func(http.ResponseWriter, *http.Request) {},
		"zipped before": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			_, _ = w.Write([]byte("x"))
		},
	} {
		r := request(http.MethodGet, "/", "")
		r.Header.Set("Accept-Encoding", "gzip")
		if rec := serve(compress(answer), r); rec.Header().Get("Content-Encoding") == "gzip" || rec.Body.Len() > 1 {
			t.Errorf("%s: %v %q", name, rec.Header(), rec.Body)
		}
	}
}

func TestStaticFiles(t *testing.T) {
	t.Parallel()
	h := newWorld().handler()
	assets := mustStatic()
	for name := range assets.files {
		rec := ask(h, http.MethodGet, assets.url(name), "")
		head := rec.Header()
		if rec.Code != http.StatusOK || head.Get("Cache-Control") != "public, max-age=31536000, immutable" || head.Get("ETag") == "" || head.Get("Content-Type") == "" {
			t.Errorf("%s: %d %v", name, rec.Code, head)
		}
		for _, other := range []string{"/static/" + name, "/static/" + name + "?v=0"} {
			if got := ask(h, http.MethodGet, other, "").Header().Get("Cache-Control"); got != "no-cache" {
				t.Errorf("%s may be kept: %q", other, got)
			}
		}
		r := request(http.MethodGet, "/static/"+name, "")
		r.Header.Set("If-None-Match", head.Get("ETag"))
		if rec := serve(h, r); rec.Code != http.StatusNotModified || rec.Body.Len() != 0 {
			t.Errorf("%s with its ETag: %d, %d bytes", name, rec.Code, rec.Body.Len())
		}
	}
}

func TestEveryFileThatPagesNameIsThere(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	assets := mustStatic()
	for _, file := range files {
		text, err := templateFiles.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, part := range strings.Split(string(text), `{{asset "`) {
			if name, _, _ := strings.Cut(part, `"`); i > 0 && assets.files[name] == nil {
				t.Errorf("%s names %s, which is not there", file, name)
			}
		}
	}
}

func TestStaticServesNothingElse(t *testing.T) {
	t.Parallel()
	h := newWorld().handler()
	for _, target := range []string{
		"/static/", "/static/none.js", "/static/..%2fweb.go", "/static/%2e%2e/web.go", "/static/..%5cweb.go", "/static//etc/passwd", "/static/../web.go", "/static/%00", "/static/static/mark.svg", "/static/templates/board.html",
	} {
		rec := ask(h, http.MethodGet, target, "")
		for hops := 0; rec.Code/100 == 3 && hops < 5; hops++ {
			rec = ask(h, http.MethodGet, rec.Header().Get("Location"), "")
		}
		if rec.Code != http.StatusNotFound || strings.Contains(rec.Body.String(), "package web") {
			t.Errorf("%s: %d %.80q", target, rec.Code, rec.Body)
		}
	}
}

func TestAPanicIsNotShown(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"/", "/card/PAY-1", "/sync", "/api/v1/board", "/api/v1/plan"} {
		w := newWorld()
		w.panics = "index out of range: secret detail"
		var log bytes.Buffer
		h := New(Options{Readers: same(w), Identity: Everybody(view.Somebody()), Intents: w, Signal: w, Health: w, PublicURL: "http://example.com", Log: slog.New(slog.NewTextHandler(&log, nil))})
		r := request(http.MethodGet, target, "")
		r.Header.Set("Accept-Encoding", "gzip")
		rec := serve(h, r)
		body := rec.Body.String()
		if rec.Code != http.StatusInternalServerError || strings.Contains(body, "secret") || !strings.Contains(body, "This page broke. The log says why.") {
			t.Errorf("%s: %d %q", target, rec.Code, body)
		}
		if strings.HasPrefix(target, "/api/") != json.Valid([]byte(body)) {
			t.Errorf("%s: %q", target, body)
		}
		if !strings.Contains(log.String(), "secret detail") || !strings.Contains(log.String(), target) {
			t.Errorf("%s: the log does not say why: %q", target, log.String())
		}
	}
}

func TestAnAbortGoesThrough(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.panics = http.ErrAbortHandler
	defer func() {
		p := recover()
		if err, ok := p.(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("recovered %v", p)
		}
	}()
	ask(w.handler(), http.MethodGet, "/", "")
	t.Error("the abort was swallowed")
}

func TestHealth(t *testing.T) {
	t.Parallel()
	w := newWorld()
	h := w.handler()
	if body := page(t, h, "/healthz", http.StatusOK); strings.TrimSpace(body) != `{"ok":true}` {
		t.Error(body)
	}
	if body := page(t, h, "/readyz", http.StatusOK); strings.TrimSpace(body) != `{"ready":true,"reasons":[]}` {
		t.Error(body)
	}
	w.reasons = []string{"acme was last read 900 s ago", "code was not read completely yet"}
	if body := page(t, h, "/readyz", http.StatusServiceUnavailable); strings.TrimSpace(body) != `{"ready":false,"reasons":["acme was last read 900 s ago","code was not read completely yet"]}` {
		t.Error(body)
	}
}

func TestMetricsAreHandedThrough(t *testing.T) {
	t.Parallel()
	if rec := ask(newWorld().handler(), http.MethodGet, "/metrics", ""); rec.Code != http.StatusNotFound {
		t.Errorf("without metrics: %d", rec.Code)
	}
	w := newWorld()
	metrics := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "up 1 %s", r.URL.RawQuery) })
	h := New(Options{Readers: same(w), Identity: Everybody(view.Somebody()), Intents: w, Signal: w, Health: w, PublicURL: "http://example.com", Metrics: metrics})
	if body := page(t, h, "/metrics?x", http.StatusOK); body != "up 1 x" {
		t.Error(body)
	}
}
