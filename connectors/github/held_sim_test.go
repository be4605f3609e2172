package github_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/connectors/github"
	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
	"parley/connectors/transport"
)

const (
	board   = "acme/12"
	project = "project " + board
)

// withBoard is a GitHub with a project that holds status and priority, Issue Fields of the
// same names, and four issues.
func withBoard(t *testing.T, o githubsim.Options) *bundle {
	t.Helper()
	b := setup(t, o)
	b.ok(b.hub.AddProject(githubsim.Project{Owner: "acme", Number: 12, Title: "Board", Fields: []githubsim.ProjectField{
		{Name: "Status", Options: []string{"Todo", "In Progress", "Done"}}, {Name: "Priority", Options: []string{"High", "Low"}}}}))
	b.ok(b.hub.AddIssueField("acme", githubsim.IssueField{Name: "Status", Options: []string{"Todo", "In Progress", "Done"}}))
	b.ok(b.hub.AddIssueField("acme", githubsim.IssueField{Name: "Priority", Options: []string{"High", "Low"}}))
	b.ok(b.hub.AddIssueField("acme", githubsim.IssueField{Name: "Note", Type: "text"}))
	b.issues(4, githubsim.NewIssue{})
	return b
}

// holder is a client to which something else than labels holds status and priority.
func (b *bundle) holder(token string, project string) *github.Client {
	b.Helper()
	c, err := github.New(github.Config{Name: "gh", URL: b.url, Token: token, Repos: []string{repo},
		Status: github.Place{Project: project, Field: "status"}, Priority: github.Place{Project: project, Field: "Priority"},
		HTTP: transport.New(transport.Options{Retries: -1}), Now: b.clock.Now})
	b.ok(err)
	return c
}

// set sets a field as a person does.
func (b *bundle) set(project string, number int, field, option string) {
	b.Helper()
	if project != "" {
		b.ok(b.hub.SetProjectField(project, repo, number, field, option))
	} else {
		b.ok(b.hub.SetIssueField("ana", repo, number, field, option))
	}
}

// shows is what a field is set to.
func (b *bundle) shows(project string, number int, field string) string {
	if project == "" {
		return b.hub.IssueField(repo, number, field)
	}
	option, _ := b.hub.ProjectField(project, repo, number, field)
	return option
}

func (b *bundle) choose(c *github.Client, number int, of, option string) (connectors.Receipt, error) {
	return c.Send(context.Background(), connectors.Write{Issue: b.ref(number), Choose: &connectors.Choice{Of: of, Option: option}})
}

var places = map[string]string{"project": board, "issue field": ""}

func TestOptionsAreReadWithTheIssue(t *testing.T) {
	t.Parallel()
	for name, project := range places {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := withBoard(t, githubsim.Options{})
			b.clock.Advance(time.Minute)
			b.set(project, 2, "Status", "In Progress")
			b.set(project, 2, "Priority", "High")
			b.clock.Advance(time.Hour)
			c := b.holder("t-bot", project)
			listed, _ := b.poll(c, connectors.Cursor{Source: repo})
			one, err := c.Read(context.Background(), b.ref(2))
			b.ok(err)
			i := slices.IndexFunc(listed, func(i connectors.Issue) bool { return i.Number == 2 })
			for _, got := range []connectors.Issue{listed[i], one.Issue} {
				if got.Status.Name != "In Progress" || got.Priority.Name != "High" {
					t.Errorf("%+v, %+v", got.Status, got.Priority)
				}
				if want := b.clock.Now().Add(-time.Hour); project != "" && !got.StatusAt.Equal(want) {
					t.Errorf("set at %v, want %v", got.StatusAt, want)
				}
			}
			if got := listed[(i+1)%len(listed)]; got.Status.Name != "" || !got.StatusAt.IsZero() {
				t.Errorf("an issue without: %+v", got)
			}
		})
	}
}

