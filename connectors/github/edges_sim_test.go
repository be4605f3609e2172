package github_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/sim/githubsim"
)

// More rows than page numbers reach lie in one second: the links turn into cursors, and
// the read follows them to the end.
func TestSimMoreThanTenThousandInOneSecond(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	const rows = 10_150
	var dump strings.Builder
	for n := range rows {
		fmt.Fprintf(&dump, `{"id":%d,"number":%d,"title":"t","state":"open","created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-02T00:00:00Z"}`+"\n", 900_000+n, n+1)
	}
	b.ok(b.hub.LoadJSON(repo, strings.NewReader(dump.String())))
	got, _ := b.pollUpTo(b.client("t-bot"), connectors.Cursor{Source: repo}, 400)
	if n := len(numbers(got)); n != rows {
		t.Errorf("read %d issues, want %d", n, rows)
	}
	cursors := 0
	for _, r := range b.hub.Log().Requests() {
		if r.Status == 422 {
			t.Fatalf("asked for a page beyond what GitHub numbers: %s?%s", r.Path, r.Query)
		}
		if strings.Contains(r.Query, "after=") {
			cursors++
		}
	}
	if cursors < 50 {
		t.Errorf("only %d pages were asked for by cursor", cursors)
	}
}

// What a person changes is in the next poll, whatever it is.
func TestSimEveryVisibleEditIsInTheNextPoll(t *testing.T) {
	t.Parallel()
	title, body, milestone := "New title", "new body", 1
	for name, tc := range map[string]struct {
		edit func(*bundle) error
		seen func(connectors.Issue) bool
	}{
		"title": {func(b *bundle) error { return b.hub.Edit("ana", repo, 1, githubsim.Edit{Title: &title}) },
			func(i connectors.Issue) bool { return i.Title == title }},
		"body": {func(b *bundle) error { return b.hub.Edit("ana", repo, 1, githubsim.Edit{Body: &body}) },
			func(i connectors.Issue) bool { return i.Body == body }},
		"assignee": {func(b *bundle) error { return b.hub.Assign("ana", repo, 1, "ana") },
			func(i connectors.Issue) bool { return len(i.Assignees) == 1 && i.Assignees[0].ID == "ana" }},
		"milestone": {func(b *bundle) error { return b.hub.Edit("ana", repo, 1, githubsim.Edit{Milestone: &milestone}) },
			func(i connectors.Issue) bool { return i.Milestone == "M1" }},
		"lock": {func(b *bundle) error { return b.hub.Lock("ana", repo, 1, "spam") }, func(connectors.Issue) bool { return true }},
		"comment": {func(b *bundle) error { _, err := b.hub.Comment("ana", repo, 1, "x"); return err },
			func(connectors.Issue) bool { return true }},
	} {
		for _, bump := range []time.Duration{0, 5 * time.Second} {
			b := setup(t, githubsim.Options{UpdatedBump: func(string, int) time.Duration { return bump }})
			_, err := b.hub.AddMilestone("ana", repo, githubsim.Milestone{Title: "M1"})
			b.ok(err)
			b.issues(2, githubsim.NewIssue{})
			b.clock.Advance(time.Hour)
			c := b.client("t-bot")
			_, page := b.poll(c, connectors.Cursor{Source: repo})
			was := page.Next.Watermark
			b.clock.Advance(time.Minute)
			edited := b.clock.Now()
			b.ok(tc.edit(b))
			b.clock.Advance(4 * time.Second)
			got, page := b.poll(c, page.Next)
			at := slices.IndexFunc(got, func(i connectors.Issue) bool { return i.Number == 1 })
			if at < 0 || !tc.seen(got[at]) || got[at].Updated.Before(edited) || !page.Next.Watermark.After(was) {
				t.Errorf("%s: saw %+v", name, got)
				continue
			}
			// updated_at moves once more, later: the row comes again, the same but for that.
			b.clock.Advance(time.Minute)
			again, _ := b.poll(c, page.Next)
			if bump > 0 && !slices.ContainsFunc(again, func(i connectors.Issue) bool { return i.Number == 1 && i.Updated.After(edited) }) {
				t.Errorf("%s: the second move is not seen: %+v", name, again)
			}
		}
	}
}

// An ETag belongs to the token it came with: a new personal token costs one whole answer
// and no change.
func TestSimANewTokenCostsOneAnswer(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	b.issues(3, githubsim.NewIssue{})
	b.clock.Advance(time.Hour)
	_, page := b.poll(b.client("t-bot"), connectors.Cursor{Source: repo})
	_, page = b.poll(b.client("t-bot"), page.Next)
	if !page.Unchanged {
		t.Fatal("the poll before was not idle")
	}
	b.ok(b.hub.AddToken("parley-bot", "t-new"))
	c := b.client("t-new")
	_, page = b.poll(c, page.Next)
	if page.Unchanged {
		t.Error("another token found the answer unchanged")
	}
	if _, page = b.poll(c, page.Next); !page.Unchanged {
		t.Error("the poll after it is not idle")
	}
}

// An account is the same by its number, whatever it is called and whoever takes the name.
func TestSimOwnLoginIsChanged(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	b.issues(1, githubsim.NewIssue{})
	c := b.client("t-bot")
	_, err := c.Send(t.Context(), connectors.Write{Issue: b.ref(1), AddLabel: "x"})
	b.ok(err)
	b.ok(b.hub.RenameUser("parley-bot", "bridge-bot"))
	b.ok(b.hub.AddUser(githubsim.User{Login: "parley-bot", Push: true})) // somebody takes the name
	b.ok(b.hub.AddLabels("parley-bot", repo, 1, "y"))
	entries, _, err := c.History(t.Context(), b.ref(1), 0)
	b.ok(err)
	if len(entries) != 2 || !entries[0].Own || entries[0].Actor.ID != "bridge-bot" || entries[1].Own {
		t.Errorf("%+v", entries)
	}
}
