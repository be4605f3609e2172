package jirasim_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors/sim"
	"parley/connectors/sim/jirasim"
)

const twoIssues = `{"id":"12000","key":"AA-7","fields":{"summary":"one","status":{"id":"5","name":"Offen","statusCategory":{"key":"new"}},"priority":null,
 "issuetype":{"name":"Bug"},"project":{"id":"10030","key":"AA","name":"Alpha"},"created":"2020-06-12T08:13:13.360+0800","updated":"2021-03-28T16:06:08.713+0800",
 "assignee":null,"reporter":{"accountId":"r1","displayName":"Rita","timeZone":"Asia/Shanghai"},"labels":["b","a"],"customfield_1":{"value":"red"},"customfield_2":null},
 "changelog":{"histories":[{"id":"90","created":"2021-01-02T00:00:00.000+0000","author":{"accountId":"r1"},"items":[{"field":"status","fieldId":"status","fieldtype":"jira","from":"6","fromString":"Zu","to":"5","toString":"Offen"}]},
 {"id":"80","created":"2021-01-01T00:00:00.000+0000","items":[{"field":"Workflow","fieldtype":"jira","from":null,"to":"2"}]}]}}`

const secondIssue = `{"key":"BB-1","fields":{"summary":"two","status":{"name":"Closed","statusCategory":{"key":"done"}},"priority":{"name":"Blocker"},"created":"2020-06-12T08:13:13.360+0800"}}`

func TestLoadForms(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"search answer": `{"expand":"x","issues":[` + twoIssues + `,` + secondIssue + `],"isLast":true}`,
		"array":         `[` + twoIssues + `,` + secondIssue + `]`,
		"lines":         strings.ReplaceAll(twoIssues, "\n", "") + "\n" + secondIssue + "\n",
		"one answer":    `{"issues":[]}` + twoIssues + secondIssue,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := jirasim.New(jirasim.Options{Clock: sim.NewManual(start)})
			if err := s.LoadJSON(strings.NewReader(text)); err != nil {
				t.Fatal(err)
			}
			one, _ := s.Issue("AA-7")
			if one.ID != "12000" || one.StatusName != "Offen" || one.Priority != "" || one.Type != "Bug" || one.Reporter != "r1" || string(one.Custom["customfield_1"]) != `{"value":"red"}` ||
				!one.Updated.Equal(time.Date(2021, 3, 28, 8, 6, 8, 713e6, time.UTC)) || len(one.History) != 2 || one.History[0].ID != 80 || one.History[1].Items[0].ToText != "Offen" {
				t.Errorf("%+v", one)
			}
			two, _ := s.Issue("BB-1")
			if two.PriorityName != "Blocker" || two.ID == "" || two.Type != "Task" || !two.Updated.Equal(two.Created) {
				t.Errorf("%+v", two)
			}
			fresh, err := s.Create("r1", jirasim.NewIssue{Project: "AA", Type: "Bug", Summary: "new"})
			if err != nil || fresh.Key != "AA-8" || fresh.ID == one.ID || fresh.ID == two.ID || fresh.StatusName != "Offen" {
				t.Errorf("after loading: %+v, %v", fresh, err)
			}
			if err := s.Transition("r1", "AA-8", "Offen", jirasim.Edit{}); err != nil {
				t.Errorf("the workflow of a loaded project: %v", err)
			}
		})
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	for text, says := range map[string]string{
		`[{"id":"1"}]`: "issue 1: an issue without a key",
		`[{"key":"A-1","fields":{"created":"2020-06-12T08:13:13.360+0800"}}]`:          "fields.status is missing",
		`[{"key":"A-1","fields":{"status":{"name":"x"}}}]`:                             "fields.created is missing",
		`[{"key":"A1","fields":{"created":"2020-06-12T08:13:13.360+0800"}}]`:           "PROJECT-NUMBER",
		`[{"id":"x","key":"A-1","fields":{"created":"2020-06-12T08:13:13.360+0800"}}]`: "is no number",
		`[{"key":"A-1","fields":{"created":"soon"}}]`:                                  "read time",
		`[` + secondIssue + `,` + secondIssue + `]`:                                    "issue 2: BB-1: the key is taken",
		`[` + secondIssue: "EOF",
		`42`:              "unexpected 42",
	} {
		err := jirasim.New(jirasim.Options{}).LoadJSON(strings.NewReader(text))
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.60s: %v, want %q", text, err, says)
		}
	}
}

func TestWriteAndLoadAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.site.AddField(jirasim.Field{ID: "customfield_7", Name: "Colour"})
	for _, project := range []string{"OPS", "FIN"} {
		w.issue(project)
	}
	w.do("PUT", "/rest/api/2/issue/OPS-1", `{"fields":{"summary":"é <b>","labels":["x"],"description":"a\nb","customfield_7":{"value":"red"},"duedate":"2026-12-01","parent":{"key":"FIN-1"}},
		"properties":[{"key":"p","value":[1]}],"historyMetadata":{"type":"x"}}`).want(t, 204)
	w.do("POST", "/rest/api/2/issue/OPS-1/transitions", `{"transition":{"id":"51"}}`).want(t, 204)
	w.do("POST", "/rest/api/2/issue/OPS-1/comment", `{"body":"c"}`).want(t, 201)
	var text bytes.Buffer
	if err := w.site.WriteJSON(&text); err != nil {
		t.Fatal(err)
	}
	again := jirasim.New(jirasim.Options{Clock: w.clock})
	if err := again.LoadJSON(&text); err != nil {
		t.Fatal(err)
	}
	same := cmp.FilterPath(func(p cmp.Path) bool {
		return strings.HasPrefix(p.Last().String(), ".num") || p.Last().String() == ".version"
	}, cmp.Ignore())
	if diff := cmp.Diff(w.site.Issues(""), again.Issues(""), same, cmp.AllowUnexported(jirasim.Issue{})); diff != "" {
		t.Errorf("loaded differs from written (-written +loaded):\n%s", diff)
	}
}

func TestLoadRecorded(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(dataFile(t, "jira/recorded/devlake-cloud-scrubbed/issues-with-changelog.json"))
	if err != nil {
		t.Fatal(err)
	}
	var recorded []struct {
		Data json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(raw, &recorded); err != nil {
		t.Fatal(err)
	}
	s := jirasim.New(jirasim.Options{})
	entries, want := 0, 0
	for _, r := range recorded {
		want += bytes.Count(r.Data, []byte(`"items":`)) + bytes.Count(r.Data, []byte(`"items" :`))
		if err := s.LoadJSON(bytes.NewReader(r.Data)); err != nil {
			t.Fatal(err)
		}
	}
	for _, v := range s.Issues("") {
		entries += len(v.History)
	}
	if n := len(s.Issues("")); n != 33 || entries != want || want == 0 {
		t.Errorf("%d issues with %d entries, want 33 with %d", n, entries, want)
	}
}

func TestLoadWorkload(t *testing.T) {
	t.Parallel()
	s := jirasim.New(jirasim.Options{})
	if err := s.LoadJSON(workload(t)); err != nil {
		t.Fatal(err)
	}
	if n := len(s.Issues("")); n != 29057 {
		t.Errorf("%d issues, want 29057", n)
	}
}

func dataFile(t testing.TB, name string) string {
	t.Helper()
	dir := os.Getenv("PARLEY_DATA")
	if dir == "" {
		t.Skip("PARLEY_DATA is not set: no recorded data to load")
	}
	return filepath.Join(dir, name)
}

// workload turns the flat lines of the archive into Jira's own JSON.
func workload(t testing.TB) io.Reader {
	t.Helper()
	file, err := os.Open(dataFile(t, "workload/titanium-jira.board-fields.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	lines := bufio.NewScanner(unzipped)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var flat struct {
			ID, Key, Summary, Status, StatusCategory, IssueType, Priority, Created, Updated, Assignee, Reporter string
			Labels                                                                                              []string
		}
		if err := json.Unmarshal(lines.Bytes(), &flat); err != nil {
			t.Fatal(err)
		}
		named := func(name string) any {
			if name == "" {
				return nil
			}
			return map[string]string{"name": name}
		}
		raw, err := json.Marshal(map[string]any{"id": flat.ID, "key": flat.Key, "fields": map[string]any{"summary": flat.Summary, "labels": flat.Labels,
			"status":    map[string]any{"name": flat.Status, "statusCategory": map[string]string{"key": flat.StatusCategory}},
			"issuetype": named(flat.IssueType), "priority": named(flat.Priority), "assignee": named(flat.Assignee), "reporter": named(flat.Reporter),
			"created": flat.Created, "updated": flat.Updated}})
		if err != nil {
			t.Fatal(err)
		}
		out.Write(raw)
		out.WriteByte('\n')
	}
	return &out
}

// manyIssues is n issues of one project as JSON lines, updated a minute apart.
func manyIssues(n int) []byte {
	var out bytes.Buffer
	for i := range n {
		at := start.Add(time.Duration(i-n) * time.Minute).Format("2006-01-02T15:04:05.000-0700")
		fmt.Fprintf(&out, `{"id":"%d","key":"BIG-%d","fields":{"summary":"Issue %d of many","status":{"id":"%d","name":"S%d","statusCategory":{"key":"new"}},"priority":{"id":"%d","name":"P%d"},"issuetype":{"name":"Bug"},"labels":["a","b"],"reporter":{"accountId":"u%d","displayName":"U"},"created":"%s","updated":"%s"}}`+"\n",
			i+10000, i+1, i, i%7, i%7, i%5+1, i%5+1, i%50, at, at)
	}
	return out.Bytes()
}
