package signin

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"parley/kanban"
	"parley/sync/view"
)

// Memory keeps what links are made of.
type Memory interface {
	Setting(ctx context.Context, key string) (value string, ok bool, err error)
	SetSetting(ctx context.Context, key, value string) error
	// KeepSetting keeps a value where there is none yet, and gives the one that stands there.
	KeepSetting(ctx context.Context, key, value string) (string, error)
	// Settings gives all whose keys begin with prefix.
	Settings(ctx context.Context, prefix string) (map[string]string, error)
}

// Settings that links are kept in.
const (
	settingSecret = "link_secret" // what all links are signed with
	settingLink   = "link "       // then the id
)

// LinkOptions is what Links is made of.
type LinkOptions struct {
	Memory Memory
	// Known reports whether the board has an audience, now.
	Known     func(view.Audience) bool
	PublicURL string
	Now       func() time.Time
}

// Links lets in who holds a signed link. It is a web.Links.
type Links struct {
	LinkOptions
	secure bool

	mu  sync.Mutex
	key []byte // nil until there is a secret
}

// NewLinks makes them.
func NewLinks(o LinkOptions) *Links { return &Links{LinkOptions: o, secure: Secure(o.PublicURL)} }

// Link is one link that was made. It cannot be opened with what is kept of it.
type Link struct {
	ID       string        `json:"id"`
	Audience view.Audience `json:"audience"`
	Name     string        `json:"name,omitempty"` // where it hangs, in words
	Made     time.Time     `json:"made"`
	Until    time.Time     `json:"until"`
	Revoked  time.Time     `json:"revoked,omitzero"`
}

// State is good, ended or revoked.
func (l Link) State(now time.Time) string {
	switch {
	case !l.Revoked.IsZero():
		return "revoked"
	case !now.Before(l.Until):
		return "ended"
	}
	return "good"
}

// Share makes a link, and the address that opens it, which is nowhere kept.
func (l *Links) Share(ctx context.Context, a view.Audience, name string, until time.Time) (Link, string, error) {
	key, err := l.secret(ctx, true)
	if err != nil {
		return Link{}, "", err
	}
	id := make([]byte, 8)
	_, _ = rand.Read(id) // never fails
	made := Link{ID: hex.EncodeToString(id), Audience: a, Name: called(name), Made: l.Now().UTC().Truncate(time.Second), Until: until.UTC().Truncate(time.Second)}
	if err := l.keep(ctx, made); err != nil {
		return Link{}, "", err
	}
	return made, strings.TrimSuffix(l.PublicURL, "/") + "/?link=" + sign(key, ticket{ID: made.ID, Audience: string(a), Until: made.Until.Unix()}), nil
}

func (l *Links) keep(ctx context.Context, link Link) error {
	text, err := json.Marshal(link)
	if err != nil {
		return fmt.Errorf("encode link: %w", err)
	}
	return l.Memory.SetSetting(ctx, settingLink+link.ID, string(text))
}

// List gives all links that were made, the latest first.
func (l *Links) List(ctx context.Context) ([]Link, error) {
	texts, err := l.Memory.Settings(ctx, settingLink)
	if err != nil {
		return nil, err
	}
	out := make([]Link, 0, len(texts))
	for key, text := range texts {
		link, err := decodeLink(text)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", key, err)
		}
		out = append(out, link)
	}
	slices.SortFunc(out, func(a, b Link) int { return cmp.Or(b.Made.Compare(a.Made), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}

func decodeLink(text string) (Link, error) {
	var link Link
	if err := json.Unmarshal([]byte(text), &link); err != nil {
		return Link{}, fmt.Errorf("decode link: %w", err)
	}
	return link, nil
}

// Revoke takes a link back; ok is false where there is none of that id. Whoever is there
// by it is sent away within seconds.
func (l *Links) Revoke(ctx context.Context, id string) (link Link, ok bool, err error) {
	text, ok, err := l.Memory.Setting(ctx, settingLink+id)
	if err != nil || !ok {
		return Link{}, false, err
	}
	if link, err = decodeLink(text); err != nil {
		return Link{}, false, err
	}
	if link.Revoked.IsZero() {
		link.Revoked = l.Now().UTC().Truncate(time.Second)
	}
	return link, true, l.keep(ctx, link)
}

// secret gives the key that links are signed with; nil where no link was ever made.
func (l *Links) secret(ctx context.Context, create bool) ([]byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.key != nil {
		return l.key, nil
	}
	text, ok, err := l.Memory.Setting(ctx, settingSecret)
	if err == nil && !ok && create {
		text, err = l.Memory.KeepSetting(ctx, settingSecret, rand.Text()+rand.Text()) // that of whoever was first
		ok = err == nil
	}
	if err != nil || !ok {
		return nil, err
	}
	l.key = derive(text)
	return l.key, nil
}

// linkCookie holds the token of the link that a browser came by.
const linkCookie = "parley-link"

// Open remembers a link that opens the board.
func (l *Links) Open(w http.ResponseWriter, r *http.Request, token string) error {
	link, err := l.check(r.Context(), token)
	if err != nil {
		return err
	}
	http.SetCookie(w, cookie(linkCookie, token, l.secure, link.Until.Sub(l.Now())))
	return nil
}

// Close makes the browser forget its link.
func (l *Links) Close(w http.ResponseWriter) {
	http.SetCookie(w, cookie(linkCookie, "", l.secure, 0))
}

// Viewer is who came by a link: nobody in person, with the eyes of its audience, who
// changes nothing.
func (l *Links) Viewer(r *http.Request) (view.Viewer, bool, error) {
	if len(r.CookiesNamed(cookieName(linkCookie, l.secure))) == 0 {
		return view.Viewer{}, false, nil
	}
	link, err := l.check(r.Context(), cookieValue(r, linkCookie, l.secure))
	if err != nil {
		return view.Viewer{}, false, err
	}
	name := "link " + link.ID
	if link.Name != "" {
		name = link.Name + " (" + name + ")"
	}
	return view.Viewer{Audience: link.Audience, Role: kanban.Viewer, Name: name, Link: true}, true, nil
}

// check reports which link a token is. That it was not signed here is told in the same
// words whatever is wrong with it; only who holds a real one learns that it has ended.
func (l *Links) check(ctx context.Context, token string) (Link, error) {
	key, err := l.secret(ctx, false)
	if err != nil {
		return Link{}, err
	}
	t, ok := verify(key, token)
	if !ok {
		return Link{}, refused(http.StatusForbidden, "this link does not open the board: it was changed or cut off on its way, or was never made here; ask for it again")
	}
	if now := l.Now(); !now.Before(time.Unix(t.Until, 0)) {
		return Link{}, refused(http.StatusForbidden, "this link ended on "+time.Unix(t.Until, 0).UTC().Format("2 January 2006")+"; ask for a new one")
	}
	text, found, err := l.Memory.Setting(ctx, settingLink+t.ID)
	if err != nil {
		return Link{}, err
	}
	link, err := decodeLink(text)
	switch {
	case !found || !link.Revoked.IsZero():
		return Link{}, refused(http.StatusForbidden, "this link was taken back; ask for a new one")
	case err != nil:
		return Link{}, err
	case string(link.Audience) != t.Audience || !l.Known(link.Audience):
		return Link{}, refused(http.StatusForbidden, "what this link showed is not on the board any more; ask for a new one")
	}
	return link, nil
}
