package cli

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"parley/cmd/parley/internal/demo"
	"parley/connectors/sim"
	"parley/web/hooks"
)

// hookTo has both simulators send webhooks to a Parley with the demo's configuration.
func (w *world) hookTo(parley string) error {
	if parley == "" {
		return nil
	}
	root := strings.TrimSuffix(parley, "/") + hooks.Prefix
	for at, to := range map[string]*sim.Hooks{root + "jira/jira": w.site.Hooks(), root + "github/github": w.hub.Hooks()} {
		if err := to.Add(sim.Hook{URL: at, Secret: demo.HookSecret}); err != nil {
			return fmt.Errorf("send webhooks: %w", err)
		}
	}
	return nil
}

// sendHooks sends the webhooks of both simulators until close.
func (w *world) sendHooks(ctx context.Context) {
	ctx, w.stopHooks = context.WithCancel(ctx)
	client := &http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	send := func(ctx context.Context, d sim.Delivery) (int, error) { return deliver(ctx, client, d) }
	w.hooks.Go(func() { w.site.Hooks().Run(ctx, send) })
	w.hooks.Go(func() { w.hub.Hooks().Run(ctx, send) })
}

func deliver(ctx context.Context, client *http.Client, d sim.Delivery) (int, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.URL, bytes.NewReader(d.Body))
	if err != nil {
		return 0, fmt.Errorf("make a webhook: %w", err)
	}
	for key, value := range d.Header {
		r.Header.Set(key, value)
	}
	resp, err := client.Do(r)
	if err != nil {
		return 0, fmt.Errorf("send a webhook: %w", err)
	}
	return resp.StatusCode, resp.Body.Close()
}

// parleyAddress reports whether webhooks can be sent to an address; "" is none.
func parleyAddress(text string) bool {
	u, err := url.Parse(text)
	return text == "" || err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}
