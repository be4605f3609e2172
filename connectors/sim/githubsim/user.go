package githubsim

import (
	"fmt"
	"strings"
	"time"
)

// User is an account. ID 0 is filled in; Type is "User" unless it says "Bot" or
// "Organization".
type User struct {
	Login string
	ID    int64
	Name  string
	Type  string
	// Token signs in as this user; empty: nobody can. More can be added with AddToken.
	Token string
	// Push gives write permission in every repository that says nothing else.
	Push bool
	// App is the name of the GitHub App that acts with this account: its events
	// carry performed_via_github_app.
	App string
}

type user struct {
	User
	node    string
	deleted bool
	sso     map[string]bool // of an organisation that asks for it: the tokens it let in
}

// AddUser adds an account, or changes the one of that login. It fails on an empty
// login and on a token that somebody else has.
func (h *Hub) AddUser(u User) error {
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	if u.Login == "" {
		return fmt.Errorf("add user: login is empty")
	}
	if was := h.w.tokens[u.Token]; u.Token != "" && was != nil && !strings.EqualFold(was.owner.Login, u.Login) {
		return fmt.Errorf("add user %s: its token belongs to %s", u.Login, was.owner.Login)
	}
	known := h.w.users[strings.ToLower(u.Login)]
	if known == nil {
		known = h.w.newUser(u)
	}
	u.ID = known.ID
	if u.Type == "" {
		u.Type = known.Type
	}
	known.User = u
	if u.Token != "" {
		h.w.tokens[u.Token] = &token{owner: known}
	}
	h.w.version++
	return nil
}

// RemoveUser deletes an account. What it did stays: its events have no actor any
// more, its issues and comments belong to "ghost". No updated_at moves.
func (h *Hub) RemoveUser(login string) {
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	u := h.w.users[strings.ToLower(login)]
	if u == nil {
		return
	}
	u.deleted = true
	delete(h.w.users, strings.ToLower(login))
	for value, t := range h.w.tokens {
		if t.owner == u {
			delete(h.w.tokens, value)
		}
	}
	for _, rp := range h.w.repos {
		delete(rp.perms, u)
		rp.dropAssignee(u)
	}
	h.w.version++
}

// RenameUser changes a login; ids stay and no updated_at moves. It fails when the
// user is unknown or the new login taken.
func (h *Hub) RenameUser(login, to string) error {
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	u := h.w.users[strings.ToLower(login)]
	if u == nil {
		return fmt.Errorf("rename user: no user %s", login)
	}
	if other := h.w.users[strings.ToLower(to)]; to == "" || other != nil && other != u {
		return fmt.Errorf("rename user %s: %q is not free", login, to)
	}
	delete(h.w.users, strings.ToLower(login))
	u.Login = to
	h.w.users[strings.ToLower(to)] = u
	for _, rp := range h.w.byID {
		if rp.owner == u {
			h.w.rekey(rp)
		}
	}
	h.w.version++
	return nil
}

func (w *world) newUser(in User) *user {
	u := &user{User: in}
	u.ID = next(&w.ids.user, in.ID)
	prefix := "U"
	switch u.Type {
	case "Organization":
		prefix = "O"
	case "Bot":
		prefix = "BOT"
	default:
		u.Type = "User"
	}
	u.node = nodeID(prefix, u.ID)
	w.users[strings.ToLower(u.Login)] = u
	return u
}

// meet gives the account of a login, made if it was never seen.
func (w *world) meet(login string, id int64, kind string) *user {
	if u := w.users[strings.ToLower(login)]; u != nil {
		return u
	}
	return w.newUser(User{Login: login, ID: id, Type: kind})
}

// born is a creation date for things that were always there.
func born() time.Time { return time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC) }
