package githubsim_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim/githubsim"
)

// fielded is a world whose organisation has two fields, and an issue.
func fielded(t *testing.T, o githubsim.Options) *world {
	t.Helper()
	w := newWorld(t, o)
	w.must(w.hub.AddIssueField("acme", githubsim.IssueField{Name: "Priority", Options: []string{"Urgent", "High", "Low"}}))
	w.must(w.hub.AddIssueField("acme", githubsim.IssueField{Name: "Note", Type: "text"}))
	w.issue("A")
	return w
}

func (w *world) fieldID(name string) int64 {
	w.t.Helper()
	var fields []struct {
		ID   int64
		Name string
	}
	w.get("/orgs/acme/issue-fields").list(w.t, &fields)
	for _, f := range fields {
		if f.Name == name {
			return f.ID
		}
	}
	w.t.Fatalf("no field %s", name)
	return 0
}

func TestIssueFieldValues(t *testing.T) {
	t.Parallel()
	w := fielded(t, githubsim.Options{})
	values, priority, note := issuesPath+"/1/issue-field-values", w.fieldID("Priority"), w.fieldID("Note")
	set := func(method string, pairs ...any) reply {
		var list []string
		for i := 0; i < len(pairs); i += 2 {
			list = append(list, fmt.Sprintf(`{"field_id":%d,"value":%q}`, pairs[i], pairs[i+1]))
		}
		return w.do(method, values, "t-ana", `{"issue_field_values":[`+strings.Join(list, ",")+`]}`)
	}
	has := func(step, wantPriority, wantNote string) {
		t.Helper()
		if p, n := w.hub.IssueField(pay, 1, "priority"), w.hub.IssueField(pay, 1, "note"); p != wantPriority || n != wantNote {
			t.Errorf("%s: %q, %q", step, p, n)
		}
	}
	set("POST", note, "hello")
	if got := set("POST", priority, "high"); got.status != 200 || !strings.Contains(got.body, `"single_select_option":{"id":`) || !strings.Contains(got.body, `"value":"High"`) {
		t.Errorf("POST: %d %s", got.status, got.body)
	}
	has("added", "High", "hello")
	if got := w.get(issuesPath + "/1"); !strings.Contains(got.body, `"issue_field_name":"Priority"`) {
		t.Errorf("the issue says nothing of it: %s", got.body)
	}
	if got := set("POST", priority, "Higher"); got.status != 422 || !strings.Contains(got.body, "is not an option") {
		t.Errorf("unknown option: %d %s", got.status, got.body)
	}
	set("PUT", priority, "Low")
	has("PUT replaces all", "Low", "")
	set("POST", note, "again")
	if got := w.do("DELETE", values+"/"+strconv.FormatInt(priority, 10), "t-ana", ""); got.status != 204 {
		t.Errorf("DELETE: %d", got.status)
	}
	has("one taken off", "", "again")
	if got := w.do("DELETE", values+"/"+strconv.FormatInt(priority, 10), "t-ana", ""); got.status != 404 {
		t.Errorf("DELETE of nothing: %d", got.status)
	}
	set("POST")
	has("an empty list clears all", "", "")
	if got := w.do("POST", values, "t-bo", `{"issue_field_values":[]}`); got.status != 403 {
		t.Errorf("without push access: %d", got.status)
	}
	if got := w.do("GET", "/orgs/acme/issue-fields", "", ""); got.status != 404 {
		t.Errorf("a stranger: %d", got.status)
	}
}

// TestIssueFieldsMoveWhatTheyAreToldTo: nobody knows what GitHub does, so both can be had.
func TestIssueFieldsMoveWhatTheyAreToldTo(t *testing.T) {
	t.Parallel()
	for _, moves := range []bool{false, true} {
		w := fielded(t, githubsim.Options{FieldsMoveIssues: moves, FieldsInFeed: moves})
		before := w.state(1).Updated
		w.clock.Advance(time.Minute)
		w.must(w.hub.SetIssueField("ana", pay, 1, "Priority", "High"))
		w.must(w.hub.SetIssueField("ana", pay, 1, "Priority", ""))
		if moved := w.state(1).Updated.After(before); moved != moves {
			t.Errorf("updated_at moved: %v, want %v", moved, moves)
		}
		want := ""
		if moves {
			want = "field_added field_removed"
		}
		if got := strings.Join(w.kinds(1), " "); got != want {
			t.Errorf("the history says %q, want %q", got, want)
		}
	}
}

func TestIssueOptionsRenamedAndRemoved(t *testing.T) {
	t.Parallel()
	w := fielded(t, githubsim.Options{})
	w.must(w.hub.SetIssueField("ana", pay, 1, "Priority", "High"))
	w.must(w.hub.RenameIssueOption("acme", "Priority", "High", "Higher"))
	if got := w.hub.IssueField(pay, 1, "Priority"); got != "Higher" {
		t.Errorf("renamed: %q", got)
	}
	w.must(w.hub.RenameIssueOption("acme", "Priority", "Higher", ""))
	if got := w.hub.IssueField(pay, 1, "Priority"); got != "" {
		t.Errorf("removed: %q", got)
	}
	if got := w.get("/orgs/acme/issue-fields"); strings.Contains(got.body, "Higher") {
		t.Error(got.body)
	}
}

// TestOfficialDescriptionOfFields has the answers judged that newWorld holds to GitHub's own
// description.
func TestOfficialDescriptionOfFields(t *testing.T) {
	t.Parallel()
	w := fielded(t, githubsim.Options{})
	values := issuesPath + "/1/issue-field-values"
	for _, tc := range []struct {
		method, path, body string
		status             int
	}{
		{"GET", "/orgs/acme/issue-fields", "", 200},
		{"GET", "/orgs/nobody/issue-fields", "", 404},
		{"POST", values, fmt.Sprintf(`{"issue_field_values":[{"field_id":%d,"value":"Urgent"}]}`, w.fieldID("Priority")), 200},
		{"PUT", values, fmt.Sprintf(`{"issue_field_values":[{"field_id":%d,"value":"Low"}]}`, w.fieldID("Priority")), 200},
		{"GET", values, "", 200},
		{"GET", issuesPath + "/1", "", 200},
		{"DELETE", fmt.Sprintf("%s/%d", values, w.fieldID("Priority")), "", 204},
	} {
		got := w.do(tc.method, tc.path, "t-ana", tc.body)
		if got.status != tc.status {
			t.Errorf("%s %s: %d %s", tc.method, tc.path, got.status, got.body)
		}
	}
}
