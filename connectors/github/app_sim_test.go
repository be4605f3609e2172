package github_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/github"
	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
	"parley/connectors/transport"
)

// key is made once: a key of the size that GitHub gives out takes its time.
var key = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
})

func pemOf(k *rsa.PrivateKey) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(k)}))
}

// installed adds the App "parley" with the id 77 and gives its installation.
func (b *bundle) installed(permissions map[string]string) github.App {
	b.Helper()
	b.ok(b.hub.AddApp(githubsim.App{ID: 77, Slug: "parley", Name: "Parley", Key: &key().PublicKey, Permissions: permissions}))
	id, err := b.hub.Install("parley", repo)
	b.ok(err)
	return github.App{ID: 77, Installation: id, PrivateKey: pemOf(key())}
}

func (b *bundle) appClient(a github.App) *github.Client {
	b.Helper()
	c, err := github.New(github.Config{Name: "gh", URL: b.url, App: &a, Repos: []string{repo},
		HTTP: transport.New(transport.Options{Wait: func(context.Context, time.Duration) error { return nil }}), Now: b.clock.Now})
	b.ok(err)
	return c
}

// asked lists what was requested, by method and path.
func (b *bundle) asked() []string {
	var out []string
	for _, r := range b.hub.Log().Requests() {
		out = append(out, r.Method+" "+r.Path)
	}
	return out
}

func TestAppReadsAndWritesAsItself(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	c, ctx := b.appClient(b.installed(nil)), context.Background()
	b.issues(1, githubsim.NewIssue{})
	d, err := c.Check(ctx)
	b.ok(err)
	if box := d.Containers[0]; d.Me.ID != "parley[bot]" || !box.Writable || box.Problem != "" {
		t.Errorf("%+v", d)
	}
	_, err = c.Send(ctx, connectors.Write{Issue: b.ref(1), AddLabel: "bug"})
	b.ok(err)
	b.ok(b.hub.AddLabels("ana", repo, 1, "hers"))
	made, err := c.Create(ctx, draft())
	if err != nil || !made.Own {
		t.Errorf("%+v, %v", made, err)
	}
	entries, _, err := c.History(ctx, b.ref(1), 0)
	b.ok(err)
	if len(entries) != 2 || !entries[0].Own || entries[1].Own {
		t.Errorf("own entries: %+v", entries)
	}
	tokens := 0
	for _, r := range b.asked() {
		if strings.HasSuffix(r, "/access_tokens") {
			tokens++
		}
	}
	if tokens != 1 {
		t.Errorf("%d tokens were asked for: %q", tokens, b.asked())
	}
}

// An App that is renamed has another login; what it did is still its own.
func TestAppKnowsItsOwnByItsID(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	c, ctx := b.appClient(b.installed(nil)), context.Background()
	made, err := c.Create(ctx, draft())
	b.ok(err)
	_, err = c.Send(ctx, connectors.Write{Issue: made.Ref, AddLabel: "urgent"})
	b.ok(err)
	b.ok(b.hub.RenameUser("parley[bot]", "bridge[bot]"))
	entries, _, err := c.History(ctx, made.Ref, 0)
	b.ok(err)
	o, err := c.Read(ctx, made.Ref)
	b.ok(err)
	if !o.Issue.Own || o.Issue.Creator.ID != "bridge[bot]" || slices.ContainsFunc(entries, func(e connectors.Entry) bool { return !e.Own }) {
		t.Errorf("%+v %+v", o.Issue, entries)
	}
}

// A token is replaced before its hour ends, and one that GitHub took back at once.
func TestAppTokenIsReplaced(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		wait   time.Duration
		revoke bool
		want   int // tokens asked for in the second poll
	}{
		"within the hour":    {54 * time.Minute, false, 0},
		"before it ends":     {56 * time.Minute, false, 1},
		"after it":           {3 * time.Hour, false, 1},
		"taken back by hand": {time.Minute, true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, githubsim.Options{})
			app := b.installed(nil)
			c := b.appClient(app)
			b.issues(3, githubsim.NewIssue{})
			b.clock.Advance(time.Hour)
			_, page := b.poll(c, connectors.Cursor{Source: repo})
			b.clock.Advance(tc.wait)
			if tc.revoke {
				b.hub.RevokeTokens(app.Installation)
			}
			b.hub.Log().Reset()
			got, next := b.poll(c, page.Next)
			tokens := slices.DeleteFunc(b.asked(), func(r string) bool { return !strings.HasSuffix(r, "/access_tokens") })
			if len(tokens) != tc.want {
				t.Errorf("asked %q, want %d tokens", b.asked(), tc.want)
			}
			// The ETag belongs to the token: another one costs one whole answer, no more.
			if unchanged := tc.want == 0; next.Unchanged != unchanged || (len(got) == 0) != unchanged {
				t.Errorf("unchanged %v with %d issues", next.Unchanged, len(got))
			}
			if again, last := b.poll(c, next.Next); !last.Unchanged || len(again) != 0 {
				t.Errorf("the poll after it: unchanged %v, %d issues", last.Unchanged, len(again))
			}
		})
	}
}

