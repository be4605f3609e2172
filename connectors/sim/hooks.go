package sim

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

// Hook is an address that a simulated tracker sends webhooks to.
type Hook struct {
	URL    string   `json:"url"`
	Secret string   `json:"secret,omitempty"` // signs the bodies; "": none is signed
	Events []string `json:"events,omitempty"` // by name; none: all that there are
}

// Delivery is one webhook on its way.
type Delivery struct {
	URL    string
	Header map[string]string
	Body   []byte
	Due    time.Time // not sent before
}

// Sender sends a webhook and gives the status that it is answered with.
type Sender func(ctx context.Context, d Delivery) (status int, err error)

// HookStyle is what sets the webhooks of one tracker apart.
type HookStyle struct {
	Signature string // header that holds "sha256=" and the HMAC of the body
	// Header gives the other headers. id stays the same where a delivery is repeated,
	// which is the retry-th time.
	Header func(event, id string, retry int) map[string]string
}

// Hooks are the webhooks of one simulated tracker. What happens there is queued, and
// sent when somebody calls Deliver, so that tests decide about order and time. It is
// safe for concurrent use, and never waits for whoever is told.
type Hooks struct {
	clock  Clock
	style  HookStyle
	script *Script
	wake   chan struct{}

	mu      sync.Mutex
	list    []Hook
	queue   []Delivery
	serial  int
	answers map[int]int // by status; 0: none came
}

// NewHooks makes webhooks that nobody gets so far. The same seed gives the same faults.
func NewHooks(clock Clock, style HookStyle, seed uint64) *Hooks {
	return &Hooks{clock: clock, style: style, script: NewScript(seed, hookFaults()), wake: make(chan struct{}, 1), answers: map[int]int{}}
}

// Script decides what goes wrong with webhooks. A rule's path is part of an address that
// they are sent to.
func (h *Hooks) Script() *Script { return h.script }

// Add has webhooks sent to one address more.
func (h *Hooks) Add(hook Hook) error {
	if u, err := url.Parse(hook.URL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("url: not a web address")
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list = append(h.list, hook)
	return nil
}

// Clear takes all addresses off, and drops what waits to be sent.
func (h *Hooks) Clear() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list, h.queue = nil, nil
}

// Wanted reports whether anybody gets webhooks.
func (h *Hooks) Wanted() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.list) > 0
}

// Tell queues a webhook for everybody who wants those of the event.
func (h *Hooks) Tell(event string, body []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, to := range h.list {
		if len(to.Events) == 0 || slices.Contains(to.Events, event) {
			h.queue = append(h.queue, h.made(to, event, body)...)
		}
	}
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// made is what leaves for one address: one delivery, unless something goes wrong.
func (h *Hooks) made(to Hook, event string, body []byte) []Delivery {
	now := h.clock.Now()
	one := func(id string, retry int, secret string, late time.Duration) Delivery {
		header := maps.Clone(h.style.Header(event, id, retry))
		header["Content-Type"] = "application/json"
		if secret != "" {
			header[h.style.Signature] = Sign(secret, body)
		}
		return Delivery{URL: to.URL, Header: header, Body: body, Due: now.Add(late)}
	}
	id := h.id()
	switch h.fault(to) {
	case hookLost:
		return nil
	case hookDoubled:
		return []Delivery{one(id, 0, to.Secret, 0), one(id, 1, to.Secret, 0)}
	case hookLate:
		return []Delivery{one(id, 0, to.Secret, hookLateBy)}
	case hookOutOfOrder:
		return []Delivery{one(id, 0, to.Secret, hookOvertaken)}
	case hookWrongSignature:
		return []Delivery{one(id, 0, "not "+to.Secret, 0)}
	case hookUnsigned:
		return []Delivery{one(id, 0, "", 0)}
	case hookFlood:
		out := []Delivery{one(id, 0, to.Secret, 0)}
		for len(out) < hookFloodOf {
			out = append(out, one(h.id(), 0, to.Secret, 0))
		}
		return out
	}
	return []Delivery{one(id, 0, to.Secret, 0)}
}

func (h *Hooks) fault(to Hook) string {
	u, err := url.Parse(to.URL)
	if err != nil {
		return "" // Add took none of these
	}
	return h.script.Fault(&http.Request{Method: http.MethodPost, URL: u}).Name
}

// id is the next one, in the form of a UUID.
func (h *Hooks) id() string {
	h.serial++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", h.style.Signature, h.serial))
	x := hex.EncodeToString(sum[:16])
	return x[:8] + "-" + x[8:12] + "-" + x[12:16] + "-" + x[16:20] + "-" + x[20:]
}

// Sign is the signature of a body: "sha256=" and its HMAC in hex.
func Sign(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write(body) // a hash takes everything
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// Deliver sends what is due, one after the other, and gives how many that were.
func (h *Hooks) Deliver(ctx context.Context, send Sender) int {
	n := 0
	for ctx.Err() == nil {
		d, ok := h.next()
		if !ok {
			break
		}
		status, err := send(ctx, d)
		if err != nil {
			status = 0
		}
		h.mu.Lock()
		h.answers[status]++
		h.mu.Unlock()
		n++
	}
	return n
}

// next takes the first delivery that is due.
func (h *Hooks) next() (Delivery, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.clock.Now()
	at := slices.IndexFunc(h.queue, func(d Delivery) bool { return !d.Due.After(now) })
	if at < 0 {
		return Delivery{}, false
	}
	d := h.queue[at]
	h.queue = slices.Delete(h.queue, at, at+1)
	return d, true
}

// lookEvery is how often Run looks for webhooks that are late.
const lookEvery = time.Second

// Run sends webhooks as they come until ctx ends.
func (h *Hooks) Run(ctx context.Context, send Sender) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.wake:
		case <-tick.C:
		}
		h.Deliver(ctx, send)
	}
}
