package github

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
)

const (
	path7      = "/repos/Acme/infra/issues/7"
	assignees7 = path7 + "/assignees"
)

func issue7(more string) string { return issueRow(7, testStart(), more) }

func TestSetTitleSendsTheTitleAlone(t *testing.T) {
	t.Parallel()
	f := newFake(t, map[string]reply{"PATCH " + path7: {body: issue7(`,"user":{"login":"Parley-Bot"},"body":"x\n<!-- parley:v1 m=1 -->"`)}})
	got, err := f.client(t, "").Send(bg(), connectors.Write{Issue: ref(7, ""), Title: "Pay <now>"})
	if err != nil {
		t.Fatal(err)
	}
	if i := got.Issue; i == nil || !i.Own || i.Creator.ID != "Parley-Bot" || i.Marker != "v1 m=1" {
		t.Errorf("receipt %+v", i)
	}
	if diff := cmp.Diff([]string{"{\"title\":\"Pay <now>\"}\n"}, f.body); diff != "" {
		t.Error(diff)
	}
}

func TestAssign(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		write connectors.Write
		asked string
		left  string
		want  connectors.ErrorKind
	}{
		"assigned":            {connectors.Write{Assign: "ben"}, "POST " + assignees7, `,"assignees":[{"login":"ana"},{"login":"Ben"}]`, ""},
		"left out":            {connectors.Write{Assign: "ben"}, "POST " + assignees7, `,"assignees":[{"login":"ana"}]`, connectors.Invalid},
		"unassigned":          {connectors.Write{Unassign: "ben"}, "DELETE " + assignees7, `,"assignees":[{"login":"ana"}]`, ""},
		"the last unassigned": {connectors.Write{Unassign: "ben"}, "DELETE " + assignees7, `,"assignees":[]`, ""},
		"left in":             {connectors.Write{Unassign: "ben"}, "DELETE " + assignees7, `,"assignees":[{"login":"BEN"}]`, connectors.Forbidden},
	} {
		f := newFake(t, map[string]reply{tc.asked: {body: issue7(tc.left)}})
		tc.write.Issue = ref(7, "")
		got, err := f.client(t, "").Send(bg(), tc.write)
		if tc.want != "" {
			if e := wantError(t, err, tc.want); e.Hint == "" || e.Field != "assignees" {
				t.Errorf("%s: %+v", name, e)
			}
		} else if err != nil || got.Issue == nil {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if diff := cmp.Diff([]string{tc.asked}, f.asked()); diff != "" || f.body[0] != `{"assignees":["ben"]}`+"\n" {
			t.Errorf("%s: sent %s %s", name, f.body, diff)
		}
	}
}
