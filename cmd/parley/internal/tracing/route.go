package tracing

import "strings"

// Route is the path of a request to a tracker with everything left out that is not a word
// of its API: names of projects, repositories and labels, keys, ids.
func Route(path string) string {
	var out strings.Builder
	names := 0 // segments to come that are somebody's names, whatever they say
	for segment := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		out.WriteByte('/')
		if names > 0 || !word(segment) {
			out.WriteString("{}")
			names = max(names-1, 0)
			continue
		}
		out.WriteString(segment)
		names = namesAfter(segment)
	}
	return out.String()
}

// namesAfter is how many segments behind a word of an API are names.
func namesAfter(segment string) int {
	switch segment {
	case "repos":
		return 2
	case "labels", "orgs", "users", "properties", "projectsV2", "installations":
		return 1
	}
	return 0
}

// word reports whether a segment is a word of the trackers' APIs.
func word(segment string) bool {
	switch segment {
	case "rest", "api", "2", "3", "v3", "latest", "issue", "search", "jql", "approximate-count", "myself", "serverInfo", "project", "statuses", "status",
		"priority", "field", "fields", "transitions", "changelog", "bulkfetch", "list", "comment", "remotelink", "properties", "createmeta", "issuetypes",
		"user", "resolution", "mypermissions", "mypermission", "issueLinkType", "securitylevel", "issuesecurityschemes", "users", "assignable", "workflowscheme", "priorityscheme",
		"repos", "repositories", "issues", "events", "timeline", "comments", "labels", "assignees", "graphql", "orgs", "app", "installation", "installations",
		"access_tokens", "issue-types", "issue-fields", "issue-field-values", "milestones", "rate_limit", "projectsV2", "notifications", "collaborators", "permission":
		return true
	}
	return false
}
