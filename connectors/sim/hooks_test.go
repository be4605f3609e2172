package sim_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors/sim"
)

// postbox is simulated webhooks, and whom they are sent to.
type postbox struct {
	*sim.Hooks

	clock *sim.Manual
	got   []sim.Delivery
}

func newPostbox(t *testing.T, secret string, events ...string) *postbox {
	t.Helper()
	clock := sim.NewManual(time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC))
	style := sim.HookStyle{Signature: "X-Sign", Header: func(event, id string, retry int) map[string]string {
		return map[string]string{"X-Event": event, "X-Id": id, "X-Retry": fmt.Sprint(retry)}
	}}
	p := &postbox{Hooks: sim.NewHooks(clock, style, 1), clock: clock}
	if err := p.Add(sim.Hook{URL: "http://127.0.0.1:1/hooks", Secret: secret, Events: events}); err != nil {
		t.Fatal(err)
	}
	return p
}

// deliver sends what is due and gives the bodies of it, with what is odd about them.
func (p *postbox) deliver() string {
	before := len(p.got)
	p.Deliver(context.Background(), func(_ context.Context, d sim.Delivery) (int, error) {
		p.got = append(p.got, d)
		return http.StatusAccepted, nil
	})
	var out []string
	for _, d := range p.got[before:] {
		text := string(d.Body)
		switch d.Header["X-Sign"] {
		case sim.Sign("secret", d.Body):
		case "":
			text += " unsigned"
		default:
			text += " forged"
		}
		if d.Header["X-Retry"] != "0" {
			text += " again"
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

// wrong has one webhook go wrong in a way that has a name.
func (p *postbox) wrong(t *testing.T, name string) {
	t.Helper()
	for _, k := range p.Script().Kinds() {
		if k.Name == name {
			p.Script().Add(sim.Rule{Fault: k.Make, Times: 1})
			return
		}
	}
	t.Fatalf("there is no fault %q", name)
}

func TestFaultsOfWebhooks(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][3]string{ // at once, after five seconds, after a minute
		"":                {"a, b", "", ""},
		"lost":            {"b", "", ""},
		"doubled":         {"a, a again, b", "", ""},
		"late":            {"b", "", "a"},
		"out-of-order":    {"b", "a", ""},
		"wrong-signature": {"a forged, b", "", ""},
		"unsigned":        {"a unsigned, b", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPostbox(t, "secret")
			if name != "" {
				p.wrong(t, name)
			}
			p.Tell("changed", []byte("a"))
			p.Tell("changed", []byte("b"))
			got := [3]string{p.deliver()}
			p.clock.Advance(5 * time.Second)
			got[1] = p.deliver()
			p.clock.Advance(time.Minute)
			got[2] = p.deliver()
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			ids := map[string]int{}
			for _, d := range p.got {
				ids[d.Header["X-Id"]]++
			}
			if want := len(p.got); name == "doubled" && len(ids) != want-1 || name != "doubled" && len(ids) != want {
				t.Errorf("ids: %v", ids)
			}
		})
	}
}

func TestFloodOfWebhooks(t *testing.T) {
	t.Parallel()
	p := newPostbox(t, "secret")
	p.wrong(t, "flood")
	p.Tell("changed", []byte("a"))
	p.deliver()
	ids := map[string]bool{}
	for _, d := range p.got {
		ids[d.Header["X-Id"]] = true
	}
	if len(ids) != 1000 || len(p.got) != 1000 {
		t.Errorf("%d deliveries with %d ids", len(p.got), len(ids))
	}
}

func TestWhoGetsWebhooks(t *testing.T) {
	t.Parallel()
	p := newPostbox(t, "", "changed")
	for _, url := range []string{"", "nowhere", "ftp://127.0.0.1/", "http://"} {
		if p.Add(sim.Hook{URL: url}) == nil {
			t.Errorf("%q is taken for an address", url)
		}
	}
	p.Tell("made", []byte("a"))
	p.Tell("changed", []byte("b"))
	if got := p.deliver(); got != "b unsigned" {
		t.Errorf("got %q", got)
	}
	p.Tell("changed", []byte("c"))
	p.Clear()
	p.Tell("changed", []byte("d"))
	if got := p.deliver(); got != "" || p.Wanted() {
		t.Errorf("then got %q", got)
	}
}

// Webhooks that Run sends come without delay, and late ones when their time has come.
func TestWebhooksAreSentAsTheyCome(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPostbox(t, "secret")
		p.wrong(t, "late")
		ctx, stop := context.WithCancel(t.Context())
		var got []string
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			p.Run(ctx, func(_ context.Context, d sim.Delivery) (int, error) {
				got = append(got, string(d.Body))
				return 0, errors.New("nobody is there")
			})
		}()
		p.Tell("changed", []byte("a"))
		p.Tell("changed", []byte("b"))
		synctest.Wait()
		if diff := cmp.Diff([]string{"b"}, got); diff != "" {
			t.Error(diff)
		}
		p.clock.Advance(time.Minute)
		<-time.After(2 * time.Second)
		synctest.Wait()
		if diff := cmp.Diff([]string{"b", "a"}, got); diff != "" {
			t.Error(diff)
		}
		stop()
		<-ended
	})
}

