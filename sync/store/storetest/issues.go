package storetest

import (
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/sync/store"
)

func issueCases() []check {
	return []check{
		{"issues are found by id and by key", index},
		{"the latest resident of a status is found", resident},
		{"mentions are replaced per issue and method", mentions},
		{"unpaired issues are listed until their links were read", unpaired},
		{"parted issues stay parted until that is lifted", parted},
		{"workflow edges are remembered", edges},
	}
}

func index(t fixture) {
	s := t.store
	row := store.IssueRow{
		Tracker: "jira", ID: "1", Key: "OPS-1", Container: "OPS", Type: "Bug", StatusID: "3", Card: "aaa",
		Token: at(5).Add(123 * time.Microsecond), Hash: "h", LinksRead: true,
	}
	other := store.IssueRow{Tracker: "other", ID: "1", Key: "ops-1", Card: "bbb", Token: at(9)}
	commit(t, s, store.Commit{Issues: []store.IssueRow{row, other, {Tracker: "jira", ID: "2", Key: "OPS-2"}}})
	if diff := cmp.Diff(map[string]store.IssueRow{"1": row}, must(s.Index(t.Context(), "jira", []string{"1", "9"}))(t)); diff != "" {
		t.Errorf("Index (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]store.IssueRow{other, row}, must(s.IssueByKey(t.Context(), "Ops-1"))(t)); diff != "" {
		t.Errorf("IssueByKey (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]store.IssueRow{row}, must(s.IssuesOf(t.Context(), "aaa"))(t)); diff != "" {
		t.Errorf("IssuesOf (-want +got):\n%s", diff)
	}
	// Moved to another project; that its links were read is not forgotten. The
	// last row of a commit counts.
	row.Key, row.Container, row.Token, row.LinksRead = "FIN-8", "FIN", at(10), false
	commit(t, s, store.Commit{Issues: []store.IssueRow{{Tracker: "jira", ID: "1", Key: "FIN-7"}, row}})
	row.LinksRead = true
	if diff := cmp.Diff(map[string]store.IssueRow{"1": row}, must(s.Index(t.Context(), "jira", []string{"1"}))(t)); diff != "" {
		t.Errorf("Index after the move (-want +got):\n%s", diff)
	}
}

func resident(t fixture) {
	s := t.store
	row := func(id, project, typ, status string, second int) store.IssueRow {
		return store.IssueRow{Tracker: "jira", ID: id, Container: project, Type: typ, StatusID: status, Token: at(second)}
	}
	commit(t, s, store.Commit{Issues: []store.IssueRow{
		row("1", "OPS", "Bug", "3", 1), row("2", "OPS", "Bug", "3", 2), row("3", "OPS", "Task", "3", 3), row("4", "FIN", "Bug", "3", 4), row("5", "OPS", "Bug", "5", 5),
	}})
	for _, c := range []struct {
		project, typ, status, want string
	}{
		{"OPS", "Bug", "3", "2"},
		{"OPS", "", "3", "3"},
		{"FIN", "Bug", "3", "4"},
		{"OPS", "Bug", "4", ""},
	} {
		got, ok, err := s.Resident(t.Context(), "jira", c.project, c.typ, c.status)
		if err != nil || ok != (c.want != "") || got.ID != c.want {
			t.Errorf("Resident(%s, %s, %s) = %q, %v, %v; want %q", c.project, c.typ, c.status, got.ID, ok, err, c.want)
		}
	}
}

func mentions(t fixture) {
	s := t.store
	set := func(method string, targets ...string) store.MentionSet {
		return store.MentionSet{Tracker: "jira", IssueID: "1", Method: method, Targets: targets}
	}
	commit(t, s, store.Commit{Mentions: []store.MentionSet{
		set("key-in-title", "Acme/Pay#7"),
		set("remote-link", "acme/pay#7", "acme/pay#8", "ACME/pay#8"), // the same but for case
	}})
	want := []store.Mention{
		{Tracker: "jira", IssueID: "1", Method: "key-in-title", Target: "Acme/Pay#7"},
		{Tracker: "jira", IssueID: "1", Method: "remote-link", Target: "acme/pay#7"},
	}
	if diff := cmp.Diff(want, must(s.Mentioned(t.Context(), "ACME/PAY#7"))(t)); diff != "" {
		t.Errorf("Mentioned (-want +got):\n%s", diff)
	}
	if got := must(s.Mentions(t.Context(), "jira", "1"))(t); len(got) != 3 {
		t.Errorf("Mentions = %v, want three", got)
	}
	commit(t, s, store.Commit{Mentions: []store.MentionSet{set("remote-link")}})
	if diff := cmp.Diff(want[:1], must(s.Mentions(t.Context(), "jira", "1"))(t)); diff != "" {
		t.Errorf("Mentions after the links went (-want +got):\n%s", diff)
	}
}

func unpaired(t fixture) {
	s := t.store
	row := func(id, container string, card kanban.CardID) store.IssueRow {
		return store.IssueRow{Tracker: "jira", ID: id, Container: container, Card: card}
	}
	read := row("5", "OPS", "aaa")
	read.LinksRead = true
	commit(t, s, store.Commit{
		Cards: []store.CardWrite{newCard("aaa", "a"), paired("both", "b")},
		Issues: []store.IssueRow{
			row("1", "OPS", "aaa"), row("2", "FIN", "aaa"), row("3", "OPS", "both"), row("4", "OPS", "aaa"), read,
			{Tracker: "github", ID: "6", Container: "OPS", Card: "aaa"},
		},
	})
	list := func(containers []string, after string, limit int) []string {
		ids := []string{}
		for _, r := range must(s.Unpaired(t.Context(), "jira", containers, after, limit))(t) {
			ids = append(ids, r.ID)
		}
		return ids
	}
	for _, c := range []struct {
		containers []string
		after      string
		limit      int
		want       []string
	}{
		{nil, "", 0, []string{"1", "2", "4"}},
		{[]string{"OPS"}, "", 0, []string{"1", "4"}},
		{[]string{"OPS", "FIN"}, "1", 1, []string{"2"}},
		{[]string{"NONE"}, "", 0, []string{}},
	} {
		if diff := cmp.Diff(c.want, list(c.containers, c.after, c.limit)); diff != "" {
			t.Errorf("Unpaired(%v, %q, %d) (-want +got):\n%s", c.containers, c.after, c.limit, diff)
		}
	}
	reading := func(id string, token time.Time) store.LinkReading {
		return store.LinkReading{IssueID: store.IssueID{Tracker: "jira", ID: id}, Token: token}
	}
	commit(t, s, store.Commit{LinksRead: []store.LinkReading{reading("1", time.Time{}), reading("2", time.Time{})}})
	if diff := cmp.Diff([]string{"4"}, list(nil, "", 0)); diff != "" {
		t.Errorf("after reading links (-want +got):\n%s", diff)
	}
	again := row("1", "OPS", "aaa")
	again.Token = at(7)
	commit(t, s, store.Commit{Issues: []store.IssueRow{again}, Relinked: []store.IssueID{{Tracker: "jira", ID: "1"}}})
	commit(t, s, store.Commit{LinksRead: []store.LinkReading{reading("1", at(6))}})
	if diff := cmp.Diff([]string{"1", "4"}, list(nil, "", 0)); diff != "" {
		t.Errorf("after a link was added (-want +got):\n%s", diff)
	}
	commit(t, s, store.Commit{LinksRead: []store.LinkReading{reading("1", at(7).Add(300*time.Nanosecond))}})
	if diff := cmp.Diff([]string{"4"}, list(nil, "", 0)); diff != "" {
		t.Errorf("after reading them again (-want +got):\n%s", diff)
	}
}

func parted(t fixture) {
	s := t.store
	a, b := store.IssueID{Tracker: "jira", ID: "1"}, store.IssueID{Tracker: "github", ID: "1"}
	c := store.IssueID{Tracker: "github", ID: "2"}
	want := func(x, y store.IssueID, want bool) {
		t.Helper()
		if got := must(s.Parted(t.Context(), x, y))(t); got != want {
			t.Errorf("Parted(%v, %v) = %v, want %v", x, y, got, want)
		}
	}
	want(a, b, false)
	commit(t, s, store.Commit{Partings: []store.Parting{{A: a, B: b, By: "ana"}, {A: b, B: a}}})
	want(a, b, true)
	want(b, a, true)
	want(a, c, false)
	commit(t, s, store.Commit{Unpart: []store.Parting{{A: b, B: a}}})
	want(a, b, false)
}

func edges(t fixture) {
	s := t.store
	edge := func(id string, second int) store.Edge {
		return store.Edge{
			Tracker: "jira", Project: "OPS", Type: "Bug", From: "1", To: "2", TransitionID: id,
			Global: true, Required: []string{"resolution"}, SeenAt: at(second),
		}
	}
	plain := store.Edge{Tracker: "jira", Project: "OPS", Type: "Bug", From: "2", To: "1", TransitionID: "13"}
	commit(t, s, store.Commit{Now: at(7), Edges: []store.Edge{edge("11", 1), edge("12", 1), edge("11", 2), plain}})
	again := edge("12", 3)
	again.Global, again.Required = false, nil
	commit(t, s, store.Commit{Edges: []store.Edge{again}})
	plain.SeenAt = at(7) // of the commit, as none was given
	want := []store.Edge{edge("11", 2), again, plain}
	if diff := cmp.Diff(want, must(s.Edges(t.Context(), "jira", "OPS", "Bug"))(t)); diff != "" {
		t.Errorf("Edges (-want +got):\n%s", diff)
	}
	gone, other := edge("11", 9), edge("12", 9)
	other.To = "3" // another step by the same transition
	commit(t, s, store.Commit{Forgotten: []store.Edge{gone, other, {Tracker: "jira"}}, Edges: []store.Edge{other}})
	want = []store.Edge{again, other, plain}
	if diff := cmp.Diff(want, must(s.Edges(t.Context(), "jira", "OPS", "Bug"))(t)); diff != "" {
		t.Errorf("after a step was refused (-want +got):\n%s", diff)
	}
	if n := must(s.PruneEdges(t.Context(), at(7)))(t); n != 1 {
		t.Errorf("pruned %d steps, want the one seen before", n)
	}
	if diff := cmp.Diff(want[1:], must(s.Edges(t.Context(), "jira", "OPS", "Bug"))(t)); diff != "" {
		t.Errorf("after pruning (-want +got):\n%s", diff)
	}
	if got := must(s.Edges(t.Context(), "jira", "OPS", "Task"))(t); len(got) != 0 {
		t.Errorf("edges of another type: %v", got)
	}
}
