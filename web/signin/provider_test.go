package signin

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// clientSecret is what the provider knows the board by, and nobody else may.
const clientSecret = "client secret of the board"

// provider is an OpenID Connect provider that is strict, and lies where a test asks for
// it.
type provider struct {
	*httptest.Server
	board string // where the board is
	key   *rsa.PrivateKey
	now   func() time.Time
	clash func(map[string]any) // changes the discovery document
	claim func(map[string]any) // changes the claims of ID tokens
	token func(string) string  // changes ID tokens

	mu    sync.Mutex
	codes map[string]url.Values // what a code was asked for with
	asked []string              // paths, in order
}

var testKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func newProvider(t *testing.T, now func() time.Time) *provider {
	t.Helper()
	p := &provider{board: "https://board.test", key: testKey(), now: now, codes: map[string]url.Values{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.discovery)
	mux.HandleFunc("GET /keys", p.keys)
	mux.HandleFunc("GET /authorize", p.authorize)
	mux.HandleFunc("POST /token", p.exchange)
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.asked = append(p.asked, r.URL.Path)
		p.mu.Unlock()
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *provider) discovery(w http.ResponseWriter, _ *http.Request) {
	doc := map[string]any{
		"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
		"id_token_signing_alg_values_supported": []string{"RS256", "HS256", "none"},
	}
	if p.clash != nil {
		p.clash(doc)
	}
	answer(w, http.StatusOK, doc)
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func (p *provider) keys(w http.ResponseWriter, _ *http.Request) {
	n, e := p.key.N.Bytes(), big.NewInt(int64(p.key.E)).Bytes()
	answer(w, http.StatusOK, map[string]any{"keys": []any{map[string]any{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "k1", "n": encode(n), "e": encode(e)}}})
}

// authorize signs everybody in who is sent by the board as it should.
func (p *provider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("client_id") != "parley" || q.Get("response_type") != "code" || q.Get("redirect_uri") != p.board+"/signin/done" || !strings.Contains(q.Get("scope"), "openid") ||
		q.Get("code_challenge_method") != "S256" || len(q.Get("code_challenge")) != 43 || len(q.Get("state")) < 20 || len(q.Get("nonce")) < 20 {
		http.Error(w, "odd request "+r.URL.RawQuery, http.StatusBadRequest)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	code := fmt.Sprintf("code-%d", len(p.codes)+1)
	p.codes[code] = q
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"code": {code}, "state": {q.Get("state")}, "iss": {p.URL}}.Encode(), http.StatusFound)
}

// exchange gives an ID token for a code, once, to whoever asked for it.
func (p *provider) exchange(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	id, secret, _ := r.BasicAuth()
	if id == "" {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	secret, _ = url.QueryUnescape(secret)
	if id != "parley" || secret != clientSecret {
		answer(w, http.StatusUnauthorized, map[string]any{"error": "invalid_client"})
		return
	}
	q, ok := p.codes[r.PostFormValue("code")]
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !ok || q == nil || q.Get("code_challenge") != encode(sum[:]) || r.PostFormValue("redirect_uri") != q.Get("redirect_uri") {
		answer(w, http.StatusBadRequest, map[string]any{"error": "invalid_grant", "error_description": "SECRET-OF-PROVIDER"})
		return
	}
	p.codes[r.PostFormValue("code")] = nil
	claims := map[string]any{
		"iss": p.URL, "aud": "parley", "sub": "u-1", "exp": p.now().Add(time.Minute).Unix(), "iat": p.now().Unix(), "nonce": q.Get("nonce"),
		"preferred_username": "ana", "groups": []string{"staff", "developers"},
	}
	if p.claim != nil {
		p.claim(claims)
	}
	token := p.sign(map[string]any{"alg": "RS256", "kid": "k1"}, claims)
	if p.token != nil {
		token = p.token(token)
	}
	answer(w, http.StatusOK, map[string]any{"access_token": "ACCESS-TOKEN", "token_type": "Bearer", "expires_in": 60, "id_token": token})
}

// sign makes a JWT.
func (p *provider) sign(header, claims map[string]any) string {
	signed := part(header) + "." + part(claims)
	sum := sha256.Sum256([]byte(signed))
	proof, err := rsa.SignPKCS1v15(nil, p.key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err)
	}
	return signed + "." + encode(proof)
}

func part(v map[string]any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return encode(text)
}

// unpart reads a part of a JWT.
func unpart(text string) map[string]any {
	raw, _ := base64.RawURLEncoding.DecodeString(text)
	var v map[string]any
	_ = json.Unmarshal(raw, &v)
	return v
}
