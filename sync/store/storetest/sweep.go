package storetest

import (
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/sync/store"
)

func sweepCases() []check {
	return []check{
		{"issues that no sweep has seen are listed", unswept},
		{"the newest key of a container is the one with the highest number", newestKey},
		{"what is in quarantine stays there until it is released", quarantine},
	}
}

func ids(rows []store.IssueRow) []string {
	ids := []string{}
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	return ids
}

func unswept(t fixture) {
	s := t.store
	row := func(tracker, id, container string) store.IssueRow {
		return store.IssueRow{Tracker: tracker, ID: id, Container: container}
	}
	commit(t, s, store.Commit{
		Issues: []store.IssueRow{
			row("jira", "1", "OPS"), row("jira", "2", "FIN"), row("jira", "3", "OPS"), row("jira", "4", "OPS"), row("github", "5", "OPS"),
		},
		Swept: []store.Swept{{Tracker: "jira", IDs: []string{"3", "9"}, At: at(10)}}, // of the same commit, and of nobody
	})
	commit(t, s, store.Commit{Now: at(20), Swept: []store.Swept{{Tracker: "jira", IDs: []string{"1"}}}})
	commit(t, s, store.Commit{
		Swept:  []store.Swept{{Tracker: "jira", IDs: []string{"1"}, At: at(5)}, {Tracker: "github", IDs: []string{"4"}, At: at(99)}},
		Issues: []store.IssueRow{row("jira", "3", "OPS")}, // a later read forgets no mark
	})
	for name, c := range map[string]struct {
		containers []string
		before     time.Time
		after      string
		limit      int
		want       []string
	}{
		"ever":             {nil, at(1), "", 0, []string{"2", "4"}},
		"at that moment":   {nil, at(10), "", 0, []string{"2", "4"}},
		"since":            {nil, at(11), "", 0, []string{"2", "3", "4"}},
		"no mark is older": {nil, at(20), "", 0, []string{"2", "3", "4"}},
		"all":              {nil, at(21), "", 0, []string{"1", "2", "3", "4"}},
		"of a container":   {[]string{"OPS"}, at(21), "1", 0, []string{"3", "4"}},
		"of both, a page":  {[]string{"OPS", "FIN"}, at(21), "1", 2, []string{"2", "3"}},
		"of none":          {[]string{"NONE"}, at(21), "", 0, []string{}},
	} {
		if diff := cmp.Diff(c.want, ids(must(s.Unswept(t.Context(), "jira", c.containers, c.before, c.after, c.limit))(t))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func newestKey(t fixture) {
	s := t.store
	row := func(tracker, id, key, container string) store.IssueRow {
		return store.IssueRow{Tracker: tracker, ID: id, Key: key, Container: container}
	}
	commit(t, s, store.Commit{Issues: []store.IssueRow{
		row("jira", "1", "OPS-9", "OPS"), row("jira", "2", "OPS-412", "OPS"), row("jira", "3", "OPS-80", "OPS"), row("jira", "4", "FIN-999", "FIN"),
		row("github", "5", "acme/pay-2#7", "acme/pay-2"), row("github", "6", "acme/pay-2#12", "acme/pay-2"),
		row("jira", "7", "ODD-", "ODD"), row("jira", "8", "ODD-12345678901234567890", "ODD"), row("jira", "9", "ODD-1x", "ODD"),
		row("jira", "10", "TIE-3", "TIE"), row("jira", "11", "tie-3", "TIE"),
	}})
	want := func(tracker, container, want string) {
		t.Helper()
		if got := must(s.NewestKey(t.Context(), tracker, container))(t); got != want {
			t.Errorf("NewestKey(%s, %s) = %q, want %q", tracker, container, got, want)
		}
	}
	want("jira", "OPS", "OPS-412")
	want("jira", "FIN", "FIN-999")
	want("github", "acme/pay-2", "acme/pay-2#12")
	want("jira", "ODD", "")
	want("other", "OPS", "")
	want("jira", "TIE", "tie-3")                                                              // of equals the one with the last id
	commit(t, s, store.Commit{Issues: []store.IssueRow{row("jira", "2", "FIN-1000", "FIN")}}) // moved
	want("jira", "OPS", "OPS-80")
	want("jira", "FIN", "FIN-1000")
}

func quarantine(t fixture) {
	s := t.store
	ctx := t.Context()
	parked := func(issue, reason string, tries int) store.Quarantined {
		return store.Quarantined{Tracker: "jira", Issue: issue, Key: "OPS-" + issue, Fingerprint: "f" + reason, Reason: reason, Tries: tries, At: at(tries)}
	}
	commit(t, s, store.Commit{Quarantine: []store.Quarantined{parked("2", "odd", 1), parked("1", "odd", 1), parked("1", "odder", 2)}})
	want := []store.Quarantined{parked("1", "odder", 2), parked("2", "odd", 1)}
	if diff := cmp.Diff(want, must(s.Quarantine(ctx))(t)); diff != "" {
		t.Fatalf("Quarantine (-want +got):\n%s", diff)
	}
	again := parked("2", "worse", 0)
	again.At = time.Time{}
	seq := commit(t, s, store.Commit{
		Now: at(30), Quarantine: []store.Quarantined{again, parked("3", "in and out", 1)},
		Released: []store.IssueID{{Tracker: "jira", ID: "1"}, {Tracker: "github", ID: "2"}, {Tracker: "jira", ID: "3"}},
	})
	again.At = at(30) // of the commit, as none was given
	if diff := cmp.Diff([]store.Quarantined{again}, must(s.Quarantine(ctx))(t)); diff != "" {
		t.Errorf("Quarantine after a release (-want +got):\n%s", diff)
	}
	if seq != 0 {
		t.Errorf("sequence %d, want 0: a quarantine changes no card", seq)
	}
}
