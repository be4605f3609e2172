package githubsim

import (
	"encoding/json"
	"strconv"
	"time"

	"parley/connectors/sim"
)

// PrimaryLimit is a fault: the hourly limit is used up until reset. status is 403
// or 429; GitHub sends both.
func PrimaryLimit(status int, reset time.Time) sim.Fault {
	f := fault("primary limit", status, "API rate limit exceeded for user ID 1.", "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api")
	f.Header["X-RateLimit-Limit"] = "5000"
	f.Header["X-RateLimit-Used"] = "5000"
	f.Header["X-RateLimit-Remaining"] = "0"
	f.Header["X-RateLimit-Reset"] = strconv.FormatInt(reset.Unix(), 10)
	f.Header["X-RateLimit-Resource"] = "core"
	return f
}

// SecondaryLimit is a fault: too much at once. status is 403 or 429; a wait of 0
// leaves Retry-After away, as GitHub sometimes does.
func SecondaryLimit(status int, wait time.Duration) sim.Fault {
	f := fault("secondary limit", status, secondaryMessage, secondaryDoc)
	if wait > 0 {
		f.Header["Retry-After"] = strconv.Itoa(int(wait.Seconds()))
	}
	return f
}

// Outage is a fault: GitHub's front answers with a page of HTML; status is 502,
// 503 or 504.
func Outage(status int) sim.Fault {
	return sim.Fault{Name: "outage", Status: status, Header: map[string]string{"Content-Type": "text/html; charset=utf-8"},
		Body: "<!DOCTYPE html><html><head><title>Unicorn! · GitHub</title></head><body><p>We couldn't respond to your request in time.</p></body></html>"}
}

// Timeout is a fault: the request took GitHub longer than the ten seconds it gives one,
// and its front answers in its place; what was asked for may be done all the same. status
// is 502 or 504.
func Timeout(status int, done bool) sim.Fault {
	f := Outage(status)
	f.Name, f.Done = "timeout", done
	return f
}

func fault(name string, status int, message, doc string) sim.Fault {
	body, _ := json.Marshal(map[string]string{"message": message, "documentation_url": doc})
	return sim.Fault{Name: name, Status: status, Body: string(body), Header: map[string]string{"Content-Type": "application/json; charset=utf-8"}}
}
