package jira_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/connectors/jira"
	"parley/connectors/sim"
	"parley/connectors/sim/jirasim"
	"parley/connectors/transport"
)

// newServerBench is a bench on a Data Center, with a personal access token.
func newServerBench(t *testing.T, configure ...func(*jirasim.Options)) *bench {
	t.Helper()
	b := newBench(t, append([]func(*jirasim.Options){func(o *jirasim.Options) { o.Deployment = jirasim.DataCenter }}, configure...)...)
	b.site.AddUser(jirasim.User{AccountID: "bot", Name: "parley", DisplayName: "Parley", Email: "bot@acme.test", Token: "t0ken", Password: "passw0rd", Zone: time.FixedZone("", -5*3600)})
	b.client = b.server(func(*jira.Config) {})
	return b
}

// server is a client of the Data Center.
func (b *bench) server(change func(*jira.Config)) *jira.Client {
	b.t.Helper()
	hc := transport.New(transport.Options{Timeout: 10 * time.Second, Retries: -1})
	b.t.Cleanup(hc.CloseIdleConnections)
	c := jira.Config{
		Name: "jira", URL: b.url, Auth: "bearer", Token: "t0ken", Projects: []string{"OPS"},
		TransitionDefaults: map[string]string{"resolution": "Done"}, HTTP: hc, Now: b.clock.Now,
	}
	change(&c)
	client, err := jira.New(c)
	b.must(err)
	return client
}

// bulk makes issues that all changed last in one second.
func (b *bench) bulk(project string, n int) {
	b.t.Helper()
	for i := range n {
		at := b.clock.Now().Truncate(time.Second).Add(time.Duration(i%1000) * time.Millisecond)
		_, err := b.site.At(at).Create("ana", jirasim.NewIssue{Project: project, Type: "Task", Summary: "Imported"})
		b.must(err)
	}
}

func paths(l *sim.Log) (out []string) {
	for _, r := range l.Requests() {
		out = append(out, r.Method+" "+strings.TrimPrefix(r.Path, "/rest/api/2/"))
	}
	return out
}

func TestServerImportAndPolls(t *testing.T) {
	t.Parallel()
	b := newServerBench(t)
	issues := b.create(230)
	if got := b.poll(); len(got) != 230 || got["OPS-1"].Issue.Title != "Request 1" || got["OPS-1"].Since != -1 || got["OPS-1"].Issue.Creator.ID != "ana" {
		t.Fatalf("import: %d issues, first %+v", len(got), got["OPS-1"])
	}
	want := []string{"GET serverInfo", "GET myself", "POST search", "POST search", "POST search"}
	if diff := cmp.Diff(want, paths(b.site.Log())); diff != "" {
		t.Error(diff)
	}
	b.clock.Advance(time.Hour)
	b.poll()
	b.site.Log().Reset()
	if got := b.poll(); len(got) != 0 || b.site.Log().Len() != 1 {
		t.Errorf("idle poll: %d issues, %d requests; want none and one", len(got), b.site.Log().Len())
	}
	b.must(b.site.Transition("ana", issues[6].Key, "Start", jirasim.Edit{}))
	b.clock.Advance(time.Second)
	o := b.poll()[issues[6].Key]
	if o.Issue.Status.ID != "3" || len(o.Entries) != 1 || o.Entries[0].Own || o.Entries[0].Actor.ID != "ana" || o.Entries[0].Changes[0].Field != "status" {
		t.Fatalf("after the change: %+v", o)
	}
	if !o.Issue.Updated.Equal(b.clock.Now().Add(-time.Second)) {
		t.Errorf("updated %v by a clock at %v: zones mixed up", o.Issue.Updated, b.clock.Now())
	}
}

// An edit between two pages moves an issue to the end of the list, and every later row
// up by one: whoever counts rows skips one.
func TestServerPagesSkipNobodyWhileIssuesMove(t *testing.T) {
	t.Parallel()
	b := newServerBench(t)
	issues := b.create(350)
	b.clock.Advance(time.Minute)
	seen := map[string]bool{}
	edited := 0
	for more := true; more; {
		page, err := b.client.Changes(t.Context(), b.cursor)
		b.must(err)
		for _, o := range page.Observations {
			seen[o.Issue.Key] = true
		}
		b.cursor, more = page.Next, page.More
		if edited < 60 {
			for range 20 {
				b.clock.Advance(time.Millisecond)
				b.must(b.site.Edit("ana", issues[edited].Key, jirasim.Edit{Priority: new("2")}))
				edited++
			}
		}
	}
	if len(seen) != 350 || edited != 60 {
		t.Errorf("%d of 350 issues were read while %d moved", len(seen), edited)
	}
}

