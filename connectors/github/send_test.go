package github

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
)

const labels7 = "/repos/Acme/infra/issues/7/labels"

func TestAddLabel(t *testing.T) {
	t.Parallel()
	f := newFake(t, map[string]reply{"POST " + labels7: {body: `[{"name":"bug"},{"name":"Status:Doing"}]`}})
	c := f.client(t, "")
	got, err := c.Send(bg(), connectors.Write{Issue: ref(7, ""), AddLabel: "status:doing"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(connectors.Receipt{Labels: []string{"bug", "Status:Doing"}}, got); diff != "" {
		t.Error(diff)
	}
	if f.body[0] != `{"labels":["status:doing"]}`+"\n" {
		t.Errorf("sent %s", f.body[0])
	}
	_, err = c.Send(bg(), connectors.Write{Issue: ref(7, ""), AddLabel: "priority:high"})
	if e := wantError(t, err, connectors.Forbidden); e.Hint == "" {
		t.Error("a dropped label must say what is missing")
	}
}

func TestRemoveLabel(t *testing.T) {
	t.Parallel()
	f := newFake(t, map[string]reply{
		"DELETE " + labels7 + "/a%2Fb%20100%25%23%3F": {body: `[{"name":"bug"}]`},
		"DELETE " + labels7 + "/last":                 {body: `[]`},
		"DELETE " + labels7 + "/kept":                 {body: `[{"name":"Kept"}]`},
		"DELETE " + labels7 + "/absent":               {status: 404, body: `{"message":"Label does not exist","status":"404"}`},
		"DELETE " + labels7 + "/issue-gone":           {status: 404, body: `{"message":"Not Found"}`},
	})
	c := f.client(t, "")
	for _, tc := range []struct {
		label string
		want  []string
	}{
		{"a/b 100%#?", []string{"bug"}},
		{"last", []string{}},
		{"absent", nil},
	} {
		got, err := c.Send(bg(), connectors.Write{Issue: ref(7, ""), RemoveLabel: tc.label})
		if diff := cmp.Diff(connectors.Receipt{Labels: tc.want}, got); diff != "" || err != nil {
			t.Errorf("%s: %v %s", tc.label, err, diff)
		}
	}
	_, err := c.Send(bg(), connectors.Write{Issue: ref(7, ""), RemoveLabel: "issue-gone"})
	wantError(t, err, connectors.NotFound)
	_, err = c.Send(bg(), connectors.Write{Issue: ref(7, ""), RemoveLabel: "kept"})
	if e := wantError(t, err, connectors.Forbidden); e.Hint == "" {
		t.Error("a label that stays must say what is missing")
	}
	before := len(f.asked())
	for _, label := range []string{".", ".."} {
		_, err := c.Send(bg(), connectors.Write{Issue: ref(7, ""), RemoveLabel: label})
		wantError(t, err, connectors.Invalid)
	}
	if n := len(f.asked()) - before; n != 0 {
		t.Errorf("%d requests for labels that would name something else", n)
	}
}

func TestSetState(t *testing.T) {
	t.Parallel()
	f := newFake(t, map[string]reply{"PATCH /repos/Acme/infra/issues/7": {
		body: `{"id":5,"number":7,"state":"closed","state_reason":"duplicate","updated_at":"2026-03-01T12:00:00Z","labels":[{"name":"bug"}]}`}})
	c := f.client(t, "")
	got, err := c.Send(bg(), connectors.Write{Issue: ref(7, "5"), State: "closed", Reason: "duplicate"})
	if err != nil {
		t.Fatal(err)
	}
	if got.Issue == nil || got.Issue.Reason != "duplicate" || got.Issue.Key != "Acme/infra#7" || !got.Issue.Updated.Equal(testStart()) {
		t.Errorf("%+v", got.Issue)
	}
	for _, left := range []connectors.Write{{State: "open"}, {State: "closed", Reason: "completed"}} { // a yes that changes nothing
		left.Issue = ref(7, "5")
		_, err := c.Send(bg(), left)
		if e := wantError(t, err, connectors.Forbidden); e.Hint == "" {
			t.Error("a state that is left must say what is missing")
		}
	}
	if diff := cmp.Diff([]string{`{"state":"closed","state_reason":"duplicate"}` + "\n", `{"state":"open"}` + "\n", `{"state":"closed","state_reason":"completed"}` + "\n"}, f.body); diff != "" {
		t.Error(diff)
	}
}

func TestWritesThatAreNotGitHubs(t *testing.T) {
	t.Parallel()
	for name, w := range map[string]connectors.Write{
		"nothing":    {Issue: ref(7, "")},
		"two":        {Issue: ref(7, ""), AddLabel: "a", RemoveLabel: "b"},
		"title, due": {Issue: ref(7, ""), Title: "a", Due: "2026-12-24"},
		"due":        {Issue: ref(7, ""), Due: "2026-12-24"},
		"assign two": {Issue: ref(7, ""), Assign: "a", Unassign: "b"},
		"transition": {Issue: ref(7, ""), Transition: "11"},
		"priority":   {Issue: ref(7, ""), AddLabel: "a", Priority: "1"},
		"reason":     {Issue: ref(7, ""), AddLabel: "a", Reason: "completed"},
		"no number":  {Issue: connectors.Ref{Container: "Acme/infra"}, AddLabel: "a"},
		"no repo":    {Issue: connectors.Ref{Container: "Acme/infra/../x", Number: 1}, AddLabel: "a"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, nil)
			_, err := f.client(t, "").Send(bg(), w)
			wantError(t, err, connectors.Invalid)
			if n := len(f.asked()); n != 0 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

func TestReadMeansThisIssue(t *testing.T) {
	t.Parallel()
	f := newFake(t, map[string]reply{
		"GET /repos/Acme/infra/issues/7": {body: issueRow(7, testStart(), "")},
		"GET /repos/Acme/infra/issues/8": {body: issueRow(8, testStart(), `,"pull_request":{"url":"x"}`)},
	})
	c := f.client(t, "")
	o, err := c.Read(bg(), ref(7, "5000000007"))
	if err != nil || o.Since != connectors.NoHistory || o.Issue.ID != "5000000007" {
		t.Errorf("%+v, %v", o, err)
	}
	_, err = c.Read(bg(), ref(7, "5000000001"))
	wantError(t, err, connectors.NotFound)
	_, err = c.Read(bg(), ref(8, ""))
	wantError(t, err, connectors.NotFound)
}

// An answer that shows another issue says nothing of the one that was meant: its number
// went to that one, and no picture of it is taken for the card's.
func TestAnAnswerOfAnotherIssueIsNoReceipt(t *testing.T) {
	t.Parallel()
	f := newFake(t, map[string]reply{"PATCH /repos/Acme/infra/issues/7?": {body: issueRow(7, testStart(), "")}})
	r, err := f.client(t, "").Send(bg(), connectors.Write{Issue: ref(7, "5000000008"), State: "closed"})
	if e := wantError(t, err, connectors.NotFound); r.Issue != nil || !strings.Contains(e.Message, "5000000007") {
		t.Errorf("%v, %+v", e, r)
	}
	if r, err = f.client(t, "").Send(bg(), connectors.Write{Issue: ref(7, "5000000007"), State: "open"}); err != nil || r.Issue == nil {
		t.Errorf("%v, %+v", err, r)
	}
}
