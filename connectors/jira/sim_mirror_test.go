package jira_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/connectors/sim"
	"parley/connectors/sim/jirasim"
)

const mark = "v1 m=6f0c2d1e src=gh/5166525651 mac=0123456789abcdef"

func draft() connectors.Draft {
	return connectors.Draft{Op: "op-1", Container: "OPS", Title: "Pay", Body: "One [~ana]\ntwo", Marker: mark}
}

// What is written shows in the receipt and in the history, as single changes that
// carry their operation.
func TestSimEditsShowAsSingleChanges(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	v := b.create(1)[0]
	b.must(b.site.Edit("ana", v.Key, jirasim.Edit{AddLabels: []string{"old", "kept"}, Assignee: new("ana")}))
	want := map[string][]connectors.Change{
		"title":    {{Field: "title", From: "Request 1", To: "Pay"}},
		"due":      {{Field: "due", To: "2026-12-24"}},
		"label":    {{Field: "label", To: "new"}},
		"unlabel":  {{Field: "label", From: "old"}},
		"assign":   {{Field: "assignee", From: "ana", FromName: "Ana", To: "bot", ToName: "Parley"}},
		"unassign": {{Field: "assignee", From: "bot", FromName: "Parley"}},
	}
	writes := []connectors.Write{{Title: "Pay", Op: "title"}, {Due: "2026-12-24", Op: "due"}, {AddLabel: "new", Op: "label"}, {RemoveLabel: "old", Op: "unlabel"},
		{Assign: "bot", Op: "assign"}, {Unassign: "bot", Op: "unassign"}}
	for _, w := range writes {
		b.clock.Advance(time.Second)
		w.Issue = ref(v)
		r, err := b.client.Send(t.Context(), w)
		b.must(err)
		last := r.Entries[len(r.Entries)-1]
		if diff := cmp.Diff(want[w.Op], last.Changes); diff != "" || !last.Own || last.Op != w.Op || r.Issue.Creator.ID != "ana" || r.Issue.Own {
			t.Errorf("%s: %+v %s", w.Op, last, diff)
		}
	}
	o, err := b.client.Read(t.Context(), ref(v))
	b.must(err)
	i := o.Issue
	if i.Title != "Pay" || i.Due != "2026-12-24" || !cmp.Equal(i.Labels, []string{"kept", "new"}) || len(i.Assignees) != 0 || len(o.Entries) != len(writes)+1 {
		t.Errorf("%+v with %d entries", i, len(o.Entries))
	}
	first := []connectors.Change{{Field: "assignee", To: "ana", ToName: "Ana"}, {Field: "label", To: "kept"}, {Field: "label", To: "old"}}
	if diff := cmp.Diff(first, o.Entries[0].Changes); diff != "" {
		t.Error(diff)
	}
}

func TestSimWhoCannotBeAssigned(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	v := b.create(1)[0]
	b.site.Revoke("ana", "OPS", jirasim.Assignable)
	_, err := b.client.Send(t.Context(), connectors.Write{Issue: ref(v), Assign: "ana"})
	var e *connectors.Error
	if !errors.As(err, &e) || e.Kind != connectors.Invalid || e.Field != "assignee" {
		t.Error(err)
	}
}

// Somebody assigned between the read and the write is taken off, and it shows.
func TestSimARaceWithAnUnassignShows(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	v := b.create(1)[0]
	b.must(b.site.Edit("ana", v.Key, jirasim.Edit{Assignee: new("bot")}))
	if _, err := b.client.Read(t.Context(), ref(v)); err != nil {
		t.Fatal(err)
	}
	b.site.SetFaults(func(r *http.Request) sim.Fault {
		if r.Method == http.MethodPut {
			b.must(b.site.Edit("ana", v.Key, jirasim.Edit{Assignee: new("ana")}))
		}
		return sim.Fault{}
	})
	r, err := b.client.Send(t.Context(), connectors.Write{Issue: ref(v), Op: "op-1", Unassign: "bot"})
	b.must(err)
	if last := r.Entries[len(r.Entries)-1]; last.Op != "op-1" || last.Changes[0].From != "ana" {
		t.Errorf("the entry does not show whom it took off: %+v", last)
	}
}

func TestSimCreateIsFoundByItsMark(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.poll()
	made, err := b.client.Create(t.Context(), draft())
	b.must(err)
	if made.Key != "OPS-1" || !made.Own || made.Marker != mark || made.Type != "Task" || made.Container != "OPS" {
		t.Errorf("created %+v", made)
	}
	b.site.Log().Reset()
	polled := b.poll()["OPS-1"].Issue
	if n := b.site.Log().Len(); n != 1 {
		t.Errorf("the poll took %d requests, want one that brings the mark along", n)
	}
	read, err := b.client.Read(t.Context(), made.Ref)
	b.must(err)
	if diff := cmp.Diff(polled, read.Issue); diff != "" || !polled.Own || polled.Marker != mark || polled.ID != made.ID || polled.Body != "One [~ana]\ntwo" || polled.Creator.ID != "bot" {
		t.Errorf("%+v %s", polled, diff)
	}
}

