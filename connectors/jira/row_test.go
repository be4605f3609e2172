package jira

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
)

// rowOf is an issue of a search with these fields.
func rowOf(id int, fields, more string) string {
	return fmt.Sprintf(`{"id":"%d","key":"OPS-%d","fields":{"status":{"id":"1"}%s}%s}`, id, id-10000, fields, more)
}

const fine = `,"updated":"2026-11-02T08:30:00.123+0000"`

// One issue that cannot be understood leaves the page whole.
func TestABrokenIssueIsToldApart(t *testing.T) {
	t.Parallel()
	log := func(entry string) string { return `,"changelog":{"total":1,"histories":[` + entry + `]}` }
	for name, tc := range map[string]struct{ row, id, key string }{
		"ids only":           {`{"id":"10001"}`, "10001", ""},
		"no id":              {`{"key":"OPS-1","fields":{"status":{"id":"1"}` + fine + `}}`, "", "OPS-1"},
		"no status":          {`{"id":"10001","key":"OPS-1","fields":{"updated":"2026-11-02T08:30:00.123+0000"}}`, "10001", "OPS-1"},
		"no moment":          {rowOf(10001, `,"updated":"private words"`, ""), "10001", "OPS-1"},
		"null":               {`null`, "", ""},
		"a text":             {`"private words"`, "", ""},
		"a list":             {`[["private words"]]`, "", ""},
		"fields are a text":  {`{"id":"10001","key":"OPS-1","fields":"private words"}`, "10001", "OPS-1"},
		"status is a text":   {`{"id":"10001","key":"OPS-1","fields":{"status":"private words"` + fine + `}}`, "10001", "OPS-1"},
		"far future":         {rowOf(10001, `,"updated":"9026-11-02T08:30:00.123+0000"`, ""), "10001", "OPS-1"},
		"next week":          {rowOf(10001, `,"updated":"2026-11-09T08:30:00.123+0000"`, ""), "10001", "OPS-1"},
		"far past":           {rowOf(10001, `,"updated":"0001-11-02T08:30:00.123+0000"`, ""), "10001", "OPS-1"},
		"created later":      {rowOf(10001, fine+`,"created":"3026-11-02T08:30:00.123+0000"`, ""), "10001", "OPS-1"},
		"key is no key":      {`{"id":"10001","key":"private words","fields":{}}`, "10001", ""},
		"an object as id":    {`{"id":{"private words":1},"key":"OPS-1","fields":{}}`, "", "OPS-1"},
		"entry without id":   {rowOf(10001, fine, log(`{"id":"x","created":"2026-11-02T08:30:00.123+0000"}`)), "10001", "OPS-1"},
		"entry without time": {rowOf(10001, fine, log(`{"id":"7"}`)), "10001", "OPS-1"},
		"entry of no time":   {rowOf(10001, fine, log(`{"id":"7","created":"private words"}`)), "10001", "OPS-1"},
		"entry is a text":    {rowOf(10001, fine, log(`"private words"`)), "10001", "OPS-1"},
		"items are a text":   {rowOf(10001, fine, log(`{"id":"7","created":"2026-11-02T08:30:00.123+0000","items":"private words"}`)), "10001", "OPS-1"},
	} {
		f := newFake(t)
		f.on("POST search/jql", jsonReply(`{"issues":[`+rowOf(10002, fine, "")+`,`+tc.row+`,`+rowOf(10003, fine, "")+`],"isLast":true}`))
		page, err := f.client.Changes(t.Context(), connectors.Cursor{})
		if err != nil || page.More || page.Next.Watermark.IsZero() {
			t.Errorf("%s: %+v, %v", name, page, err)
			continue
		}
		var keys []string
		for _, o := range page.Observations {
			keys = append(keys, o.Issue.Key)
		}
		if diff := cmp.Diff([]string{"OPS-2", "OPS-3"}, keys); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if len(page.Broken) != 1 || page.Broken[0].ID != tc.id || page.Broken[0].Key != tc.key || page.Broken[0].Err == nil {
			t.Errorf("%s: broken %+v", name, page.Broken)
		} else if strings.Contains(page.Broken[0].Err.Error(), "private words") {
			t.Errorf("%s: the issue's text is in the error: %v", name, page.Broken[0].Err)
		}
	}
}

// Data Center's pages go on from the last issue. A page that ends in broken ones, or
// has none but them, must be passed all the same.
func TestDataCenterPassesBrokenIssues(t *testing.T) {
	t.Parallel()
	server := func(total int, rows ...string) reply {
		return jsonReply(fmt.Sprintf(`{"startAt":0,"total":%d,"issues":[%s]}`, total, strings.Join(rows, ",")))
	}
	bad := `{"id":"10009","key":"OPS-9","fields":{}}`
	badWithTime := `{"id":"10009","key":"OPS-9","fields":{"updated":"2026-11-02T08:40:00.123+0000"}}`
	futile := `{"id":"10009","key":"OPS-9","fields":{"updated":"9999-11-02T08:40:00.123+0000"}}`
	good := at("08:30:00").UnixMilli()
	for name, tc := range map[string]struct {
		rows []string
		want position
	}{
		"broken at the end":  {[]string{rowOf(10001, fine, ""), bad}, position{From: good}},
		"its time is plain":  {[]string{rowOf(10001, fine, ""), badWithTime}, position{From: at("08:40:00").UnixMilli()}},
		"its time is absurd": {[]string{rowOf(10001, fine, ""), futile}, position{From: good}},
		"nothing else":       {[]string{bad, bad, bad}, position{Start: 3}},
	} {
		f := newFake(t)
		f.on("GET serverInfo", jsonReply(`{"version":"10.3.24","deploymentType":"Server"}`))
		f.on("POST search", server(50, tc.rows...))
		page, err := f.client.Changes(t.Context(), connectors.Cursor{})
		if err != nil || !page.More {
			t.Errorf("%s: %+v, %v", name, page, err)
			continue
		}
		got, err := parsePosition(page.Next.Scan.Token)
		if diff := cmp.Diff(tc.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
}

func TestReadRefusesMomentsThatCannotBe(t *testing.T) {
	t.Parallel()
	for when, want := range map[string]connectors.ErrorKind{"2026-11-02T08:30:00.123+0000": "", "2026-11-09T08:30:00.123+0000": connectors.Malformed, "0001-01-01T00:00:00.000+0000": connectors.Malformed} {
		f := newFake(t)
		f.on("GET issue/10012", jsonReply(rowOf(10012, `,"updated":"`+when+`"`, "")))
		_, err := f.client.Read(t.Context(), ops12)
		if kind, _ := kindAndHint(t, err); kind != want {
			t.Errorf("%s: %v", when, err)
		}
	}
}
