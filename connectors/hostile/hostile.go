package hostile

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/textproto"
	"strings"
	"testing"
	"time"
)

// Now is the time at which the cases play: that of the connector's clock, and of answers
// that name no other.
func Now() time.Time { return time.Date(2026, 11, 2, 9, 0, 30, 0, time.UTC) }

// Secret must not show in any error; the connector under test has it for a token.
const Secret = "s3cret-t0ken-of-the-test"

// most is how many requests one call may need, however hostile its answers: a list that
// pretends never to end is left.
const most = 300

// Answer is what a tracker, or something before it, says. A Status of 0 is 200, a Header
// without Content-Type that of JSON.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// JSON is an answer in order.
func JSON(body string) Answer { return Answer{Body: body} }

// Case is a call to a connector, one of whose requests is answered by the fuzzer.
type Case struct {
	// Hit reports whether a request gets the hostile answer.
	Hit func(r *http.Request) bool
	// Else answers the other requests in order.
	Else func(r *http.Request) Answer
	// Call makes a connector that sends by rt, and asks it.
	Call func(ctx context.Context, rt http.RoundTripper) (any, error)
	// Seeds are bodies to begin with.
	Seeds []string
}

// Path is a Hit for a method and the end of a path.
func Path(method, end string) func(*http.Request) bool {
	return func(r *http.Request) bool { return r.Method == method && strings.HasSuffix(r.URL.Path, end) }
}

// Fuzz runs a case. The fuzzer chooses the answer's status (200 and that many, below 600),
// its header, in lines as on the wire, and its body.
func Fuzz(f *testing.F, c Case) {
	f.Helper()
	for _, body := range c.Seeds {
		f.Add(uint16(0), "", []byte(body))
	}
	f.Add(uint16(0), "Content-Type: text/html", []byte("<html><title>Sign in</title>"))
	f.Add(uint16(201), "Content-Type: application/problem+json", []byte(`{"title":"Unauthorized","detail":"`+Secret+`"}`))
	f.Add(uint16(203), "X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1793610000", []byte(`{"message":"API rate limit exceeded","errors":[{"field":"x"}]}`))
	f.Add(uint16(229), "Retry-After: 1e300\nRateLimit-Reason: jira-burst-based", []byte(`{"errorMessages":["slow down"],"errors":{"x":"y"}}`))
	f.Add(uint16(101), "Location: https://x.example/?token="+Secret, []byte(nil))
	f.Fuzz(func(t *testing.T, status uint16, head string, body []byte) {
		a := Answer{Status: 200 + int(status%400), Header: header(head), Body: string(body)}
		Meet(t, c, a)
	})
}

// Meet plays a case with one answer and holds what comes of it to the laws.
func Meet(t *testing.T, c Case, a Answer) {
	t.Helper()
	asked, hit := 0, 0
	rt := trip(func(r *http.Request) (*http.Response, error) {
		if asked++; asked > most {
			return nil, errors.New("asked without end")
		}
		if c.Hit(r) {
			hit++
			return a.response(r), nil
		}
		return c.Else(r).response(r), nil
	})
	got, err := c.Call(t.Context(), rt)
	if hit == 0 {
		t.Fatalf("the request was not made; the call gave %v", err)
	}
	if asked > most {
		t.Fatalf("more than %d requests for one call", most)
	}
	if err != nil {
		refused(t, err)
		return
	}
	sound(t, got, 4*len(a.Body)+4096)
}

// header reads lines of a header, as far as they are some.
func header(lines string) http.Header {
	h := http.Header{}
	for line := range strings.Lines(lines) {
		name, value, ok := strings.Cut(strings.TrimRight(line, "\r\n"), ":")
		if ok && name != "" && !strings.ContainsAny(value, "\x00\r") {
			h.Add(textproto.TrimString(name), textproto.TrimString(value))
		}
	}
	return h
}

func (a Answer) response(r *http.Request) *http.Response {
	h := a.Header.Clone()
	if h == nil {
		h = http.Header{}
	}
	for name, value := range map[string]string{"Content-Type": "application/json; charset=utf-8", "Date": Now().Format(http.TimeFormat), "X-AAccountId": "me"} {
		if h.Get(name) == "" {
			h.Set(name, value)
		}
	}
	status := a.Status
	if status == 0 {
		status = http.StatusOK
	}
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: h, Body: io.NopCloser(bytes.NewReader([]byte(a.Body))), ContentLength: int64(len(a.Body)), Request: r,
	}
}

type trip func(*http.Request) (*http.Response, error)

// RoundTrip calls the function.
func (f trip) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_ = r.Body.Close() // nobody reads what is sent
	}
	return f(r)
}