func TestOptionsAreWrittenOneByOne(t *testing.T) {
	t.Parallel()
	for name, project := range places {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := withBoard(t, githubsim.Options{})
			b.ok(b.hub.SetIssueField("ana", repo, 1, "Note", "keep me"))
			c := b.holder("t-bot", project)
			for _, step := range []struct{ of, option, want string }{
				{"status", "in progress", "In Progress"}, {"priority", "High", "High"}, {"status", "Done", "Done"}, {"status", "Done", "Done"},
				{"priority", "", ""}, {"priority", "", ""},
			} {
				r, err := b.choose(c, 1, step.of, step.option)
				b.ok(err)
				if diff := cmp.Diff(&connectors.Choice{Of: step.of, Option: step.want}, r.Chosen); diff != "" {
					t.Errorf("%+v: %s", step, diff)
				}
				if got := b.shows(project, 1, step.of); got != step.want {
					t.Errorf("%+v: it shows %q", step, got)
				}
			}
			if s, n := b.shows(project, 1, "Status"), b.hub.IssueField(repo, 1, "Note"); s != "Done" || n != "keep me" {
				t.Errorf("the other fields are %q, %q", s, n)
			}
			for _, r := range b.hub.Log().Mutations() {
				if strings.Contains(r.Body, `"issue_field_values":[]`) || r.Method == http.MethodPut {
					t.Errorf("that would clear all fields: %s %s", r.Method, r.Body)
				}
			}
		})
	}
}

// TestOptionsThatWentAreToldOf: one renamed, one removed, one that never was, a field that
// went, an archived item, an account that may only look.
func TestOptionsThatWentAreToldOf(t *testing.T) {
	t.Parallel()
	for name, project := range places {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := withBoard(t, githubsim.Options{})
			c := b.holder("t-bot", project)
			refused := func(option string, kind connectors.ErrorKind, want string) {
				t.Helper()
				_, err := b.choose(c, 1, "status", option)
				var e *connectors.Error
				if !errors.As(err, &e) || e.Kind != kind || !strings.Contains(e.Error(), want) || e.Hint == "" {
					t.Errorf("%q: %v, hint %q", option, err, e.Hint)
				}
			}
			_, err := b.choose(c, 1, "status", "Todo")
			b.ok(err)
			rename := func(from, to string) {
				if project != "" {
					b.ok(b.hub.RenameProjectOption(project, "Status", from, to))
				} else {
					b.ok(b.hub.RenameIssueOption("acme", "Status", from, to))
				}
			}
			refused("Someday", connectors.Invalid, `has no option "Someday"; it has Todo, In Progress, Done`)
			rename("In Progress", "Doing")
			_, err = b.choose(c, 1, "status", "Doing") // it is looked for again
			b.ok(err)
			rename("Done", "")
			if project != "" {
				refused("Done", connectors.Invalid, "does not belong to the field")
			} else {
				refused("Done", connectors.Invalid, "is not an option")
			}
			refused("Done", connectors.Invalid, `has no option "Done"; it has Todo, Doing`)
			if project == "" {
				b.ok(b.hub.SetPermission(repo, "parley-bot", githubsim.Read))
				refused("Todo", connectors.Forbidden, "Must have admin rights")
				return
			}
			b.ok(b.hub.ArchiveProjectItem(board, repo, 1, true))
			refused("Todo", connectors.Invalid, "is archived in the project")
			b.ok(b.hub.ArchiveProjectItem(board, repo, 1, false))
			b.ok(b.hub.SetProjectAccess(board, "parley-bot", githubsim.Read))
			refused("Todo", connectors.Forbidden, "does not have the correct permissions")
		})
	}
}

