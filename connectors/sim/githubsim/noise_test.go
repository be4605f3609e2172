package githubsim_test

import (
	"strings"
	"testing"
	"time"

	"parley/connectors/sim/githubsim"
)

func TestNoise(t *testing.T) {
	t.Parallel()
	for kind, want := range map[githubsim.Noise]struct{ moves, event, line bool }{
		githubsim.Mention:         {true, true, true},
		githubsim.CommitReference: {true, true, true},
		githubsim.Subscription:    {false, true, true},
		githubsim.CrossReference:  {true, false, true},
		githubsim.Review:          {true, false, true},
		githubsim.ForcePush:       {true, false, true},
		githubsim.Reaction:        {false, false, false},
	} {
		w := newWorld(t, githubsim.Options{})
		w.issue("Another")
		is, err := w.hub.CreateIssue("ana", pay, githubsim.NewIssue{Title: "Pay", PullRequest: kind == githubsim.Review || kind == githubsim.ForcePush})
		w.must(err)
		w.clock.Advance(time.Minute)
		w.must(w.hub.MakeNoise("Bo", pay, 2, kind))
		now := w.state(2)
		if moved := now.Updated.After(is.Updated); moved != want.moves {
			t.Errorf("%s moves updated_at: %v, want %v", kind, moved, want.moves)
		}
		is.Updated, now.Updated = time.Time{}, time.Time{}
		if now.Title != is.Title || now.State != is.State || len(now.Labels) != 0 || now.Comments != 0 {
			t.Errorf("%s changed the issue: %+v", kind, now)
		}
		word := `"event":"` + string(kind) + `"`
		for path, want := range map[string]bool{"/2/events": want.event, "/events": want.event, "/2/timeline": want.line} {
			if got := w.get(issuesPath + path); got.status != 200 || strings.Contains(got.body, word) != want {
				t.Errorf("%s in %s: %v, want %v: %s", kind, path, !want, want, got.body)
			}
		}
		if kind == githubsim.Reaction && !strings.Contains(w.get(issuesPath+"/2").body, `"total_count":1`) {
			t.Error("the reaction does not show")
		}
	}
	w := newWorld(t, githubsim.Options{})
	w.issue("Pay")
	if w.hub.MakeNoise("Bo", pay, 1, githubsim.Review) == nil || w.hub.MakeNoise("Bo", pay, 9, githubsim.Mention) == nil {
		t.Error("a review of an issue, or noise around nothing, was let through")
	}
}

// Each kind of read lags by itself, and becomes right without another change.
func TestReadsAndFeedsThatLag(t *testing.T) {
	t.Parallel()
	lag := func(d time.Duration) func(string, int) time.Duration {
		return func(string, int) time.Duration { return d }
	}
	for name, o := range map[string]githubsim.Options{
		"reads": {ReadLag: lag(20 * time.Second)}, "feed": {FeedLag: lag(20 * time.Second)}, "lists": {ListLag: lag(20 * time.Second)}, "none": {},
	} {
		w := newWorld(t, o)
		w.issue("Pay")
		w.clock.Advance(time.Minute)
		w.must(w.hub.AddLabels("ana", pay, 1, "urgent"))
		sees := func(path string) bool { return strings.Contains(w.get(issuesPath+path).body, `"urgent"`) }
		tag := w.get(issuesPath + "/events").header.Get("ETag")
		for path, late := range map[string]bool{"/1": name == "reads", "/1/events": name == "reads", "?x=1": name == "lists"} {
			if sees(path) == late {
				t.Errorf("%s late: %s shows the label: %v", name, path, !late)
			}
		}
		if inFeed := strings.Contains(w.get(issuesPath+"/events").body, `"event":"labeled"`); inFeed == (name == "feed") {
			t.Errorf("%s late: the feed shows the label: %v", name, inFeed)
		}
		w.clock.Advance(19 * time.Second)
		if (name == "reads") == sees("/1") {
			t.Errorf("%s late: after 19 s the read shows the label: %v", name, sees("/1"))
		}
		w.clock.Advance(time.Second)
		if !sees("/1") || !sees("/1/events") || !sees("?x=1") || !sees("/events") {
			t.Errorf("%s late: after 20 s it is still not there", name)
		}
		if fresh := w.get(issuesPath+"/events", "If-None-Match: "+tag).status == 304; fresh == (name == "feed") {
			t.Errorf("%s late: 304 for the feed as it was: %v", name, fresh)
		}
	}
	w := newWorld(t, githubsim.Options{ReadLag: lag(5 * time.Second)})
	w.issue("Pay")
	if got := w.get(issuesPath + "/1"); got.status != 404 {
		t.Errorf("a new issue that the copy has not got yet: %d", got.status)
	}
	w.clock.Advance(5 * time.Second)
	if got := w.get(issuesPath + "/1"); got.status != 200 {
		t.Errorf("a new issue: %d", got.status)
	}
}
