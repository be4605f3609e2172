package jira

import (
	"context"
	"net/http"
)

// Count tells about how many issues a first read will bring. It is one request
// and good for showing progress only.
func (c *Client) Count(ctx context.Context, _ string) (int, error) {
	who, err := c.learn(ctx)
	if err != nil {
		return 0, err
	}
	jql := inProjects(c.config.Projects)
	q := request{doing: "count the issues", method: http.MethodPost, path: "search/approximate-count", body: map[string]string{"jql": jql}}
	if !who.cloud {
		q.path, q.body = "search", serverSearch{JQL: jql, Fields: []string{"key"}}
	}
	var answer struct {
		Count int `json:"count"` // Cloud
		Total int `json:"total"` // Data Center
	}
	a, err := c.call(ctx, q)
	if err == nil {
		err = c.decode(q, a, &answer)
	}
	return max(answer.Count, answer.Total), err
}
