package official

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// ours begin the paths below /rest/api/{version}/ that have to do with issues; reading
// all of Atlassian's documents takes as long as a package's other tests.
var ours = []string{
	"changelog", "comment", "configuration", "events", "field", "issue", "jql", "mypermissions", "myself", "priority", "project", "resolution",
	"search", "serverInfo", "status", "user", "webhook", "workflow",
}

// trimmed leaves out the operations that have nothing to do with issues.
func trimmed(raw []byte) ([]byte, error) {
	var doc, paths map[string]json.RawMessage
	if err := json.Unmarshal(raw, &doc); err != nil {
		return nil, fmt.Errorf("read the document: %w", err)
	}
	if err := json.Unmarshal(doc["paths"], &paths); err != nil {
		return nil, fmt.Errorf("read its paths: %w", err)
	}
	for path := range paths {
		rest, jira := strings.CutPrefix(path, "/rest/")
		parts := strings.SplitN(rest, "/", 3)
		keep := func(begin string) bool { return strings.HasPrefix(parts[len(parts)-1], begin) }
		if jira && !slices.ContainsFunc(ours, keep) {
			delete(paths, path)
		}
	}
	var err error
	if doc["paths"], err = json.Marshal(paths); err != nil {
		return nil, err
	}
	return json.Marshal(doc)
}
