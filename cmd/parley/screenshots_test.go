package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"parley/cmd/parley/internal/app"
	"parley/cmd/parley/internal/config"
	"parley/cmd/parley/internal/demo"
	"parley/cmd/parley/internal/meeting"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/kanban"
	"parley/kanban/contract"
	"parley/web/webtest"
)

// picture is one page as somebody sees it.
type picture struct {
	name, path string
	as         string // group of whoever looks; "" nobody, where people sign in
	ready      string // what is true on the page once it can be taken
	first      string // what is done on the page before, "" nothing
	quarrel    bool   // people have changed the same things in two places before
}

// pictures are all that are taken, each at every size and in both themes. A new page is a
// line here.
func pictures() []picture {
	board := `document.documentElement.dataset.scripts === "on" && document.querySelectorAll(".card").length > 5`
	open := `Array.from(document.querySelectorAll(".card")).find((c) => c.querySelector(".key")?.textContent === "{card}").querySelector("a").click()`
	// The hour of whoever takes the picture, where it lies and a port of chance are not for others.
	plain := `const k = document.getElementById("wall-clock"), still = k?.cloneNode(true);
	if (k) { k.replaceWith(still); still.removeAttribute("id"); }
	document.querySelectorAll("code, p, a, time").forEach((e) => e.childNodes.forEach((n) => {
		if (n.nodeType === 3) n.data = n.data.replace(/\/tmp\/\S*\/config/, "/etc/parley/config").replace(/127\.0\.0\.1:\d+/, "login.acme.example").replace(/^\d\d:\d\d$/, "11:12");
	}))`
	booked := `document.querySelector("#ledger td") || (document.readyState === "complete" && location.reload(), false)` // ledgers are written at a calm pace
	return []picture{
		{name: "board-business", path: "/?group=unit&turn=business", as: "trading", ready: `document.querySelectorAll(".card").length > 0`},
		{name: "board-it", path: "/?turn=it", as: "it", ready: board},
		{name: "board-ops", path: "/", as: "ops", ready: board},
		{name: "board-grouped", path: "/?group=unit", as: "ops", ready: board},
		{name: "drawer", path: "/", as: "ops", first: open, ready: `document.querySelector("#card-title")`},
		{name: "card", path: "/card/{card}", as: "ops", ready: `document.querySelector(".card-body, main")`},
		{name: "card-business", path: "/card/{card}", as: "{unit}", ready: `document.querySelector(".card-body, main")`},
		{name: "sync", path: "/sync", as: "ops", ready: `document.querySelector("main")`},
		{name: "flow", path: "/flow", as: "ops", ready: `document.querySelector("main svg, main table")`},
		{name: "workload", path: "/workload", as: "ops", ready: `document.querySelector("main svg, main table")`},
		{name: "flow-list", path: "/flow/cards?back=workload&list=work&party=business", as: "ops", ready: `document.querySelector(".listed td")`},
		{name: "contract", path: "/contract/trading", as: "ops", ready: booked},
		{name: "contract-business", path: "/contract/trading", as: "trading", ready: booked},
		{name: "contracts", path: "/contract", as: "ops", ready: `document.querySelector(".glance-score")`},
		{name: "replenishment", path: "/contract/trading/replenish", as: "ops", ready: `document.querySelector(".picks li")`},
		{name: "verdict", path: "/contract/trading", as: "ops", first: `document.querySelector('#verdicts a[href*="/verdict"], .told a[href*="/verdict"]').click()`, ready: `document.querySelector(".verdict-page .verdict-line")`},
		{name: "people", path: "/people", as: "it", ready: `document.querySelector("main")`},
		{name: "wall", path: "/?wall=1", as: "wall", first: plain, ready: `document.querySelector("main, .wall")`},
		{name: "mapping", path: "/admin/mapping", as: "ops", first: plain, ready: `document.querySelector("table")`},
		{name: "sign-in", path: "/signin", first: plain, ready: `document.querySelector("main, form, a")`},
		{name: "conflicts", path: "/sync#conflicts", as: "ops", quarrel: true, ready: `document.querySelectorAll("#conflicts .clash").length > 1`}, // the last: all others are of a company that agrees
		{name: "settle", path: "/sync#conflicts", as: "ops", quarrel: true, first: `document.querySelector('#settle [name="group"]').selectedIndex = 1, document.querySelector('#settle [value="restore"]').click()`, ready: `document.querySelector(".settle-page form")`},
	}
}

