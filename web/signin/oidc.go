package signin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"parley/kanban"
	"parley/sync/view"
	"parley/web"
)

// OIDCOptions is what an OIDC is made of.
type OIDCOptions struct {
	Issuer                 string
	ClientID, ClientSecret string
	Scopes                 []string // beside openid
	GroupsClaim            string
	Groups                 Groups
	Contact                string // whom those ask who are in no group
	PublicURL              string // of the board, as browsers know it
	Idle, Life             time.Duration
	Base                   http.RoundTripper // sends to the provider; nil: the network
	Now                    func() time.Time
	Log                    *slog.Logger
}

// OIDC signs people in with an OpenID Connect provider. It is a web.Identity and a
// web.Door.
type OIDC struct {
	OIDCOptions
	issuer   *issuer
	sealer   sealer
	sessions *scs.SessionManager
	secure   bool // cookies go over https only
}

// begunCookie holds what a browser keeps while its person is at the provider.
const begunCookie = "parley-begun"

// What a session holds.
const (
	keyName     = "name"
	keyAudience = "audience"
	keyRole     = "role"
)

const (
	skew     = time.Minute      // of the provider's clock against ours
	begunAge = 10 * time.Minute // that somebody has at the provider
)

// NewOIDC makes one. It asks the provider nothing yet.
func NewOIDC(o OIDCOptions) (*OIDC, error) {
	seal, err := newSealer()
	if err != nil {
		return nil, err
	}
	d := &OIDC{OIDCOptions: o, sealer: seal, secure: Secure(o.PublicURL), issuer: &issuer{url: o.Issuer, client: Client(o.Base), now: o.Now}}
	// Made by hand: scs.New would start to clean up a store that is not used.
	d.sessions = &scs.SessionManager{Lifetime: o.Life, Store: newSessions(o.Idle, o.Life, o.Now), Codec: scs.GobCodec{}, HashTokenInStore: true}
	d.sessions.Cookie = scs.SessionCookie{Name: cookieName("parley-session", d.secure), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: d.secure}
	return d, nil
}

// Secure reports whether browsers reach a board by https.
func Secure(publicURL string) bool {
	u, err := url.Parse(publicURL)
	return err == nil && u.Scheme == "https"
}

// Provider is the host of the issuer.
func (o *OIDC) Provider() string { return hostOf(o.Issuer) }

// Prepare looks for the provider until it is found or ctx ends, and logs why it is not.
func (o *OIDC) Prepare(ctx context.Context) {
	for told := false; ; told = true {
		_, err := o.issuer.provider(ctx)
		if err == nil {
			if told {
				o.Log.InfoContext(ctx, "people can sign in now")
			}
			return
		}
		if !told {
			o.Log.ErrorContext(ctx, "nobody can sign in until the provider answers; it is asked again and again", "issuer", o.Issuer, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(2 * askAgain):
		}
	}
}

// nobody is what those are told who have not signed in.
func nobody() error { return refused(http.StatusUnauthorized, "sign in to see the board") }

// Viewer is who signed in with the browser that sends a request.
func (o *OIDC) Viewer(r *http.Request) (view.Viewer, error) {
	ctx := r.Context()
	if r.URL.Path == web.EventsPath || r.Header.Get(web.AutoHeader) != "" {
		ctx = context.WithValue(ctx, quiet{}, true)
	}
	ctx, err := o.sessions.Load(ctx, cookieValue(r, "parley-session", o.secure))
	if err != nil {
		return view.Viewer{}, err
	}
	if !o.sessions.Exists(ctx, keyName) {
		return view.Viewer{}, nobody()
	}
	text := func(key string) string { return o.sessions.GetString(ctx, key) }
	return view.Viewer{Name: text(keyName), Audience: view.Audience(text(keyAudience)), Role: kanban.Role(text(keyRole)), Proved: true}, nil
}

// Begin sends a browser to the provider, with a challenge that only this browser's answer
// will meet.
func (o *OIDC) Begin(w http.ResponseWriter, r *http.Request, back string) (string, error) {
	p, err := o.issuer.provider(r.Context())
	if err != nil {
		return "", o.unreachable(w, r, err)
	}
	b := begun{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Back: back, Until: o.Now().Add(begunAge)}
	http.SetCookie(w, cookie(begunCookie, o.sealer.seal(b), o.secure, begunAge))
	return o.client(p).AuthCodeURL(b.State, oidc.Nonce(b.Nonce), oauth2.S256ChallengeOption(b.Verifier)), nil
}

func (o *OIDC) unreachable(w http.ResponseWriter, r *http.Request, err error) error {
	o.Log.WarnContext(r.Context(), "somebody cannot sign in", "issuer", o.Issuer, "error", err)
	w.Header().Set("Retry-After", "10")
	return refused(http.StatusServiceUnavailable, o.Provider()+", which says who you are, cannot be used at the moment; try again in a minute. The log of the board says why")
}

// client is what the provider knows the board as.
func (o *OIDC) client(p *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{
		ClientID: o.ClientID, ClientSecret: o.ClientSecret, Endpoint: p.Endpoint(), RedirectURL: o.callback(), Scopes: append([]string{oidc.ScopeOpenID}, o.Scopes...),
	}
}

// callback is where the provider sends browsers back to.
func (o *OIDC) callback() string {
	u, err := url.Parse(o.PublicURL)
	if err != nil {
		return o.PublicURL // the configuration was checked
	}
	return u.Scheme + "://" + u.Host + web.FinishPath
}

// Finish lets in whom the provider vouches for, in a session that begins now.
func (o *OIDC) Finish(w http.ResponseWriter, r *http.Request) (string, error) {
	sealed := cookieValue(r, begunCookie, o.secure)
	http.SetCookie(w, cookie(begunCookie, "", o.secure, 0)) // it is good for one answer
	b, err := o.sealer.open(sealed, o.Now())
	if err != nil {
		return "", refused(http.StatusBadRequest, "this sign-in was begun in another browser or tab, or too long ago; sign in again")
	}
	code, err := o.answered(r, b)
	if err != nil {
		return "", err
	}
	who, err := o.vouched(r.Context(), code, b)
	if err != nil {
		o.Log.WarnContext(r.Context(), "refused a sign-in", "issuer", o.Issuer, "error", err)
		return "", refused(http.StatusForbidden, o.Provider()+" did not prove who you are; sign in again, and if that does not help, ask "+asked(o.Contact)+". The log of the board says why")
	}
	viewer, err := o.Groups.viewer(who.Name, who.Groups, o.Contact)
	if err != nil {
		return "", err
	}
	return b.Back, o.admit(w, r, viewer)
}

// answered reads what the provider sent a browser back with. Its words are not repeated:
// they stand in an address that anybody can make.
func (o *OIDC) answered(r *http.Request, b begun) (code string, err error) {
	q := r.URL.Query()
	if len(q["state"]) != 1 || subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(b.State)) != 1 {
		return "", refused(http.StatusBadRequest, "this answer does not belong to the sign-in of this browser; sign in again")
	}
	if iss := q.Get("iss"); iss != "" && iss != o.Issuer {
		return "", refused(http.StatusBadRequest, "this answer comes from another provider; sign in again")
	}
	if q.Has("error") {
		return "", refused(http.StatusForbidden, o.Provider()+" did not sign you in; try again, or ask "+asked(o.Contact))
	}
	if len(q["code"]) != 1 || q.Get("code") == "" {
		return "", refused(http.StatusBadRequest, "this answer is not whole; sign in again")
	}
	return q.Get("code"), nil
}

