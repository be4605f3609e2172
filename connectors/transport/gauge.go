package transport

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// gauge is a quota as an answer told it. One of a period is full again at its reset, one
// of a bucket fills all the time.
type gauge struct {
	limit, left float64
	at          time.Time // when left was so
	reset       time.Time // of a period; zero for a bucket
	fill        float64   // of a bucket, a second
}

// now is what is left at a moment; false where nothing is known any more.
func (g gauge) now(now time.Time) (left float64, known bool) {
	if !g.reset.IsZero() {
		return g.left, now.Before(g.reset)
	}
	return min(g.limit, g.left+g.fill*max(0, now.Sub(g.at).Seconds())), g.limit > 0
}

// enough is the first moment from now on at which what is left stays at the reserve or
// above after one more request.
func (g gauge) enough(now time.Time, reserve float64) time.Time {
	left, known := g.now(now)
	missing := reserve*g.limit + 1 - left
	switch {
	case !known || missing <= 0:
		return now
	case !g.reset.IsZero():
		return g.reset
	case g.fill <= 0 || reserve*g.limit+1 > g.limit:
		return now // it never would be; the tracker itself has to say no
	}
	wait := min(missing/g.fill, maxPark.Seconds()) // a quota that fills for days is looked at anew meanwhile
	return now.Add(min(time.Duration(wait*float64(time.Second))+time.Millisecond, maxPark))
}

// told reads the quotas that an answer carries, by what they are counted for: GitHub's
// per resource, Jira Cloud's per endpoint or for all, Data Center's per account. Numbers
// that make no sense are left out.
func told(h http.Header, endpoint string, now time.Time) map[string]gauge {
	out := map[string]gauge{}
	limit, okLimit := number(h.Get("X-RateLimit-Limit"))
	left, okLeft := number(h.Get("X-RateLimit-Remaining"))
	switch {
	case list(h, "RateLimit") != "":
		policies(h, endpoint, now, limit, out)
	case !okLimit || !okLeft || limit <= 0 || left > limit || partial(h):
	case h.Get("X-RateLimit-FillRate") != "":
		fill, ok := number(h.Get("X-RateLimit-FillRate"))
		every, timed := number(h.Get("X-RateLimit-Interval-Seconds"))
		if ok && timed && fill > 0 && every > 0 {
			out["account"] = gauge{limit: limit, left: left, at: now, fill: fill / every}
		}
	default:
		if wait, ok := untilReset(strings.TrimSpace(h.Get("X-RateLimit-Reset")), serverNow(h, now)); ok && wait > 0 {
			out["resource "+h.Get("X-RateLimit-Resource")] = gauge{limit: limit, left: left, at: now, reset: now.Add(min(wait, maxPark))}
		}
	}
	return out
}

// partial reports whether the numbers of a refusal are about one issue or endpoint. How
// long that waits, the refusal itself says.
func partial(h http.Header) bool {
	reason := h.Get("RateLimit-Reason")
	return strings.Contains(reason, "per-issue") || strings.Contains(reason, "burst")
}

// list is a header that may come in several lines.
func list(h http.Header, name string) string { return strings.Join(h.Values(name), ",") }

func serverNow(h http.Header, now time.Time) time.Time {
	if d, err := http.ParseTime(h.Get("Date")); err == nil {
		return d
	}
	return now
}

func number(s string) (float64, bool) {
	v, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	return float64(v), err == nil && v >= 0 && v < 1<<40
}

// policies reads RateLimit and RateLimit-Policy, lists of "name";r=left;t=seconds and
// "name";q=quota;w=seconds. A policy of a few seconds is a bucket of the size that
// X-RateLimit-Limit tells; its quota is what comes back. Those not enforced yet begin
// with Beta.
func policies(h http.Header, endpoint string, now time.Time, size float64, out map[string]gauge) {
	terms := items(list(h, "RateLimit-Policy"))
	for name, state := range items(list(h, "RateLimit")) {
		left, ok := number(state["r"])
		quota, okQ := number(terms[name]["q"])
		span, okW := number(terms[name]["w"])
		if !ok || !okQ || !okW || quota <= 0 || span <= 0 || strings.HasPrefix(strings.ToLower(name), "beta") {
			continue
		}
		if span > 60 {
			wait, okT := number(state["t"])
			if okT && wait > 0 && left <= quota {
				out["policy "+name] = gauge{limit: quota, left: left, at: now, reset: now.Add(min(time.Duration(wait)*time.Second, maxPark))}
			}
			continue
		}
		if limit := max(size, quota); left <= limit {
			out["policy "+name+" "+endpoint] = gauge{limit: limit, left: left, at: now, fill: quota / span}
		}
	}
}

// items reads a list of named items with parameters.
func items(header string) map[string]map[string]string {
	out := map[string]map[string]string{}
	for item := range strings.SplitSeq(header, ",") {
		name, rest, _ := strings.Cut(strings.TrimSpace(item), ";")
		name = strings.Trim(name, `"`)
		if name == "" || len(out) >= 8 { // nobody sends more
			continue
		}
		out[name] = map[string]string{}
		for p := range strings.SplitSeq(rest, ";") {
			key, value, _ := strings.Cut(strings.TrimSpace(p), "=")
			out[name][key] = value
		}
	}
	return out
}