// sizes are a desk's and a phone's, in pixels.
func sizes() map[string][2]int64 {
	return map[string][2]int64{"desktop": {1440, 900}, "phone": {390, 844}}
}

// TestScreenshots takes the pictures of the guide into the folder that PARLEY_SCREENSHOTS
// names; see make screenshots. PARLEY_PICTURES takes those alone whose names begin with it.
// The company, its history and the time of day are the same
// every time.
func TestScreenshots(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("PARLEY_SCREENSHOTS")
	if dir == "" {
		t.Skip("takes pictures into the folder PARLEY_SCREENSHOTS; make screenshots")
	}
	s := newStudio(t)
	for _, p := range pictures() {
		if !strings.HasPrefix(p.name, os.Getenv("PARLEY_PICTURES")) {
			continue
		}
		for size, pixels := range sizes() {
			for _, theme := range []string{"light", "dark"} {
				name := fmt.Sprintf("%s-%s-%s.png", p.name, size, theme)
				s.take(t, p, pixels, theme, filepath.Join(dir, name))
			}
		}
	}
}

// studio is the demo's company with Parley behind a proxy that says who looks.
type studio struct {
	company shownCompany
	front   string // the proxy's address
	signIn  string // of a board with a provider to sign in with
	card    string // a card that shows much
	unit    string // whose it is
	hubURL  string

	quarrels sync.Once

	mu        sync.Mutex
	as, theme string
}

// dress is what the proxy adds to every request.
func (s *studio) dress(r *httputil.ProxyRequest) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.Out.Header.Set("X-Forwarded-User", "Sam")
	r.Out.Header.Set("X-Forwarded-Groups", s.as)
	r.Out.Header.Set("Cookie", "theme="+s.theme)
	to := s.company.board
	if s.as == "" {
		to = s.signIn
	}
	target, err := url.Parse(to)
	s.company.check(err)
	r.SetURL(target)
}

func newStudio(t *testing.T) *studio {
	t.Helper()
	s := &studio{company: shownCompany{t: t}}
	c := &s.company
	c.page = webtest.Browser(t, 1440, 900)
	clock := setClock(time.Date(2026, time.November, 18, 10, 12, 0, 0, time.UTC))
	front := httptest.NewServer(&httputil.ReverseProxy{Rewrite: s.dress})
	t.Cleanup(front.Close)
	s.front = front.URL
	s.hire(clock)
	s.choose()
	return s
}

// settledClock is a clock that was set to a moment and goes on from there.
type settledClock struct{ offset time.Duration }

func setClock(at time.Time) settledClock { return settledClock{time.Until(at)} }

// Now is the moment on that clock.
func (c settledClock) Now() time.Time { return time.Now().Add(c.offset) }

const proxied = `[server]
auth = "proxy"
proxy = { trusted = ["127.0.0.1/32"], groups = [{ group = "ops", audience = "ops", role = "ops" }, { group = "it", audience = "it", role = "developer" }, { group = "wall", audience = "wall", role = "viewer" }, { group = "trading", audience = "unit:trading", role = "requester" }, { group = "risk", audience = "unit:risk", role = "requester" }, { group = "finance", audience = "unit:finance", role = "requester" }] }
`

