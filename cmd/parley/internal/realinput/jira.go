package main

import (
	"encoding/json"
	"fmt"
)

// rawIssue is one line of the Jira file.
type rawIssue struct {
	ID             string   `json:"id"`
	Key            string   `json:"key"`
	Project        string   `json:"project"`
	Summary        string   `json:"summary"`
	Status         string   `json:"status"`
	Category       string   `json:"statusCategory"`
	Type           string   `json:"issuetype"`
	Priority       string   `json:"priority"`
	Resolution     string   `json:"resolution"`
	Created        string   `json:"created"`
	Updated        string   `json:"updated"`
	ResolutionDate string   `json:"resolutiondate"`
	Assignee       string   `json:"assignee"`
	Reporter       string   `json:"reporter"`
	Components     []string `json:"components"`
	Labels         []string `json:"labels"`
	FixVersions    []string `json:"fixVersions"`
	Parent         string   `json:"parent"`
}

type object map[string]any

// jiraIssues encodes every line of the file as Jira's own JSON of an issue.
func jiraIssues(path string, enc *json.Encoder, by ahead) error {
	return eachLine(path, func(line []byte) error {
		var in rawIssue
		if err := json.Unmarshal(line, &in); err != nil {
			return fmt.Errorf("decode issue: %w", err)
		}
		for _, at := range []*string{&in.Created, &in.Updated, &in.ResolutionDate} {
			*at = moved(*at, by.jira)
		}
		out := in.issue()
		if by.steps {
			out["changelog"] = in.step()
		}
		return enc.Encode(out)
	})
}

func (in rawIssue) issue() object {
	return object{"id": in.ID, "key": in.Key, "fields": object{
		"summary": in.Summary, "project": object{"key": in.Project}, "issuetype": named(in.Type),
		"status":   object{"id": statuses()[in.Status], "name": in.Status, "statusCategory": object{"key": in.Category}},
		"priority": named(in.Priority), "resolution": named(in.Resolution),
		"created": in.Created, "updated": in.Updated, "resolutiondate": in.ResolutionDate,
		"assignee": named(in.Assignee), "reporter": named(in.Reporter),
		"components": namedAll(in.Components), "fixVersions": namedAll(in.FixVersions),
		"labels": in.Labels, "parent": object{"key": in.Parent},
	}}
}

// named is null for what an issue does not have, as Jira says it.
func named(name string) any {
	if name == "" {
		return nil
	}
	return object{"name": name}
}

func namedAll(names []string) []any {
	out := make([]any, 0, len(names))
	for _, n := range names {
		out = append(out, named(n))
	}
	return out
}
