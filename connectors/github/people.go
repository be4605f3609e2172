package github

import (
	"context"
	"maps"
	"strconv"
	"strings"
	"sync"

	gogithub "github.com/google/go-github/v60/github"

	"parley/connectors"
)

// People by their logins, which they can change.
//
// The configuration names people by their logins, and a login is all that most requests
// take. So the number of each account that it names is learned from the first answer that
// shows the login, and kept. From then on the number says who somebody is: an account that
// has another login by now goes on under the one of the configuration, and requests are
// made with the one that it has. Who has taken a login that was given up is somebody else.

// people are the accounts that the configuration names, by their logins there in lower
// case. The nil people know nobody.
type people struct {
	mu      sync.Mutex
	named   map[string]string // as the configuration spells it
	numbers map[string]int64
	names   map[int64]string // of numbers, the other way round
	logins  map[int64]string // by now, as far as it was seen
	version int64            // counts what was learned of numbers
}

func newPeople(named []string) *people {
	p := &people{named: map[string]string{}, numbers: map[string]int64{}, names: map[int64]string{}, logins: map[int64]string{}}
	for _, login := range named {
		p.named[strings.ToLower(login)] = login
	}
	return p
}

// meet gives the name under which an account goes.
func (p *people) meet(u *gogithub.User) string {
	login, number := u.GetLogin(), u.GetID()
	if p == nil || login == "" || number == 0 {
		return login
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	folded := strings.ToLower(login)
	if known, met := p.names[number]; met {
		p.logins[number] = login
		if known == folded {
			return login
		}
		return p.named[known]
	}
	if _, ours := p.named[folded]; !ours {
		return login
	}
	if p.numbers[folded] != 0 {
		return login + "#" + strconv.FormatInt(number, 10) // no login has such a sign in it
	}
	p.numbers[folded], p.names[number], p.logins[number] = number, folded, login
	p.version++
	return login
}

// login is the one that an account has by now, of that name in the configuration.
func (p *people) login(name string) string {
	if taken, _, other := strings.Cut(name, "#"); other {
		return taken // the number is that of who has the login now
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := p.logins[p.numbers[strings.ToLower(name)]]; now != "" {
		return now
	}
	return name
}

func (p *people) number(name string) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.numbers[strings.ToLower(name)]
}

// person is an account; a deleted one comes as null and has no id.
func (p *people) person(u *gogithub.User) connectors.Person {
	out := connectors.Person{ID: p.meet(u), Name: u.GetName()}
	if out.Name == "" {
		out.Name = u.GetLogin()
	}
	return out
}

// Numbers are those of the accounts that the configuration names, by their logins there
// in lower case, and how many times they have changed.
func (c *Client) Numbers() (byLogin map[string]int64, version int64) {
	c.people.mu.Lock()
	defer c.people.mu.Unlock()
	return maps.Clone(c.people.numbers), c.people.version
}

// Know takes in what Numbers gave an earlier process. What it has learned itself since,
// and logins that the configuration does not name any more, stay as they are.
func (c *Client) Know(byLogin map[string]int64) {
	c.people.mu.Lock()
	defer c.people.mu.Unlock()
	for folded, number := range byLogin {
		if _, ours := c.people.named[folded]; ours && c.people.numbers[folded] == 0 && number > 0 {
			c.people.numbers[folded], c.people.names[number] = number, folded
		}
	}
}

// calledNow looks up the login of somebody whom GitHub does not know by the one that a
// request was made with. ok says that it is another one.
func (c *Client) calledNow(ctx context.Context, name, tried string) (login string, ok bool) {
	if now := c.people.login(name); !strings.EqualFold(now, tried) {
		return now, true // the answer to the request has told
	}
	number := c.people.number(name)
	if number == 0 {
		return "", false
	}
	q := get("look up "+quote(name), "user/"+strconv.FormatInt(number, 10))
	a, err := c.do(ctx, q)
	var u gogithub.User
	if err != nil || c.decode(q, a, &u) != nil || u.GetID() != number {
		return "", false
	}
	c.people.meet(&u)
	now := c.people.login(name)
	return now, !strings.EqualFold(now, tried)
}
