package official

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"parley/connectors/sim"
)

// TestJudgeObjects: what is not as documented is objected to, with what it is.
func TestJudgeObjects(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		example

		want string
	}{
		"an issue that has only a number": {example{product: GitHub, method: "GET", path: "/repos/a/b/issues/1", answered: `{"number":1}`}, "the answer 200"},
		"the same of an Enterprise":       {example{product: GitHubEnterprise, method: "GET", path: "/api/v3/repos/a/b/issues/1", answered: `{"number":1}`}, "the answer 200"},
		"a member that nobody knows":      {example{product: JiraCloud, method: "POST", path: "/rest/api/3/search/jql", sent: `{"jqll":"x"}`, answered: `{}`}, "the request"},
		"the same behind the gateway":     {example{product: JiraCloud, method: "POST", path: "/ex/jira/c/rest/api/3/search/jql", sent: `{"jqll":"x"}`, answered: `{}`}, "the request"},
		"a type":                          {example{product: JiraDataCenter, method: "GET", path: "/rest/api/2/myself", answered: `{"displayName":7}`}, "at /displayName"},
		"no operation":                    {example{product: JiraCloud, method: "GET", path: "/rest/api/3/nothing", answered: `{}`}, "no document has it"},
		"a status":                        {example{product: GitHub, method: "GET", path: "/user", status: 202, answered: `{}`}, "the answer 202"},
	} {
		if err := tc.judgement(t, ""); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", name, err, tc.want)
		}
	}
}

// TestFaultsAreNotJudged: an answer that goes wrong on purpose is left out, the request is not.
func TestFaultsAreNotJudged(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		fault sim.Fault
		body  string
		want  int
	}{
		{sim.Fault{}, `{"fields":{}}`, 1},
		{sim.Fault{Status: 201, Body: "{}"}, `{"fields":{}}`, 0},
		{sim.Fault{Half: true}, `{"fields":{}}`, 0},
		{sim.Fault{Cut: true}, `{"fields":7}`, 1},
	} {
		odd := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusCreated)
			_, _ = w.Write([]byte(`{"id":7}`))
		})
		faults := func() sim.Faults { return func(*http.Request) sim.Fault { return tc.fault } }
		var objections []error
		h := Need(t, JiraCloud).Wrap(sim.Wrap(odd, sim.Wall{}, &sim.Log{}, faults, nil), func(err error) { objections = append(objections, err) })
		r := httptest.NewRequest(http.MethodPost, "/rest/api/3/issue", strings.NewReader(tc.body))
		r.Header.Set("Content-Type", "application/json")
		func() {
			defer func() { _ = recover() }() // the cut connection
			h.ServeHTTP(httptest.NewRecorder(), r)
		}()
		if len(objections) != tc.want {
			t.Errorf("%+v: %v, want %d objections", tc.fault, objections, tc.want)
		}
	}
}
