package jira_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/jira"
	"parley/connectors/sim"
	"parley/connectors/sim/jirasim"
	"parley/connectors/sim/official"
	"parley/connectors/transport"
)

// bench is a simulated site with the project OPS and a client on it.
type bench struct {
	t      *testing.T
	clock  *sim.Manual
	site   *jirasim.Site
	url    string
	client *jira.Client
	cursor connectors.Cursor
}

func newBench(t *testing.T, configure ...func(*jirasim.Options)) *bench {
	t.Helper()
	b := &bench{t: t, clock: sim.NewManual(time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC))}
	o := jirasim.Options{Clock: b.clock}
	for _, change := range configure {
		change(&o)
	}
	b.site = jirasim.New(o)
	b.site.AddUser(jirasim.User{AccountID: "ana", DisplayName: "Ana"})
	b.site.AddUser(jirasim.User{AccountID: "bot", DisplayName: "Parley", Email: "bot@acme.test", Token: "t0ken", Zone: time.FixedZone("", -5*3600)})
	for _, s := range []jirasim.Status{{ID: "1", Name: "To Do", Category: "new"}, {ID: "3", Name: "In Progress", Category: "indeterminate"}, {ID: "9", Name: "Done", Category: "done"}} {
		b.site.AddStatus(s)
	}
	for _, p := range []jirasim.Priority{{ID: "2", Name: "High"}, {ID: "3", Name: "Medium"}} {
		b.site.AddPriority(p)
	}
	b.site.AddWorkflow(jirasim.Workflow{Name: "flow", Statuses: []string{"1", "3", "9"}, Transitions: []jirasim.Transition{
		{ID: "11", Name: "Start", From: []string{"1"}, To: "3"},
		{ID: "21", Name: "Finish", From: []string{"3"}, To: "9", Screen: true, Required: []string{"resolution"}},
	}})
	b.site.AddProject(jirasim.Project{Key: "OPS", Workflows: map[string]string{"": "flow"}, Types: []string{"Task"}})
	b.site.AddProject(jirasim.Project{Key: "FIN", Workflows: map[string]string{"": "flow"}, Types: []string{"Task"}})
	srv := httptest.NewServer(official.Hear(t, product(o), b.site.Handler()))
	t.Cleanup(srv.Close)
	b.url = srv.URL
	b.client = b.open("t0ken")
	return b
}

// product is what the simulator is to be.
func product(o jirasim.Options) official.Product {
	if o.Deployment == jirasim.DataCenter {
		return official.JiraDataCenter
	}
	return official.JiraCloud
}

