package simulate

import (
	"testing"

	"parley/sync/reconcile"
)

// What a breaker has held leaves by a person's word alone, however slowly it leaves.
func TestAWriteThatABreakerHeldNeedsLeave(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		w    write
		want bool
	}{
		"never held":      {w: write{sent: []int64{5}}},
		"held and kept":   {w: write{tripped: 5}},
		"held on its way": {w: write{tripped: 5, sent: []int64{4}}},
		"let go":          {w: write{tripped: 5, sent: []int64{6}, Op: reconcile.Op{Approved: true}}},
		"left by itself":  {w: write{tripped: 5, sent: []int64{6}}, want: true},
	} {
		v := verdicts{sim: &sim{}}
		v.script.Setup = &Setup{}
		v.journal.order = []*write{&c.w}
		if err := checkP22(&v); (err != nil) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
