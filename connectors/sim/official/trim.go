package official

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// ours are the first parts of the paths below /rest/api/{version}/ that have to do with
// issues. Reading all of Atlassian's documents takes longer than most packages' tests.
var ours = []string{
	"changelog", "comment", "field", "issue", "issuetype", "jql", "mypermissions", "myself", "priority", "priorityscheme", "project",
	"resolution", "search", "serverInfo", "status", "statuscategory", "statuses", "user", "webhook",
}

// trimmed leaves out of a document the operations that have nothing to do with issues,
// what only they need, and whatever is there for people.
func trimmed(raw []byte) ([]byte, error) {
	var doc map[string]any
	if err := json.Unmarshal(raw, &doc); err != nil {
		return nil, fmt.Errorf("read the document: %w", err)
	}
	paths, _ := doc["paths"].(map[string]any)
	for path := range paths {
		rest, jira := strings.CutPrefix(path, "/rest/")
		if parts := strings.Split(rest, "/"); jira && (len(parts) < 3 || !slices.Contains(ours, parts[2])) {
			delete(paths, path)
		}
	}
	delete(doc, "tags")
	quiet(doc, false)
	components, _ := doc["components"].(map[string]any)
	needed := map[string]bool{}
	refer(paths, components, needed)
	for kind, group := range components {
		members, _ := group.(map[string]any)
		for name := range members {
			if kind != "securitySchemes" && !needed[kind+"/"+name] {
				delete(members, name)
			}
		}
	}
	return json.Marshal(doc)
}

// forPeople are members of a document that no judgement needs.
var forPeople = []string{"description", "summary", "example", "examples", "externalDocs", "tags", "security"}

// quiet drops what is for people, which is long, and extensions. The names of properties
// are no such members, whatever they are.
func quiet(v any, names bool) {
	switch x := v.(type) {
	case map[string]any:
		for k, member := range x {
			_, text := member.(string)
			if !names && (slices.Contains(forPeople, k) && (k != "description" || text) || extension(k)) {
				delete(x, k)
				continue
			}
			quiet(member, k == "properties" && !names || k == "schemas" || k == "responses" && !names)
		}
	case []any:
		for _, member := range x {
			quiet(member, false)
		}
	}
}

func extension(member string) bool {
	return strings.HasPrefix(member, "x-atlassian") || strings.HasPrefix(member, "x-github") || strings.HasPrefix(member, "x-octokit")
}

// refer notes the components that a part of a document refers to, and those that they do.
func refer(v any, components map[string]any, needed map[string]bool) {
	switch x := v.(type) {
	case map[string]any:
		if to, ok := x["$ref"].(string); ok {
			to = strings.TrimPrefix(to, "#/components/")
			kind, name, _ := strings.Cut(to, "/")
			if group, ok := components[kind].(map[string]any); ok && !needed[to] {
				needed[to] = true
				refer(group[name], components, needed)
			}
		}
		for _, member := range x {
			refer(member, components, needed)
		}
	case []any:
		for _, member := range x {
			refer(member, components, needed)
		}
	}
}
