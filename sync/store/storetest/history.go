package storetest

import (
	"github.com/google/go-cmp/cmp"

	"parley/sync/store"
)

func historyCases() []check {
	return []check{
		{"issues whose history is to be imported are listed", unrecorded},
		{"a history that is whole stays whole", wholeHistory},
	}
}

func historyRow(tracker, id, container string, history int64) store.IssueRow {
	return store.IssueRow{Tracker: tracker, ID: id, Container: container, History: history}
}

func unrecorded(t fixture) {
	s := t.store
	commit(t, s, store.Commit{
		Issues: []store.IssueRow{
			historyRow("jira", "1", "OPS", 0), historyRow("jira", "2", "FIN", 0), historyRow("jira", "3", "OPS", store.HistoryWhole),
			historyRow("jira", "4", "OPS", 0), historyRow("jira", "5", "OPS", 0), historyRow("jira", "6", "OPS", 0), historyRow("github", "7", "OPS", 0),
		},
		Histories: []store.HistoryMark{ // of the same commit, and of nobody
			{Tracker: "jira", ID: "2", Upto: 42}, {Tracker: "jira", ID: "4", Upto: store.HistoryFeed},
			{Tracker: "jira", ID: "5", Upto: store.HistoryRefused}, {Tracker: "jira", ID: "6", Upto: store.HistoryGone}, {Tracker: "jira", ID: "9", Upto: 5},
		},
	})
	for name, c := range map[string]struct {
		containers []string
		after      string
		limit      int
		want       []string
	}{
		"all":            {nil, "", 0, []string{"1", "2", "4"}},
		"of a container": {[]string{"OPS"}, "1", 0, []string{"4"}},
		"a page":         {nil, "", 2, []string{"1", "2"}},
	} {
		if diff := cmp.Diff(c.want, ids(must(s.Unrecorded(t.Context(), "jira", c.containers, c.after, c.limit))(t))); diff != "" {
			t.Errorf("Unrecorded, %s (-want +got):\n%s", name, diff)
		}
	}
	if diff := cmp.Diff([]string{"5"}, ids(must(s.Refused(t.Context(), "jira", "", 0))(t))); diff != "" {
		t.Errorf("Refused (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(store.HistoryTally{Issues: 6, Whole: 1, Refused: 2}, must(s.Histories(t.Context(), "jira"))(t)); diff != "" {
		t.Errorf("Histories (-want +got):\n%s", diff)
	}
	if got := must(s.Index(t.Context(), "jira", []string{"2"}))(t)["2"].History; got != 42 {
		t.Errorf("History = %d, want 42", got)
	}
	if got := must(s.Histories(t.Context(), "nobody"))(t); got != (store.HistoryTally{}) {
		t.Errorf("Histories of nobody = %+v", got)
	}
}

func wholeHistory(t fixture) {
	s := t.store
	of := func(id string) int64 { return must(s.Index(t.Context(), "jira", []string{id}))(t)[id].History }
	commit(t, s, store.Commit{Issues: []store.IssueRow{historyRow("jira", "1", "OPS", store.HistoryWhole), historyRow("jira", "2", "OPS", 0), historyRow("jira", "3", "OPS", 0)}})
	commit(t, s, store.Commit{Histories: []store.HistoryMark{
		{Tracker: "jira", ID: "1", Upto: 7}, {Tracker: "jira", ID: "2", Upto: 5}, {Tracker: "jira", ID: "2", Upto: 9}, {Tracker: "jira", ID: "3", Upto: store.HistoryRefused},
	}})
	if a, b, c := of("1"), of("2"), of("3"); a != store.HistoryWhole || b != 9 || c != store.HistoryRefused {
		t.Errorf("after the marks %d, %d, %d", a, b, c)
	}
	commit(t, s, store.Commit{Issues: []store.IssueRow{historyRow("jira", "1", "OPS", 0), historyRow("jira", "2", "OPS", 0), historyRow("jira", "3", "OPS", 0)}})
	if a, b, c := of("1"), of("2"), of("3"); a != store.HistoryWhole || b != 9 || c != 0 {
		t.Errorf("seen again %d, %d, %d; only the one that could not be read begins anew", a, b, c)
	}
	seq := commit(t, s, store.Commit{Issues: []store.IssueRow{historyRow("jira", "2", "OPS", store.HistoryWhole)}})
	if got := of("2"); got != store.HistoryWhole || seq != 0 {
		t.Errorf("read with all of it %d, sequence %d", got, seq)
	}
}
