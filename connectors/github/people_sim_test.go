package github_test

import (
	"slices"
	"testing"

	"parley/connectors"
	"parley/connectors/github"
	"parley/connectors/sim/githubsim"
	"parley/connectors/transport"
)

// naming is a client of a configuration that names people.
func (b *bundle) naming(people ...string) *github.Client {
	b.Helper()
	c, err := github.New(github.Config{Name: "gh", URL: b.url, Token: "t-bot", Repos: []string{repo}, People: people,
		HTTP: transport.New(transport.Options{Retries: -1}), Now: b.clock.Now})
	b.ok(err)
	return c
}

// assignees are those of issue 1 as Parley sees them.
func (b *bundle) assignees(c *github.Client) []string {
	b.Helper()
	o, err := c.Read(b.Context(), b.ref(1))
	b.ok(err)
	var out []string
	for _, a := range o.Issue.Assignees {
		out = append(out, a.ID)
	}
	return out
}

// Somebody whom the configuration names stays the same under another login, in issues, in
// histories and in what is asked for; who takes the login is somebody else.
func TestSimARenamedPersonStaysTheSame(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	b.issues(1, githubsim.NewIssue{Assignees: []string{"ana"}})
	c := b.naming("Ana") // as the configuration spells it
	if got := b.assignees(c); !slices.Equal(got, []string{"ana"}) {
		t.Fatalf("before: %q", got)
	}
	b.ok(b.hub.RenameUser("ana", "ana-maria"))
	b.ok(b.hub.AddUser(githubsim.User{Login: "ana", ID: 4711, Push: true}))
	b.ok(b.hub.Assign("ana-maria", repo, 1, "ana"))
	const other = "ana#4711"
	if got := b.assignees(c); !slices.Equal(got, []string{"Ana", other}) {
		t.Errorf("after: %q, want Ana and %s", got, other)
	}
	entries, _, err := c.History(t.Context(), b.ref(1), 0)
	b.ok(err)
	var to []string
	for _, e := range entries {
		to = append(to, e.Changes[0].To+" by "+e.Actor.ID)
	}
	if want := []string{"Ana by Ana", other + " by Ana"}; !slices.Equal(to, want) {
		t.Errorf("history: %q, want %q", to, want)
	}
	for _, step := range []struct {
		w    connectors.Write
		want []string
	}{
		{connectors.Write{Unassign: "Ana"}, []string{other}},
		{connectors.Write{Assign: "Ana"}, []string{other, "Ana"}},
		{connectors.Write{Unassign: other}, []string{"Ana"}},
	} {
		step.w.Issue = b.ref(1)
		if _, err := c.Send(t.Context(), step.w); err != nil {
			t.Errorf("%+v: %v", step.w, err)
		}
		if got := b.assignees(c); !slices.Equal(got, step.want) {
			t.Errorf("after %+v: %q, want %q", step.w, got, step.want)
		}
	}
}

// A login that changed since the last answer is looked up by the number, once.
func TestSimARenameIsMetByAWrite(t *testing.T) {
	t.Parallel()
	for name, w := range map[string]connectors.Write{"assign": {Assign: "ana"}, "unassign": {Unassign: "ana"}} {
		b := setup(t, githubsim.Options{})
		b.issues(1, githubsim.NewIssue{Assignees: []string{"ana"}})
		c := b.naming("ana")
		b.assignees(c)
		if name == "assign" {
			b.ok(b.hub.Unassign("ana", repo, 1, "ana"))
		}
		b.ok(b.hub.RenameUser("ana", "ana-maria"))
		w.Issue = b.ref(1)
		if _, err := c.Send(t.Context(), w); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := b.assignees(c); (len(got) == 1) != (name == "assign") {
			t.Errorf("%s: %q", name, got)
		}
		b.hub.RemoveUser("ana-maria")
		b.ok(b.hub.AddUser(githubsim.User{Login: "zoe"}))
		if _, err := c.Send(t.Context(), connectors.Write{Issue: b.ref(1), Assign: "ana"}); connectors.KindOf(err) != connectors.Invalid {
			t.Errorf("an account that is gone: %v", err)
		}
	}
}

// What one process has learned tells the next one who somebody is.
func TestSimPeopleAreKnownToTheNextProcess(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	b.issues(1, githubsim.NewIssue{Assignees: []string{"ana"}})
	first := b.naming("ana", "ben")
	if n, v := first.Numbers(); len(n) != 0 || v != 0 {
		t.Errorf("nobody was met: %v, %d", n, v)
	}
	b.assignees(first)
	numbers, version := first.Numbers()
	if len(numbers) != 1 || numbers["ana"] == 0 || version == 0 {
		t.Fatalf("learned %v, %d", numbers, version)
	}
	b.ok(b.hub.RenameUser("ana", "ana-maria"))
	next := b.naming("ana")
	next.Know(map[string]int64{"ana": numbers["ana"], "ben": 7, "ghost": 0})
	if got := b.assignees(next); !slices.Equal(got, []string{"ana"}) {
		t.Errorf("after a restart: %q", got)
	}
	if n, _ := next.Numbers(); len(n) != 1 {
		t.Errorf("whom nobody names is still known: %v", n)
	}
	mended := b.naming("ana-maria") // the configuration was brought up to date
	mended.Know(numbers)
	if got := b.assignees(mended); !slices.Equal(got, []string{"ana-maria"}) {
		t.Errorf("by the new login: %q", got)
	}
}

// What the account made is found under the login that it has, also where it is one of the
// people whom the configuration names: else it would be made once more.
func TestSimOwnCreatesAreFoundUnderANewLogin(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	c := b.naming("parley-bot")
	made, err := c.Create(t.Context(), connectors.Draft{Container: repo, Title: "Twin", Marker: "v1 m=1"})
	b.ok(err)
	b.ok(b.hub.RenameUser("parley-bot", "bridge-bot"))
	b.ok(b.hub.AddUser(githubsim.User{Login: "parley-bot", Push: true})) // somebody takes the name
	found, err := c.Created(t.Context(), connectors.Search{Container: repo, Since: made.Created})
	if err != nil || len(found) != 1 || found[0].ID != made.ID {
		t.Errorf("found %+v, %v", found, err)
	}
}
