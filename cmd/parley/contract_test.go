package main

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/cmd/parley/internal/app"
	"parley/cmd/parley/internal/config"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
)

const contractConfig = `[server]
listen = %q
public_url = %q
[calendar]
timezone = "UTC"
[sync]
poll = "100ms"
write = "on"
[[jira]]
url = %q
user = "parley@acme.example"
token = "env:TOKEN"
projects = ["OPS"]
[[github]]
url = %q
token = "env:TOKEN"
repos = ["acme/payments"]
[[pair]]
jira = "OPS"
github = "acme/payments"
[[column]]
key = "todo"
category = "option"
jira = ["To Do"]
github = ["open"]
[[column]]
key = "next"
name = "Next"
category = "queue"
jira = ["Waiting"]
github = ["open + label:next"]
[[column]]
key = "doing"
category = "active"
jira = ["In Progress"]
github = ["open + label:doing"]
[[column]]
key = "done"
category = "done"
jira = ["Done"]
github = ["closed"]
[[priority]]
key = "high"
jira = ["High"]
github = ["label:high"]
[[priority]]
key = "low"
jira = ["Low"]
github = ["label:low"]
[[unit]]
key = "trading"
name = "Trading"
match = { jira_project = "OPS" }
[[unit.contract]]
from = "2026-W40"
slots = 1
carry = 0
answer_days = 2
priorities = ["high"]
agreed = { business = "Mia", it = "Ana" }
`

// parties are Trading and IT with a Jira, a GitHub and a board between them.
type parties struct {
	*oddWorld

	client *http.Client
}

// startParties has three requests on the Wednesday of a week with one slot: two want it since
// the week before, in which IT took nothing on, and one does not.
func startParties(t *testing.T) *parties {
	t.Helper()
	clock := setClock(time.Date(2026, time.November, 18, 10, 0, 0, 0, time.UTC))
	w := &parties{&oddWorld{t: t, site: jirasim.New(jirasim.Options{Clock: clock}), hub: githubsim.New(githubsim.Options{Clock: clock})}, &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	w.site.AddCompany()
	w.site.AddUser(jirasim.User{AccountID: "parley", DisplayName: "Parley", Email: "parley@acme.example", Token: "secret"})
	w.site.AddUser(jirasim.User{AccountID: "ana", DisplayName: "Ana"})
	w.site.AddSoftwareProject("OPS", "Operations", jirasim.SimpleWorkflow)
	w.must(w.hub.AddUser(githubsim.User{Login: "parley-bot", Token: "secret"}))
	w.must(w.hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "payments", Permissions: map[string]githubsim.Permission{"parley-bot": githubsim.Write}}))
	monday := time.Date(2026, time.November, 9, 8, 0, 0, 0, time.UTC)
	for n, priority := range []string{"High", "High", "Low"} {
		_, err := w.site.At(monday.Add(time.Duration(n)*time.Hour)).Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Task", Summary: fmt.Sprintf("Request %d", n+1), Priority: priority})
		w.must(err)
		_, err = w.hub.CreateIssue("parley-bot", "acme/payments", githubsim.NewIssue{Title: fmt.Sprintf("OPS-%d in code", n+1), Labels: []string{strings.ToLower(priority)}, Created: monday.Add(time.Duration(n) * time.Hour)})
		w.must(err)
	}
	jira, hub := httptest.NewServer(w.site.Handler()), httptest.NewServer(w.hub.Handler())
	t.Cleanup(jira.Close)
	t.Cleanup(hub.Close)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	w.must(err)
	w.url = "http://" + l.Addr().String()
	file := filepath.Join(t.TempDir(), "config.toml")
	w.must(os.WriteFile(file, fmt.Appendf(nil, contractConfig, l.Addr(), w.url, jira.URL, hub.URL), 0o600))
	cfg, problems := config.LoadEnv(file, func(string) (string, bool) { return "secret", true })
	if config.Failed(problems) {
		t.Fatal(problems)
	}
	a, err := app.New(context.Background(), app.Options{Config: cfg, Now: clock.Now})
	w.must(err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Parley ended with %v", err)
		}
		w.must(a.Close())
	})
	until(t, "both trackers to be read", 30*time.Second, func() bool {
		status, _ := w.get("/readyz")
		return status == http.StatusOK && len(w.card("OPS-3").Sides) == 2
	})
	return w
}