// TestADragMovesOnlyItsItem: nothing of the issue moves, its list is unchanged, and the
// project as a source brings it all the same, once.
func TestADragMovesOnlyItsItem(t *testing.T) {
	t.Parallel()
	b := withBoard(t, githubsim.Options{})
	for n := range 3 {
		b.set(board, n+1, "Status", "Todo")
	}
	c := b.holder("t-bot", board)
	if got := c.Sources(); !slices.Equal(got, []string{repo, project}) || !c.Beside(project) || c.Beside(repo) {
		t.Fatalf("sources %q", got)
	}
	_, list := b.poll(c, connectors.Cursor{Source: repo})
	found, items := b.poll(c, connectors.Cursor{Source: project})
	if len(found) > 0 {
		t.Errorf("the first walk tells of %v", numbers(found))
	}
	poll := func() (issues []int) {
		b.clock.Advance(30 * time.Second)
		_, list = b.poll(c, list.Next)
		found, items = b.poll(c, items.Next)
		return numbers(found)
	}
	poll() // what was set just before the first walk may be told again
	before := b.hub.Log().Len()
	if got := poll(); len(got) > 0 || b.hub.Log().Len()-before != 2 {
		t.Errorf("at rest: %v in %d requests", got, b.hub.Log().Len()-before)
	}
	b.set(board, 2, "Status", "Done")
	if got := poll(); !list.Unchanged || !slices.Equal(got, []int{2}) || found[0].Status.Name != "Done" {
		t.Errorf("after a drag: %v, the list unchanged: %v", got, list.Unchanged)
	}
	for range 10 {
		if got := poll(); len(got) > 0 {
			t.Errorf("told again: %v", got)
		}
	}
	b.set(board, 4, "Status", "Todo") // added by hand
	b.set(board, 2, "Status", "Todo")
	if got := poll(); !slices.Equal(got, []int{2, 4}) {
		t.Errorf("two more: %v", got)
	}
	if n := len(b.hub.Log().Mutations()); n != 0 {
		t.Errorf("%d writes", n)
	}
}

// TestTheProjectIsWalkedByCursor has more items than fit a page, most of which move.
func TestTheProjectIsWalkedByCursor(t *testing.T) {
	t.Parallel()
	b := withBoard(t, githubsim.Options{})
	b.issues(246, githubsim.NewIssue{})
	for n := range 250 {
		b.set(board, n+1, "Status", "Todo")
	}
	b.clock.Advance(time.Hour)
	c := b.holder("t-bot", board)
	_, items := b.poll(c, connectors.Cursor{Source: project})
	b.clock.Advance(time.Minute)
	before := b.hub.Log().Len()
	_, items = b.poll(c, items.Next)
	if n := b.hub.Log().Len() - before; n != 3 {
		t.Errorf("250 items at rest take %d requests, want 3", n)
	}
	for n := range 130 {
		b.set(board, n+60, "Status", "Done")
	}
	b.clock.Advance(time.Second)
	found, items := b.poll(c, items.Next)
	if len(found) != 130 || len(numbers(found)) != 130 {
		t.Errorf("%d issues, %d of them different", len(found), len(numbers(found)))
	}
	if found, _ = b.poll(c, items.Next); len(found) != 0 {
		t.Errorf("told again: %v", numbers(found))
	}
}

// TestALargeProjectTakesSeveralPolls: one poll walks twenty pages, and the next goes on.
func TestALargeProjectTakesSeveralPolls(t *testing.T) {
	t.Parallel()
	b := withBoard(t, githubsim.Options{})
	b.issues(2046, githubsim.NewIssue{})
	for n := range 2050 {
		b.set(board, n+1, "Status", "Todo")
	}
	b.clock.Advance(time.Hour)
	c := b.holder("t-bot", board)
	_, items := b.poll(c, connectors.Cursor{Source: project})
	if items.Next.Scan.Pages != 20 || !items.Next.Watermark.IsZero() {
		t.Fatalf("after one poll: %+v", items.Next)
	}
	_, items = b.poll(c, items.Next)
	if items.Next.Scan != (connectors.Scan{}) || items.Next.Watermark.IsZero() {
		t.Fatalf("after two: %+v", items.Next)
	}
	b.set(board, 2049, "Status", "Done")
	found, items := b.poll(c, items.Next)
	if len(found) != 0 {
		t.Errorf("found early: %v", numbers(found))
	}
	if found, _ = b.poll(c, items.Next); !slices.Equal(numbers(found), []int{2049}) {
		t.Errorf("found %v", numbers(found))
	}
}

