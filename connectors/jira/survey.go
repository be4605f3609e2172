package jira

import (
	"context"
	"net/url"
	"strconv"

	"parley/connectors"
	"parley/connectors/transport"
)

// Bounds of a survey: nobody chooses from longer lists.
const (
	surveyPages      = 4   // of projects, on Cloud
	surveyed         = 200 // projects, where all come in one answer
	surveyComponents = 200
)

type wireProject struct {
	Key        text         `json:"key"`
	Name       text         `json:"name"`
	Archived   bool         `json:"archived"`
	Components []wireOption `json:"components"`
	Types      []metaType   `json:"issueTypes"`
}

// Survey learns whose the credential is and presents the projects of the configuration,
// or where it names none those that the account may see. A project that cannot be read
// is left out: Check says why. Its failures are those of Check.
func Survey(ctx context.Context, c Config) (connectors.Survey, error) {
	client, err := open(c)
	if err != nil {
		return connectors.Survey{}, err
	}
	ctx = transport.Series(ctx)
	who, err := client.relearn(ctx)
	if err != nil {
		return connectors.Survey{}, err
	}
	s := connectors.Survey{Product: who.product, Me: person(&who.me)}
	for _, key := range c.Projects {
		var p wireProject
		if _, err := client.get(ctx, "read project "+key, "project/"+key, nil, &p); err != nil {
			if aside(err) != nil {
				return s, err
			}
			continue
		}
		s.Places = append(s.Places, p.place())
	}
	if len(c.Projects) == 0 {
		err = client.listProjects(ctx, who, &s)
	}
	return s, err
}

// listProjects lists what the account may see: Cloud by pages, Data Center all at once.
func (c *Client) listProjects(ctx context.Context, who identity, s *connectors.Survey) error {
	if !who.cloud {
		var all []wireProject
		_, err := c.get(ctx, "list the projects", "project", nil, &all)
		s.More = len(all) > surveyed
		s.Places = append(s.Places, places(all[:min(len(all), surveyed)])...)
		return err
	}
	for start, pages := 0, 0; ; pages++ {
		var page struct {
			Values []wireProject `json:"values"`
			IsLast bool          `json:"isLast"`
		}
		query := url.Values{"startAt": {strconv.Itoa(start)}, "maxResults": {"50"}}
		if _, err := c.get(ctx, "list the projects", "project/search", query, &page); err != nil {
			return err
		}
		s.Places = append(s.Places, places(page.Values)...)
		if start += len(page.Values); page.IsLast || len(page.Values) == 0 {
			return nil
		}
		if pages+1 >= surveyPages {
			s.More = true
			return nil
		}
	}
}

// places leaves out what is archived, and keys that no configuration could name.
func places(projects []wireProject) []connectors.Place {
	var out []connectors.Place
	for _, p := range projects {
		if !p.Archived && projectKey.MatchString(string(p.Key)) {
			out = append(out, p.place())
		}
	}
	return out
}

func (p wireProject) place() connectors.Place {
	out := connectors.Place{Key: string(p.Key), Name: string(p.Name)}
	for _, c := range p.Components[:min(len(p.Components), surveyComponents)] {
		out.Components = append(out.Components, string(c.Name))
	}
	for _, t := range p.Types {
		if !t.Subtask {
			out.Types = append(out.Types, string(t.Name))
		}
	}
	return out
}
