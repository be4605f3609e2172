package hooks

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"
)

// most is the longest body: GitHub sends none beyond 25 MB.
const most = 25 << 20

// bodiesAtOnce is how many bodies are held at once. Before its signature is checked, a
// body is anybody's.
const bodiesAtOnce = 4

// patience is how long a body may take to arrive.
const patience = 10 * time.Second

// refusal says why a webhook is not taken, in words for whoever set it up.
type refusal struct {
	status int
	reason string
}

// receive reads one webhook. Whatever can be told from its head is told before a body
// is read, and the body is not looked into before its signature is checked.
func (rc *Receiver) receive(w http.ResponseWriter, r *http.Request, d *door) (delivery, *refusal) {
	if why := head(r); why != nil {
		return delivery{}, why
	}
	proof, why := d.proof(r)
	if why != nil {
		return delivery{}, why
	}
	select {
	case rc.bodies <- struct{}{}:
		defer func() { <-rc.bodies }()
	default:
		return delivery{}, &refusal{http.StatusServiceUnavailable, "too many webhooks arrive at once; nothing is lost, polls go on"}
	}
	body, why := read(w, r)
	if why != nil {
		return delivery{}, why
	}
	if why := proof(body); why != nil {
		return delivery{}, why
	}
	h, why := d.decode(r.Header, body)
	if why != nil {
		return delivery{}, why
	}
	h.digest(body)
	return h, nil
}

// head refuses what cannot be a webhook whatever its body.
func head(r *http.Request) *refusal {
	if r.ContentLength > most {
		return tooLong()
	}
	if r.Header.Get("Content-Encoding") != "" {
		return &refusal{http.StatusUnsupportedMediaType, "the body must not be compressed"}
	}
	if r.ContentLength == 0 && r.Header.Get("Content-Type") == "" {
		return nil // Jira, told to leave the body out
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return &refusal{http.StatusUnsupportedMediaType, "choose the content type application/json for this webhook"}
	}
	return nil
}

func tooLong() *refusal {
	return &refusal{http.StatusRequestEntityTooLarge, "the body is longer than 25 MB"}
}

// read takes the body in, for a time that has an end.
func read(w http.ResponseWriter, r *http.Request) ([]byte, *refusal) {
	// A writer that knows no deadlines belongs to a test; the server's own does.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(patience))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	if _, long := errors.AsType[*http.MaxBytesError](err); long {
		return nil, tooLong()
	}
	if err != nil {
		return nil, &refusal{http.StatusBadRequest, "the body did not arrive whole"}
	}
	return body, nil
}

// reply answers with a JSON object of texts.
func reply(w http.ResponseWriter, status int, pairs ...string) {
	out := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		out[pairs[i]] = pairs[i+1]
	}
	body, _ := json.Marshal(out) // texts always encode
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // a tracker that has gone cannot be told
}
