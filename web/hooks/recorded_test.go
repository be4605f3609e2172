package hooks

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

// Webhooks as GitHub documents them, each of them one that is understood.
func TestRecordedWebhooks(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("PARLEY_DATA")
	if dir == "" {
		t.Skip("PARLEY_DATA is not set: the recorded webhooks of GitHub are not at hand")
	}
	raw, err := os.ReadFile(filepath.Join(dir, "github", "webhooks", "issues-and-related.json"))
	if err != nil {
		t.Fatal(err)
	}
	var recorded []struct {
		Name     string            `json:"name"`
		Examples []json.RawMessage `json:"examples"`
	}
	if err := json.Unmarshal(raw, &recorded); err != nil {
		t.Fatal(err)
	}
	named, hinted := 0, 0
	for _, r := range recorded {
		for i, body := range r.Examples {
			h := http.Header{"X-Github-Event": {r.Name}, "X-Github-Delivery": {"1"}}
			got, why := decodeGitHub(h, body)
			if why != nil {
				t.Errorf("%s %d: %s", r.Name, i, why.reason)
				continue
			}
			if got.issue != "" {
				named++
			}
			if got.counts && !got.ping {
				hinted++
				if got.container == "" || got.issue == "" {
					t.Errorf("%s %d names no issue", r.Name, i)
				}
			}
		}
	}
	if named < 30 || hinted < 30 {
		t.Errorf("%d name an issue, %d are hints: the recordings are not what they were", named, hinted)
	}
}
