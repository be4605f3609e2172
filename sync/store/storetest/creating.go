package storetest

import (
	"slices"

	"parley/kanban"
	"parley/sync/mirror"
	"parley/sync/store"
)

func creatingCases() []check {
	return []check{
		{"creates are listed until they are resolved", creates},
		{"linked cards are counted by project and repository", linked},
	}
}

func creates(t fixture) {
	write := func(id kanban.CardID, state mirror.State, lock int64) {
		w := paired(id, "a title")
		w.Card.Sides[kanban.GitHub] = nil
		w.Card.Lock = lock
		w.Card.Mirror = &mirror.Saga{ID: "create-" + string(id), State: state, Container: "acme/pay"}
		commit(t, t.store, store.Commit{Cards: []store.CardWrite{w}})
	}
	write("card2", mirror.Held, 0)
	write("card1", mirror.Sending, 0)
	write("card3", mirror.Planned, 0)
	write("card3", mirror.Done, 1)
	var ids []string
	for _, s := range must(t.store.Creating(t.Context()))(t) {
		ids = append(ids, s.ID+" "+string(s.State)+" "+s.Container)
	}
	if want := []string{"create-card1 sending acme/pay", "create-card2 held acme/pay"}; !slices.Equal(ids, want) {
		t.Errorf("creates %q, want %q", ids, want)
	}
}

func linked(t fixture) {
	row := func(tracker, id, container string, card kanban.CardID) store.IssueRow {
		return store.IssueRow{Tracker: tracker, ID: id, Key: tracker + "-" + id, Container: container, Card: card, Token: epoch()}
	}
	commit(t, t.store, store.Commit{
		Cards: []store.CardWrite{paired("card1", "one"), paired("card2", "two"), paired("card3", "three")},
		Issues: []store.IssueRow{
			row("jira", "1", "OPS", "card1"), row("github", "1", "acme/pay", "card1"),
			row("jira", "2", "OPS", "card2"), row("github", "2", "acme/web", "card2"),
			row("jira", "3", "OPS", "card3"),
		},
	})
	for _, c := range []struct {
		project, repo string
		want          int
	}{{"OPS", "acme/pay", 1}, {"OPS", "acme/web", 1}, {"OPS", "acme/none", 0}, {"acme/pay", "acme/pay", 0}} {
		if got := must(t.store.Linked(t.Context(), c.project, c.repo))(t); got != c.want {
			t.Errorf("%d cards join %s and %s, want %d", got, c.project, c.repo, c.want)
		}
	}
}
