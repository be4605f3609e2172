package jira_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/sim"
	"parley/connectors/sim/jirasim"
)

func TestServerCreateAndLookUp(t *testing.T) {
	t.Parallel()
	b := newServerBench(t)
	b.create(2)
	made, err := b.client.Create(t.Context(), draft())
	b.must(err)
	v, _ := b.site.Issue(made.Key)
	if made.Marker != mark || !made.Own || v.Creator != "bot" || v.Summary != strings.TrimSpace(draft().Title) || string(v.Properties["parley.link"]) != `{"mark":"`+mark+`"}` {
		t.Errorf("made %+v, stored %+v", made, v)
	}
	o, err := b.client.Read(t.Context(), made.Ref)
	if err != nil || o.Issue.Marker != mark || !o.Issue.Own || o.Issue.Creator.ID != "parley" {
		t.Errorf("read %+v, %v", o.Issue, err)
	}
	// Searches bring no properties: the mark of an own issue is asked for, once.
	if i := b.poll()[made.Key].Issue; i.Marker != mark {
		t.Errorf("poll %+v", i)
	}
	n := b.site.Log().Len()
	b.clock.Advance(time.Minute)
	b.poll()
	if got := b.site.Log().Len() - n; got != 1 {
		t.Errorf("%d requests for a poll that knows the mark", got)
	}
}

// The answer is lost and the index late: the issue is found by its key, past one that
// the account may not see.
func TestServerALostCreateIsFound(t *testing.T) {
	t.Parallel()
	b := newServerBench(t)
	before := b.create(2)
	if _, err := b.client.Read(t.Context(), ref(before[0])); err != nil {
		t.Fatal(err)
	}
	b.site.SetIndexLag(func(string) time.Duration { return time.Hour })
	hidden := b.create(3)
	b.site.RestrictLevel("Board", "ana")
	for _, v := range hidden {
		b.must(b.site.Edit("ana", v.Key, jirasim.Edit{Security: new("Board")}))
	}
	b.site.SetFaults(func(r *http.Request) sim.Fault {
		return sim.Fault{Name: "lost", Lost: r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/issue")}
	})
	since := b.clock.Now()
	if _, err := b.client.Create(t.Context(), draft()); connectors.KindOf(err) != connectors.Unknown {
		t.Fatalf("lost answer: %v", err)
	}
	b.site.SetFaults(nil)
	got, err := b.client.Created(t.Context(), connectors.Search{Container: "OPS", Since: since, After: before[1].Key})
	if err != nil || len(got) != 1 || got[0].Marker != mark || got[0].Key != "OPS-6" {
		t.Errorf("found %+v, %v", got, err)
	}
}

// More own issues than a page holds, and more than the site counts.
func TestServerLooksThroughAllOwnIssues(t *testing.T) {
	t.Parallel()
	b := newServerBench(t, func(o *jirasim.Options) { o.SearchWindow = 200 })
	for n := range 250 {
		_, err := b.site.Create("bot", jirasim.NewIssue{Project: "OPS", Type: "Task", Summary: fmt.Sprint("Twin ", n)})
		b.must(err)
	}
	got, err := b.client.Created(t.Context(), connectors.Search{Container: "OPS"})
	if err != nil || len(got) != 250 {
		t.Errorf("found %d, %v", len(got), err)
	}
}

func TestServerPublicProject(t *testing.T) {
	t.Parallel()
	b := newServerBench(t)
	d, err := b.client.Check(t.Context())
	if err != nil || d.Containers[0].Public {
		t.Errorf("%+v, %v", d.Containers, err)
	}
	b.site.AddProject(jirasim.Project{Key: "OPS", Public: true, Workflows: map[string]string{"": "flow"}})
	if d, err = b.client.Check(t.Context()); err != nil || !d.Containers[0].Public {
		t.Errorf("%+v, %v", d.Containers, err)
	}
}
