package sim_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors/sim"
)

// kinds are two faults that happen by chance, and one that does not.
func kinds() []sim.Kind {
	one := func(name string, onDemand bool) sim.Kind {
		return sim.Kind{Name: name, About: "about " + name, OnDemand: onDemand, Make: func() sim.Fault { return sim.Fault{Name: name, Status: 503} }}
	}
	return []sim.Kind{one("a", false), one("b", false), one("never", true)}
}

func ask(s *sim.Script, method, path string) string {
	return s.Fault(httptest.NewRequest(method, path, http.NoBody)).Name
}

func TestRulesOfAScript(t *testing.T) {
	t.Parallel()
	s := sim.NewScript(1, kinds())
	all := s.Kinds()
	s.Add(sim.Rule{Fault: all[2].Make, Method: "put", Path: "/issue/", Times: 2})
	s.Add(sim.Rule{Fault: all[0].Make, Path: "/search"})
	var got []string
	for _, r := range []string{"GET /issue/1", "PUT /issue/1", "POST /search", "PUT /issue/2", "PUT /issue/3", "GET /search/jql"} {
		method, path, _ := strings.Cut(r, " ")
		got = append(got, ask(s, method, path))
	}
	if diff := cmp.Diff([]string{"", "never", "a", "never", "", "a"}, got); diff != "" {
		t.Error(diff)
	}
	s.Clear()
	if ask(s, "POST", "/search") != "" {
		t.Error("a rule is in force after Clear")
	}
}

func TestShares(t *testing.T) {
	t.Parallel()
	count := func(s *sim.Script) map[string]int {
		n := map[string]int{}
		for range 10_000 {
			n[ask(s, "GET", "/x")]++
		}
		return n
	}
	s := sim.NewScript(7, kinds())
	s.ByChance(0.05)
	chance := count(s)
	if sum := chance["a"] + chance["b"]; sum < 400 || sum > 600 || chance["a"] < 150 || chance["b"] < 150 || chance["never"] != 0 {
		t.Errorf("by chance %v", chance)
	}
	again := sim.NewScript(7, kinds())
	again.ByChance(0.05)
	if diff := cmp.Diff(chance, count(again)); diff != "" {
		t.Errorf("the same seed: %s", diff)
	}
	s.Clear()
	s.Add(sim.Rule{Fault: s.Kinds()[2].Make, Share: 0.5})
	if n := count(s)["never"]; n < 4800 || n > 5200 {
		t.Errorf("half of the requests are %d", n)
	}
}

// controlled is a simulator behind its control.
func controlled(t *testing.T) (do func(method, path, body string) (int, string), log *sim.Log) {
	t.Helper()
	s, log := sim.NewScript(1, kinds()), &sim.Log{}
	inner := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("real")) })
	faults := func() sim.Faults { return s.Fault }
	h := sim.Control(sim.Wrap(inner, sim.NewManual(time.Unix(0, 0)), log, faults, nil), s)
	return func(method, path, body string) (int, string) {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json; charset=utf-8")
		if method == "FORM" {
			r.Method = http.MethodPost
			r.Header.Set("Content-Type", "text/plain")
		}
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		return rec.Code, rec.Body.String()
	}, log
}

func TestControl(t *testing.T) {
	t.Parallel()
	do, log := controlled(t)
	if status, body := do("POST", sim.ControlPath, `{"faults":[{"name":"a","path":"/x","times":1},{"status":418,"header":{"X-A":"b"},"body":"tea","path":"/tea"}]}`); status != 200 {
		t.Fatal(body)
	}
	for _, tc := range []struct {
		path   string
		status int
		body   string
	}{{"/x", 503, ""}, {"/x", 200, "real"}, {"/tea", 418, "tea"}, {"/y", 200, "real"}} {
		if status, body := do("GET", tc.path, ""); status != tc.status || body != tc.body {
			t.Errorf("%s: %d %q, want %d %q", tc.path, status, body, tc.status, tc.body)
		}
	}
	_, text := do("GET", sim.ControlPath, "")
	var state struct {
		Known []struct{ Name, About string }
		Rules []struct {
			Name        string
			Times, Hits int
		}
	}
	if err := json.Unmarshal([]byte(text), &state); err != nil || len(state.Known) != 3 || len(state.Rules) != 2 || state.Rules[0].Hits != 1 || state.Rules[1].Name != "own" {
		t.Errorf("%v %s", err, text)
	}
	if log.Len() != 4 {
		t.Errorf("%d requests logged, want those of the simulator alone", log.Len())
	}
	do("DELETE", sim.ControlPath, "")
	if status, _ := do("GET", "/tea", ""); status != 200 {
		t.Error("in force after DELETE")
	}
	do("POST", sim.ControlPath, `{"share":1}`)
	if status, _ := do("GET", "/y", ""); status != 503 {
		t.Error("a share of 1 lets a request through")
	}
	do("POST", sim.ControlPath, `{"clear":true,"share":0}`)
	if status, _ := do("GET", "/y", ""); status != 200 {
		t.Error("in force after clear")
	}
}

// What cannot be done is said, and nothing of it is done.
func TestControlRefuses(t *testing.T) {
	t.Parallel()
	do, _ := controlled(t)
	for body, says := range map[string]string{
		`{"faults":[{"name":"a"},{"name":"unheard"}]}`: `faults[1]: there is no fault \"unheard\"`,
		`{"faults":[{"name":"a"},{"status":99}]}`:      "none between 200 and 599",
		`{"faults":[{"name":"a","share":2}]}`:          "between 0 and 1",
		`{"faults":[{"name":"a","times":-1}]}`:         "not negative",
		`{"share":1.5}`:                                "share: 1.5",
		`{"fault":[]}`:                                 "unknown field",
		`[`:                                            "read the order",
	} {
		if status, text := do("POST", sim.ControlPath, body); status != 400 || !strings.Contains(text, says) {
			t.Errorf("%s: %d %s", body, status, text)
		}
	}
	if status, text := do("FORM", sim.ControlPath, `{"share":1}`); status != 400 || !strings.Contains(text, "application/json") {
		t.Errorf("a form of another page: %d %s", status, text)
	}
	if status, _ := do("PUT", sim.ControlPath, "{}"); status != 405 {
		t.Errorf("PUT: %d", status)
	}
	if status, body := do("GET", "/x", ""); status != 200 {
		t.Errorf("something is in force: %d %s", status, body)
	}
}

func TestFaultWithHeadersOnTheRealAnswer(t *testing.T) {
	t.Parallel()
	for name, inner := range map[string]http.HandlerFunc{
		"with a status": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201); _, _ = w.Write([]byte("x")) },
		"without one":   func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("x")) },
		"without all":   func(http.ResponseWriter, *http.Request) {},
	} {
		log := &sim.Log{}
		fault := sim.Fault{Name: "near", Header: map[string]string{"X-Near": "yes"}, Inside: "odd"}
		h := sim.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if sim.Inside(r) != "odd" {
				t.Errorf("inside %q", sim.Inside(r))
			}
			inner(w, r)
		}), sim.NewManual(time.Unix(0, 0)), log, func() sim.Faults { return func(*http.Request) sim.Fault { return fault } }, nil)
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", http.NoBody))
		if rec.Result().Header.Get("X-Near") != "yes" || log.Requests()[0].Fault != "near" {
			t.Errorf("%s: %v %+v", name, rec.Result().Header, log.Requests())
		}
	}
}
