package jira

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// hundred is a full page: 100 issues with five history entries each.
func hundred() []byte {
	issues := make([]string, 100)
	for i := range issues {
		issues[i] = issueJSON(10001+i, `,"changelog":{"startAt":0,"total":5,"histories":[`+histories(9*i+5, 9*i+4, 9*i+3, 9*i+2, 9*i+1)+`]}`)
	}
	return fmt.Appendf(nil, `{"issues":[%s],"nextPageToken":"t1","isLast":false}`, strings.Join(issues, ","))
}

func BenchmarkDecodePage(b *testing.B) {
	c, err := New(Config{Name: "jira", URL: "https://jira.test", Auth: "basic", User: "u", Token: "t", Projects: []string{"OPS"}})
	if err != nil {
		b.Fatal(err)
	}
	raw := hundred()
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		var f found
		if err := json.Unmarshal(raw, &f); err != nil {
			b.Fatal(err)
		}
		for _, w := range f.Issues {
			if o, err := c.observed(identity{}, w, time.Time{}); err != nil || len(o.Entries) != 5 {
				b.Fatal(err, len(o.Entries))
			}
		}
	}
}

// Whatever a tracker sends, the answer is an observation in order or an error.
func FuzzObservation(f *testing.F) {
	f.Add([]byte(issueJSON(10001, `,"changelog":{"total":2,"histories":[`+histories(2, 1)+`]}`)))
	f.Add([]byte(`{"id":1,"key":"A-1","fields":{"status":{"id":1},"updated":1793610000,"labels":"x","parent":[],"assignee":7}}`))
	f.Add([]byte(`{"id":"1","key":"-","fields":{"status":{},"updated":"2026-11-02T09:30:00Z"},"changelog":{"total":-1,"histories":null}}`))
	c, err := New(Config{Name: "jira", URL: "https://jira.test", Auth: "basic", User: "u", Token: "t", Projects: []string{"OPS"}, Fields: map[string]string{"x": "customfield_1"}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var w wireIssue
		if json.Unmarshal(raw, &w) != nil {
			return
		}
		o, err := c.observation(identity{}, w, false)
		if err != nil {
			return
		}
		if o.Issue.ID == "" || o.Issue.Key == "" || o.Issue.Updated.IsZero() {
			t.Fatalf("%+v", o.Issue)
		}
		for i := 1; i < len(o.Entries); i++ {
			if o.Entries[i].Seq < o.Entries[i-1].Seq {
				t.Fatalf("entries out of order: %v", seqs(o.Entries))
			}
		}
	})
}
