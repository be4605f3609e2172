package jira_test

import (
	"fmt"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/sim/jirasim"
)

// TestSimOwnWritesAreShownAtOnce: what Parley wrote is in the next poll however late the
// index is, and what others wrote is not; the list is the same on every page.
func TestSimOwnWritesAreShownAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	issues := b.create(150)
	b.poll()
	b.clock.Advance(time.Hour)
	b.poll()
	b.site.SetIndexLag(func(string) time.Duration { return time.Hour })
	for _, v := range issues[:3] {
		_, err := b.client.Send(t.Context(), connectors.Write{Issue: ref(v), Op: "op-" + v.Key, Priority: "2"})
		b.must(err)
	}
	b.must(b.site.Edit("ana", issues[5].Key, jirasim.Edit{Priority: new("2")}))
	b.clock.Advance(time.Minute)
	got := b.poll()
	for _, v := range issues[:3] {
		if o := got[v.Key]; o.Issue.Priority.ID != "2" || len(o.Entries) != 1 || o.Entries[0].Op != "op-"+v.Key {
			t.Errorf("%s: the poll after our write shows %+v", v.Key, o)
		}
	}
	if _, shown := got[issues[5].Key]; shown {
		t.Error("the index was not late: the test proves nothing")
	}
	b.clock.Advance(11 * time.Minute)
	if got := b.poll(); len(got) != 0 {
		t.Errorf("%d issues are still asked for past the index long after the write", len(got))
	}
}

func TestSimTheSameIssuesAreReconciledOnEveryPage(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	issues := b.create(250)
	for i, v := range issues[:60] { // more than Jira takes
		b.clock.Advance(time.Second)
		_, err := b.client.Send(t.Context(), connectors.Write{Issue: ref(v), Priority: "2", Op: fmt.Sprint(i)})
		b.must(err)
	}
	page, err := b.client.Changes(t.Context(), connectors.Cursor{})
	b.must(err)
	for n := 1; page.More; n++ {
		// A write between two pages must not change what is asked, nor must a restart.
		_, err = b.client.Send(t.Context(), connectors.Write{Issue: ref(issues[100+n]), Priority: "2", Op: fmt.Sprint(100 + n)})
		b.must(err)
		b.client = b.open("t0ken")
		if page, err = b.client.Changes(t.Context(), page.Next); err != nil {
			t.Fatalf("page %d: %v", n+1, err)
		}
	}
}