func TestCheckTellsOfFields(t *testing.T) {
	t.Parallel()
	b := withBoard(t, githubsim.Options{})
	d, err := b.holder("t-bot", board).Check(context.Background())
	b.ok(err)
	want := []connectors.OptionField{{Of: "status", Holder: "project acme/12", Name: "status", Options: []string{"Todo", "In Progress", "Done"}},
		{Of: "priority", Holder: "project acme/12", Name: "Priority", Options: []string{"High", "Low"}}}
	if diff := cmp.Diff(want, d.Fields); diff != "" {
		t.Error(diff)
	}
	b.ok(b.hub.DenyProjects("t-ana"))
	for name, tc := range map[string]struct{ token, project, field, want string }{
		"no such project": {"t-bot", "acme/13", "Status", "Could not resolve to a ProjectV2 with the number 13."},
		"nobody's":        {"t-bot", "nobody/1", "Status", "there is no such project"},
		"no such field":   {"t-bot", board, "State", `the project acme/12 has no field "State"`},
		"no options":      {"t-bot", board, "Title", ""},
		"no scope":        {"t-ana", board, "Status", "Your token has not been granted the required scopes"},
		"may only read":   {"t-reader", board, "Status", "may only read the project"},
		"Issue Field":     {"t-bot", "", "Effort", "there is no such field of single options"},
		"of text":         {"t-bot", "", "Note", "there is no such field of single options"},
	} {
		if tc.token == "t-reader" {
			b.ok(b.hub.SetProjectAccess(board, "reader", githubsim.Read))
		}
		c, err := github.New(github.Config{Name: "gh", URL: b.url, Token: tc.token, Repos: []string{repo}, Status: github.Place{Project: tc.project, Field: tc.field}, Now: b.clock.Now})
		b.ok(err)
		d, err := c.Check(context.Background())
		b.ok(err)
		if len(d.Fields) != 1 || d.Fields[0].Problem == "" || !strings.Contains(d.Fields[0].Problem, tc.want) {
			t.Errorf("%s: %+v", name, d.Fields)
		}
	}
}

