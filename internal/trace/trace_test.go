package trace_test

import (
	"context"
	"testing"

	"parley/internal/trace"
)

type key struct{}

// work is what the busiest parts of Parley tell about themselves.
func work(ctx context.Context, card string) {
	ctx, span := trace.Begin(ctx, "card")
	defer span.End()
	span.Text("card", card)
	span.Number("steps", 3)
	trace.Of(ctx).Rename("card of none")
	span.Fail("stale")
}

// TestWhereNobodyListensNothingIsAllocated: traces are off by default, and then cost
// nothing but a look.
func TestWhereNobodyListensNothingIsAllocated(t *testing.T) { //nolint:paralleltest // what others allocate would count
	ctx := context.WithValue(t.Context(), key{}, 1)
	if n := testing.AllocsPerRun(1000, func() { work(ctx, "c1") }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkNobodyListens(b *testing.B) {
	ctx := context.Background()
	for range 8 { // as deep as a request of a card is
		ctx = context.WithValue(ctx, key{}, 1) //nolint:fatcontext // a deep one is what is measured
	}
	b.ReportAllocs()
	for b.Loop() {
		work(ctx, "c1")
	}
}
