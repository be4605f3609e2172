package web

import (
	"cmp"
	"net/http"
	"strings"
)

// sorryTitle is the head of a page that says why there is no other one.
func sorryTitle(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "That cannot be read"
	case http.StatusForbidden:
		return "Not for you"
	case http.StatusMethodNotAllowed:
		return "Not this way"
	case http.StatusTooManyRequests:
		return "Too fast"
	case http.StatusServiceUnavailable:
		return "Not now"
	}
	return "That did not work"
}

// sorry tells in words why a request is not answered: people get a page that leads on,
// programs the words alone.
func (s *server) sorry(w http.ResponseWriter, r *http.Request, status int, words string) {
	if !wantsPage(r) {
		http.Error(w, words, status)
		return
	}
	html, err := s.pages.fragment("door-page", doorData{Title: sorryTitle(status), Theme: theme(r), Words: words, Onward: true})
	if err != nil { // the words are more than nothing
		http.Error(w, words, status)
		return
	}
	h := w.Header()
	h.Del("Content-Length")
	h.Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(html)) // a reader that has gone cannot be told
}

// wantsPage reports whether a person asks, and not a program.
func wantsPage(r *http.Request) bool {
	return !isAPI(r) && strings.Contains(r.Header.Get("Accept"), "text/html")
}

// absence says in the frame of a page that what was asked for is not there, or cannot be taken,
// and leads on.
type absence struct {
	frame

	Status              int // 404 where it is 0
	Words, Way, WayName string
}

// absent answers for something of a page that there is not: programs get the words alone.
func (s *server) absent(w http.ResponseWriter, r *http.Request, a absence) {
	a.Status = cmp.Or(a.Status, http.StatusNotFound)
	if !wantsPage(r) {
		http.Error(w, a.Words, a.Status)
		return
	}
	a.Theme, a.Guest, a.Contract = theme(r), s.guest(r, nil), contractWay(s.reader(r).Parties())
	s.render(w, r, a.Status, "absent-page", a)
}
