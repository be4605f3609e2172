package flow

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestQuickAnswersAreTheCountedOnes holds floating point against counting.
func TestQuickAnswersAreTheCountedOnes(t *testing.T) {
	t.Parallel()
	doubts, answers := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		s := Sample(rapid.SliceOfN(rapid.IntRange(0, 4), 1, 40).Draw(t, "sample"))
		items := rapid.IntRange(1, 20).Draw(t, "items")
		counted, err := s.counted(items)
		if err != nil && !errors.Is(err, ErrTooFar) {
			t.Fatal(err)
		}
		quick, ok := s.quick(items)
		if !ok {
			doubts++
			return
		}
		if answers++; err != nil {
			counted = Lines{}
		}
		if diff := cmp.Diff(counted, quick); diff != "" {
			t.Fatal(diff)
		}
	})
	if answers <= doubts {
		t.Errorf("%d answers and %d doubts", answers, doubts)
	}
}

// TestAnEvenChanceIsCounted: half of the days bring an item, so that by the first day the
// chance is exactly the line.
func TestAnEvenChanceIsCounted(t *testing.T) {
	t.Parallel()
	s := Sample{0, 1}
	if _, ok := s.quick(1); ok {
		t.Error("a chance on the line is not in doubt")
	}
	if lines, err := s.When(1); err != nil || lines[50] != 1 || lines[95] != 5 {
		t.Errorf("%v %v", lines, err)
	}
}

// BenchmarkWhen is the dearest forecast that a page may be asked for.
func BenchmarkWhen(b *testing.B) {
	s := make(Sample, Horizon)
	for n := range s {
		if n%2 == 0 {
			s[n] = n % 5
		}
	}
	for b.Loop() {
		if _, err := s.When(440); err != nil {
			b.Fatal(err)
		}
	}
}

// TestOddsAreTheCountedOnes holds floating point against counting.
func TestOddsAreTheCountedOnes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := Sample(rapid.SliceOfN(rapid.IntRange(0, 4), 1, 40).Draw(t, "sample"))
		days := rapid.IntRange(0, 12).Draw(t, "days")
		counted, odds := s.HowMany(days), s.Odds(days)
		if len(odds) != len(counted.Ways) {
			t.Fatalf("%d odds of %d", len(odds), len(counted.Ways))
		}
		for k, ways := range counted.Ways {
			want, _ := new(big.Rat).SetFrac(ways, counted.All).Float64()
			if math.Abs(odds[k]-want) > 1e-12 {
				t.Fatalf("%d: %v, want %v", k, odds[k], want)
			}
		}
		for _, p := range Percents() {
			if got, want := s.Sure(days, p), counted.Sure(p); got != want {
				t.Fatalf("%d with %d %%, want %d", got, p, want)
			}
		}
	})
}
