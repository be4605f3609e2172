package transport

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxPark bounds what a header can ask for, so that a broken one cannot switch
// a tracker off for years. The caller asks again after it at the latest.
const maxPark = 24 * time.Hour

// RetryAt gives the earliest moment, on the caller's clock, at which a refused
// request may be repeated: from Retry-After (seconds or a date), else from
// X-RateLimit-Reset (Unix seconds, or ISO 8601 with or without seconds). Dates
// are measured against the answer's own Date, so the two clocks need not agree.
// It is false where the headers name no moment ahead. Use it on refusals only:
// both headers also travel with answers that are in order.
func RetryAt(h http.Header, now time.Time) (time.Time, bool) {
	server := now
	if d, err := http.ParseTime(h.Get("Date")); err == nil {
		server = d
	}
	wait, ok := retryAfter(strings.TrimSpace(h.Get("Retry-After")), server)
	if !ok || wait <= 0 {
		wait, ok = untilReset(strings.TrimSpace(h.Get("X-RateLimit-Reset")), server)
	}
	if !ok || wait <= 0 {
		return time.Time{}, false
	}
	return now.Add(min(wait, maxPark)), true
}

func retryAfter(v string, server time.Time) (time.Duration, bool) {
	if s, err := strconv.ParseFloat(v, 64); err == nil {
		return time.Duration(min(s, maxPark.Seconds()) * float64(time.Second)), s > 0
	}
	if t, err := http.ParseTime(v); err == nil {
		return t.Sub(server), true
	}
	return 0, false
}

func untilReset(v string, server time.Time) (time.Duration, bool) {
	if s, err := strconv.ParseInt(v, 10, 64); err == nil {
		return time.Unix(s, 0).Sub(server), true
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z0700"} {
		if t, err := time.Parse(layout, v); err == nil {
			return t.Sub(server), true
		}
	}
	return 0, false
}
