package githubsim

import (
	"crypto/rsa"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"
)

// App is a GitHub App to add. It acts as the account "slug[bot]".
type App struct {
	ID   int64 // 0 is filled in
	Slug string
	Name string // empty: the slug
	// Key proves that a JSON web token is the App's.
	Key *rsa.PublicKey
	// Permissions are what installations grant; nil: issues write, metadata read.
	Permissions map[string]string
}

type app struct {
	App
	bot *user
}

type installation struct {
	id        int64
	app       *app
	suspended bool
}

// appTokenLife is how long the token of an installation is good.
const appTokenLife = time.Hour

// AddApp adds a GitHub App and its account. It fails without a slug or a key, and when
// the slug is taken.
func (h *Hub) AddApp(in App) error {
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	login := in.Slug + "[bot]"
	switch {
	case in.Slug == "" || in.Key == nil:
		return errors.New("add app: it needs a slug and a key")
	case h.w.users[strings.ToLower(login)] != nil:
		return fmt.Errorf("add app: %s exists", login)
	}
	if in.Name == "" {
		in.Name = in.Slug
	}
	in.Permissions = maps.Clone(in.Permissions)
	maps.DeleteFunc(in.Permissions, func(_, level string) bool { return level == "" }) // not granted is not told
	if in.Permissions == nil {
		in.Permissions = map[string]string{"issues": "write", "metadata": "read"}
	}
	in.ID = next(&h.w.ids.app, in.ID)
	h.w.apps[in.ID] = &app{App: in, bot: h.w.newUser(User{Login: login, Type: "Bot", App: in.Slug})}
	h.w.version++
	return nil
}

// Install lets an App into repositories and gives the installation's id. What it may do
// there follows from its permission for issues. It fails when the App or a repository is
// unknown.
func (h *Hub) Install(slug string, repos ...string) (int64, error) {
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	a := h.w.appNamed(slug)
	if a == nil {
		return 0, fmt.Errorf("install %s: no such app", slug)
	}
	role := map[string]Permission{"write": Write, "read": Read}[a.Permissions["issues"]]
	for _, name := range repos {
		rp := h.w.repos[strings.ToLower(name)]
		if rp == nil {
			return 0, fmt.Errorf("install %s: no repository %s", slug, name)
		}
		rp.perms[a.bot] = role
		rp.version++
	}
	in := &installation{id: next(&h.w.ids.installation, 0), app: a}
	h.w.installations[in.id] = in
	return in.id, nil
}

// Suspend stops an installation, or lets it go on.
func (h *Hub) Suspend(installation int64, suspended bool) {
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	if in := h.w.installations[installation]; in != nil {
		in.suspended = suspended
	}
}

// RevokeTokens makes the tokens that an installation was given worthless.
func (h *Hub) RevokeTokens(installation int64) {
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	for value, t := range h.w.tokens {
		if t.of != nil && t.of.id == installation {
			delete(h.w.tokens, value)
		}
	}
}

func (w *world) appNamed(slug string) *app {
	for _, a := range w.apps {
		if a.Slug == slug {
			return a
		}
	}
	return nil
}
