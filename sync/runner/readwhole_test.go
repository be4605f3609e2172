package runner

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim"
	"parley/connectors/sim/jirasim"
	"parley/sync/store"
)

// TestASourceIsReadOnceItsLastPageIs: after an outage the first of several pages tells what
// happened first. Until the last one is in, the source is as old as before, and the outage
// goes on: ledgers and digests go by it. Then it is as new as the beginning of the reading.
func TestASourceIsReadOnceItsLastPageIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const issues = 150 // two pages
	for i := range issues {
		_, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: fmt.Sprint("Request ", i)})
		w.must(err)
	}
	w.settle(2)
	jira := func() store.SourceState {
		st, err := w.store.Source(t.Context(), "jira", "")
		w.must(err)
		return st
	}
	before := jira().OKAt
	w.clock.Advance(time.Hour)
	title := "Request, once more"
	for _, is := range w.site.Issues("OPS") {
		w.must(w.site.Edit("ana", is.Key, jirasim.Edit{Summary: &title}))
	}
	w.clock.Advance(time.Minute)
	began, pages := w.clock.Now(), 0
	w.site.SetFaults(func(r *http.Request) sim.Fault {
		if strings.Contains(r.URL.Path, "/search") {
			pages++
			w.clock.Advance(20 * time.Second) // reading takes its time
		}
		if pages > 1 {
			return sim.Fault{Name: "502", Status: http.StatusBadGateway}
		}
		return sim.Fault{}
	})
	w.poll()
	if st := jira(); pages < 2 || !st.OKAt.Equal(before) || w.outages() != 0 {
		t.Fatalf("after one page of %d: read at %s, as before is %s; %d outages are over", pages, st.OKAt, before, w.outages())
	}
	w.site.SetFaults(nil)
	w.settle(2)
	if st := jira(); st.OKAt.Before(began) || !st.OKAt.Before(w.clock.Now().Add(time.Second)) || w.outages() < 1 {
		t.Errorf("read at %s, begun at %s; %d outages are over", st.OKAt, began, w.outages())
	}
}

// outages counts those that are on record.
func (w *world) outages() int {
	w.t.Helper()
	all, err := w.store.Outages(w.t.Context())
	w.must(err)
	n := 0
	for _, o := range all {
		if o.Tracker == "jira" {
			n++
		}
	}
	return n
}
