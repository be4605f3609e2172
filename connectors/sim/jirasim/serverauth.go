package jirasim

import (
	"io"
	"net/http"
	"strings"
)

// signIn finds out whom a request to Data Center is from. Unlike Cloud it refuses a
// credential that is wrong, whatever is asked for; nobody is who sends none.
func (s *Site) signIn(w http.ResponseWriter, r *http.Request) (u *User, refused bool) {
	scheme, credential, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	name, password, basic := r.BasicAuth()
	switch {
	case basic && s.opts.NoBasic:
		writeReply(w, http.StatusForbidden, obj{"message": "Basic Authentication has been disabled on this instance."})
		return nil, true
	case basic:
		if u, refused = s.password(w, s.base(r), name, password); refused {
			return nil, true
		}
	case strings.EqualFold(scheme, "Bearer"):
		if u = s.bearer(credential); u == nil {
			w.Header().Set("X-Seraph-LoginReason", "AUTHENTICATED_FAILED")
			writeReply(w, http.StatusUnauthorized, plainMessage(http.StatusUnauthorized, "Client must be authenticated to access this resource."))
			return nil, true
		}
	}
	w.Header().Set("X-AUSERNAME", "anonymous")
	w.Header().Set("Set-Cookie", "JSESSIONID=0123456789ABCDEF; Path=/; HttpOnly")
	if u != nil {
		w.Header().Set("X-AUSERNAME", u.Name)
		w.Header().Set("X-Seraph-LoginReason", "OK")
	}
	return u, false
}

// password checks a name and a password, and counts the wrong ones. From
// Options.CaptchaAfter on, the right one is refused as well.
func (s *Site) password(w http.ResponseWriter, base, name, password string) (u *User, refused bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u = s.catalog.called(name)
	if u != nil && s.failed[u.AccountID] >= s.opts.CaptchaAfter {
		s.failed[u.AccountID]++
		deny(w, base)
		return nil, true
	}
	if u != nil && u.Password != "" && u.Password == password && !u.Inactive {
		delete(s.failed, u.AccountID)
		return u, false
	}
	if u != nil {
		s.failed[u.AccountID]++
	}
	w.Header().Set("X-Seraph-LoginReason", "AUTHENTICATED_FAILED")
	w.Header().Set("WWW-Authenticate", `OAuth realm="`+base+`"`)
	writeHTML(w, http.StatusUnauthorized, "Unauthorized (401)", "Basic Authentication Failure - Reason : AUTHENTICATED_FAILED")
	return nil, true
}

// deny asks for a CAPTCHA, which only a person with a browser can answer.
func deny(w http.ResponseWriter, base string) {
	w.Header().Set("X-Seraph-LoginReason", "AUTHENTICATION_DENIED")
	w.Header().Set("X-Authentication-Denied-Reason", "CAPTCHA_CHALLENGE; login-url="+base+"/login.jsp")
	writeHTML(w, http.StatusForbidden, "Forbidden (403)", "Basic Authentication Failure - Reason : AUTHENTICATION_DENIED")
}

// FailedLogins is how many wrong passwords in a row, and sign-ins after them, an
// account of Data Center has seen.
func (s *Site) FailedLogins(accountID string) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.failed[accountID]
}

// SolveCaptcha is what a person does who signs in with a browser: the account can sign
// in again.
func (s *Site) SolveCaptcha(accountID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.failed, accountID)
}

// bearer finds the account of a personal access token.
func (s *Site) bearer(token string) *User {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, u := range s.catalog.users {
		if token != "" && u.Token == token && !u.Inactive {
			return u
		}
	}
	return nil
}

// plainMessage is the body of what answers before Jira's own errors do.
func plainMessage(status int, message string) obj {
	return obj{"message": message, "status-code": status}
}

func writeReply(w http.ResponseWriter, status int, body obj) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(status)
	writeJSON(w, body)
}

func writeHTML(w http.ResponseWriter, status int, title, text string) {
	w.Header().Set("Content-Type", "text/html;charset=UTF-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<html><head><title>"+title+"</title></head><body><h1>"+title+"</h1><p>"+text+"</p></body></html>")
}
