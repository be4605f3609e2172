package jira

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"parley/connectors"
)

// schemePages bounds how long a list of priorities is believed to be, in pages.
const schemePages = 20

// learnSchemes finds out which of the site's priorities each project may use. All of them
// is no scheme, and so is what cannot be found out: then the project itself refuses.
func (c *Client) learnSchemes(ctx context.Context, who identity, d *connectors.Directory) error {
	for i := range d.Containers {
		project := &d.Containers[i]
		if !project.Readable {
			continue
		}
		ids, err := c.scheme(ctx, who, *project)
		if err != nil {
			return err
		}
		for _, p := range d.Priorities {
			if slices.Contains(ids, p.ID) {
				project.Priorities = append(project.Priorities, p.ID)
			}
		}
		if len(project.Priorities) == len(d.Priorities) {
			project.Priorities = nil
		}
	}
	return nil
}

// scheme lists the priorities of a project. Cloud has a list by project; Data Center shows
// its schemes to administrators only; whoever may edit an issue of the project is told what
// it can be set to.
func (c *Client) scheme(ctx context.Context, who identity, project connectors.Container) ([]string, error) {
	if who.cloud && project.ID != "" {
		ids, err := c.listedScheme(ctx, project)
		if err == nil || !skipped(err) {
			return ids, err
		}
	}
	ids, err := c.editableScheme(ctx, who, project.Key)
	if err != nil && skipped(err) {
		return nil, nil
	}
	return ids, err
}

func (c *Client) listedScheme(ctx context.Context, project connectors.Container) ([]string, error) {
	var ids []string
	for range schemePages {
		var page struct {
			Values []wireOption `json:"values"`
			IsLast bool         `json:"isLast"`
		}
		query := url.Values{"projectId": {project.ID}, "startAt": {strconv.Itoa(len(ids))}, "maxResults": {strconv.Itoa(pageSize)}}
		if _, err := c.get(ctx, "read the priorities of project "+project.Key, "priority/search", query, &page); err != nil {
			return nil, err
		}
		for _, p := range page.Values {
			ids = append(ids, string(p.ID))
		}
		if page.IsLast || len(page.Values) == 0 {
			break
		}
	}
	return ids, nil
}

// editableScheme asks what the priority of the project's newest issue can be set to.
func (c *Client) editableScheme(ctx context.Context, who identity, key string) ([]string, error) {
	doing := "read the priorities of project " + key
	q := request{doing: doing, method: http.MethodPost, path: "search"}
	jql := inProjects([]string{key}) + " ORDER BY updated DESC"
	q.body = serverSearch{JQL: jql, Fields: []string{"priority"}, MaxResults: 1}
	if who.cloud {
		q.path, q.body = "search/jql", cloudSearch{JQL: jql, Fields: []string{"priority"}, MaxResults: 1}
	}
	a, err := c.call(ctx, q)
	if err != nil {
		return nil, err
	}
	var newest struct {
		Issues []wireOption `json:"issues"`
	}
	if err := c.decode(q, a, &newest); err != nil || len(newest.Issues) == 0 {
		return nil, err
	}
	id := string(newest.Issues[0].ID)
	if !plainID.MatchString(id) {
		return nil, c.fail(q, connectors.Malformed, fmt.Errorf("an issue of project %s has no usable id", key))
	}
	var meta struct {
		Fields struct {
			Priority struct {
				Allowed []wireOption `json:"allowedValues"`
			} `json:"priority"`
		} `json:"fields"`
	}
	if _, err := c.get(ctx, doing, "issue/"+id+"/editmeta", nil, &meta); err != nil {
		return nil, err
	}
	var ids []string
	for _, p := range meta.Fields.Priority.Allowed {
		ids = append(ids, string(p.ID))
	}
	return ids, nil
}

// skipped lets a refusal, or an endpoint that is gone, be no knowledge instead of a
// failure: Parley works without.
func skipped(err error) bool {
	switch connectors.KindOf(err) {
	case connectors.NotFound, connectors.Forbidden, connectors.Invalid, connectors.Malformed, connectors.Gone:
		return true
	}
	return false
}