// More issues than the site counts, most of them of one second: the second is read by
// key, in every project, and an edit meanwhile hides nobody.
func TestServerReadsAnOverfullSecondWhole(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ window, ops, fin int }{
		"a small window": {300, 900, 350},
		"a real one":     {0, 10_300, 150},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newServerBench(t, func(o *jirasim.Options) { o.SearchWindow = tc.window })
			b.client = b.server(func(c *jira.Config) { c.Projects = []string{"FIN", "OPS"} })
			b.create(3)
			b.clock.Advance(time.Hour)
			b.bulk("OPS", tc.ops)
			b.bulk("FIN", tc.fin)
			b.clock.Advance(time.Hour)
			last := b.create(2)
			seen := map[string]bool{}
			for more, n := true, 0; more; n++ {
				if n > 200 {
					t.Fatal("does not end")
				}
				page, err := b.client.Changes(t.Context(), b.cursor)
				b.must(err)
				for _, o := range page.Observations {
					seen[o.Issue.Key] = true
				}
				b.cursor, more = page.Next, page.More
				if n == 5 {
					b.must(b.site.Edit("ana", "OPS-10", jirasim.Edit{Priority: new("2")}))
				}
			}
			if want := tc.ops + tc.fin + 5; len(seen) != want || !seen[last[1].Key] {
				t.Errorf("%d issues read, want %d", len(seen), want)
			}
			for _, r := range b.site.Log().Requests() {
				if r.Status != http.StatusOK {
					t.Errorf("%s %s: %d", r.Method, r.Path, r.Status)
				}
			}
		})
	}
}

func TestServerCredentials(t *testing.T) {
	t.Parallel()
	basic := func(password string) func(*jira.Config) {
		return func(c *jira.Config) { c.Auth, c.User, c.Token = "basic", "parley", password }
	}
	for name, tc := range map[string]struct {
		options func(*jirasim.Options)
		client  func(*jira.Config)
		hint    string // "" for a sign-in that works
	}{
		"token":          {nil, func(*jira.Config) {}, ""},
		"wrong token":    {nil, func(c *jira.Config) { c.Token = "wr0ng" }, "personal access token"},
		"password":       {nil, basic("passw0rd"), ""},
		"wrong password": {nil, basic("wr0ng"), "make a new one and check user"},
		"basic disabled": {func(o *jirasim.Options) { o.NoBasic = true }, basic("passw0rd"), `auth = "bearer"`},
		"Cloud's e-mail": {nil, func(c *jira.Config) { c.Auth, c.User = "basic", "bot@acme.test" }, "check user"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newServerBench(t, func(o *jirasim.Options) {
				if tc.options != nil {
					tc.options(o)
				}
			})
			b.create(1)
			_, err := b.server(tc.client).Changes(t.Context(), connectors.Cursor{})
			e, refused := errors.AsType[*connectors.Error](err)
			if refused != (tc.hint != "") || refused && (e.Kind != connectors.Auth || !strings.Contains(e.Hint, tc.hint) || strings.Contains(err.Error(), "passw0rd")) {
				t.Errorf("%v", err)
			}
		})
	}
}

// A password that was changed: each call is one failed sign-in and no more, and once
// Jira asks for a CAPTCHA that is what is told.
func TestServerCaptchaStops(t *testing.T) {
	t.Parallel()
	b := newServerBench(t)
	v := b.create(1)[0]
	c := b.server(func(c *jira.Config) { c.Auth, c.User, c.Token = "basic", "parley", "passw0rd" })
	_, err := c.Read(t.Context(), ref(v))
	b.must(err)
	b.clock.Advance(time.Hour)
	b.site.AddUser(jirasim.User{AccountID: "bot", Name: "parley", DisplayName: "Parley", Password: "changed"})
	for n := range 4 {
		_, err := c.Read(t.Context(), ref(v))
		e, ok := errors.AsType[*connectors.Error](err)
		if !ok || e.Kind != connectors.Auth || strings.Contains(e.Hint, "CAPTCHA") != (n == 3) || b.site.FailedLogins("bot") != n+1 {
			t.Fatalf("call %d, %d failed sign-ins: %v", n+1, b.site.FailedLogins("bot"), err)
		}
	}
	b.site.SolveCaptcha("bot")
	b.site.AddUser(jirasim.User{AccountID: "bot", Name: "parley", DisplayName: "Parley", Password: "passw0rd"})
	if _, err := c.Read(t.Context(), ref(v)); err != nil {
		t.Error(err)
	}
}

