package jira

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
)

func TestChangesWalksThePagesOfOneRead(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("POST search/jql",
		jsonReply(`{"issues":[`+issueJSON(10001, "")+`,`+issueJSON(10002, "")+`],"nextPageToken":"t1","isLast":false}`),
		jsonReply(`{"issues":[],"nextPageToken":"t2","isLast":false}`),
		jsonReply(`{"issues":[`+issueJSON(10003, "")+`],"isLast":true}`))
	var cur connectors.Cursor
	var got, jql, tokens []string
	for more := true; more; {
		page, err := f.client.Changes(t.Context(), cur)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Observations {
			got = append(got, o.Issue.Key)
		}
		body := f.lastBody()
		jql = append(jql, body["jql"].(string))
		tokens = append(tokens, fmt.Sprint(body["nextPageToken"]))
		cur, more = page.Next, page.More
		if page.ServerTime != at("09:00:30") || page.Unchanged {
			t.Errorf("page %+v", page)
		}
	}
	if diff := cmp.Diff([]string{"OPS-1", "OPS-2", "OPS-3"}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"<nil>", "t1", "t2"}, tokens); diff != "" {
		t.Error(diff)
	}
	if len(slices.Compact(jql)) != 1 || strings.Contains(jql[0], "updated >=") {
		t.Errorf("questions %q, want the same one without a bound", jql)
	}
	if want := at("08:50:29"); !cur.Watermark.Equal(want) || cur.Scan != (connectors.Scan{}) {
		t.Errorf("cursor %+v, want the watermark at %v", cur, want)
	}
	f.on("POST search/jql", jsonReply(`{"issues":[],"isLast":true}`))
	if _, err := f.client.Changes(t.Context(), cur); err != nil {
		t.Fatal(err)
	}
	body := f.lastBody()
	if want := fmt.Sprintf(`project in ("OPS") AND updated >= %d ORDER BY updated ASC, key ASC`, at("08:49:00").UnixMilli()); body["jql"] != want {
		t.Errorf("jql %v\nwant %v", body["jql"], want)
	}
	if !cmp.Equal(body["properties"], any([]any{"parley.link"})) {
		t.Errorf("asked for the properties %v, want the marks", body["properties"])
	}
	if body["expand"] != "changelog" || body["maxResults"] != 100.0 || !slices.Contains(body["fields"].([]any), any("status")) {
		t.Errorf("body %v", body)
	}
	if n := len(f.lines()); n != 4 {
		t.Errorf("%d requests, want one a page", n)
	}
}

func TestChangesStartsOverWhenThePageTokenIsRefused(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("POST search/jql",
		jsonReply(`{"issues":[`+issueJSON(10001, "")+`],"nextPageToken":"t1"}`),
		reply{status: 400, body: `{"errorMessages":["The provided nextPageToken is invalid or has expired."]}`},
		jsonReply(`{"issues":[`+issueJSON(10001, "")+`],"nextPageToken":"t1"}`),
		jsonReply(`{"issues":[`+issueJSON(10002, "")+`],"isLast":true}`))
	page, err := f.client.Changes(t.Context(), connectors.Cursor{})
	if err != nil || !page.More {
		t.Fatalf("%+v, %v", page, err)
	}
	_, err = f.client.Changes(t.Context(), page.Next)
	if kind, _ := kindAndHint(t, err); kind != connectors.Transient {
		t.Fatalf("refused token: %v", err)
	}
	again, err := f.client.Changes(t.Context(), page.Next)
	if err != nil || !again.More || again.Observations[0].Issue.Key != "OPS-1" {
		t.Fatalf("the same cursor again: %+v, %v", again, err)
	}
	if _, has := f.lastBody()["nextPageToken"]; has {
		t.Error("the refused token was sent again")
	}
	// Jira gave the same token once more; now it is taken.
	last, err := f.client.Changes(t.Context(), again.Next)
	if err != nil || last.More || last.Observations[0].Issue.Key != "OPS-2" {
		t.Fatalf("second page: %+v, %v", last, err)
	}
	if got := f.lastBody()["nextPageToken"]; got != "t1" {
		t.Errorf("second page asked for with %v", got)
	}
}

func TestChangesWithARefusedQueryIsInvalid(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("POST search/jql", reply{status: 400, body: `{"errorMessages":["Error in the JQL Query"]}`})
	_, err := f.client.Changes(t.Context(), connectors.Cursor{})
	if kind, _ := kindAndHint(t, err); kind != connectors.Invalid {
		t.Fatal(err)
	}
}

func TestChangesNeedsTheServersClock(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("POST search/jql", reply{header: map[string]string{"Date": ""}, body: `{"issues":[],"isLast":true}`})
	_, err := f.client.Changes(t.Context(), connectors.Cursor{})
	if kind, e := kindAndHint(t, err); kind != connectors.Malformed || !strings.Contains(e.Message, "Date") {
		t.Fatal(err)
	}
}

