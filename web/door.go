package web

import (
	"net/http"
	"net/url"
	"strings"

	"parley/sync/view"
)

// Door is where people sign in and out. What it refuses is a *Refusal, in words for
// whoever stands before it.
type Door interface {
	// Provider names the service that people sign in with.
	Provider() string
	// Begin gives the address at the provider that a browser is sent to, and remembers in
	// the browser what Finish has to find again. back is a path of this board.
	Begin(w http.ResponseWriter, r *http.Request, back string) (address string, err error)
	// Finish takes what the provider sent the browser back with, lets its person in, and
	// gives the path that they wanted to see.
	Finish(w http.ResponseWriter, r *http.Request) (back string, err error)
	// Leave ends the sign-in of the browser.
	Leave(w http.ResponseWriter, r *http.Request) error
}

// Links lets in who holds a signed read-only link instead of an account. What it refuses
// is a *Refusal.
type Links interface {
	// Open remembers a link in the browser that came by it.
	Open(w http.ResponseWriter, r *http.Request, token string) error
	// Viewer is who came by a link before; ok is false where nobody did.
	Viewer(r *http.Request) (who view.Viewer, ok bool, err error)
	// Close makes the browser forget its link.
	Close(w http.ResponseWriter)
}

// Paths of signing in and out.
const (
	SignInPath  = "/signin"
	BeginPath   = "/signin/begin"
	FinishPath  = "/signin/done"
	SignOutPath = "/signout"
	EventsPath  = "/api/v1/events" // asked by pages themselves, not by people
)

// AutoHeader is set on what an open page asks for by itself, because the board changed: no
// person need be there. It is a page's word and decides nothing but that no sign-in is
// prolonged by it.
const AutoHeader = "X-Parley-Auto"

// doorRoutes are the ways in and out. Closing a link is one of them, with or without
// anybody to sign in with.
func (s *server) doorRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST "+SignOutPath, s.signOut)
	if s.Door == nil {
		return
	}
	mux.HandleFunc("GET "+SignInPath, s.signInPage)
	mux.HandleFunc("GET "+BeginPath, s.begin)
	mux.HandleFunc("GET "+FinishPath, s.finish)
}

// doorData is the page before the door: to sign in, or to be told why not.
type doorData struct {
	Title    string
	Theme    string
	Words    string
	Provider string // "" where there is nobody to sign in with
	Back     string
	Onward   bool // the board is open to its reader
}

func (s *server) signInPage(w http.ResponseWriter, r *http.Request) {
	d := doorData{Title: "Sign in", Theme: theme(r), Provider: s.Door.Provider(), Back: local(r.URL.Query().Get("return"))}
	if r.URL.Query().Has("out") {
		d.Title, d.Words = "Signed out", "You are signed out of this board. "+d.Provider+" may still know you."
	}
	s.render(w, r, http.StatusOK, "door-page", d)
}

func (s *server) begin(w http.ResponseWriter, r *http.Request) {
	address, err := s.Door.Begin(w, r, local(r.URL.Query().Get("return")))
	if err != nil {
		s.turnAway(w, r, err)
		return
	}
	http.Redirect(w, r, address, http.StatusSeeOther) //nolint:gosec // the provider's, from its discovery document
}

func (s *server) finish(w http.ResponseWriter, r *http.Request) {
	back, err := s.Door.Finish(w, r)
	if err != nil {
		s.turnAway(w, r, err)
		return
	}
	http.Redirect(w, r, local(back), http.StatusSeeOther) //nolint:gosec // local leads nowhere else
}

// signOut closes the link that a browser came by and leaves the sign-in as it is; without
// a link it ends the sign-in.
func (s *server) signOut(w http.ResponseWriter, r *http.Request) {
	if s.Links != nil {
		if _, ok, err := s.Links.Viewer(r); ok || err != nil {
			s.Links.Close(w)
			http.Redirect(w, r, "/", http.StatusSeeOther)
			return
		}
	}
	if s.Door == nil {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	if err := s.Door.Leave(w, r); err != nil {
		s.turnAway(w, r, err)
		return
	}
	http.Redirect(w, r, SignInPath+"?out", http.StatusSeeOther)
}

// openLink takes the token out of the address: what follows is the same page, by the
// cookie, so that no token stands in a history, a log or a Referer.
func (s *server) openLink(w http.ResponseWriter, r *http.Request, token string) {
	if wait := s.limits.signIns.take(peer(r), s.Now()); wait > 0 {
		s.tooMany(w, r, http.StatusTooManyRequests, wait, tooFast)
		return
	}
	if err := s.Links.Open(w, r, token); err != nil {
		s.turnAway(w, r, err)
		return
	}
	http.Redirect(w, r, local(r.URL.RequestURI()), http.StatusSeeOther) //nolint:gosec // local leads nowhere else
}

// local is the part of an address that is a path of this board, without a link's token;
// "/" for whatever could lead elsewhere or round in circles.
func local(back string) string {
	u, err := url.Parse(back)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Opaque != "" || u.User != nil || strings.ContainsFunc(back+u.Path, leadsAway) {
		return "/"
	}
	switch {
	case !strings.HasPrefix(u.Path, "/"), strings.HasPrefix(u.Path, "//"), strings.HasPrefix(u.Path, "/api/"),
		strings.HasPrefix(u.Path, SignInPath), strings.HasPrefix(u.Path, SignOutPath):
		return "/"
	}
	q := u.Query()
	q.Del(linkParameter)
	return (&url.URL{Path: u.Path, RawPath: u.RawPath, RawQuery: q.Encode()}).String()
}

// leadsAway reports whether browsers read a letter as something else than it is: a
// backslash as a slash, a line break as nothing.
func leadsAway(letter rune) bool { return letter == '\\' || letter < ' ' || letter == 0x7f }
