package runner

import (
	"context"
	"strings"
	"testing"

	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/sync/store"
)

// denied are the places that pages and commands tell of.
func (w *world) denied() []store.Pause {
	w.t.Helper()
	text, _, err := w.store.Setting(context.Background(), store.SettingDenied)
	w.must(err)
	list, err := store.DecodePauses(text, w.clock.Now())
	w.must(err)
	return list
}

// A project that takes no writes any more is told once, however many cards are refused,
// also after a restart, and no longer once a write goes through.
func TestAProjectThatTakesNoWritesIsToldOnce(t *testing.T) {
	t.Parallel()
	both(t, func(w *world) {
		w.must(w.runner.lease(context.Background()))
		first, n := w.pair("One")
		_, m := w.pair("Two")
		w.site.Revoke(w.at.Bot.AccountID, "OPS", jirasim.EditIssues, jirasim.Transit)
		w.must(w.hub.AddLabels("ben", repo, n, "priority:high"))
		w.settle(3)
		began := w.denied()
		if len(began) != 1 || began[0].Tracker != "jira" || began[0].Endpoint != "OPS" || began[0].Cause != store.PauseDenied || began[0].Why == "" {
			w.t.Fatalf("told: %+v\n%s", began, w.story(w.card(first)))
		}
		w.must(w.hub.AddLabels("ben", repo, m, "priority:high"))
		w.settle(3)
		if now := w.denied(); len(now) != 1 || !now[0].Since.Equal(began[0].Since) {
			w.t.Errorf("told again: %+v", now)
		}
		w.runner.release(context.Background())
		w.start()
		w.must(w.runner.lease(context.Background()))
		w.must(w.runner.takeUp(context.Background()))
		if now := w.denied(); len(now) != 1 || !now[0].Since.Equal(began[0].Since) {
			w.t.Errorf("after a restart: %+v", now)
		}
		w.site.Grant(w.at.Bot.AccountID, "OPS", jirasim.EditIssues, jirasim.Transit)
		w.must(w.hub.RemoveLabel("ben", repo, m, "priority:high"))
		w.must(w.hub.AddLabels("ben", repo, m, "priority:low"))
		w.settle(4)
		if now := w.denied(); len(now) != 0 {
			w.t.Errorf("a write went through and %+v is told", now)
		}
	})
}

// A repository is told of as a project is, and a value that is refused says nothing of
// what the account may do.
func TestARepositoryThatTakesNoWritesIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(w.runner.lease(context.Background()))
	key, _ := w.pair("One")
	w.must(w.hub.SetPermission(repo, "parley-bot", githubsim.Read))
	w.must(w.site.Transition("ana", key, "Start work", noEdit))
	w.settle(4)
	got := w.denied()
	if len(got) != 1 || got[0].Tracker != "github" || got[0].Endpoint != repo {
		t.Errorf("told: %+v\n%s", got, w.story(w.card(key)))
	}
	for _, p := range got {
		if strings.Contains(p.Why, "bot-token") || p.Since.After(w.clock.Now()) {
			t.Errorf("%+v", p)
		}
	}
}
