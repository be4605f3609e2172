package jira

import (
	"sync"

	"parley/connectors"
)

// accounts remembers the names of Data Center's accounts by their keys. A history
// names an assignee by the key, which no other request takes and no person knows;
// everything else there goes by the name. Cloud has one id for both.
type accounts struct {
	mu    sync.Mutex
	names map[text]text
}

// meet learns from accounts that an answer shows with both.
func (a *accounts) meet(users ...*wireUser) {
	for _, u := range users {
		if u == nil || u.AccountID != "" || u.Key == "" || u.Name == "" {
			continue
		}
		a.mu.Lock()
		if a.names == nil || len(a.names) >= maxRemembered {
			a.names = map[text]text{}
		}
		a.names[u.Key] = u.Name
		a.mu.Unlock()
	}
}

// name learns from the authors of histories and puts names in place of the keys of
// assignees in the entries made of them. A key that was never met stays.
func (a *accounts) name(histories []wireHistory, entries []connectors.Entry) {
	for _, h := range histories {
		a.meet(h.Author.V)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.names) == 0 {
		return
	}
	for _, e := range entries {
		for i, c := range e.Changes {
			if c.Field == "assignee" {
				e.Changes[i].From, e.Changes[i].To = a.known(c.From), a.known(c.To)
			}
		}
	}
}

func (a *accounts) known(key string) string {
	if n, ok := a.names[text(key)]; ok {
		return string(n)
	}
	return key
}

// own reports whether an account is the one that Parley uses.
func own(who identity, u *wireUser) bool { return u != nil && same(who.me, *u) }
