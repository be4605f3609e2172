package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"parley/cmd/parley/internal/app"
	"parley/cmd/parley/internal/config"
	"parley/cmd/parley/internal/demo"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/connectors/sim/official"
	"parley/web/webtest"
)

// shownCompany is the demo's company with Parley at work, and its board in a browser.
type shownCompany struct {
	t       *testing.T
	site    *jirasim.Site
	hub     *githubsim.Hub
	jiraURL string
	board   string
	page    context.Context
}

// TestBoardMovesBothTrackers drags a card in a real browser and finds the change in
// both trackers; then it changes the issue in Jira and finds that on the open page.
func TestBoardMovesBothTrackers(t *testing.T) {
	t.Parallel()
	c := &shownCompany{t: t}
	c.page = webtest.Browser(t, 1900, 900)
	c.run()
	c.show()
	key, repo, number := c.pairedCard("doing")
	card := `Array.from(document.querySelectorAll(".card")).find((c) => c.querySelector(".key").textContent === "` + key + `")`
	c.drag(card, `document.getElementById("col-review")`)
	c.await("both trackers to show the review", func() bool {
		status, labels := c.trackers(key, repo, number)
		return status == "10101" && slices.Contains(labels, "status:review") && !slices.Contains(labels, "status:in-progress")
	})
	c.until(`((c) => c.dataset.column === "review" && c.closest(".column").id === "col-review" && !c.classList.contains("pending"))(` + card + `)`)

	c.eval(`window.loaded = "once"`)
	c.askJira("POST", "/rest/api/2/issue/"+key+"/transitions", `{"transition":{"id":"41"}}`) // Send back
	c.until(`((c) => c.closest(".column").id === "col-doing")(` + card + `)`)
	c.askJira("PUT", "/rest/api/2/issue/"+key, `{"fields":{"priority":{"name":"Lowest"}}}`)
	c.until(`(` + card + `).dataset.priority === "low"`)
	c.until(`window.loaded === "once"`)
	c.await("GitHub to follow Jira", func() bool {
		_, labels := c.trackers(key, repo, number)
		return slices.Contains(labels, "status:in-progress") && slices.Contains(labels, "priority:low")
	})
}

// run serves the simulators and runs Parley over them until the test ends.
func (c *shownCompany) run() {
	c.t.Helper()
	c.site = jirasim.New(jirasim.Options{})
	jira := httptest.NewServer(official.Hear(c.t, official.JiraCloud, c.site.Handler()))
	c.t.Cleanup(jira.Close)
	c.jiraURL = jira.URL
	var lc net.ListenConfig
	l, err := lc.Listen(c.t.Context(), "tcp", "127.0.0.1:0")
	c.check(err)
	hubURL := "http://" + l.Addr().String()
	c.hub = githubsim.New(githubsim.Options{HTMLURL: hubURL})
	hub := &httptest.Server{Listener: l, Config: &http.Server{Handler: official.Hear(c.t, official.GitHub, c.hub.Handler()), ReadHeaderTimeout: time.Minute}}
	hub.Start()
	c.t.Cleanup(hub.Close)
	access, err := demo.Company(c.site, c.hub, time.Now(), 1)
	c.check(err)
	c.serve(access, hubURL)
}

func (c *shownCompany) serve(access demo.Access, hubURL string) {
	c.t.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(c.t.Context(), "tcp", "127.0.0.1:0")
	c.check(err)
	c.board = "http://" + l.Addr().String()
	file := filepath.Join(c.t.TempDir(), "config.toml")
	c.check(os.WriteFile(file, []byte(demo.ConfigTOML(access, demo.Settings{JiraURL: c.jiraURL, GitHubURL: hubURL,
		Listen: l.Addr().String(), PublicURL: c.board, StoreURL: server.URL(c.t, filepath.Join(c.t.TempDir(), "parley.db"))})), 0o600))
	cfg, problems := config.LoadEnv(file, access.LookupEnv)
	if config.Failed(problems) {
		c.t.Fatal(problems)
	}
	a, err := app.New(c.t.Context(), app.Options{Config: cfg})
	c.check(err)
	c.work(a, l)
}

// work runs Parley until the test ends.
func (c *shownCompany) work(a *app.App, l net.Listener) {
	c.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx, l) }()
	c.t.Cleanup(func() {
		stop()
		if err := errors.Join(<-ended, a.Close()); err != nil {
			c.t.Errorf("stop Parley: %v", err)
		}
	})
}