// form finds a form of a page by what it holds, and what it would send.
func (w *parties) form(page, holds string) (action string, values url.Values) {
	w.t.Helper()
	_, text := w.get(page)
	for _, f := range regexp.MustCompile(`(?s)<form[^>]*? action="([^"]*)">(.*?)</form>`).FindAllStringSubmatch(text, -1) {
		if !strings.Contains(f[0], holds) {
			continue
		}
		values = url.Values{}
		for _, in := range regexp.MustCompile(`<input type="hidden" name="([a-z]+)" value="([^"]*)">`).FindAllStringSubmatch(f[2], -1) {
			values.Set(in[1], html.UnescapeString(in[2]))
		}
		return html.UnescapeString(f[1]), values
	}
	w.t.Fatalf("%s has no form with %s:\n%s", page, holds, text)
	return "", nil
}

// send sends a form as a browser without scripts does, and gives what it leads to.
func (w *parties) send(action string, values url.Values) (status int, body string) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.url+action, strings.NewReader(values.Encode()))
	w.must(err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	resp, err := w.client.Do(req)
	w.must(err)
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	w.must(err)
	if to := resp.Header.Get("Location"); to != "" {
		_, page := w.get(to)
		return resp.StatusCode, page
	}
	return resp.StatusCode, string(text)
}

// shows gives what both trackers show of a request: its status and priority.
func (w *parties) shows(n int) string {
	w.t.Helper()
	issue, _ := w.site.Issue(fmt.Sprintf("OPS-%d", n))
	twin, err := w.hub.Issue("acme/payments", n)
	w.must(err)
	labels := slices.Sorted(slices.Values(twin.Labels))
	return fmt.Sprintf("%s %s, %s", issue.StatusName, issue.PriorityName, strings.Join(labels, " "))
}

func (w *parties) comeTo(n int, want string) {
	w.t.Helper()
	until(w.t, fmt.Sprintf("OPS-%d to become %s; it is %s", n, want, w.shows(n)), 40*time.Second, func() bool { return w.shows(n) == want })
}

func (w *parties) contains(text, want string) {
	w.t.Helper()
	if !strings.Contains(text, want) {
		w.t.Fatalf("it does not say %q:\n%s", want, text)
	}
}

// score is what IT kept of what was decided.
func (w *parties) score() string {
	w.t.Helper()
	_, text := w.get("/api/v1/contract/trading")
	var c struct {
		Scores []struct {
			By            string
			Kept, Decided int
		}
	}
	w.must(json.Unmarshal([]byte(text), &c))
	return fmt.Sprintf("%d of %d", c.Scores[0].Kept, c.Scores[0].Decided)
}