// TestPlacesAreChecked: a client that could only fail is not made.
func TestPlacesAreChecked(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]github.Config{
		"status: names no field":                             {Status: github.Place{Project: board}},
		"project: is not OWNER/NUMBER":                       {Status: github.Place{Project: "12", Field: "Status"}},
		"project: status and priority are of different ones": {Status: github.Place{Project: board, Field: "Status"}, Priority: github.Place{Project: "acme/13", Field: "Priority"}},
	} {
		c.Name, c.URL, c.Token, c.Repos = "gh", "http://127.0.0.1:1", "t", []string{repo}
		if _, err := github.New(c); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// TestGraphQLRefusals: everything is told in a 200, and what a 200 tells is believed.
func TestGraphQLRefusals(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fault sim.Fault
		kind  connectors.ErrorKind // of a read
		write connectors.ErrorKind
		scope string
	}{
		"points used up": {sim.Fault{Status: 200, Body: `{"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded for user ID 1."}]}`, Header: map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1772370000"}}, connectors.RateLimit, connectors.RateLimit, connectors.ScopeEndpoint},
		"too quick":      {sim.Fault{Status: 200, Body: `{"errors":[{"message":"You have exceeded a secondary rate limit. Please wait."}]}`}, connectors.RateLimit, connectors.RateLimit, ""},
		"much content":   {sim.Fault{Status: 200, Header: map[string]string{"Retry-After": "60"}, Body: `{"errors":[{"type":"UNPROCESSABLE","message":"was submitted too quickly"}]}`}, connectors.RateLimit, connectors.RateLimit, connectors.ScopeContent},
		"no scope":       {sim.Fault{Status: 200, Body: `{"errors":[{"type":"INSUFFICIENT_SCOPES","message":"x"}]}`}, connectors.Forbidden, connectors.Forbidden, ""},
		"forbidden":      {sim.Fault{Status: 200, Body: `{"data":null,"errors":[{"type":"FORBIDDEN","message":"x"}]}`}, connectors.Forbidden, connectors.Forbidden, ""},
		"unwell":         {sim.Fault{Status: 200, Body: `{"errors":[{"message":"Something went wrong while executing your query."}]}`}, connectors.Transient, connectors.Unknown, ""},
		"no data":        {sim.Fault{Status: 200, Body: `{"data":null}`}, connectors.Malformed, connectors.Unknown, ""},
		"not JSON":       {sim.Fault{Status: 200, Body: `<html>`}, connectors.Malformed, connectors.Unknown, ""},
		"another shape":  {sim.Fault{Status: 200, Body: `{"data":{"node":7,"nodes":7,"repository":7,"done":7}}`}, connectors.Malformed, connectors.Unknown, ""},
		"bad gateway":    {sim.Fault{Status: 502}, connectors.Transient, connectors.Unknown, ""},
		"lost answer":    {sim.Fault{Lost: true}, connectors.Transient, connectors.Unknown, ""},
		"lapsed token":   {sim.Fault{Status: 401, Body: `{"message":"Bad credentials"}`}, connectors.Auth, connectors.Auth, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := withBoard(t, githubsim.Options{})
			b.set(board, 1, "Status", "Todo")
			c := b.holder("t-bot", board)
			_, err := b.choose(c, 1, "status", "Done") // the project is known from here on
			b.ok(err)
			b.hub.SetFaults(func(r *http.Request) sim.Fault {
				if strings.HasSuffix(r.URL.Path, "/graphql") {
					return tc.fault
				}
				return sim.Fault{}
			})
			_, err = c.Read(context.Background(), b.ref(1))
			var e *connectors.Error
			if !errors.As(err, &e) || e.Kind != tc.kind || e.Scope != tc.scope {
				t.Errorf("read: %v", err)
			}
			if e.Kind == connectors.RateLimit && tc.scope != "" && !e.RetryAt.After(b.clock.Now()) {
				t.Errorf("to be tried again at %v", e.RetryAt)
			}
			n := 0
			b.hub.SetFaults(func(r *http.Request) sim.Fault {
				if strings.HasSuffix(r.URL.Path, "/graphql") {
					if n++; n > 1 { // the look-up of the item goes well
						return tc.fault
					}
				}
				return sim.Fault{}
			})
			if _, err = b.choose(c, 1, "status", "Todo"); connectors.KindOf(err) != tc.write {
				t.Errorf("write: %v", err)
			}
		})
	}
}

// TestAHiddenProjectIsNoEmptyOne: issues must not look as if nobody had set anything.
func TestAHiddenProjectIsNoEmptyOne(t *testing.T) {
	t.Parallel()
	b := withBoard(t, githubsim.Options{})
	b.set(board, 1, "Status", "Todo")
	c := b.holder("t-bot", board)
	_, err := c.Read(context.Background(), b.ref(1))
	b.ok(err)
	b.ok(b.hub.SetProjectAccess(board, "parley-bot", githubsim.None))
	for range 2 {
		if o, err := c.Read(context.Background(), b.ref(1)); connectors.KindOf(err) != connectors.NotFound {
			t.Errorf("%+v, %v", o.Issue.Status, err)
		}
	}
}

func TestProjectsOnAnEnterpriseServer(t *testing.T) {
	t.Parallel()
	b := withBoard(t, githubsim.Options{Enterprise: &githubsim.Enterprise{}})
	b.url += "/api/v3"
	c := b.holder("t-bot", board)
	_, err := b.choose(c, 1, "status", "Done")
	b.ok(err)
	if got := b.shows(board, 1, "Status"); got != "Done" {
		t.Errorf("on an Enterprise Server it shows %q", got)
	}
}

// TestAFieldThatMovesNothingIsFound: most of an issue's pages are as they were and cost
// nothing, and the one that is not is read.
func TestAFieldThatMovesNothingIsFound(t *testing.T) {
	t.Parallel()
	b := withBoard(t, githubsim.Options{})
	b.issues(246, githubsim.NewIssue{})
	b.clock.Advance(48 * time.Hour)
	c := b.holder("t-bot", "")
	fields := "fields " + repo
	if got := c.Sources(); !slices.Equal(got, []string{repo, fields}) || !c.Beside(fields) {
		t.Fatalf("sources %q", got)
	}
	_, list := b.poll(c, connectors.Cursor{Source: repo})
	found, sheets := b.poll(c, connectors.Cursor{Source: fields})
	if len(found) != 0 {
		t.Errorf("the first call reads %d", len(found))
	}
	if found, sheets = b.poll(c, sheets.Next); len(numbers(found)) != 250 {
		t.Errorf("the second reads %d", len(found))
	}
	b.clock.Advance(time.Hour)
	_, list = b.poll(c, list.Next)
	b.ok(b.hub.SetIssueField("ana", repo, 120, "Priority", "High"))
	b.clock.Advance(time.Hour)
	if found, _ = b.poll(c, list.Next); slices.Contains(numbers(found), 120) {
		t.Log("the list of what changed tells of it")
	}
	found, sheets = b.poll(c, sheets.Next)
	at := slices.IndexFunc(found, func(i connectors.Issue) bool { return i.Number == 120 })
	if at < 0 || found[at].Priority.Name != "High" || len(found) != 100 {
		t.Errorf("%d found, %d", len(found), at)
	}
	before := b.hub.Log().Len()
	if found, sheets = b.poll(c, sheets.Next); len(found) != 0 || !sheets.Unchanged && sheets.Next.ETag == "" {
		t.Errorf("at rest: %v", numbers(found))
	}
	for _, r := range b.hub.Log().Requests()[before:] {
		if r.Status != http.StatusNotModified {
			t.Errorf("at rest: %s %s %d", r.Method, r.Path, r.Status)
		}
	}
	b.ok(b.hub.SetState("ana", repo, 3, "closed", ""))
	if found, _ = b.poll(c, sheets.Next); len(numbers(found)) != 249 {
		t.Errorf("one less, and all pages are others: %d", len(found))
	}
}

// TestAnAppNeedsThePermissionForProjects, and says so in words that lead to it.
func TestAnAppNeedsThePermissionForProjects(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]connectors.ErrorKind{"": connectors.Forbidden, "read": connectors.Forbidden, "write": ""} {
		t.Run("given "+given, func(t *testing.T) {
			t.Parallel()
			b := withBoard(t, githubsim.Options{})
			app := b.installed(map[string]string{"issues": "write", "organization_projects": given})
			b.ok(b.hub.SetProjectAccess(board, "parley[bot]", githubsim.Write))
			c, err := github.New(github.Config{Name: "gh", URL: b.url, App: &app, Repos: []string{repo},
				Status: github.Place{Project: board, Field: "Status"}, HTTP: transport.New(transport.Options{Retries: -1}), Now: b.clock.Now})
			b.ok(err)
			_, err = b.choose(c, 1, "status", "Done")
			var e *connectors.Error
			switch errors.As(err, &e); {
			case want == "" && (err != nil || b.shows(board, 1, "Status") != "Done"):
				t.Errorf("%v, it shows %q", err, b.shows(board, 1, "Status"))
			case want != "" && (e == nil || e.Kind != want || !strings.Contains(e.Hint, "Projects: Read and write")):
				t.Errorf("%v", err)
			}
		})
	}
}