func TestAppThatIsRefused(t *testing.T) {
	t.Parallel()
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		change func(*bundle, *github.App)
		field  string
		hint   string
	}{
		"a key of another app": {func(_ *bundle, a *github.App) { a.PrivateKey = pemOf(other) }, "private_key", "app_id"},
		"an unknown app":       {func(_ *bundle, a *github.App) { a.ID = 78 }, "app_id", "app_id"},
		"unknown installation": {func(_ *bundle, a *github.App) { a.Installation++ }, "installation_id", "installed"},
		"suspended":            {func(b *bundle, a *github.App) { b.hub.Suspend(a.Installation, true) }, "installation_id", "suspended"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, githubsim.Options{})
			app := b.installed(nil)
			tc.change(b, &app)
			b.issues(1, githubsim.NewIssue{})
			for what, do := range map[string]func(*github.Client) error{
				"check": func(c *github.Client) error { _, err := c.Check(context.Background()); return err },
				"write": func(c *github.Client) error {
					_, err := c.Send(context.Background(), connectors.Write{Issue: b.ref(1), AddLabel: "bug"})
					return err
				},
				"poll": func(c *github.Client) error {
					_, err := c.Changes(context.Background(), connectors.Cursor{Source: repo})
					return err
				},
			} {
				b.hub.Log().Reset()
				err := do(b.appClient(app))
				var e *connectors.Error
				if !errors.As(err, &e) || e.Kind != connectors.Auth || e.Field != tc.field || !strings.Contains(e.Hint, tc.hint) {
					t.Errorf("%s: %v, %+v", what, err, e)
				}
				asked := b.asked()
				slices.Sort(asked)
				if len(slices.Compact(slices.Clone(asked))) != len(asked) || len(asked) > 2 {
					t.Errorf("%s: a refused sign-in was tried again: %q", what, asked)
				}
			}
		})
	}
}

// A write whose token could not be had was not sent: nothing has to be looked up.
func TestAppTokenFailureIsNoUnknownWrite(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	c := b.appClient(b.installed(nil))
	b.issues(1, githubsim.NewIssue{})
	b.hub.SetFaults(func(r *http.Request) sim.Fault {
		if strings.HasSuffix(r.URL.Path, "/access_tokens") {
			return githubsim.Outage(502)
		}
		return sim.Fault{}
	})
	_, err := c.Send(context.Background(), connectors.Write{Issue: b.ref(1), AddLabel: "bug"})
	if connectors.KindOf(err) != connectors.Transient {
		t.Errorf("%v, want kind transient", err)
	}
	b.hub.SetFaults(nil)
	_, err = c.Send(context.Background(), connectors.Write{Issue: b.ref(1), AddLabel: "bug"})
	b.ok(err)
}

func TestAppClock(t *testing.T) {
	t.Parallel()
	for ahead, want := range map[time.Duration]string{
		-45 * time.Second: "", 45 * time.Second: "", -20 * time.Minute: "20m", 20 * time.Minute: "20m",
	} {
		b := setup(t, githubsim.Options{})
		app := b.installed(nil)
		c, err := github.New(github.Config{Name: "gh", URL: b.url, App: &app, Repos: []string{repo},
			Now: func() time.Time { return b.clock.Now().Add(ahead) }})
		b.ok(err)
		_, err = c.Check(context.Background())
		var e *connectors.Error
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", ahead, err)
		case want != "" && (!errors.As(err, &e) || !strings.Contains(e.Hint, "clock") || !strings.Contains(e.Hint, want)):
			t.Errorf("%s: %v, want a hint at the clock", ahead, err)
		}
	}
}

func TestAppThatMayOnlyRead(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	d, err := b.appClient(b.installed(map[string]string{"issues": "read", "metadata": "read"})).Check(context.Background())
	b.ok(err)
	if box := d.Containers[0]; !box.Readable || box.Writable || !strings.Contains(box.Problem, "Issues: Read and write") {
		t.Errorf("%+v", box)
	}
}

// Nothing of a key shows in an error, whatever is wrong with it.
func TestAppKeyThatCannotBeRead(t *testing.T) {
	t.Parallel()
	good := pemOf(key())
	for name, pemText := range map[string]string{
		"nothing": "", "no PEM": "c2VjcmV0LXNlY3JldA==", "half of one": good[:len(good)/2],
		"something else": string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: []byte("secret-secret")})),
	} {
		_, err := github.New(github.Config{Name: "gh", URL: "https://api.github.com", Repos: []string{repo},
			App: &github.App{ID: 1, Installation: 2, PrivateKey: pemText}})
		if err == nil || !strings.HasPrefix(err.Error(), "private_key: ") || strings.Contains(err.Error(), "secret") ||
			strings.Contains(fmt.Sprint(err), good[40:60]) {
			t.Errorf("%s: %v", name, err)
		}
	}
	der, err := x509.MarshalPKCS8PrivateKey(key())
	if err != nil {
		t.Fatal(err)
	}
	eight := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	if _, err := github.New(github.Config{Name: "gh", URL: "https://api.github.com", Repos: []string{repo},
		App: &github.App{ID: 1, Installation: 2, PrivateKey: "\n" + eight + "\n"}}); err != nil {
		t.Errorf("PKCS #8: %v", err)
	}
}
