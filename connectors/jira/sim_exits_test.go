package jira_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/connectors/sim/jirasim"
)

// The one request brings what the two bring, also what a screen asks for, so that a write
// can follow at once.
func TestReadWithExitsIsReadAndTransitions(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(*testing.T, ...func(*jirasim.Options)) *bench{"Cloud": newBench, "Data Center": newServerBench} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := open(t)
			v := b.create(1)[0]
			b.must(b.site.Transition("ana", v.Key, "Start", jirasim.Edit{}))
			o, err := b.client.Read(t.Context(), ref(v))
			b.must(err)
			exits, err := b.client.Transitions(t.Context(), ref(v))
			b.must(err)
			b.site.Log().Reset()
			both, got, whole, err := b.client.ReadWithExits(t.Context(), ref(v))
			b.must(err)
			if asked := paths(b.site.Log()); !whole || len(asked) != 1 {
				t.Fatalf("whole: %v, by %q, want one request", whole, asked)
			}
			if diff := cmp.Diff(o, both) + cmp.Diff(exits, got); diff != "" || len(got) != 1 || len(got[0].Required) != 0 {
				t.Errorf("%+v: %s", got, diff)
			}
		})
	}
}
