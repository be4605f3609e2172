package jirasim

import (
	"fmt"
	"strings"
	"time"
)

// User is an account of the site.
type User struct {
	AccountID   string // "": counted, as "user-10000"
	Name        string // Data Center: what people sign in with; "": AccountID
	Key         string // Data Center: stays where the name changes; "": counted, as "JIRAUSER10000"
	Password    string // Data Center: of Basic authentication; "" bars it
	DisplayName string
	Email       string         // the name part of Basic authentication; "" hides it and bars API access
	Token       string         // Cloud: API token; Data Center: personal access token; "" bars API access
	Zone        *time.Location // of timestamps shown to the user; nil: the site's
	Type        string         // atlassian (default), app or customer
	Admin       bool           // may read what only administrators may
	Scoped      bool           // Cloud: the token has scopes, and so works under /ex/jira/ only
	Locale      string         // "de_DE"; "": en_US. See Site.Translate
	Groups      []string       // by name
	Inactive    bool
}

// AddUser adds an account, or replaces the one with the same AccountID, and
// gives it as stored.
func (s *Site) AddUser(u User) User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return *s.addUser(u)
}

func (s *Site) addUser(u User) *User {
	if u.AccountID == "" {
		u.AccountID = fmt.Sprintf("user-%d", s.takeID("user"))
	}
	if u.Type == "" {
		u.Type = "atlassian"
	}
	if u.Name == "" {
		u.Name = u.AccountID
	}
	if old := s.catalog.users[u.AccountID]; old != nil && u.Key == "" {
		u.Key = old.Key
	}
	if u.Key == "" {
		u.Key = fmt.Sprintf("JIRAUSER%d", s.takeID("userkey"))
	}
	s.catalog.users[u.AccountID] = &u
	return &u
}

// SetToken gives an account another API token; "" revokes it.
func (s *Site) SetToken(accountID, token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := s.catalog.users[accountID]; old != nil {
		u := *old
		u.Token = token
		s.catalog.users[accountID] = &u
	}
}

// User finds an account by its id.
func (s *Site) User(accountID string) (User, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	u := s.catalog.users[accountID]
	if u == nil {
		return User{}, false
	}
	return *u, true
}

// RenameUser gives an account of Data Center another name to sign in with; its key stays.
func (s *Site) RenameUser(accountID, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := s.catalog.users[accountID]; old != nil {
		u := *old
		u.Name = name
		s.catalog.users[accountID] = &u
	}
}

// called finds the account of Data Center that has a name or a key, nil where none has.
func (c *catalog) called(ref string) *User {
	for _, u := range c.users {
		if ref != "" && (strings.EqualFold(u.Name, ref) || u.Key == ref) {
			return u
		}
	}
	return nil
}

// login finds the account of a Basic credential.
func (s *Site) login(email, token string, gateway bool) *User {
	if email == "" || token == "" {
		return nil
	}
	for _, u := range s.catalog.users {
		if strings.EqualFold(u.Email, email) && u.Token == token && u.Scoped == gateway && !u.Inactive {
			return u
		}
	}
	return nil
}

func (s *Site) zoneOf(u *User) *time.Location {
	if u == nil || u.Zone == nil {
		return s.opts.Zone
	}
	return u.Zone
}
