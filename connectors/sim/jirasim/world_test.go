package jirasim_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim"
	"parley/connectors/sim/jirasim"
	"parley/connectors/sim/official"
)

// world is a site with one project of each workflow and a way to talk to it.
type world struct {
	t       *testing.T
	clock   *sim.Manual
	site    *jirasim.Site
	company jirasim.Company
	ana     jirasim.User
	handler http.Handler
	email   string // of the credential that requests carry; "" for none
	token   string
	header  map[string]string
}

var start = time.Date(2026, 11, 2, 9, 0, 0, 123e6, time.UTC)

func newWorld(t *testing.T, change ...func(*jirasim.Options)) *world {
	t.Helper()
	w := &world{t: t, clock: sim.NewManual(start), header: map[string]string{}}
	o := jirasim.Options{Clock: w.clock, BaseURL: "https://acme.example", Zone: time.UTC}
	for _, c := range change {
		c(&o)
	}
	w.site = jirasim.New(o)
	w.company = w.site.AddCompany()
	w.site.AddSoftwareProject("OPS", "Operations", jirasim.SimpleWorkflow)
	w.site.AddSoftwareProject("FIN", "Finance", jirasim.StrictWorkflow)
	w.ana = w.site.AddUser(jirasim.User{AccountID: "ana", DisplayName: "Ana", Email: "ana@acme.example", Token: "t", Zone: time.FixedZone("Plus2", 2*3600)})
	kind := official.JiraCloud
	if o.Deployment == jirasim.DataCenter {
		kind = official.JiraDataCenter
	}
	w.handler = official.HearAnswers(t, kind, w.site.Handler())
	w.email, w.token = w.company.Bot.Email, w.company.Bot.Token
	return w
}

// issue makes an issue and lets a second pass.
func (w *world) issue(project string) jirasim.Issue {
	w.t.Helper()
	v, err := w.site.Create("ana", jirasim.NewIssue{Project: project, Type: "Task", Summary: "Do it"})
	if err != nil {
		w.t.Fatal(err)
	}
	w.clock.Advance(time.Second)
	return v
}

func (w *world) current(key string) jirasim.Issue {
	w.t.Helper()
	v, found := w.site.Issue(key)
	if !found {
		w.t.Fatalf("issue %s is gone", key)
	}
	return v
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	text   string
}

func (w *world) do(method, path, body string) answer {
	w.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if method != http.MethodGet {
		r.Header.Set("Content-Type", "application/json")
	}
	if w.email != "" {
		r.SetBasicAuth(w.email, w.token)
	}
	for k, v := range w.header {
		r.Header.Set(k, v)
		if v == "" {
			r.Header.Del(k)
		}
	}
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, r)
	return answer{rec.Code, rec.Header(), rec.Body.String()}
}

// get reads the answer's JSON at a path of keys and indexes, as "issues.0.id".
func (a answer) get(t *testing.T, path string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(a.text), &v); err != nil {
		t.Fatalf("answer %d is no JSON: %v: %q", a.status, err, a.text)
	}
	if path == "" {
		return v
	}
	for part := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[part]
		case []any:
			i := int(part[0] - '0')
			if i >= len(x) {
				t.Fatalf("%s: no entry %d in %s", path, i, a.text)
			}
			v = x[i]
		default:
			t.Fatalf("%s: nothing at %q in %s", path, part, a.text)
		}
	}
	return v
}

func (a answer) want(t *testing.T, status int) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d, want %d: %s", a.status, status, a.text)
	}
	return a
}

func jql(query string, more string) string {
	q, _ := json.Marshal(query)
	return `{"jql":` + string(q) + more + `}`
}

// keys lists the keys of a search's issues.
func (a answer) keys(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, v := range a.get(t, "issues").([]any) {
		out = append(out, v.(map[string]any)["key"].(string))
	}
	return out
}