func (b *bench) open(token string, projects ...string) *jira.Client {
	b.t.Helper()
	if projects == nil {
		projects = []string{"OPS"}
	}
	hc := transport.New(transport.Options{Timeout: 10 * time.Second})
	b.t.Cleanup(hc.CloseIdleConnections)
	c, err := jira.New(jira.Config{
		Name: "jira", URL: b.url, Auth: "basic", User: "bot@acme.test", Token: token, Projects: projects,
		TransitionDefaults: map[string]string{"resolution": "Done"}, HTTP: hc, Now: b.clock.Now,
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return c
}

func (b *bench) create(n int) []jirasim.Issue {
	b.t.Helper()
	out := make([]jirasim.Issue, 0, n)
	for i := range n {
		b.clock.Advance(time.Second)
		v, err := b.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Task", Summary: fmt.Sprintf("Request %d", i+1), Priority: "3"})
		if err != nil {
			b.t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

// poll reads to the last page and gives the newest observation per key.
func (b *bench) poll() map[string]connectors.Observation {
	b.t.Helper()
	seen := map[string]connectors.Observation{}
	for more := true; more; {
		page, err := b.client.Changes(b.t.Context(), b.cursor)
		if err != nil {
			b.t.Fatal(err)
		}
		for _, o := range page.Observations {
			seen[o.Issue.Key] = o
		}
		b.cursor, more = page.Next, page.More
	}
	return seen
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func ref(v jirasim.Issue) connectors.Ref {
	return connectors.Ref{Tracker: "jira", ID: v.ID, Key: v.Key, Container: v.Project}
}

func TestSimImportAndPolls(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	issues := b.create(230)
	if got := b.poll(); len(got) != 230 || got["OPS-1"].Issue.Title != "Request 1" || got["OPS-1"].Since != -1 {
		t.Fatalf("import: %d issues, first %+v", len(got), got["OPS-1"])
	}
	if n := b.site.Log().Len(); n != 5 {
		t.Errorf("import took %d requests, want 3 pages and 2 for the identity", n)
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
	if o.Issue.Status != (connectors.Option{ID: "3", Name: "In Progress", Category: "indeterminate"}) || len(o.Entries) != 1 {
		t.Fatalf("after the change: %+v", o)
	}
	if e := o.Entries[0]; e.Own || e.Op != "" || e.Actor.Name != "Ana" || e.Changes[0].Field != "status" || e.Changes[0].From != "1" || e.Changes[0].To != "3" {
		t.Errorf("entry %+v", e)
	}
	if !o.Issue.Updated.Equal(b.clock.Now().Add(-time.Second)) {
		t.Errorf("updated %v by a clock at %v: zones mixed up", o.Issue.Updated, b.clock.Now())
	}
}

func TestSimTheIndexIsLate(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	issues := b.create(3)
	b.poll()
	b.clock.Advance(time.Hour)
	b.poll()
	b.site.SetIndexLag(func(string) time.Duration { return 9 * time.Minute })
	b.must(b.site.Edit("ana", issues[0].Key, jirasim.Edit{Priority: new("2")}))
	for range 8 {
		b.clock.Advance(time.Minute)
		if o, ok := b.poll()[issues[0].Key]; ok && o.Issue.Priority.ID == "2" {
			t.Fatal("the change shows before the index knows it: the test proves nothing")
		}
	}
	b.clock.Advance(2 * time.Minute)
	if o := b.poll()[issues[0].Key]; o.Issue.Priority.ID != "2" {
		t.Errorf("the late change was missed: %+v", o.Issue)
	}
}

func TestSimTransitionCarriesItsOperation(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	v := b.create(1)[0]
	for _, step := range []struct{ to, op string }{{"3", "op-1"}, {"9", "op-2"}} {
		ways, err := b.client.Transitions(t.Context(), ref(v))
		b.must(err)
		if len(ways) != 1 || ways[0].To.ID != step.to || ways[0].Global || len(ways[0].Required) != 0 {
			t.Fatalf("ways %+v", ways)
		}
		b.clock.Advance(time.Second)
		_, err = b.client.Send(t.Context(), connectors.Write{Issue: ref(v), Op: step.op, Transition: ways[0].ID})
		b.must(err)
	}
	o, err := b.client.Read(t.Context(), ref(v))
	b.must(err)
	if o.Issue.Status.ID != "9" || o.Issue.Resolution.Name != "Done" || o.Issue.Closed.IsZero() || len(o.Entries) != 2 {
		t.Fatalf("%+v", o)
	}
	for i, e := range o.Entries {
		if !e.Own || e.Op != fmt.Sprintf("op-%d", i+1) {
			t.Errorf("entry %+v", e)
		}
	}
	if n := len(b.site.Log().Mutations()); n != 2 {
		t.Errorf("%d mutations, want 2", n)
	}
	_, err = b.client.Send(t.Context(), connectors.Write{Issue: ref(v), Transition: "11", Op: "op-3", Fields: map[string]string{"resolution": "Done"}})
	if connectors.KindOf(err) != connectors.Invalid {
		t.Errorf("a transition that is not offered: %v", err)
	}
}

func TestSimPriority(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	v := b.create(1)[0]
	got, err := b.client.Send(t.Context(), connectors.Write{Issue: ref(v), Op: "op-1", Priority: "2"})
	b.must(err)
	if got.Issue == nil || got.Issue.Priority.Name != "High" || len(got.Entries) != 1 || got.Entries[0].Op != "op-1" || got.Entries[0].Changes[0].From != "3" {
		t.Errorf("%+v", got)
	}
	_, err = b.client.Send(t.Context(), connectors.Write{Issue: ref(v), Priority: "77"})
	e, ok := errors.AsType[*connectors.Error](err)
	if !ok || e.Kind != connectors.Invalid || e.Field != "priority" {
		t.Errorf("unknown priority: %#v", err)
	}
	b.site.SetConflict(func(string) bool { return true })
	if _, err = b.client.Send(t.Context(), connectors.Write{Issue: ref(v), Priority: "2"}); connectors.KindOf(err) != connectors.Conflict {
		t.Errorf("conflict: %v", err)
	}
}

func TestSimALostAnswerIsUnknownAndCanBeLookedUp(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	v := b.create(1)[0]
	if _, err := b.client.Read(t.Context(), ref(v)); err != nil {
		t.Fatal(err)
	}
	b.site.SetFaults(func(r *http.Request) sim.Fault { return sim.Fault{Name: "lost", Lost: r.Method == http.MethodPut} })
	_, err := b.client.Send(t.Context(), connectors.Write{Issue: ref(v), Op: "op-1", Priority: "2"})
	if connectors.KindOf(err) != connectors.Unknown {
		t.Fatalf("lost answer: %v", err)
	}
	o, err := b.client.Read(t.Context(), ref(v))
	b.must(err)
	if len(o.Entries) != 1 || o.Entries[0].Op != "op-1" || len(b.site.Log().Mutations()) != 1 {
		t.Errorf("look-up: %+v after %d mutations", o.Entries, len(b.site.Log().Mutations()))
	}
}

func TestSimCredentials(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	v := b.create(1)[0]
	if _, err := b.open("wr0ng").Check(t.Context()); connectors.KindOf(err) != connectors.Auth || strings.Contains(err.Error(), "wr0ng") {
		t.Errorf("wrong token: %v", err)
	}
	b.poll()
	b.site.SetToken("bot", "")
	if _, err := b.client.Changes(t.Context(), b.cursor); connectors.KindOf(err) != connectors.Auth {
		t.Errorf("search with a revoked token: %v", err)
	}
	if _, err := b.client.Read(t.Context(), ref(v)); connectors.KindOf(err) != connectors.Auth {
		t.Errorf("read with a revoked token: %v", err)
	}
}

func TestSimCheck(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.site.Revoke("bot", "FIN", jirasim.Transit)
	d, err := b.open("t0ken", "OPS", "FIN", "NOPE").Check(t.Context())
	b.must(err)
	if len(d.Statuses) != 3 || len(d.Statuses[0].Used) != 2 || len(d.Priorities) != 2 || d.Priorities[0].Name != "High" || d.Me.ID != "bot" || !strings.HasPrefix(d.Product, "Jira Cloud ") {
		t.Errorf("%+v", d)
	}
	want := []struct {
		readable, writable bool
		problem            string
	}{{true, true, ""}, {true, false, "TRANSITION_ISSUES"}, {false, false, "cannot be read"}}
	for i, w := range want {
		c := d.Containers[i]
		if c.Readable != w.readable || c.Writable != w.writable || !strings.Contains(c.Problem, w.problem) || (c.Problem == "") != (w.problem == "") {
			t.Errorf("%+v, want %+v", c, w)
		}
	}
}

func TestSimMovedAndDeleted(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	issues := b.create(2)
	b.clock.Advance(time.Second)
	moved, err := b.site.Move("ana", issues[0].Key, "FIN")
	b.must(err)
	o, err := b.client.Read(t.Context(), ref(issues[0]))
	b.must(err)
	if o.Issue.Key != moved.Key || o.Issue.Container != "FIN" || o.Issue.ID != issues[0].ID {
		t.Errorf("%+v", o.Issue.Ref)
	}
	var key bool
	for _, e := range o.Entries {
		for _, c := range e.Changes {
			key = key || c.Field == "key" && c.From == issues[0].Key && c.To == moved.Key
		}
	}
	if !key {
		t.Errorf("no change of key in %+v", o.Entries)
	}
	b.must(b.site.Delete("ana", issues[1].Key))
	if _, err := b.client.Read(t.Context(), ref(issues[1])); connectors.KindOf(err) != connectors.NotFound {
		t.Errorf("deleted: %v", err)
	}
}

func TestSimALongHistory(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	v := b.create(1)[0]
	for i := range 130 {
		b.clock.Advance(time.Second)
		b.must(b.site.Edit("ana", v.Key, jirasim.Edit{Summary: new(fmt.Sprintf("Title %d", i))}))
	}
	o := b.poll()[v.Key]
	if len(o.Entries) == 0 || len(o.Entries) >= 130 || o.Since < 0 || o.Since >= o.Entries[0].Seq {
		t.Fatalf("search: %d entries, complete since %d", len(o.Entries), o.Since)
	}
	var all []connectors.Entry
	b.site.Log().Reset()
	for since, more := int64(-1), true; more; {
		var page []connectors.Entry
		var err error
		page, more, err = b.client.History(t.Context(), ref(v), since)
		b.must(err)
		all = append(all, page...)
		since = all[len(all)-1].Seq
	}
	if len(all) != 130 || b.site.Log().Len() != 2 {
		t.Errorf("%d entries in %d requests", len(all), b.site.Log().Len())
	}
	tail, more, err := b.client.History(t.Context(), ref(v), all[127].Seq)
	if err != nil || more || len(tail) != 2 || tail[1].ID != all[129].ID {
		t.Errorf("tail of %d, more %v, %v", len(tail), more, err)
	}
}

func TestSimRemoteLinkIsUpdatedInPlace(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	v := b.create(1)[0]
	link := connectors.Link{GlobalID: "parley:github:acme/payments:7", URL: "https://github.com/acme/payments/issues/7", Title: "acme/payments#7"}
	for range 2 {
		_, err := b.client.Send(t.Context(), connectors.Write{Issue: ref(v), Link: &link})
		b.must(err)
	}
	got, err := b.client.Links(t.Context(), ref(v))
	if err != nil || len(got) != 1 || got[0] != link {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestSimWriteLimit(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *jirasim.Options) { o.WriteLimits = true })
	v := b.create(1)[0]
	for n := range 21 {
		_, err := b.client.Send(t.Context(), connectors.Write{Issue: ref(v), Priority: fmt.Sprint(2 + n%2)})
		if n < 20 {
			b.must(err)
			continue
		}
		e, ok := errors.AsType[*connectors.Error](err)
		if !ok || e.Kind != connectors.RateLimit || e.Scope != "issue" || !e.RetryAt.After(b.clock.Now()) {
			t.Errorf("write %d: %#v", n+1, err)
		}
	}
}

func TestSimAPageWhoseAnswerWasLost(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *jirasim.Options) { o.SingleUseTokens = true })
	b.create(150)
	first, err := b.client.Changes(t.Context(), b.cursor)
	b.must(err)
	_, err = b.client.Changes(t.Context(), first.Next)
	b.must(err)
	// The same page again, as after a crash before the cursor was stored.
	b.cursor = first.Next
	if _, err := b.client.Changes(t.Context(), b.cursor); connectors.KindOf(err) != connectors.Transient {
		t.Fatalf("used token: %v", err)
	}
	b.clock.Advance(time.Second)
	if got := b.poll(); len(got) != 150 {
		t.Errorf("%d issues after starting over", len(got))
	}
}

func TestSimAnotherProjectIsReadFromItsBeginning(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.create(2)
	_, err := b.site.At(b.clock.Now().Add(-240*time.Hour)).Create("ana", jirasim.NewIssue{Project: "FIN", Type: "Task", Summary: "Old"})
	b.must(err)
	b.clock.Advance(24 * time.Hour)
	b.poll()
	b.client = b.open("t0ken", "OPS", "FIN")
	if _, ok := b.poll()["FIN-1"]; !ok {
		t.Error("an old issue of a project that was added is missed")
	}
}

func TestSimCountIsOfEverything(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.create(7)
	b.clock.Advance(time.Hour)
	if n, err := b.client.Count(t.Context(), ""); n != 7 || err != nil {
		t.Errorf("counted %d, %v; want 7", n, err)
	}
}

func TestSimCustomFieldsByName(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	field := b.site.AddField(jirasim.Field{Name: "Cost Center"})
	i := b.create(1)[0]
	if err := b.site.Edit("ana", i.Key, jirasim.Edit{Custom: map[string]json.RawMessage{field.ID: json.RawMessage(`"4711"`)}}); err != nil {
		t.Fatal(err)
	}
	c, err := jira.New(jira.Config{Name: "jira", URL: b.url, Auth: "basic", User: "bot@acme.test", Token: "t0ken",
		Projects: []string{"OPS"}, FieldNames: []string{"cost center", "No such field"}, Now: b.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	o, err := c.Read(t.Context(), ref(i))
	if err != nil || o.Issue.Custom["cost center"] != "4711" || len(o.Issue.Custom) != 1 {
		t.Errorf("custom fields are %v, %v", o.Issue.Custom, err)
	}
}
