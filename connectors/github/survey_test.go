package github_test

import (
	"testing"

	"parley/connectors"
	"parley/connectors/github"
	"parley/connectors/sim/githubsim"
)

func (b *bundle) survey(token string, repos ...string) (connectors.Survey, error) {
	b.Helper()
	return github.Survey(b.Context(), github.Config{Name: "gh", URL: b.url, Token: token, Repos: repos, Now: b.clock.Now})
}

// Repositories that can be written to are presented, then the open projects of those that
// were chosen, with their fields of options and nothing else.
func TestSimSurvey(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	b.ok(b.hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "old", Archived: true}))
	b.ok(b.hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "silent", NoIssues: true}))
	b.ok(b.hub.AddProject(githubsim.Project{Owner: "acme", Number: 7, Title: "Delivery", Repos: []string{repo}, Fields: []githubsim.ProjectField{{Name: "Status", Options: []string{"Todo", "Done"}}}}))
	b.ok(b.hub.AddProject(githubsim.Project{Owner: "acme", Number: 8, Title: "Elsewhere", Fields: []githubsim.ProjectField{{Name: "Status", Options: []string{"X"}}}}))
	all, err := b.survey("t-bot")
	b.ok(err)
	if len(all.Places) != 1 || all.Places[0].Key != repo || all.More || all.Me.ID != "parley-bot" {
		t.Errorf("%+v", all)
	}
	chosen, err := b.survey("t-bot", repo)
	b.ok(err)
	if len(chosen.Boards) != 1 {
		t.Fatalf("%+v", chosen.Boards)
	}
	board := chosen.Boards[0]
	if board.Name != "acme/7" || board.Title != "Delivery" || !board.Writable || len(board.Fields) != 1 || board.Fields[0].Name != "Status" || len(board.Fields[0].Options) != 2 {
		t.Errorf("%+v", board)
	}
	if _, err := b.survey("wr0ng"); connectors.KindOf(err) != connectors.Auth {
		t.Errorf("a wrong token: %v", err)
	}
}

// A token that may not see projects, and a repository that is not there, are no failure here.
func TestSimSurveyWithoutProjects(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	b.ok(b.hub.AddProject(githubsim.Project{Owner: "acme", Number: 7, Title: "Delivery", Repos: []string{repo}}))
	b.ok(b.hub.AddUser(githubsim.User{Login: "bot-two", Token: "t-two", Push: true}))
	b.ok(b.hub.SetProjectAccess("acme/7", "bot-two", githubsim.None))
	s, err := b.survey("t-two", repo, "acme/nil")
	b.ok(err)
	if len(s.Boards) != 0 {
		t.Errorf("%+v", s.Boards)
	}
}