// A proxy that takes the credential away makes everything look deleted or hidden.
func TestServerAnonymousAnswersAreNotBelieved(t *testing.T) {
	t.Parallel()
	b := newServerBench(t)
	b.site.AddProject(jirasim.Project{Key: "OPS", Public: true, Workflows: map[string]string{"": "flow"}, Types: []string{"Task"}})
	v := b.create(1)[0]
	b.poll()
	b.site.SetFaults(func(*http.Request) sim.Fault { return sim.Fault{Name: "nobody", Nobody: true} })
	_, search := b.client.Changes(t.Context(), b.cursor)
	_, read := b.client.Read(t.Context(), ref(v))
	_, missing := b.client.Read(t.Context(), connectors.Ref{ID: "99999", Key: "OPS-99"})
	_, write := b.client.Send(t.Context(), connectors.Write{Issue: ref(v), Priority: "2"})
	for what, err := range map[string]error{"search": search, "read": read, "a missing issue": missing, "write": write} {
		if connectors.KindOf(err) != connectors.Auth {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestServerPriority(t *testing.T) {
	t.Parallel()
	b := newServerBench(t)
	v := b.create(1)[0]
	got, err := b.client.Send(t.Context(), connectors.Write{Issue: ref(v), Op: "op-1", Priority: "2"})
	if err != nil || got.Issue != nil {
		t.Errorf("%+v, %v; want no issue, Data Center answers without", got, err)
	}
	o, err := b.client.Read(t.Context(), ref(v))
	b.must(err)
	if o.Issue.Priority.Name != "High" || len(o.Entries) != 1 || !o.Entries[0].Own || o.Entries[0].Op != "op-1" || o.Entries[0].Changes[0] != (connectors.Change{Field: "priority", From: "3", To: "2", FromName: "Medium", ToName: "High"}) {
		t.Errorf("%+v", o)
	}
	_, err = b.client.Send(t.Context(), connectors.Write{Issue: ref(v), Priority: "77"})
	if e, ok := errors.AsType[*connectors.Error](err); !ok || e.Kind != connectors.Invalid || e.Field != "priority" {
		t.Errorf("unknown priority: %v", err)
	}
}

func TestServerTransitions(t *testing.T) {
	t.Parallel()
	b := newServerBench(t)
	v := b.create(1)[0]
	for _, step := range []struct{ to, op string }{{"3", "op-1"}, {"9", "op-2"}} {
		ways, err := b.client.Transitions(t.Context(), ref(v))
		b.must(err)
		if len(ways) != 1 || ways[0].To.ID != step.to || ways[0].Screen != (step.to == "9") || len(ways[0].Required) != 0 {
			t.Fatalf("ways %+v", ways)
		}
		b.clock.Advance(time.Second)
		_, err = b.client.Send(t.Context(), connectors.Write{Issue: ref(v), Op: step.op, Transition: ways[0].ID})
		b.must(err)
	}
	o, err := b.client.Read(t.Context(), ref(v))
	b.must(err)
	if o.Issue.Status.ID != "9" || o.Issue.Resolution.Name != "Done" || len(o.Entries) != 2 || o.Entries[1].Op != "op-2" {
		t.Fatalf("%+v", o)
	}
	// Data Center answers 500 to a transition that is not offered: its outcome is looked up.
	if _, err = b.client.Send(t.Context(), connectors.Write{Issue: ref(v), Transition: "11", Op: "op-3", Fields: map[string]string{"resolution": "Done"}}); connectors.KindOf(err) != connectors.Unknown {
		t.Errorf("a transition that is not offered: %v", err)
	}
	if o, err = b.client.Read(t.Context(), ref(v)); err != nil || len(o.Entries) != 2 {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestServerHistoryIsWhole(t *testing.T) {
	t.Parallel()
	b := newServerBench(t)
	v := b.create(1)[0]
	for i := range 130 {
		b.clock.Advance(time.Second)
		b.must(b.site.Edit("ana", v.Key, jirasim.Edit{Summary: new(fmt.Sprintf("Title %d", i))}))
	}
	b.clock.Advance(time.Second)
	_, err := b.client.Send(t.Context(), connectors.Write{Issue: ref(v), Assign: "ana"})
	b.must(err)
	o := b.poll()[v.Key]
	if len(o.Entries) != 131 || o.Since != -1 {
		t.Fatalf("search: %d entries, complete since %d", len(o.Entries), o.Since)
	}
	if c := o.Entries[130].Changes[0]; c.Field != "assignee" || c.To != "ana" || o.Issue.Assignees[0].ID != "ana" {
		t.Errorf("the assignee shows as %+v, want the name", c)
	}
	tail, more, err := b.client.History(t.Context(), ref(v), o.Entries[127].Seq)
	if err != nil || more || len(tail) != 3 || tail[2].ID != o.Entries[130].ID {
		t.Errorf("tail of %d, more %v, %v", len(tail), more, err)
	}
}

func TestServerRemoteLinkIsUpdatedInPlace(t *testing.T) {
	t.Parallel()
	b := newServerBench(t)
	v := b.create(1)[0]
	link := connectors.Link{GlobalID: "parley:github:7", URL: "https://github.com/acme/payments/issues/7", Title: "acme/payments#7"}
	for range 2 {
		_, err := b.client.Send(t.Context(), connectors.Write{Issue: ref(v), Link: &link})
		b.must(err)
	}
	if got, err := b.client.Links(t.Context(), ref(v)); err != nil || len(got) != 1 || got[0] != link {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestServerCheckAndCount(t *testing.T) {
	t.Parallel()
	b := newServerBench(t)
	b.create(7)
	b.site.Revoke("bot", "FIN", jirasim.Transit)
	c := b.server(func(c *jira.Config) { c.Projects = []string{"OPS", "FIN", "NOPE"} })
	d, err := c.Check(t.Context())
	b.must(err)
	if len(d.Statuses) != 3 || len(d.Priorities) != 2 || d.Me.ID != "parley" || d.Product != "Jira Data Center "+jirasim.Version || d.Web != "" {
		t.Errorf("%+v", d)
	}
	if !d.Containers[0].Writable || d.Containers[1].Writable || d.Containers[2].Readable || !strings.Contains(d.Containers[1].Problem, "TRANSITION_ISSUES") {
		t.Errorf("%+v", d.Containers)
	}
	if n, err := b.client.Count(t.Context(), ""); n != 7 || err != nil {
		t.Errorf("counted %d, %v; want 7", n, err)
	}
	// A project that is not there fails a search; the others are read all the same.
	page, err := c.Changes(t.Context(), connectors.Cursor{})
	if err != nil || len(page.Observations) != 7 {
		t.Errorf("%d issues, %v", len(page.Observations), err)
	}
}

func TestServerRateLimit(t *testing.T) {
	t.Parallel()
	b := newServerBench(t, func(o *jirasim.Options) { o.BurstLimits = true })
	v := b.create(1)[0]
	for n := range 98 { // two for the identity
		if _, err := b.client.Read(t.Context(), ref(v)); err != nil {
			t.Fatalf("read %d, told retry-after: 0: %v", n+1, err)
		}
	}
	_, err := b.client.Read(t.Context(), ref(v))
	e, ok := errors.AsType[*connectors.Error](err)
	if !ok || e.Kind != connectors.RateLimit || e.Scope != "" || !e.RetryAt.After(b.clock.Now()) {
		t.Errorf("%v", err)
	}
}

// The session that each answer offers is never used: it would outlive the token, and
// such requests are not limited as programs are.
func TestServerSessionIsNotTaken(t *testing.T) {
	t.Parallel()
	b := newServerBench(t)
	b.create(1)
	b.site.SetFaults(func(r *http.Request) sim.Fault {
		if r.Header.Get("Cookie") != "" {
			t.Errorf("%s %s with the cookie %q", r.Method, r.URL, r.Header.Get("Cookie"))
		}
		return sim.Fault{}
	})
	b.poll()
	b.poll()
}
