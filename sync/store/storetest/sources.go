package storetest

import (
	"errors"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/sync/store"
)

func sourceCases() []check {
	return []check{
		{"a source never read has no state", newSource},
		{"how a read went does not move the cursor", saveSource},
		{"a directory is kept for a start without its tracker", directory},
	}
}

func newSource(t fixture) {
	s := t.store
	want := store.SourceState{Tracker: "github", Source: "acme/pay", Cursor: connectors.Cursor{Source: "acme/pay"}}
	if diff := cmp.Diff(want, must(s.Source(t.Context(), "github", "acme/pay"))(t)); diff != "" {
		t.Errorf("Source (-want +got):\n%s", diff)
	}
}

func saveSource(t fixture) {
	s := t.store
	ctx := t.Context()
	st := store.SourceState{
		Tracker: "github", Source: "acme/pay", FeedHead: 77, OKAt: at(1), TriedAt: at(2), Requests: 3, Imported: true,
		Cursor: connectors.Cursor{
			Source: "acme/pay", Watermark: at(1), Since: at(2), ETag: `W/"x"`,
			Scan: connectors.Scan{Started: at(3), Token: "t", Pages: 2},
		},
	}
	commit(t, s, store.Commit{Cursor: &st})
	if diff := cmp.Diff(st, must(s.Source(ctx, "github", "acme/pay"))(t)); diff != "" {
		t.Fatalf("Source (-want +got):\n%s", diff)
	}
	failed := store.SourceState{Tracker: "github", Source: "acme/pay", OKAt: at(1), TriedAt: at(5), Error: "away", RetryAt: at(60), Requests: 4}
	if err := s.SaveSource(ctx, 0, failed); err != nil {
		t.Fatal(err)
	}
	st.TriedAt, st.Error, st.RetryAt, st.Requests = failed.TriedAt, failed.Error, failed.RetryAt, failed.Requests
	if diff := cmp.Diff(st, must(s.Source(ctx, "github", "acme/pay"))(t)); diff != "" {
		t.Errorf("Source after a failure (-want +got):\n%s", diff)
	}
	if err := s.SaveSource(ctx, 0, store.SourceState{Tracker: "a-jira", Error: "never worked", FeedHead: 5, Imported: true}); err != nil {
		t.Fatal(err)
	}
	want := []store.SourceState{{Tracker: "a-jira", Error: "never worked"}, st}
	if diff := cmp.Diff(want, must(s.Sources(ctx))(t)); diff != "" {
		t.Errorf("Sources (-want +got):\n%s", diff)
	}
	if n := must(s.Seq(ctx))(t); n != 0 {
		t.Errorf("sequence %d, want 0: nobody sees a cursor", n)
	}
}

func directory(t fixture) {
	s := t.store
	if _, _, err := s.Directory(t.Context(), "jira"); !errors.Is(err, store.ErrUnknown) {
		t.Errorf("Directory = %v, want ErrUnknown", err)
	}
	d := connectors.Directory{
		Tracker: "jira", Kind: connectors.Jira, Product: "Jira Cloud 1001", Me: connectors.Person{ID: "1", Name: "Parley"},
		Statuses: []connectors.Status{{
			Option: connectors.Option{ID: "3", Name: "In Arbeit", Category: "indeterminate"}, Untranslated: "In Progress", Used: []string{"OPS"},
		}},
		Priorities: []connectors.Option{{ID: "1", Name: "Highest"}},
		Containers: []connectors.Container{{Key: "OPS", ID: "10000", Readable: true, Writable: true}},
		Labels:     map[string][]string{"acme/pay": {"bug"}},
	}
	for second := range 2 { // the second replaces the first
		d.Product += "!"
		if err := s.SaveDirectory(t.Context(), d, at(second)); err != nil {
			t.Fatal(err)
		}
	}
	got, when, err := s.Directory(t.Context(), "jira")
	if err != nil || !when.Equal(at(1)) {
		t.Errorf("Directory of %v, %v; want of %v", when, err, at(1))
	}
	if diff := cmp.Diff(d, got); diff != "" {
		t.Errorf("Directory (-want +got):\n%s", diff)
	}
}
