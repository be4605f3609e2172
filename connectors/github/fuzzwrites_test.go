package github

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"
	"testing"

	"parley/connectors"
	"parley/connectors/hostile"
	"parley/connectors/transport"
)

// sending is a case of one write.
func sending(method, end string, w connectors.Write, seeds ...string) hostile.Case {
	w.Issue = ref(7, "5000000007")
	return asking(hostile.Path(method, end), func(ctx context.Context, c *Client) (any, error) { return c.Send(ctx, w) }, seeds...)
}

func FuzzAddedLabel(f *testing.F) {
	hostile.Fuzz(f, sending(http.MethodPost, "/labels", connectors.Write{AddLabel: "x"}, `[{"id":1,"name":"x"}]`, `[]`))
}

func FuzzRemovedLabel(f *testing.F) {
	hostile.Fuzz(f, sending(http.MethodDelete, "/labels/x", connectors.Write{RemoveLabel: "x"}, `[]`, `{"message":"Label does not exist"}`))
}

func FuzzEdited(f *testing.F) {
	hostile.Fuzz(f, sending(http.MethodPatch, "/issues/7", connectors.Write{State: "closed", Reason: "completed"}, fuzzIssue))
}

func FuzzAssigned(f *testing.F) {
	hostile.Fuzz(f, sending(http.MethodPost, "/assignees", connectors.Write{Assign: "parley-bot"}, fuzzIssue))
}

func FuzzCreated(f *testing.F) {
	hostile.Fuzz(f, asking(hostile.Path(http.MethodPost, "/issues"), func(ctx context.Context, c *Client) (any, error) {
		return c.Create(ctx, connectors.Draft{Container: "Acme/infra", Title: "t7", Body: "text", Marker: "m1", Op: "op-1"})
	}, fuzzIssue))
}

// signing is a case of a client that signs in as an App.
func signing(f *testing.F, method, end string, seeds ...string) hostile.Case {
	f.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		f.Fatal(err)
	}
	app := &App{ID: 1, Installation: 2, PrivateKey: string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))}
	others := func(r *http.Request) hostile.Answer {
		switch r.URL.Path {
		case "/api/v3/app":
			return hostile.JSON(`{"id":1,"slug":"parley","name":"Parley"}`)
		case "/api/v3/app/installations/2/access_tokens":
			return hostile.Answer{Status: http.StatusCreated, Body: `{"token":"ghs_x","expires_at":"2026-11-02T10:00:30Z","permissions":{"issues":"write"}}`}
		}
		return ordinary(r)
	}
	return hostile.Case{Hit: hostile.Path(method, end), Else: others, Seeds: seeds, Call: func(ctx context.Context, rt http.RoundTripper) (any, error) {
		c, err := New(Config{Name: "gh", URL: fuzzRoot, App: app, Repos: []string{"Acme/infra"}, HTTP: transport.New(transport.Options{Base: rt, Retries: -1}), Now: hostile.Now})
		if err != nil {
			return nil, fmt.Errorf("make the client: %w", err)
		}
		return c.Check(ctx)
	}}
}

func FuzzApp(f *testing.F) {
	hostile.Fuzz(f, signing(f, http.MethodGet, "/app", `{"id":1,"slug":"parley","name":"Parley"}`))
}

func FuzzAppToken(f *testing.F) {
	hostile.Fuzz(f, signing(f, http.MethodPost, "/access_tokens", `{"token":"ghs_x","expires_at":"2026-11-02T10:00:30Z","permissions":{"issues":"write"}}`))
}