// An answer that is lost leaves an issue that the look-up finds at once, however late
// the index is, and no copy of it by a person.
func TestSimALostCreateIsFoundBehindALateIndex(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *jirasim.Options) {
		o.IndexLag = func(string) time.Duration { return time.Hour }
		o.CloneProperties = true
	})
	known := b.create(3)[2]
	if _, err := b.client.Read(t.Context(), ref(known)); err != nil {
		t.Fatal(err)
	}
	sent := b.clock.Now()
	b.site.SetFaults(func(r *http.Request) sim.Fault {
		return sim.Fault{Name: "lost", Lost: strings.HasSuffix(r.URL.Path, "/rest/api/3/issue")}
	})
	_, err := b.client.Create(t.Context(), draft())
	if connectors.KindOf(err) != connectors.Unknown {
		t.Fatalf("%v, want kind unknown", err)
	}
	b.site.SetFaults(nil)
	if _, err := b.site.Clone("ana", "OPS-4"); err != nil {
		t.Fatal(err)
	}
	for when, after := range map[string]string{"at once": known.Key, "from the first key on": "OPS-0"} {
		got, err := b.client.Created(t.Context(), connectors.Search{Container: "OPS", Since: sent.Add(-time.Minute), After: after})
		if err != nil || len(got) != 1 || got[0].Key != "OPS-4" || got[0].Marker != mark {
			t.Errorf("%s: %+v, %v", when, got, err)
		}
	}
	if got, err := b.client.Created(t.Context(), connectors.Search{Container: "OPS", Since: sent}); err != nil || len(got) != 0 {
		t.Errorf("the search alone shows %+v, %v: the index is not that fast", got, err)
	}
	b.clock.Advance(2 * time.Hour)
	if got, err := b.client.Created(t.Context(), connectors.Search{Container: "OPS", Since: sent}); err != nil || len(got) != 1 {
		t.Errorf("two hours later the search shows %+v, %v", got, err)
	}
}

func TestSimCreatedWalksThePagesOfBoth(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	add := func(n int) {
		for i := range n {
			_, err := b.site.Create("bot", jirasim.NewIssue{Project: "OPS", Type: "Task", Summary: "x",
				Properties: map[string]json.RawMessage{"parley.link": json.RawMessage(fmt.Sprintf(`{"mark":"v1 m=%d"}`, i))}})
			b.must(err)
		}
	}
	add(230)
	b.site.SetIndexLag(func(string) time.Duration { return time.Hour })
	add(180)
	got, err := b.client.Created(t.Context(), connectors.Search{Container: "OPS", After: "OPS-225"})
	if err != nil || len(got) != 410 || slices.ContainsFunc(got, func(i connectors.Issue) bool { return i.Marker == "" }) {
		t.Errorf("found %d of 410 issues, %v", len(got), err)
	}
}

func TestSimCreateMeetsTheProjectsRules(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.site.AddField(jirasim.Field{ID: "customfield_7", Name: "Cause"})
	for _, p := range []jirasim.Project{
		{Key: "OPS", Workflows: map[string]string{"": "flow"}, Types: []string{"Sub-task", "Story", "Bug"}},
		{Key: "BARE", Workflows: map[string]string{"": "flow"}, CreateScreen: []string{}},
		{Key: "STRICT", Workflows: map[string]string{"": "flow"}, Required: []string{"customfield_7", "duedate"}},
		{Key: "SHUT", Workflows: map[string]string{"": "flow"}},
	} {
		b.site.AddProject(p)
	}
	b.site.Revoke("bot", "SHUT", jirasim.Create)
	for name, tc := range map[string]struct {
		project, kind string // of the draft
		want          connectors.ErrorKind
		says          string // type of the issue, or what is wrong
	}{
		"usual type":       {"OPS", "", "", "Story"},
		"type asked for":   {"OPS", "bug", "", "Bug"},
		"no such type":     {"OPS", "Task", connectors.Invalid, "no issue type"},
		"bare screen":      {"BARE", "", "", "Task"},
		"required fields":  {"STRICT", "", connectors.Invalid, "Cause (customfield_7), Due date (duedate)"},
		"may not create":   {"SHUT", "", connectors.Invalid, "no issue type"},
		"no such project":  {"NONE", "", connectors.NotFound, "NONE"},
		"project in lower": {"ops", "", "", "Story"},
	} {
		d := draft()
		d.Container, d.Type = tc.project, tc.kind
		i, err := b.open("t0ken").Create(t.Context(), d)
		if tc.want == "" {
			if v, found := b.site.Issue(i.Key); err != nil || i.Container != v.Project || i.Type != tc.says || !found || string(v.Properties["parley.link"]) != `{"mark":"`+mark+`"}` {
				t.Errorf("%s: %+v, %v", name, i, err)
			}
			continue
		}
		var e *connectors.Error
		if !errors.As(err, &e) || e.Kind != tc.want || !strings.Contains(e.Message, tc.says) || tc.want == connectors.Invalid && e.Hint == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// An issue that was moved is read by its id, and by its number's old key.
func TestSimAMovedMirrorIsReadById(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	made, err := b.client.Create(t.Context(), draft())
	b.must(err)
	moved, err := b.site.Move("ana", made.Key, "FIN")
	b.must(err)
	o, err := b.client.Read(t.Context(), made.Ref)
	if err != nil || o.Issue.Key != moved.Key || o.Issue.Container != "FIN" || o.Issue.ID != made.ID || o.Issue.Marker != mark {
		t.Errorf("%+v, %v", o.Issue.Ref, err)
	}
	got, err := b.client.Created(t.Context(), connectors.Search{Container: "OPS", After: "OPS-0"})
	if err != nil || len(got) != 1 || got[0].Key != moved.Key {
		t.Errorf("looked for under its old key: %+v, %v", got, err)
	}
}

func TestSimPublicProject(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.site.AddProject(jirasim.Project{Key: "FIN", Public: true, Workflows: map[string]string{"": "flow"}})
	d, err := b.open("t0ken", "OPS", "FIN").Check(t.Context())
	if err != nil || d.Containers[0].Public || !d.Containers[1].Public {
		t.Errorf("%+v, %v", d.Containers, err)
	}
}
