package transport_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/connectors/transport"
)

func TestBodyCap(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		size int
		ok   bool
	}{{0, true}, {999, true}, {1000, true}, {1001, false}, {50_000, false}} {
		b := setup(t, transport.Options{MaxBody: 1000}, func(_ int, w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write(bytes.Repeat([]byte("x"), tc.size))
		})
		a, err := b.send(context.Background(), t, "GET")
		if tc.ok && (err != nil || len(a.Body) != tc.size) || !tc.ok && !errors.Is(err, transport.ErrTooLarge) {
			t.Errorf("%d bytes: got %d, error %v", tc.size, len(a.Body), err)
		}
		if len(a.Body) > 1000 {
			t.Errorf("%d bytes: %d were kept", tc.size, len(a.Body))
		}
	}
}

func TestIsJSON(t *testing.T) {
	t.Parallel()
	for ct, want := range map[string]bool{
		"application/json":                true,
		"application/json;charset=UTF-8":  true,
		"Application/JSON; charset=utf-8": true,
		"application/problem+json":        true,
		"application/vnd.github+json":     true,
		"application/json; charset":       true,
		"text/html;charset=UTF-8":         false,
		"text/plain":                      false,
		"application/jsonp":               false,
		"text/x+json":                     false,
		"":                                false,
	} {
		h := http.Header{"Content-Type": {ct}}
		if got := transport.IsJSON(h); got != want {
			t.Errorf("IsJSON(%q) = %v", ct, got)
		}
		if err := transport.CheckJSON(h); (err == nil) != want {
			t.Errorf("CheckJSON(%q) = %v", ct, err)
		}
	}
}

func TestRetryAt(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	for name, tc := range map[string]struct {
		header map[string]string
		wait   time.Duration // 0: none
	}{
		"nothing":                   {nil, 0},
		"seconds":                   {map[string]string{"Retry-After": "1847"}, 1847 * time.Second},
		"fraction":                  {map[string]string{"Retry-After": " 1.5 "}, 1500 * time.Millisecond},
		"zero":                      {map[string]string{"Retry-After": "0"}, 0},
		"negative":                  {map[string]string{"Retry-After": "-5"}, 0},
		"not a number":              {map[string]string{"Retry-After": "NaN"}, 0},
		"absurd":                    {map[string]string{"Retry-After": "99999999999999999999"}, 24 * time.Hour},
		"a date":                    {map[string]string{"Retry-After": "Mon, 02 Nov 2026 09:01:00 GMT"}, time.Minute},
		"a date by a wrong clock":   {map[string]string{"Retry-After": "Mon, 02 Nov 2026 11:01:00 GMT", "Date": "Mon, 02 Nov 2026 11:00:00 GMT"}, time.Minute},
		"unix":                      {map[string]string{"X-RateLimit-Reset": "1793610030"}, 30 * time.Second},
		"unix that has passed":      {map[string]string{"X-RateLimit-Reset": "1793600000"}, 0},
		"iso":                       {map[string]string{"X-RateLimit-Reset": "2026-11-02T09:00:20Z"}, 20 * time.Second},
		"iso without seconds":       {map[string]string{"X-RateLimit-Reset": "2026-11-02T10:00Z"}, time.Hour},
		"iso with zone, no colon":   {map[string]string{"X-RateLimit-Reset": "2026-11-02T10:30:00.000+0100"}, 30 * time.Minute},
		"zero, but a reset":         {map[string]string{"Retry-After": "0", "X-RateLimit-Reset": "2026-11-02T09:00:20Z"}, 20 * time.Second},
		"both: retry-after decides": {map[string]string{"Retry-After": "2", "X-RateLimit-Reset": "2026-11-02T10:00Z"}, 2 * time.Second},
		"rubbish":                   {map[string]string{"Retry-After": "soon", "X-RateLimit-Reset": "later"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := http.Header{}
			for k, v := range tc.header {
				h.Set(k, v)
			}
			at, ok := transport.RetryAt(h, now)
			if ok != (tc.wait != 0) || ok && !at.Equal(now.Add(tc.wait)) {
				t.Errorf("RetryAt = %v, %v; want %v", at.Sub(now), ok, tc.wait)
			}
		})
	}
}

func TestRetryAtIsAlwaysAheadAndBounded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "now"), 0)
		h := http.Header{}
		h.Set("Retry-After", rapid.String().Draw(t, "after"))
		h.Set("X-RateLimit-Reset", rapid.OneOf(rapid.StringMatching(`-?[0-9]{1,19}`), rapid.String()).Draw(t, "reset"))
		if at, ok := transport.RetryAt(h, now); ok && (!at.After(now) || at.After(now.Add(24*time.Hour))) {
			t.Fatalf("RetryAt = now + %v", at.Sub(now))
		}
	})
}
