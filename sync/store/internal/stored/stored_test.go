package stored_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/sync/store/internal/stored"
)

func TestLast(t *testing.T) {
	t.Parallel()
	got := stored.Last([]string{"a1", "b1", "a2", "c1", "b2"}, func(s string) byte { return s[0] })
	if diff := cmp.Diff([]string{"a2", "b2", "c1"}, got); diff != "" {
		t.Errorf("last (-want +got):\n%s", diff)
	}
}

func TestBriefIsShortValidAndStable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := strings.Repeat(string(rapid.SliceOf(rapid.Byte()).Draw(rt, "text")), rapid.IntRange(1, 200).Draw(rt, "times"))
		b := stored.Brief(s)
		if len(b) > stored.MaxBrief || !utf8.ValidString(b) || strings.Contains(b, "\x00") {
			rt.Fatalf("brief of %d bytes: %d bytes, %.60q", len(s), len(b), b)
		}
		if stored.Brief(b) != b {
			rt.Fatalf("brief is not the same twice: %q", b)
		}
		if len(s) > stored.MaxBrief && stored.Brief(s+"x") == b {
			rt.Fatalf("two texts have the same brief: %q", b)
		}
	})
}

func TestMomentsKeepMicroseconds(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("east", 5*3600)
	for _, at := range []time.Time{
		{}, time.Date(2026, 11, 23, 9, 0, 0, 123456000, time.UTC), time.Date(1969, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 1, 1, 0, 0, 0, 0, zone),
	} {
		if got := stored.Moment(stored.Micros(at)); !got.Equal(at) || got.Location() != time.UTC {
			t.Errorf("%v came back as %v", at, got)
		}
	}
}
