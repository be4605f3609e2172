package app

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/cmd/parley/internal/config"
	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
)

// through sends requests straight into a handler.
type through struct{ http.Handler }

func (d through) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	if r.Body == nil {
		r.Body = http.NoBody
	}
	d.ServeHTTP(rec, r)
	return rec.Result(), nil
}

// checked writes a configuration whose [[github]] begins in line 1 with these keys, and
// gives what checking it against the hub finds, one line each.
func checked(t *testing.T, hub *githubsim.Hub, now func() time.Time, keys string, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "config.toml")
	text := "[[github]]\nname = \"github\"\nurl = \"http://127.0.0.1:9\"\n" + keys +
		"\n[[column]]\nkey = \"todo\"\nname = \"To do\"\ncategory = \"queue\"\ngithub = [\"open\"]\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, problems := config.LoadEnv(path, func(name string) (string, bool) { return "t-" + strings.ToLower(name), true })
	if config.Failed(problems) {
		t.Fatal(problems)
	}
	_, found := CheckTrackers(context.Background(), Options{Config: cfg, Now: now, Base: through{hub.Handler()}}, func(string) bool { return false })
	var lines []string
	for _, p := range cfg.Locate(found) {
		lines = append(lines, p.Severity.String()+" "+strings.TrimPrefix(p.String(), dir+"/"))
	}
	return strings.Join(lines, "\n")
}

func newHub(t *testing.T) (*githubsim.Hub, *sim.Manual) {
	t.Helper()
	clock := sim.NewManual(time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC))
	hub := githubsim.New(githubsim.Options{Clock: clock})
	for _, err := range []error{
		hub.AddUser(githubsim.User{Login: "parley-bot", Token: "t-token", Push: true}),
		hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "payments"}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return hub, clock
}

func TestCheckOfAnApp(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	pemText := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
	hub, clock := newHub(t)
	if err := hub.AddApp(githubsim.App{ID: 77, Slug: "parley", Key: &key.PublicKey}); err != nil {
		t.Fatal(err)
	}
	id, err := hub.Install("parley", "acme/payments")
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		app  int64
		inst int64
		file string
		want string
	}{
		"all right":          {77, id, pemText, ""},
		"another app":        {78, id, pemText, "error config.toml:4: github[0].app_id: github: read the app: sign-in refused (HTTP 404): Integration not found; check app_id: "},
		"not installed":      {77, id + 1, pemText, "error config.toml:5: github[0].installation_id: github: sign in as the app: sign-in refused (HTTP 404): Not Found; check installation_id"},
		"the key of a house": {77, id, "rusty", "error config.toml:6: github[0].private_key: is not in PEM"},
	} {
		got := checked(t, hub, clock.Now, fmt.Sprintf("app_id = %d\ninstallation_id = %d\nprivate_key = \"file:app.pem\"\nrepos = [\"acme/payments\"]", tc.app, tc.inst),
			map[string]string{"app.pem": tc.file})
		if !strings.HasPrefix(got, tc.want) || (got == "") != (tc.want == "") || strings.Contains(got, "rusty") {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, tc.want)
		}
	}
}

// A repository under another name works on, and the line that has to be changed is told.
func TestCheckOfARenamedRepository(t *testing.T) {
	t.Parallel()
	hub, clock := newHub(t)
	if err := hub.RenameRepo("acme/payments", "bolt/pay"); err != nil {
		t.Fatal(err)
	}
	const one = `token = "env:TOKEN"` + "\nrepos = [\n \"acme/payments\",\n]"
	got := checked(t, hub, clock.Now, one, nil)
	want := `warning config.toml:6: github[0].repos[0]: acme/payments is called bolt/pay now; it is read and written all the same; write "bolt/pay" here`
	if !strings.HasPrefix(got, want) || strings.Contains(got, "\n") {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	const both = `token = "env:TOKEN"` + "\nrepos = [\n \"acme/payments\",\n \"bolt/pay\",\n]"
	if got := checked(t, hub, clock.Now, both, nil); !strings.HasPrefix(got, "error config.toml:6: github[0].repos[0]: acme/payments cannot be read: it is called bolt/pay now, which is listed as well") {
		t.Errorf("got %s", got)
	}
}

func TestCheckOfATokenThatEnds(t *testing.T) {
	t.Parallel()
	hub, clock := newHub(t)
	for left, want := range map[time.Duration]string{
		15 * 24 * time.Hour: "",
		9 * 24 * time.Hour:  "warning config.toml:4: github[0].token: the token ends on 2026-11-25 09:00:00, in 9 days; make a new one and put it in the place of this one",
	} {
		if err := hub.ExpireToken("t-token", clock.Now().Add(left)); err != nil {
			t.Fatal(err)
		}
		if got := checked(t, hub, clock.Now, "token = \"env:TOKEN\"\nrepos = [\"acme/payments\"]", nil); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", left, got, want)
		}
	}
}
