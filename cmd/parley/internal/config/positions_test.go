package config

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestIndex(t *testing.T) {
	t.Parallel()
	got := index(`# comment with [brackets] = "and quotes"
top = 1
a.b = { c = "}", d = [1, { e = 2 }] }
[t."q.r"]
text = """
[not] = "a table"
x = \"""
""""
after = 'its'
[[list]]
one = [ # first
  "x,]",
  'y',
]
[list.sub]
k = 2026-11-22T10:00:00Z
[[list]]
[[list.deep]]
v = true
[[list.deep]]
v = false
`)
	want := positions{"top": 2, "a": 3, "a.b": 3, "a.b.c": 3, "a.b.d": 3, "a.b.d[0]": 3, "a.b.d[1]": 3, "a.b.d[1].e": 3,
		"t.q.r": 4, "t.q.r.text": 5, "t.q.r.after": 9, "list[0]": 10, "list[0].one": 11, "list[0].one[0]": 12,
		"list[0].one[1]": 13, "list[0].sub": 15, "list[0].sub.k": 16, "list[1]": 17, "list[1].deep[0]": 18,
		"list[1].deep[0].v": 19, "list[1].deep[1]": 20, "list[1].deep[1].v": 21}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for path, line := range map[string]int{"list[1].deep[1].nope": 20, "list[0].one[7]": 11, "nowhere": 1, "": 1, "a.b.x.y[3].z": 3} {
		if got := want.line(path); got != line {
			t.Errorf("line of %q is %d, want %d", path, got, line)
		}
	}
}