// show opens the board once both trackers were read.
func (c *shownCompany) show() {
	c.t.Helper()
	c.await("both trackers to be read", func() bool {
		resp, err := http.Get(c.board + "/readyz")
		if err != nil {
			return false
		}
		return resp.Body.Close() == nil && resp.StatusCode == http.StatusOK
	})
	c.check(chromedp.Do(c.page, chromedp.EmulateViewport(1900, 900), chromedp.Navigate(c.board+"/")))
	c.until(`document.documentElement.dataset.scripts === "on"`)
}

// pairedCard finds a card of a column that stands in both trackers.
func (c *shownCompany) pairedCard(column string) (key, repo string, number int) {
	c.t.Helper()
	text, err := chromedp.Run(c.page, chromedp.Evaluate[string](`(() => {
		const card = Array.from(document.querySelectorAll("#col-`+column+` .card")).find((c) => c.querySelector(".ref").textContent.includes("#"));
		return card.querySelector(".key").textContent + " " + card.querySelector(".ref").title;
	})()`))
	c.check(err)
	key, ref, _ := strings.Cut(text, " ")
	repo, digits, _ := strings.Cut(ref, "#")
	number, err = strconv.Atoi(digits)
	c.check(err)
	return key, repo, number
}

// trackers says what both show of a pair: Jira's status id, GitHub's labels.
func (c *shownCompany) trackers(key, repo string, number int) (status string, labels []string) {
	c.t.Helper()
	is, ok := c.site.Issue(key)
	if !ok {
		c.t.Fatalf("Jira has no %s", key)
	}
	twin, err := c.hub.Issue(repo, number)
	c.check(err)
	return is.Status, twin.Labels
}

// drag takes one element with the mouse and drops it on another.
func (c *shownCompany) drag(from, to string) {
	c.t.Helper()
	at, err := chromedp.Run(c.page, chromedp.Evaluate[[]float64](fmt.Sprintf(`(() => {
		const from = %s, to = %s;
		from.scrollIntoView({block: "nearest", inline: "nearest"});
		const a = from.getBoundingClientRect(), b = to.getBoundingClientRect();
		return [a.left + 60, a.top + 44, b.left + b.width / 2, b.top + 60];
	})()`, from, to)))
	c.check(err)
	c.check(chromedp.Do(c.page,
		chromedp.MouseEvent("mouseMoved", at[0], at[1]),
		chromedp.MouseEvent("mousePressed", at[0], at[1], chromedp.ButtonLeft, chromedp.ClickCount(1)),
		chromedp.MouseEvent("mouseMoved", at[0]+20, at[1]+5, chromedp.ButtonLeft),
		chromedp.MouseEvent("mouseMoved", at[2], at[3], chromedp.ButtonLeft),
		chromedp.MouseEvent("mouseReleased", at[2], at[3], chromedp.ButtonLeft, chromedp.ClickCount(1))))
}

// askJira sends a request to Jira as Ana does.
func (c *shownCompany) askJira(method, path, body string) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.jiraURL+path, strings.NewReader(body))
	c.check(err)
	req.SetBasicAuth("ana@acme.example", "demo-jira-ana-acme")
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	c.check(err)
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusNoContent {
		c.t.Fatalf("%s %s: %s %v", method, path, resp.Status, err)
	}
}

func (c *shownCompany) eval(script string) {
	c.t.Helper()
	_, err := chromedp.Run(c.page, chromedp.Evaluate[chromedp.Void]("void ("+script+")"))
	c.check(err)
}

// until waits for something to come true on the page.
func (c *shownCompany) until(expression string) {
	c.t.Helper()
	_, err := chromedp.Run(c.page, chromedp.Poll[bool]("Boolean("+expression+")", chromedp.WithPollingTimeout(30*time.Second)))
	if err != nil {
		c.t.Fatalf("waiting on the page for %s: %v", expression, err)
	}
}

// await waits for something to come true outside of the page.
func (c *shownCompany) await(what string, met func() bool) {
	c.t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	late := time.After(60 * time.Second)
	for !met() {
		select {
		case <-tick.C:
		case <-late:
			c.t.Fatalf("waited a minute for %s", what)
		}
	}
}

func (c *shownCompany) check(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}