// vouched asks the provider who a code stands for.
func (o *OIDC) vouched(ctx context.Context, code string, b begun) (person, error) {
	p, err := o.issuer.provider(ctx)
	if err != nil {
		return person{}, err
	}
	ctx = oidc.ClientContext(ctx, o.issuer.client)
	tokens, err := o.client(p).Exchange(ctx, code, oauth2.VerifierOption(b.Verifier))
	if err != nil {
		return person{}, exchangeFailed(err)
	}
	raw, ok := tokens.Extra("id_token").(string)
	if !ok {
		return person{}, errors.New("the provider gives no ID token")
	}
	now := func() time.Time { return o.Now().Add(-skew) } // a token that ended on a clock before ours is good on it
	token, err := p.Verifier(&oidc.Config{ClientID: o.ClientID, Now: now}).Verify(ctx, raw)
	if err != nil {
		return person{}, errors.New(brief(err.Error()))
	}
	if subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(b.Nonce)) != 1 {
		return person{}, errors.New("the ID token was made for another sign-in")
	}
	return personOf(token, o.ClientID, o.GroupsClaim)
}

// exchangeFailed says why a code was not taken, without the answer: there may be tokens
// in it.
func exchangeFailed(err error) error {
	if answer, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		return errors.New("the provider did not take the code: " + brief(answer.ErrorCode+" "+answer.Response.Status))
	}
	return errors.New("the provider did not take the code: " + brief(unwrapped(err).Error()))
}

// admit begins a session. Its token is new, whatever the browser brought along: nobody
// can have put it there before.
func (o *OIDC) admit(w http.ResponseWriter, r *http.Request, who view.Viewer) error {
	ctx, err := o.sessions.Load(r.Context(), cookieValue(r, "parley-session", o.secure))
	if err != nil {
		return err
	}
	if err := o.sessions.RenewToken(ctx); err != nil {
		return err
	}
	o.sessions.Put(ctx, keyName, who.Name)
	o.sessions.Put(ctx, keyAudience, string(who.Audience))
	o.sessions.Put(ctx, keyRole, string(who.Role))
	token, end, err := o.sessions.Commit(ctx)
	if err != nil {
		return err
	}
	o.sessions.WriteSessionCookie(ctx, w, token, end)
	return nil
}

// Leave ends the session of a browser, here; the provider may still know its person.
func (o *OIDC) Leave(w http.ResponseWriter, r *http.Request) error {
	ctx, err := o.sessions.Load(r.Context(), cookieValue(r, "parley-session", o.secure))
	if err != nil {
		return err
	}
	http.SetCookie(w, cookie("parley-session", "", o.secure, 0))
	return o.sessions.Destroy(ctx)
}
