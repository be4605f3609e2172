package jirasim_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"parley/connectors/sim"
	"parley/connectors/sim/jirasim"
)

func TestIndexLag(t *testing.T) {
	t.Parallel()
	lag := 10 * time.Minute
	w := newWorld(t, func(o *jirasim.Options) { o.IndexLag = func(string) time.Duration { return lag } })
	w.issue("OPS")
	search := func(more string) answer {
		return w.do("POST", "/rest/api/3/search/jql", jql("project = OPS", `,"fields":["summary"]`+more)).want(t, 200)
	}
	if n := len(search("").keys(t)); n != 0 {
		t.Fatal("a new issue was found before it was indexed")
	}
	if got := search(`,"reconcileIssues":[10000]`).keys(t); len(got) != 1 {
		t.Errorf("reconciled: %v", got)
	}
	w.clock.Advance(lag)
	if n := len(search("").keys(t)); n != 1 {
		t.Fatal("the issue was not found after the lag")
	}
	w.do("PUT", "/rest/api/3/issue/OPS-1", `{"fields":{"summary":"New"}}`).want(t, 204)
	if got := search("").get(t, "issues.0.fields.summary"); got != "Do it" {
		t.Errorf("the index knows %v already", got)
	}
	if got := w.do("GET", "/rest/api/3/issue/OPS-1", "").get(t, "fields.summary"); got != "New" {
		t.Errorf("a strong read gives %v", got)
	}
	if a := search(`,"reconcileIssues":["10000"]`); len(a.keys(t)) != 1 || a.get(t, "issues.0.fields.summary") != "New" {
		t.Errorf("reconciled: %s", a.text)
	}
	w.do("DELETE", "/rest/api/3/issue/OPS-1", "").want(t, 204)
	if n := len(search("").keys(t)); n != 1 {
		t.Error("the index forgot the issue at once")
	}
	w.clock.Advance(lag)
	if n := len(search("").keys(t)); n != 0 {
		t.Error("the index kept a deleted issue")
	}
}

func TestLateArrivalDoesNotHideALaterOne(t *testing.T) {
	t.Parallel()
	lag := 10 * time.Minute
	w := newWorld(t, func(o *jirasim.Options) { o.IndexLag = func(string) time.Duration { return lag } })
	w.issue("OPS")
	lag = 0
	if err := w.site.Edit("ana", "OPS-1", jirasim.Edit{Summary: new("second")}); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(time.Hour)
	a := w.do("POST", "/rest/api/3/search/jql", jql("project = OPS", `,"fields":["summary"]`))
	if len(a.keys(t)) != 1 || a.get(t, "issues.0.fields.summary") != "second" {
		t.Errorf("after both arrived: %s", a.text)
	}
}

func TestIndexGap(t *testing.T) {
	t.Parallel()
	gone := true
	w := newWorld(t, func(o *jirasim.Options) { o.IndexGap = func(key string) bool { return gone && key == "OPS-1" } })
	w.issue("OPS")
	w.issue("OPS")
	q := jql("project = OPS", `,"fields":["key"]`)
	if got := w.do("POST", "/rest/api/3/search/jql", q).keys(t); len(got) != 1 {
		t.Errorf("with a gap: %v", got)
	}
	gone = false
	if got := w.do("POST", "/rest/api/3/search/jql", q).keys(t); len(got) != 2 {
		t.Errorf("without: %v", got)
	}
}

func TestWriteLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *jirasim.Options) { o.WriteLimits = true })
	w.issue("OPS")
	w.issue("OPS")
	write := func(key string) answer {
		return w.do("PUT", "/rest/api/3/issue/"+key+"/properties/p", "1")
	}
	for i := range 20 {
		if a := write("OPS-1"); a.status >= 400 {
			t.Fatalf("write %d: %d", i+1, a.status)
		}
	}
	a := write("OPS-1").want(t, 429)
	if a.header.Get("Retry-After") != "2" || a.header.Get("RateLimit-Reason") != "jira-per-issue-on-write" || a.header.Get("X-RateLimit-Remaining") != "0" {
		t.Errorf("headers: %v", a.header)
	}
	write("OPS-2").want(t, 201)
	w.do("GET", "/rest/api/3/issue/OPS-1", "").want(t, 200)
	for range 4 {
		w.clock.Advance(2 * time.Second)
		for range 20 {
			write("OPS-1").want(t, 200)
		}
	}
	w.clock.Advance(2 * time.Second)
	if a := write("OPS-1").want(t, 429); a.header.Get("Retry-After") != "20" {
		t.Errorf("after 100 writes: Retry-After %s", a.header.Get("Retry-After"))
	}
	w.clock.Advance(20 * time.Second)
	write("OPS-1").want(t, 200)
}

func TestBurstLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *jirasim.Options) { o.BurstLimits = true })
	var a answer
	for range 350 {
		a = w.do("GET", "/rest/api/3/myself", "").want(t, 200)
	}
	if a.header.Get("X-RateLimit-Remaining") != "0" || a.header.Get("X-RateLimit-NearLimit") != "true" {
		t.Errorf("headers at the end of the burst: %v", a.header)
	}
	if a := w.do("GET", "/rest/api/3/myself", "").want(t, 429); a.header.Get("RateLimit-Reason") != "jira-burst-based" || a.header.Get("X-RateLimit-Reset") == "" {
		t.Errorf("429: %v", a.header)
	}
	w.do("GET", "/rest/api/3/status", "").want(t, 200)
	w.clock.Advance(time.Second)
	w.do("GET", "/rest/api/3/myself", "").want(t, 200)
}

func TestFaultsAndLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.issue("OPS")
	server := httptest.NewServer(w.handler)
	defer server.Close()
	w.site.SetFaults(func(r *http.Request) sim.Fault {
		return sim.Fault{Name: "lost answer", Lost: r.Method == http.MethodDelete}
	})
	req, err := http.NewRequest(http.MethodDelete, server.URL+"/rest/api/3/issue/OPS-1", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.SetBasicAuth(w.email, w.token)
	if resp, err := server.Client().Do(req); err == nil {
		resp.Body.Close()
		t.Errorf("an answer came: %d", resp.StatusCode)
	}
	if _, alive := w.site.Issue("OPS-1"); alive {
		t.Error("the write whose answer was lost did not happen")
	}
	w.site.SetFaults(nil)
	w.do("POST", "/rest/api/3/search/jql", jql("project = OPS", "")).want(t, 200)
	w.do("POST", "/rest/api/3/issue/bulkfetch", `{"issueIdsOrKeys":["OPS-1"]}`).want(t, 200)
	if log := w.site.Log(); log.Len() != 3 || len(log.Mutations()) != 1 || log.Mutations()[0].Status != 204 {
		t.Errorf("log: %+v", log.Requests())
	}
}
