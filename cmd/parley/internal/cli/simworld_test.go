package cli

import (
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
)

// ask sends one request to a simulator as Parley's account of Jira.
func (w *world) ask(t *testing.T, method, url, body string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+w.access.JiraToken)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	return resp
}

func serve(t *testing.T, o worldOptions) *world {
	t.Helper()
	o.jira, o.github, o.seed, o.asOf = "127.0.0.1:0", "127.0.0.1:0", 1, time.Now()
	w, err := startWorld(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.close)
	return w
}

func TestSimulatorsAreAsNastyAsAskedFor(t *testing.T) {
	t.Parallel()
	w := serve(t, worldOptions{server: true, trouble: &trouble{limits: true, lag: time.Hour}})
	me := w.ask(t, "GET", w.jiraURL+"/rest/api/2/myself", "")
	if me.StatusCode != 200 || me.Header.Get("X-RateLimit-Limit") != "100" || me.Header.Get("Retry-After") != "0" || w.auth() != "bearer" {
		t.Errorf("%d %v", me.StatusCode, me.Header)
	}
	// The company's past shows at once; of what happens now most is late.
	before := time.Now()
	past := len(w.site.IndexedSince(before.Add(-100*24*time.Hour), 0))
	for range 20 {
		if _, err := w.site.Create("", jirasim.NewIssue{Project: "OPS", Type: "Bug", Summary: "New"}); err != nil {
			t.Fatal(err)
		}
	}
	if now := len(w.site.IndexedSince(before.Add(-100*24*time.Hour), 0)); past == 0 || now > past+5 {
		t.Errorf("%d issues show, %d with 20 new ones", past, now)
	}
	for _, url := range []string{w.jiraURL, w.githubURL} {
		if got := w.ask(t, "GET", url+sim.ControlPath, ""); got.StatusCode != 200 {
			t.Errorf("the control answers %d", got.StatusCode)
		}
	}
}

func TestTheDemoTakesNoOrders(t *testing.T) {
	t.Parallel()
	w := serve(t, worldOptions{})
	for _, url := range []string{w.jiraURL, w.githubURL} {
		resp := w.ask(t, "POST", url+sim.ControlPath, `{"share":1}`)
		if body, err := io.ReadAll(resp.Body); err != nil || resp.StatusCode < 400 || strings.Contains(string(body), "known") {
			t.Errorf("%d %s %v", resp.StatusCode, body, err)
		}
	}
	if w.auth() != "basic" {
		t.Errorf("the demo signs in with %s", w.auth())
	}
}

// Every fault that can be asked for stands in the guide, and no other.
func TestFaultsAreDocumented(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../../../docs/SIMULATORS.md")
	if err != nil {
		t.Fatal(err)
	}
	cloud, server := jirasim.New(jirasim.Options{}), jirasim.New(jirasim.Options{Deployment: jirasim.DataCenter})
	in := map[string][]string{}
	for product, kinds := range map[string][]sim.Kind{"C": cloud.Faults(), "D": server.Faults(), "G": githubsim.New(githubsim.Options{}).Faults()} {
		for _, k := range kinds {
			where := product
			if k.OnDemand {
				where += "!"
			}
			in[k.Name] = append(in[k.Name], where)
			if f := k.Make(); f.Name != k.Name {
				t.Errorf("%s makes a fault called %q", k.Name, f.Name)
			}
		}
	}
	told := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z0-9-]+)` \\| ([CDG! ]+) \\|").FindAllStringSubmatch(string(guide), -1) {
		told[row[1]] = row[2]
	}
	for name, products := range in {
		slices.Sort(products)
		if want := strings.Join(products, " "); told[name] != want {
			t.Errorf("%s: the guide says %q, want %q", name, told[name], want)
		}
		delete(told, name)
	}
	if len(told) > 0 {
		t.Errorf("the guide tells of %v, which cannot be asked for", told)
	}
}
