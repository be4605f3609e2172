package app

import (
	"context"
	"net/http"

	"parley/connectors"
	"parley/connectors/github"
	"parley/connectors/jira"
	"parley/mapping"
)

// Survey asks the first Jira and the first GitHub of a configuration, which need not be
// whole, what there is to choose from; nil where it has none. What keeps a tracker from
// being asked is told at its keys, as CheckTrackers does.
func Survey(ctx context.Context, o Options) (ofJira, ofGitHub *connectors.Survey, problems []mapping.Problem) {
	c := clients{Options: o, made: map[string]*http.Client{}}
	take := func(path string, s connectors.Survey, err error) *connectors.Survey {
		if err != nil {
			problems = append(problems, failure(path, err, o.zone()))
			return nil
		}
		return &s
	}
	if len(o.Config.Jira) > 0 {
		s, err := jira.Survey(ctx, c.jira(o.Config.Jira[0]))
		ofJira = take("jira[0]", s, err)
	}
	if len(o.Config.GitHub) > 0 {
		s, err := github.Survey(ctx, c.gitHub(o.Config.GitHub[0]))
		ofGitHub = take("github[0]", s, err)
	}
	return ofJira, ofGitHub, problems
}