func TestAnonymousAnswersAreNotBelieved(t *testing.T) {
	t.Parallel()
	nobody := map[string]string{"X-AAccountId": "", "X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}
	refused := reply{status: 401, header: map[string]string{"Content-Type": "text/plain"}, body: "Client must be authenticated"}
	missing := `{"errorMessages":["Issue does not exist or you do not have permission to see it."],"errors":{}}`
	for name, header := range map[string]map[string]string{
		"said so":     nobody,
		"no header":   {"X-AAccountId": ""},
		"data center": {"X-AAccountId": "", "X-AUSERNAME": "anonymous"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			if _, err := f.client.learn(t.Context()); err != nil {
				t.Fatal(err)
			}
			f.pass(time.Hour)
			f.on("GET myself", refused)
			f.on("POST search/jql", reply{header: header, body: `{"issues":[],"isLast":true}`})
			f.on("GET issue/10012", reply{status: 404, header: header, body: missing})
			f.on("PUT issue/10012", reply{status: 404, header: header, body: missing})
			_, errSearch := f.client.Changes(t.Context(), connectors.Cursor{})
			_, errRead := f.client.Read(t.Context(), ops12)
			_, errWrite := f.client.Send(t.Context(), connectors.Write{Issue: ops12, Priority: "1"})
			for what, err := range map[string]error{"search": errSearch, "read": errRead, "write": errWrite} {
				if kind, e := kindAndHint(t, err); kind != connectors.Auth || !strings.Contains(e.Hint, "API token") {
					t.Errorf("%s: %v, want auth and a hint", what, err)
				}
			}
		})
	}
}

func TestSilentAnswersAreConfirmedOnceAMinute(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("POST search/jql", reply{header: map[string]string{"X-AAccountId": ""}, body: `{"issues":[],"isLast":true}`})
	poll := func(n, want int) {
		t.Helper()
		for range n {
			if _, err := f.client.Changes(t.Context(), connectors.Cursor{}); err != nil {
				t.Fatal(err)
			}
		}
		if got := f.count("GET myself"); got != want {
			t.Errorf("myself was asked %d times, want %d", got, want)
		}
	}
	poll(5, 1) // by learn
	f.pass(time.Minute)
	poll(5, 2)
	f.pass(-time.Hour) // a clock set back must not vouch for an hour
	poll(1, 3)
}

// Where answers named the account, the first that does not is asked about; it may be a
// proxy's doing, and then silence is what to expect.
func TestASilenceThatIsNewIsAskedAbout(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	silent := reply{header: map[string]string{"X-AAccountId": ""}, body: `{"issues":[],"isLast":true}`}
	f.on("POST search/jql", jsonReply(`{"issues":[],"isLast":true}`), silent)
	for n, want := range []int{1, 2, 2, 2} {
		if _, err := f.client.Changes(t.Context(), connectors.Cursor{}); err != nil || f.count("GET myself") != want {
			t.Errorf("search %d: myself was asked %d times, want %d; %v", n+1, f.count("GET myself"), want, err)
		}
	}
	f.on("POST search/jql", jsonReply(`{"issues":[],"isLast":true}`), silent)
	f.on("GET myself", reply{status: 401, body: "{}"})
	if _, err := f.client.Changes(t.Context(), connectors.Cursor{}); err != nil {
		t.Error(err)
	}
	for range 2 {
		if _, err := f.client.Changes(t.Context(), connectors.Cursor{}); connectors.KindOf(err) != connectors.Auth {
			t.Errorf("believed: %v", err)
		}
	}
}

func TestAuthenticatedFailedIsAskedEachTime(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("POST search/jql", reply{header: map[string]string{"X-AAccountId": "", "X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}, body: `{"issues":[],"isLast":true}`})
	for range 3 {
		if _, err := f.client.Changes(t.Context(), connectors.Cursor{}); err != nil {
			t.Fatal(err)
		}
	}
	if got := f.count("GET myself"); got != 4 {
		t.Errorf("myself was asked %d times, want once to learn and once an answer", got)
	}
}

func TestACaptchaIsNotMadeWorseByAsking(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	if _, err := f.client.learn(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.pass(time.Hour)
	f.on("GET issue/10012", reply{status: 403, header: map[string]string{"X-AAccountId": "", "X-Seraph-LoginReason": "AUTHENTICATION_DENIED"}, body: "{}"})
	_, err := f.client.Read(t.Context(), ops12)
	if kind, _ := kindAndHint(t, err); kind != connectors.Auth || f.count("GET myself") != 1 {
		t.Errorf("%v after %d sign-ins, want auth after none but the first", err, f.count("GET myself"))
	}
}

func TestDataCenterGoesOnByTheLastIssueSeen(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("GET serverInfo", jsonReply(`{"version":"10.3.24","deploymentType":"Server"}`))
	f.on("GET myself", jsonReply(`{"name":"parley","key":"JIRAUSER10100","displayName":"Parley"}`))
	first := strings.ReplaceAll(issueJSON(10001, ""), "09:30:00.123", "08:30:00.123")
	f.on("POST search",
		jsonReply(`{"startAt":0,"maxResults":2,"total":3,"issues":[`+first+`,`+issueJSON(10002, "")+`]}`),
		jsonReply(`{"startAt":0,"maxResults":2,"total":2,"issues":[`+issueJSON(10002, "")+`,`+issueJSON(10003, "")+`]}`))
	page, err := f.client.Changes(t.Context(), connectors.Cursor{})
	if err != nil || !page.More {
		t.Fatalf("%+v, %v", page, err)
	}
	page, err = f.client.Changes(t.Context(), page.Next)
	if err != nil || page.More || !page.Next.Watermark.Equal(at("08:50:29")) {
		t.Fatalf("%+v, %v", page, err)
	}
	body := f.lastBody()
	if want := fmt.Sprintf("updated >= %d", at("08:30:00").UnixMilli()); !strings.Contains(body["jql"].(string), want) || body["startAt"] != 0.0 {
		t.Errorf("second question %v, want %s from row 0", body, want)
	}
	if _, ok := body["expand"].([]any); !ok {
		t.Errorf("expand %v, want a list", body["expand"])
	}
}