func TestControlOfWebhooks(t *testing.T) {
	t.Parallel()
	clock := sim.NewManual(time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC))
	hooks := sim.NewHooks(clock, sim.HookStyle{Signature: "X-Sign", Header: func(string, string, int) map[string]string { return map[string]string{} }}, 1)
	h := sim.ControlHooks(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }), hooks)
	ask := func(method, path, body string) (int, string) {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code, strings.TrimSpace(w.Body.String())
	}
	expect := func(method, path, body string, status int, words ...string) {
		t.Helper()
		code, text := ask(method, path, body)
		if code != status {
			t.Errorf("%s %s %s: %d %s", method, path, body, code, text)
		}
		for _, word := range words {
			if !strings.Contains(text, word) {
				t.Errorf("%s %s: %s lacks %s", method, path, text, word)
			}
		}
		if strings.Contains(text, "hush") {
			t.Errorf("%s %s tells the secret: %s", method, path, text)
		}
	}
	expect("GET", sim.HooksPath, "", 200, `"hooks":[]`)
	expect("POST", sim.HooksPath, `{"url":"http://127.0.0.1:1/","secret":"hush"}`, 200, `"url":"http://127.0.0.1:1/"`, `"signed":true`)
	expect("POST", sim.HooksPath, `{"url":"x"}`, 400, "url")
	expect("POST", sim.HooksPath, `{"uri":"http://127.0.0.1:1/"}`, 400, "uri")
	expect("PUT", sim.HooksPath, ``, 405)
	expect("POST", sim.HooksPath+"/faults", `{"faults":[{"name":"lost","times":1}]}`, 200, `"name":"wrong-signature"`)
	expect("POST", sim.HooksPath+"/faults", `{"faults":[{"name":"captcha"}]}`, 400)
	expect("GET", "/else", "", http.StatusTeapot)
	hooks.Tell("x", []byte("lost"))
	hooks.Tell("x", []byte("sent"))
	expect("GET", sim.HooksPath, "", 200, `"waiting":1`)
	hooks.Deliver(t.Context(), func(context.Context, sim.Delivery) (int, error) { return 202, nil })
	expect("GET", sim.HooksPath, "", 200, `"waiting":0`, `"answers":{"202":1}`)
	expect("DELETE", sim.HooksPath, "", 200, `"hooks":[]`)
	plain := httptest.NewRequest("POST", sim.HooksPath, strings.NewReader(`{"url":"http://127.0.0.1:1/"}`))
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, plain); w.Code != 400 || hooks.Wanted() {
		t.Errorf("what a form could send is answered %d", w.Code)
	}
}

// Every fault of webhooks stands in the guide, and no other.
func TestFaultsOfWebhooksAreDocumented(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../docs/SIMULATORS.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(guide), "| fault of a webhook |")
	table, _, _ = strings.Cut(table, "\n\n")
	told := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z-]+)`( !)? \\|").FindAllStringSubmatch(table, -1) {
		told[row[1]] = row[2] != ""
	}
	want := map[string]bool{}
	for _, k := range newPostbox(t, "secret").Script().Kinds() {
		want[k.Name] = k.OnDemand
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Error(diff)
	}
}
