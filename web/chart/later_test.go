package chart_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/web/chart"
)

// Rows that are made later are the rows of the same table made at once: in its file, in what
// a page shows of it, and in which columns are left to the file.
func TestRowsMadeLaterAreTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		all := rapid.SliceOfN(rapid.IntRange(0, 9), 0, 12).Draw(r, "rows")
		now, most := rapid.IntRange(0, len(all)).Draw(r, "made at once"), rapid.IntRange(0, 14).Draw(r, "shown")
		row := func(n int) []any {
			return []any{chart.Num(all[n], "/cards"), strings.Repeat("x", all[n]/9), strconv.Itoa(n)}
		}
		head := append(chart.Nums("Cards"), chart.Words("Seldom", "Place")...)
		whole, part := chart.Table{Head: head}, chart.Table{Head: head, Later: chart.Later{N: len(all) - now, Row: func(n int) []any { return row(now + n) }}}
		for n := range all {
			if whole.Add(row(n)...); n < now {
				part.Add(row(n)...)
			}
		}
		var want, got strings.Builder
		if err := whole.CSV(&want); err != nil {
			r.Fatal(err)
		}
		if err := part.CSV(&got); err != nil || got.String() != want.String() {
			r.Fatal(err, cmp.Diff(want.String(), got.String()))
		}
		if part.Len() != len(all) {
			r.Fatalf("%d rows of %d", part.Len(), len(all))
		}
		shown, lazily := whole.Shown(), part.Shown()
		shown.First(most)
		lazily.First(most)
		if diff := cmp.Diff(shown.Rows, lazily.Rows); diff != "" || len(shown.Rows) != min(most, len(all)) || lazily.Len() != len(shown.Rows) {
			r.Fatal(diff, lazily.Len())
		}
		if diff := cmp.Diff(shown.Head, lazily.Head); diff != "" {
			r.Fatal(diff)
		}
	})
}
