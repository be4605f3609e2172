package github

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/transport"
)

// recording is one exchange with the real api.github.com.
type recording struct {
	Method   string
	Path     string
	Status   int
	Response json.RawMessage
	Headers  json.RawMessage `json:"rawHeaders"`
}

// header reads the names and values that alternate in a list, or an object.
func (r recording) header() http.Header {
	h := http.Header{}
	var list []string
	if json.Unmarshal(r.Headers, &list) == nil {
		for i := 0; i+1 < len(list); i += 2 {
			h.Add(list[i], list[i+1])
		}
		return h
	}
	var object map[string]any
	_ = json.Unmarshal(r.Headers, &object)
	for k, v := range object {
		if s, ok := v.(string); ok {
			h.Set(k, s)
		}
	}
	return h
}

func dataDir(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("PARLEY_DATA")
	if dir == "" {
		t.Skip("PARLEY_DATA is not set: the recorded answers of GitHub are not at hand")
	}
	return filepath.Join(dir, "github")
}

func load(t *testing.T, path string, v any) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, v); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

func TestRecordedAnswers(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(dataDir(t), "recorded", "*", "raw-fixture.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no recordings: %v", err)
	}
	c, err := New(Config{Name: "gh", URL: "https://api.github.com"})
	if err != nil {
		t.Fatal(err)
	}
	var lists, refusals, links int
	for _, file := range files {
		var exchanges []recording
		load(t, file, &exchanges)
		for _, r := range exchanges {
			a := transport.Answer{Status: r.Status, Header: r.header(), Body: r.Response}
			q := call{doing: "replay", method: strings.ToUpper(r.Method)}
			switch err := c.classify(q, a); {
			case r.Status >= 300:
				e := wantError(t, err, map[int]connectors.ErrorKind{301: "moved", 307: "moved", 422: "invalid"}[r.Status])
				if e.Kind == "moved" && !strings.HasPrefix(e.Location, "https://api.github.com/repositories/") || e.Kind == "invalid" && e.Field == "" {
					t.Errorf("%s %s: %+v", r.Method, r.Path, e)
				}
				refusals++
			case err != nil:
				t.Errorf("%s %s: %v", r.Method, r.Path, err)
			case r.Method == "get" && strings.Contains(r.Path, "/issues?per_page"):
				l, found, err := c.listing("octokit-fixture-org/x", q, a)
				if err != nil || len(found) == 0 || len(l.updated) != len(found) || l.etag == "" || l.date.IsZero() {
					t.Errorf("%s: %d issues, listing %+v, %v", r.Path, len(found), l, err)
				}
				if l.next != "" {
					links++
				}
				lists++
			}
		}
	}
	if lists < 5 || links < 4 || refusals < 3 {
		t.Errorf("replayed %d lists, %d links and %d refusals: the recordings are not what they were", lists, links, refusals)
	}
}

func TestRecordedWebhookIssues(t *testing.T) {
	t.Parallel()
	var hooks []struct {
		Name     string
		Examples []struct{ Issue json.RawMessage }
	}
	load(t, filepath.Join(dataDir(t), "webhooks", "issues-and-related.json"), &hooks)
	c, err := New(Config{Name: "gh", URL: "https://api.github.com"})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, h := range hooks {
		for i, ex := range h.Examples {
			if len(ex.Issue) == 0 {
				continue
			}
			row, err := decodeIssue(ex.Issue, time.Time{})
			if err != nil {
				t.Errorf("%s %d: %v", h.Name, i, err)
				continue
			}
			if got := c.issue("o/r", row); got.Title == "" || got.Reporter.ID == "" || got.URL == "" {
				t.Errorf("%s %d: %+v", h.Name, i, got)
			}
			n++
		}
	}
	if n < 29 {
		t.Errorf("only %d issues in the payloads", n)
	}
}
