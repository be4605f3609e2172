package secrecy

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/kanban"
	"parley/sync/view"
)

// readers are all who ask: every audience by the proxy, two by read-only links, somebody in
// no group, and a stranger.
func (d *daemon) readers(t *testing.T) []reader {
	t.Helper()
	out := []reader{
		{name: "ops", audience: "ops", proved: true, group: "ops"}, {name: "it", audience: "it", proved: true, group: "it"}, {name: "wall", audience: "wall", proved: true, group: "wall"},
		{name: "risk", audience: "unit:risk", proved: true, group: "risk"}, {name: "trading", audience: "unit:trading", proved: true, group: "trading"},
		{name: "nogroup", group: "none"}, {name: "stranger"},
	}
	for _, a := range []view.Audience{"wall", "unit:risk"} {
		_, address, err := d.app.Links().Share(t.Context(), a, "", time.Now().Add(time.Hour))
		d.check(err)
		_, token, _ := strings.Cut(address, "?link=")
		out = append(out, reader{name: "link of " + string(a), audience: a, link: token})
	}
	return out
}

// answer is all that came of a request.
type answer struct {
	status int
	header http.Header
	body   string
}

// text is every byte of it.
func (a answer) text() string {
	var b strings.Builder
	_ = a.header.Write(&b)
	return b.String() + a.body
}

// client follows no redirect and keeps no cookie.
func client() *http.Client {
	return &http.Client{Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// request is a request of a reader, made as the n-th: each asks under names enough that
// nobody has to wait.
func (d *daemon) request(ctx context.Context, r reader, n int, method, target, body string) *http.Request {
	req, err := http.NewRequestWithContext(ctx, method, d.base+target, strings.NewReader(body))
	d.check(err)
	if r.group != "" {
		req.Header.Set("X-Forwarded-User", fmt.Sprintf("%s-%d", r.name, n/25))
		req.Header.Set("X-Forwarded-Groups", r.group)
	}
	if r.link != "" {
		req.AddCookie(&http.Cookie{Name: "parley-link", Value: r.link})
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	return req
}

// send asks, and comes again when it is told to: pictures of flow have a pace of their own,
// which all share who have no name.
func (d *daemon) send(req *http.Request) answer {
	for range 30 {
		a := d.sent(req)
		if a.status == http.StatusInternalServerError {
			d.t.Fatalf("%s %s as %q: %d %s", req.Method, req.URL, req.Header.Get("X-Forwarded-User"), a.status, a.body)
		}
		if a.status != http.StatusTooManyRequests {
			return a
		}
		seconds, err := strconv.Atoi(a.header.Get("Retry-After"))
		d.check(err)
		select {
		case <-time.After(time.Duration(seconds) * time.Second):
		case <-req.Context().Done():
			d.check(req.Context().Err())
		}
		if req.GetBody != nil {
			req.Body, err = req.GetBody()
			d.check(err)
		}
	}
	d.t.Fatalf("%s %s as %q: refused again and again as too much", req.Method, req.URL, req.Header.Get("X-Forwarded-User"))
	return answer{}
}

func (d *daemon) sent(req *http.Request) answer {
	resp, err := client().Do(req)
	d.check(err)
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	d.check(err)
	return answer{resp.StatusCode, resp.Header, string(body)}
}

// as reads one address.
func (d *daemon) as(r reader, target string) answer {
	return d.send(d.request(d.t.Context(), r, 0, http.MethodGet, target, ""))
}

// ids are the cards of the board by their place in the company.
func (d *daemon) ids() []kanban.CardID {
	var out []kanban.CardID
	for _, is := range d.issues {
		name := is.key
		if name == "" {
			name = fmt.Sprintf("%s#%d", is.repo, is.number)
		}
		id, err := d.app.Store.Resolve(d.t.Context(), name)
		d.check(err)
		out = append(out, id)
	}
	return out
}

// heard are the addresses at which somebody read words, by the words.
type heard map[string][]string

// rarely is how many targets are left out between two that a reader asks for: all who have
// a link share its pace, and all who are let in by nobody that of their address.
func (r reader) rarely(every int) int {
	switch {
	case r.link != "":
		return max(every, 12)
	case r.audience == "":
		return max(every, 20)
	}
	return every
}

// hear asks one of every few targets as a reader, from the first-th on, and tells which
// words came, and where.
func (d *daemon) hear(t *testing.T, r reader, targets []string, ids []kanban.CardID, first, every int) heard {
	t.Helper()
	every = r.rarely(every)
	out := heard{}
	n := 0
	note := func(method, target, body string, set func(http.Header)) answer {
		req := d.request(t.Context(), r, n, method, target, body)
		set(req.Header)
		n++
		a := d.send(req)
		for _, w := range words(a.text()) {
			out[w] = append(out[w], method+" "+target)
		}
		return a
	}
	plain := func(http.Header) {}
	for i, target := range targets {
		if i%every != first%every && !strings.HasPrefix(target, "/api/v1/cards?done") {
			continue
		}
		a := note(http.MethodGet, target, "", plain)
		if n%5 == 0 {
			note(http.MethodHead, target, "", plain)
			note(http.MethodGet, target, "", func(h http.Header) { h.Set("Accept", "text/csv, application/json") })
		}
		if tag := a.header.Get("ETag"); tag != "" {
			note(http.MethodGet, target, "", func(h http.Header) { h.Set("If-None-Match", tag) })
		}
	}
	note(http.MethodGet, "/metrics", "", func(h http.Header) { h.Set("Authorization", "Bearer wrong") })
	for i, id := range ids {
		if i%every != first%every {
			continue
		}
		for _, what := range []string{"move", "priority", "block", "unblock", "undo"} {
			note(http.MethodPost, "/api/v1/cards/"+string(id)+"/"+what, `{"to":"nowhere","party":"nobody","reason":"none","rev":1,"op":"`+r.name+what+`"}`, plain)
			note(http.MethodPost, "/card/"+string(id)+"/"+what, "to=nowhere&rev=1&op=f"+what, func(h http.Header) { h.Set("Content-Type", "application/x-www-form-urlencoded") })
		}
		note(http.MethodPost, "/api/v1/cards/"+string(id)+"/conclusion", `{"outcome":"lost"}`, plain)
		note(http.MethodPost, "/card/"+string(id)+"/conclude", "outcome=lost", func(h http.Header) { h.Set("Content-Type", "application/x-www-form-urlencoded") })
	}
	return out
}
