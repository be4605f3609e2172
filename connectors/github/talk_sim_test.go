package github_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/connectors/sim/githubsim"
)

// said lists what a call brought, as "who: text".
func said(p connectors.TalkPage) (out []string) {
	for _, m := range p.Comments {
		out = append(out, fmt.Sprintf("%s %s: %s", m.Issue.Key, m.Author.ID, m.Body))
	}
	return out
}

func TestSimWhatIsSaidInARepositoryIsFollowed(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	b.issues(2, githubsim.NewIssue{})
	c, ctx := b.client("t-bot"), context.Background()
	_, err := b.hub.Comment("ana", repo, 1, "of before")
	b.ok(err)
	b.clock.Advance(time.Hour)
	cur := connectors.TalkCursor{Container: repo, Since: b.clock.Now()}
	read := func(want ...string) connectors.TalkPage {
		t.Helper()
		p, err := c.Said(ctx, cur)
		b.ok(err)
		if diff := cmp.Diff(want, said(p)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		cur = p.Next
		return p
	}
	read()
	if p := read(); !p.Unchanged {
		t.Error("nothing was said, and the list was sent again")
	}
	b.clock.Advance(time.Minute)
	id, err := b.hub.Comment("ana", repo, 2, "/ask When?")
	b.ok(err)
	_, err = b.hub.Comment("reader", repo, 1, "/ask Me too")
	b.ok(err)
	if p := read(repo+"#2 ana: /ask When?", repo+"#1 reader: /ask Me too"); !p.Comments[0].Member || p.Comments[1].Member || p.Comments[0].Robot || p.Comments[0].Own {
		t.Errorf("%+v", p.Comments)
	}
	if p := read(); !p.Unchanged { // within the time in which a list may be late
		t.Error("the same is read again and again")
	}
	b.clock.Advance(10 * time.Minute)
	b.ok(b.hub.EditComment("ana", repo, id, "/ask When, please?"))
	read(repo+"#1 reader: /ask Me too", repo+"#2 ana: /ask When, please?")
	b.clock.Advance(10 * time.Minute)
	read(repo + "#2 ana: /ask When, please?")
}

// More than one call reads is read by the calls after it, and nothing is passed over.
func TestSimALotIsSaid(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	b.issues(1, githubsim.NewIssue{})
	cur, seen := connectors.TalkCursor{Container: repo, Since: b.clock.Now()}, map[string]bool{}
	for n := range 620 {
		_, err := b.hub.Comment("ana", repo, 1, fmt.Sprint(n))
		b.ok(err)
		b.clock.Advance(time.Second)
	}
	c := b.client("t-bot")
	for more := true; more; {
		p, err := c.Said(context.Background(), cur)
		b.ok(err)
		for _, m := range p.Comments {
			seen[m.Body] = true
		}
		cur, more = p.Next, p.More
	}
	if len(seen) != 620 {
		t.Errorf("%d of 620 comments were read", len(seen))
	}
	if _, err := c.Said(context.Background(), connectors.TalkCursor{Container: "../x"}); connectors.KindOf(err) != connectors.Invalid {
		t.Error(err)
	}
}