// hire makes the company and runs two boards on it: one behind the proxy, one with a provider.
func (s *studio) hire(clock settledClock) {
	c := &s.company
	c.site = jirasim.New(jirasim.Options{Clock: clock})
	jira := httptest.NewServer(c.site.Handler())
	c.t.Cleanup(jira.Close)
	c.jiraURL = jira.URL
	hub := httptest.NewUnstartedServer(nil)
	s.hubURL = "http://" + hub.Listener.Addr().String()
	hubURL := "http://" + hub.Listener.Addr().String()
	c.hub = githubsim.New(githubsim.Options{HTMLURL: hubURL, Clock: clock})
	hub.Config.Handler = c.hub.Handler()
	hub.Start()
	c.t.Cleanup(hub.Close)
	access, err := demo.Company(c.site, c.hub, clock.Now(), 1)
	c.check(err)
	c.board = s.serve(clock, access, hubURL, proxied)
	var provider *httptest.Server
	provider = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"issuer":"%[1]s","authorization_endpoint":"%[1]s/a","token_endpoint":"%[1]s/t","jwks_uri":"%[1]s/k"}`, provider.URL)
	}))
	c.t.Cleanup(provider.Close)
	s.signIn = s.serve(clock, access, hubURL, fmt.Sprintf("[server]\nauth = \"oidc\"\noidc = { issuer = %q, client_id = \"parley\", groups = [{ group = \"ops\", audience = \"ops\", role = \"ops\" }] }\n", provider.URL))
}

// serve runs a board with another head of [server] than the demo's, and gives its address.
func (s *studio) serve(clock settledClock, access demo.Access, hubURL, server string) string {
	c := &s.company
	l := httptest.NewUnstartedServer(nil).Listener
	address := "http://" + l.Addr().String()
	text := demo.ConfigTOML(access, demo.Settings{JiraURL: c.jiraURL, GitHubURL: hubURL, Listen: l.Addr().String(), PublicURL: s.front, StoreURL: "sqlite:parley.db"})
	file := filepath.Join(c.t.TempDir(), "config.toml")
	c.check(os.WriteFile(file, []byte(strings.Replace(text, "[server]\n", server, 1)), 0o600))
	cfg, problems := config.LoadEnv(file, access.LookupEnv)
	if config.Failed(problems) {
		c.t.Fatal(problems)
	}
	a, err := app.New(c.t.Context(), app.Options{Config: cfg, Now: clock.Now, Env: access.LookupEnv,
		Decided: func(find func(string) (kanban.CardID, error)) ([]contract.Event, error) {
			return meeting.Decided(access.Decided, find)
		}})
	c.check(err)
	c.work(a, l)
	return address
}

// choose finds a card that shows much, once both trackers were read.
func (s *studio) choose() {
	c := &s.company
	c.await("both trackers to be read", func() bool {
		resp, err := http.Get(c.board + "/readyz")
		return err == nil && resp.Body.Close() == nil && resp.StatusCode == http.StatusOK
	})
	s.wear("ops", "light")
	c.check(chromedp.Do(c.page, chromedp.EmulateViewport(1440, 900), chromedp.Navigate(s.front+"/")))
	c.until(`document.querySelectorAll(".card").length > 5`)
	found, err := chromedp.Run(c.page, chromedp.Evaluate[string](`(() => {
		const card = Array.from(document.querySelectorAll("#col-review .card, #col-doing .card")).find((c) => c.querySelector(".ref")?.textContent.includes("#"));
		return card.querySelector(".key").textContent;
	})()`))
	c.check(err)
	s.card, s.unit = found, "trading"
}

// quarrel has people give some cards another priority in both trackers at once.
func (s *studio) quarrel() {
	c := &s.company
	s.wear("ops", "light")
	c.check(chromedp.Do(c.page, chromedp.EmulateViewport(1440, 900), chromedp.Navigate(s.front+"/")))
	c.until(`document.querySelectorAll(".card").length > 5`)
	text, err := chromedp.Run(c.page, chromedp.Evaluate[string](`Array.from(document.querySelectorAll("#col-doing .card, #col-review .card, #col-waiting .card"))
		.filter((c) => c.querySelector(".ref")?.title.includes("#") && !["low", "urgent"].includes(c.dataset.priority) && !c.querySelector(".state-differs")).slice(0, 4)
		.map((c) => c.querySelector(".key").textContent + " " + c.querySelector(".ref").title).join("\n")`))
	c.check(err)
	for pair := range strings.Lines(text) {
		key, ref, _ := strings.Cut(strings.TrimSpace(pair), " ")
		repo, digits, _ := strings.Cut(ref, "#")
		number, err := strconv.Atoi(digits)
		c.check(err)
		twin, err := c.hub.Issue(repo, number)
		c.check(err)
		labels, err := json.Marshal(map[string]any{"labels": append(slices.DeleteFunc(slices.Clone(twin.Labels), func(l string) bool { return strings.HasPrefix(l, "priority:") }), "priority:low")})
		c.check(err)
		c.askJira("PUT", "/rest/api/2/issue/"+key, `{"fields":{"priority":{"name":"Highest"}}}`)
		req, err := http.NewRequestWithContext(c.t.Context(), http.MethodPatch, s.hubURL+"/repos/"+repo+"/issues/"+digits, bytes.NewReader(labels))
		c.check(err)
		req.Header.Set("Authorization", "Bearer demo-github-ana-acme")
		resp, err := http.DefaultClient.Do(req)
		c.check(err)
		if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
			c.t.Fatalf("label %s: %s %v", ref, resp.Status, err)
		}
	}
	c.await("people to have disagreed", func() bool {
		resp, err := http.Get(s.front + "/api/v1/conflicts")
		c.check(err)
		var told struct{ Conflicts []any }
		err = json.NewDecoder(resp.Body).Decode(&told)
		c.check(resp.Body.Close())
		return err == nil && len(told.Conflicts) > 1
	})
}

// wear says who looks, and in which theme.
func (s *studio) wear(as, theme string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.as, s.theme = as, theme
}

// take takes one picture.
func (s *studio) take(t *testing.T, p picture, pixels [2]int64, theme, file string) {
	t.Helper()
	c := &s.company
	if p.quarrel {
		s.quarrels.Do(s.quarrel)
	}
	fill := strings.NewReplacer("{card}", s.card, "{unit}", s.unit)
	s.wear(fill.Replace(p.as), theme)
	c.check(chromedp.Do(c.page, chromedp.EmulateViewport(pixels[0], pixels[1]), chromedp.Navigate("about:blank"), chromedp.Navigate(s.front+fill.Replace(p.path))))
	if strings.Contains(p.first, "click") {
		c.until(`document.documentElement.dataset.scripts === "on"`)
		c.eval(fill.Replace(p.first))
	}
	c.await(p.ready, func() bool { // what was done may have led to another page
		ready, err := chromedp.Run(c.page, chromedp.Evaluate[bool]("Boolean("+p.ready+")"))
		return err == nil && ready
	})
	if p.first != "" && !strings.Contains(p.first, "click") {
		c.eval("(() => {" + p.first + "})()")
	}
	c.eval(`document.activeElement?.blur()`)
	c.until(`document.fonts.status === "loaded" && document.getAnimations().every((a) => a.playState !== "running" || a.effect.getTiming().iterations === Infinity)`)
	shot, err := chromedp.Run(c.page, chromedp.CaptureScreenshot())
	c.check(err)
	picture, err := png.Decode(bytes.NewReader(shot))
	c.check(err)
	var small bytes.Buffer
	c.check((&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&small, paletted(picture)))
	c.check(os.MkdirAll(filepath.Dir(file), 0o755))
	c.check(os.WriteFile(file, small.Bytes(), 0o644))
}

// paletted is a picture in 256 colours, each other one being the nearest of them: those that
// it shows most of, but for such as can hardly be told from one that is there already. A
// page has few, and the edges of letters do not need them all.
func paletted(from image.Image) *image.Paletted {
	many, at := map[color.RGBA]int{}, from.Bounds()
	of := func(x, y int) color.RGBA { return color.RGBAModel.Convert(from.At(x, y)).(color.RGBA) }
	for y := at.Min.Y; y < at.Max.Y; y++ {
		for x := at.Min.X; x < at.Max.X; x++ {
			many[of(x, y)]++
		}
	}
	colours := slices.SortedFunc(maps.Keys(many), func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(many[b], many[a]), cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B))
	})
	var palette color.Palette
	for _, apart := range []int{12, 6, 0} {
		for _, c := range colours {
			if len(palette) < 256 && (len(palette) == 0 || distance(c, palette[palette.Index(c)].(color.RGBA)) > apart) {
				palette = append(palette, c)
			}
		}
	}
	nearest := map[color.RGBA]uint8{}
	for c := range many {
		nearest[c] = uint8(palette.Index(c))
	}
	out := image.NewPaletted(at, palette)
	for y := at.Min.Y; y < at.Max.Y; y++ {
		for x := at.Min.X; x < at.Max.X; x++ {
			out.SetColorIndex(x, y, nearest[of(x, y)])
		}
	}
	return out
}

// distance is how far two colours are apart, by the one of red, green and blue in which they
// are furthest.
func distance(a, b color.RGBA) int {
	apart := func(x, y uint8) int { return max(int(x)-int(y), int(y)-int(x)) }
	return max(apart(a.R, b.R), apart(a.G, b.G), apart(a.B, b.B))
}
