package signin

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/coreos/go-oidc/v3/oidc"
)

// person is what an ID token says of whom.
type person struct {
	Name   string
	Groups []string
}

// claims are those of an ID token that are looked at.
type claims struct {
	Party    string `json:"azp"`
	Username string `json:"preferred_username"`
	Email    string `json:"email"`
	Verified any    `json:"email_verified"` // some providers write "true"
	Name     string `json:"name"`
}

// personOf reads a verified token. A token for several parties has to name ours as the
// one it was issued to.
func personOf(token *oidc.IDToken, clientID, groupsClaim string) (person, error) {
	var c claims
	var all map[string]json.RawMessage
	if err := errors.Join(token.Claims(&c), token.Claims(&all)); err != nil {
		return person{}, fmt.Errorf("read claims: %w", err)
	}
	if c.Party != "" && c.Party != clientID || c.Party == "" && len(token.Audience) > 1 {
		return person{}, errors.New("the ID token was issued to another application")
	}
	groups, err := texts(all[groupsClaim])
	if err != nil {
		return person{}, fmt.Errorf("read the claim %.80q: %w", groupsClaim, err)
	}
	return person{Name: c.called(token.Subject), Groups: groups}, nil
}

// called is the name that is unique at the provider, as far as it gives one: what is
// recorded must not be somebody else's by choice.
func (c claims) called(subject string) string {
	email := c.Email
	if c.Verified != true && c.Verified != "true" {
		email = ""
	}
	names := []string{called(c.Username), called(email), called(c.Name), called(subject)}
	return names[slices.IndexFunc(append(names, "-"), func(n string) bool { return n != "" })%len(names)]
}

// texts reads a list of texts, or a text that is a list; nothing is an empty one.
func texts(raw json.RawMessage) ([]string, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	var list []string
	if err := json.Unmarshal(raw, &list); err == nil {
		return list, nil
	}
	var one string
	if err := json.Unmarshal(raw, &one); err != nil {
		return nil, errors.New("it is neither a text nor a list of texts")
	}
	return split(one), nil
}