// TestAMeetingASwapAndADispute goes the whole way on the pages, without scripts: a request is
// taken on at the meeting, another one gets its slot by a swap that both trackers show, and a
// verdict is contested and settled by both sides.
func TestAMeetingASwapAndADispute(t *testing.T) {
	t.Parallel()
	w := startParties(t)
	sheet, first, second := "/contract/trading/replenish", w.card("OPS-1").ID, w.card("OPS-2").ID

	action, values := w.form(sheet, `value="`+first+`"`)
	for range 2 { // a double click
		status, text := w.send(action, values)
		if status != http.StatusSeeOther {
			t.Fatalf("taken on: %d\n%s", status, text)
		}
		w.contains(text, "OPS-1</a> is taken on. It is in Next on the board, and is written to its trackers.")
	}
	w.comeTo(1, "Waiting High, high next")

	action, values = w.form(sheet, `value="`+second+`"`)
	if status, text := w.send(action, values); status != http.StatusUnprocessableEntity || !strings.Contains(text, "No slot is free; tick “beyond the slots”") {
		t.Fatalf("beyond the slots: %d\n%s", status, text)
	}
	until(t, "the board to say that OPS-2 is over the contract", 20*time.Second, func() bool {
		_, text := w.get("/")
		return strings.Contains(text, "Over the contract, place 1 in the row")
	})
	_, text := w.get("/card/OPS-2")
	w.contains(text, `<a href="/contract/trading#over-`+second+`">Choose what becomes of it</a>`)

	action, values = w.form("/contract/trading", `value="swap"`)
	values.Del("for")
	if status, text := w.send(action, values); status != http.StatusBadRequest || !strings.Contains(text, "Choose which request steps down.") {
		t.Fatalf("a swap for nothing: %d\n%s", status, text)
	}
	values.Set("for", first)
	for range 2 {
		var status int
		if status, text = w.send(action, values); status != http.StatusSeeOther {
			t.Fatalf("swapped: %d\n%s", status, text)
		}
	}
	w.contains(text, `id="said"`)
	w.comeTo(1, "Waiting Low, low next")
	w.comeTo(2, "To Do High, high")
	until(t, "the ledger to book the swap", 40*time.Second, func() bool {
		_, text = w.get("/contract/trading?done=swap&swap=" + url.QueryEscape(values.Get("op")))
		return strings.Contains(text, "OPS-2 has the slot of OPS-1</td>")
	})
	w.contains(text, "OPS-2 has the slot of OPS-1. Both priorities are written.")
	until(t, "the board to say nothing of it any more", 20*time.Second, func() bool {
		_, text := w.get("/card/OPS-2")
		return !strings.Contains(text, "badge-over")
	})
	w.dispute()
}

// dispute contests that IT broke its promise of the week before, and settles it.
func (w *parties) dispute() {
	w.t.Helper()
	verdict := "/contract/trading/verdict?id=" + url.QueryEscape("trading/P1/2026-W46")
	before := w.score()
	say := func(what string, more url.Values, want string) {
		w.t.Helper()
		action, values := w.form(verdict, `value="`+what+`"`)
		for k := range more {
			values.Set(k, more.Get(k))
		}
		for range 2 {
			status, text := w.send(action, values)
			if status != http.StatusSeeOther {
				w.t.Fatalf("%s %v: %d\n%s", what, more, status, text)
			}
			w.contains(text, want)
		}
	}
	say("contest", url.Values{"side": {"it"}, "note": {"the desk was closed"}}, "<b>Contests it</b><q>the desk was closed</q>")
	contested := w.score()
	say("settle", url.Values{"side": {"it"}, "outcome": {"kept"}}, "<b>Says that it was kept</b>")
	say("settle", url.Values{"side": {"business"}, "outcome": {"broken"}, "note": {"nobody told us"}}, "<b>Says that it was broken</b><q>nobody told us</q>")
	if open := w.score(); open != contested {
		w.t.Errorf("while they disagree it counts: %s, then %s", contested, open)
	}
	action, values := w.form(verdict, `value="settle"`)
	values.Set("side", "business")
	values.Set("outcome", "kept")
	if status, text := w.send(action, values); status != http.StatusSeeOther {
		w.t.Fatalf("settled: %d\n%s", status, text)
	}
	if got := before + "; " + contested + "; " + w.score(); got != "0 of 4; 0 of 3; 1 of 4" {
		w.t.Errorf("IT kept %s", got)
	}
	if status, text := w.send(action, url.Values{"what": {"settle"}, "op": {"late"}, "ref": {"trading/P1/2026-W46"}, "side": {"it"}, "outcome": {"kept"}}); status != http.StatusUnprocessableEntity || !strings.Contains(text, "Nobody contests it.") {
		w.t.Errorf("settled again: %d", status)
	}
	until(w.t, "the ledger to keep all words", 20*time.Second, func() bool {
		_, text := w.get("/contract/trading/ledger.csv")
		return strings.Count(text, `"contest"`) == 4
	})
}
